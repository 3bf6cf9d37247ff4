// What somebody said aloud, entered by the facilitator as the speaker would have typed it.

import { h } from "./dom.js";

/** What to type comes after the slash at the end of a hint. */
const TYPED = /\/\S.*$/;

/** Where a form says what was refused. */
export const says = () => h("p", { class: "error", role: "alert" });

/**
 * A form for what somebody said aloud, as they would have typed it.
 * @param {import("./console.js").Console} desk
 * @param {string} name tells several such forms apart
 * @param {string | null} speaker
 * @param {string} typed
 * @param {() => void} [done]
 */
export function aloudForm(desk, name, speaker, typed, done) {
  const who = h("select", { id: `aloud-who-${name}` }, desk.statics.members.map((/** @type {any} */ member) => h("option", { value: member.id }, member.name)));
  if (speaker) who.value = speaker;
  const words = h("input", { id: `aloud-${name}`, value: typed, maxlength: 2000, required: true, autocomplete: "off" });
  const refused = says();
  return h("form", { class: "stack tight", onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await desk.aloud(who.value, words.value, refused)) done?.();
  } },
    h("div", { class: "row nowrap" },
      h("label", { class: "visually-hidden", for: who.id }, "Who said it"), h("div", { class: "need-whom" }, who),
      h("label", { class: "visually-hidden", for: words.id }, "What they would have typed"), words),
    h("p", { class: "row" }, h("button", { class: "button small" }, "It counts"), h("span", { class: "hint" }, "Back-dated by two minutes at most, and marked as said aloud.")),
    refused);
}

/** What to type for a duty, without the placeholder for words. @param {import("./console.js").Duty} duty */
export const typedOf = (duty) => (TYPED.exec(duty.hint)?.[0] ?? "/log ").replace("…", "").replace(/ {2,}/g, " ");
