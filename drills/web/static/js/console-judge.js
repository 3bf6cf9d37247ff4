// What an evaluator judges: what injects that have come expect and no log can show.

import { byId, h } from "./dom.js";
import { keyed } from "./keyed.js";

/** @type {["done" | "partly" | "not", string][]} */
const MARKS = [["done", "Done"], ["partly", "Partly"], ["not", "Not"]];

/** @typedef {{number: number, expected: number, sender: string, text: string}} Judged */

/** @param {import("./console.js").Console} desk */
export function mountJudging(desk) {
  return {
    update() {
      const all = judgedOf(desk);
      byId("judging").hidden = all.length === 0;
      keyed(byId("judged"), all, (one) => `${keyOf(one)} ${desk.view.behind.judged[keyOf(one)] ?? ""}`, (one) => row(desk, one));
    },
  };
}

/** @param {Judged} one */
const keyOf = ({ number, expected }) => `${number}/${expected}`;

/** @param {import("./console.js").Console} desk @returns {Judged[]} */
function judgedOf({ statics, view }) {
  /** @type {import("./console-injects.js").Inject[]} */
  const injects = statics.answers?.injects ?? [];
  return view.mails.flatMap((mail) => {
    const inject = injects.find((one) => one.id === mail.inject);
    return (inject?.judged ?? []).map((expected) => ({ number: mail.number, expected, sender: mail.sender, text: inject?.expects[expected - 1] ?? "" }));
  });
}

/** @param {import("./console.js").Console} desk @param {Judged} one */
function row(desk, one) {
  const { number, expected, sender, text } = one;
  const mark = desk.view.behind.judged[keyOf(one)];
  return h("li", { class: "stack tight" },
    h("p", {}, text.replace(/^judged: /, ""), h("span", { class: "small soft" }, ` message ${number}, ${sender}`)),
    h("div", { class: "row", role: "group", "aria-label": text },
      MARKS.map(([id, label]) => h("button", { class: `button small${mark === id ? " primary" : ""}`, type: "button", "aria-pressed": String(mark === id), onclick: () => desk.act({ do: "judge", number, mark: id, expected }) }, label))));
}
