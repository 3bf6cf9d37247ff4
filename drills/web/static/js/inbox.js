// Mail, calls and messages that reached this viewer, with replies.

import { asksOf, undecided } from "./asks.js";
import { h, icon, replace, setText } from "./dom.js";
import { handed } from "./files.js";
import { inboxOf, nameOf, roleTitle } from "./fold.js";
import { saysWhy } from "./forms.js";

/** @typedef {import("./fold.js").Mail} Mail */

/** Whether somebody waits for a personal answer, or for a decision. @param {Mail} mail */
const waits = (mail) => mail.mood === null && (undecided(mail) || (mail.replies.length === 0 && mail.decided === null));

/** Senders who wait for a personal answer: not the many customers, who are answered by one message. @param {import("./room.js").Room} room */
export const toAnswer = (room) => inboxOf(room.view, room.view.me).filter((mail) => waits(mail));

const FILTERS = [
  { id: "all", text: "All", fits: () => true },
  { id: "open", text: "To answer", fits: (/** @type {Mail} */ mail) => waits(mail) },
  { id: "customers", text: "Customers", fits: (/** @type {Mail} */ mail) => mail.mood !== null },
];

let boxes = 0;

/**
 * @param {import("./room.js").Room} room
 * @param {HTMLElement} place
 */
export function mountInbox(room, place) {
  const group = `inbox-${(boxes += 1)}`;
  const list = h("ol", { class: "mails" });
  const none = h("p", { class: "empty" });
  /** @type {Map<number, {element: HTMLElement, replies: HTMLElement, count: string, asks: ReturnType<typeof asksOf>}>} */
  const shown = new Map();
  let filter = FILTERS[0];
  const choices = h(
    "fieldset",
    { class: "segments" },
    h("legend", { class: "visually-hidden" }, "Show in the inbox"),
    FILTERS.map((one) => h("label", {}, h("input", { type: "radio", name: group, value: one.id, checked: one === filter, onchange: () => ((filter = one), update()) }), one.text)),
  );
  place.append(h("h2", { class: "visually-hidden" }, "Inbox"), choices, list, none);

  /** @param {Mail} mail */
  function add(mail) {
    const replies = h("ul", { class: "replies" });
    const foot = h("div", { class: "mail-foot" });
    const asks = asksOf(room, mail);
    const element = h(
      "li",
      { class: "mail arrives" },
      h("header", { class: "mail-head" }, icon(mail.mood !== null ? "customer" : mail.via), h("strong", { class: "truncate" }, mail.sender), h("time", { class: "small soft", datetime: mail.wall }, room.zone.minutes(mail.wall))),
      h("p", { class: "mail-to small soft" }, `${mail.number} · ${howTo(mail)} ${[mail.to, ...mail.also].map((to) => roleTitle(room.view, to)).join(", ")}`),
      h("p", { class: "said" }, mail.text),
      handed(room.statics.drill, mail.files),
      asks.place,
      replies,
      foot,
    );
    shown.set(mail.number, { element, replies, asks, count: "" });
    list.prepend(element);
    idle(mail, foot);
  }

  /** The button that opens the reply. @param {Mail} mail @param {HTMLElement} foot */
  function idle(mail, foot) {
    foot.replaceChildren();
    if (!room.plays) return;
    const open = h("button", { class: "button small", type: "button", "aria-label": `Reply to ${mail.sender}, message ${mail.number}`, onclick: () => writing(mail, foot) }, icon("answer"), "Reply");
    foot.append(open);
  }

  /** @param {Mail} mail @param {HTMLElement} foot */
  function writing(mail, foot) {
    const text = h("textarea", { rows: 2, required: true, "aria-label": `Reply to ${mail.sender}` });
    const error = h("p", { class: "error", role: "status" });
    const close = () => {
      idle(mail, foot);
      /** @type {HTMLElement | null} */ (foot.querySelector("button"))?.focus();
    };
    const form = h(
      "form",
      { class: "stack tight" },
      text,
      error,
      h("div", { class: "row" }, h("button", { class: "button small primary", type: "submit" }, "Send the reply"), h("button", { class: "button small quiet", type: "button", onclick: close }, "Cancel")),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await room.send({ act: { do: "reply", number: mail.number, text: text.value } });
        close();
      } catch (problem) {
        error.textContent = saysWhy(problem);
      }
    });
    text.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) form.requestSubmit();
    });
    foot.replaceChildren(form);
    text.focus();
  }

  function update() {
    const mails = inboxOf(room.view, room.view.me);
    for (const mail of mails) if (!shown.has(mail.number)) add(mail);
    let seen = 0;
    for (const [number, box] of shown) {
      const mail = mails.find((one) => one.number === number);
      if (!mail) {
        box.element.remove();
        shown.delete(number);
        continue;
      }
      box.element.hidden = !filter.fits(mail);
      if (!box.element.hidden) seen += 1;
      box.asks.update(mail);
      const count = `${mail.replies.length} ${mail.decided?.option ?? ""}`;
      if (box.count === count) continue;
      box.count = count;
      box.element.classList.toggle("is-answered", !undecided(mail) && (mail.replies.length > 0 || mail.decided !== null));
      replace(box.replies, mail.replies.map((reply) => h("li", {}, h("span", { class: "small soft" }, `${nameOf(room.view, reply.by)} replied at ${room.zone.minutes(reply.wall)}`), h("p", { class: "said" }, reply.text))));
    }
    none.hidden = seen > 0;
    setText(none, shown.size === 0 ? "Nothing has reached you here. Mail, calls and messages for your role come into this inbox." : "Nothing here now.");
  }

  return { update };
}

/** How something came, up to whom it came to. @param {Mail} mail */
const howTo = ({ via, to }) => (via !== "in_person" ? `${VIAS[via] ?? via} to` : ["everyone", "channel"].includes(to) ? "Comes in and speaks to" : "Comes to the desk of");

/** The channel something came by, in a word. @type {Record<string, string>} */
export const VIAS = { alert: "Alert", call: "Call", in_person: "In person", email: "E-mail", chat: "Message", customer: "In public" };
