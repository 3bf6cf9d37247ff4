// Which obligation would show that a corrective action helped: suggested from its words until somebody chooses.

import { h } from "./dom.js";

/** @typedef {{id: string, title: string, words: string}} Shown */

/** The id of the obligation that a text points to most; empty if it points to none. @param {string} text @param {Shown[]} shown */
export function likely(text, shown) {
  const counts = shown.filter((one) => one.words).map((one) => ({ id: one.id, count: (text.match(new RegExp(one.words, "gi")) ?? []).length }));
  const best = counts.reduce((most, one) => (one.count > most.count ? one : most), { id: "", count: 0 });
  return best.id;
}

/** The choices of a select. @param {Shown[]} shown */
export const choices = (shown) => [h("option", { value: "" }, "Nothing that a drill shows"), ...shown.map((one) => h("option", { value: one.id }, one.title))];

/** @param {HTMLInputElement} text @param {HTMLSelectElement} select @param {Shown[]} shown */
export function suggest(text, select, shown) {
  let chosen = false;
  select.addEventListener("change", () => { chosen = true; });
  text.form?.addEventListener("reset", () => { chosen = false; });
  text.addEventListener("input", () => { if (!chosen) select.value = likely(text.value, shown); });
}
