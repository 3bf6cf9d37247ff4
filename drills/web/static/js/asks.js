// What a message asks those whom it reached: questions to talk about, and a decision to make.

import { h, setText } from "./dom.js";
import { nameOf } from "./fold.js";
import { attempt } from "./forms.js";

/**
 * The block under a message; empty if it asks nothing. `update` takes the message as the view has it now: a view that is
 * read afresh has other messages than those that the block was made from.
 * @param {import("./room.js").Room} room
 * @param {import("./fold.js").Mail} mail
 */
export function asksOf(room, mail) {
  const { questions = [], decision } = mail.asks ?? {};
  const place = h("div", { class: "asks stack tight" });
  for (const question of questions) place.append(h("p", {}, h("span", { class: "small soft" }, "To talk about: "), question));
  if (!decision) return { place, update: () => {} };
  const error = h("p", { class: "error", role: "alert" });
  const made = h("p", { class: "said", role: "status" });
  const buttons = decision.options.map(({ id, label }) =>
    h("button", { class: "button small", type: "button", onclick: (/** @type {Event} */ event) =>
      void attempt(room, { do: "choose", option: id }, /** @type {HTMLButtonElement} */ (event.currentTarget), error) }, label));
  const choices = h("div", { class: "row", role: "group", "aria-label": decision.ask }, buttons);
  place.append(h("p", {}, h("strong", {}, decision.ask)), choices, error, made);
  return {
    place,
    /** @param {import("./fold.js").Mail} now */
    update({ decided }) {
      choices.hidden = decided !== null || !room.plays || !["respond", "papers"].includes(room.view.phase);
      const label = decision.options.find((one) => one.id === decided?.option)?.label;
      setText(made, decided ? [`${nameOf(room.view, decided.by)} decided: ${label}`, decided.says].filter(Boolean).join(". ") : "");
    },
  };
}

/** Whether a message waits for a decision. @param {import("./fold.js").Mail} mail */
export const undecided = (mail) => Boolean(mail.asks?.decision) && mail.decided === null;
