// What evaluators and facilitators judge, during the drill and in the talk: what injects expect and no log can show.

import { byId, h } from "./dom.js";
import { keyed } from "./keyed.js";

/** @type {["done" | "partly" | "not", string][]} */
const MARKS = [["done", "Done"], ["partly", "Partly"], ["not", "Not"]];

/**
 * @typedef {{number: number, expected: number, sender: string, text: string}} Judged
 * @typedef {{statics: any, view: import("./fold.js").View, act(act: Server.Act): Promise<unknown>}} Page the console or the talk
 */

/** @param {Page} page */
export function mountJudging(page) {
  return {
    update() {
      const all = judgedOf(page);
      byId("judging").hidden = all.length === 0;
      keyed(byId("judged"), all, (one) => `${keyOf(one)} ${page.view.behind.judged[keyOf(one)] ?? ""} ${page.view.phase === "closed"}`, (one) => row(page, one));
    },
  };
}

/** @param {Judged} one */
const keyOf = ({ number, expected }) => `${number}/${expected}`;

/** @param {Page} page @returns {Judged[]} */
function judgedOf({ statics, view }) {
  /** @type {import("./console-injects.js").Inject[]} */
  const injects = statics.answers?.injects ?? [];
  return view.mails.flatMap((mail) => {
    const inject = injects.find((one) => one.id === mail.inject);
    return (inject?.judged ?? []).map((expected) => ({ number: mail.number, expected, sender: mail.sender, text: inject?.expects[expected - 1] ?? "" }));
  });
}

/** @param {Page} page @param {Judged} one */
function row(page, one) {
  const { number, expected, sender } = one;
  const mark = page.view.behind.judged[keyOf(one)];
  const text = one.text.replace(/^judged: /, "");
  return h("li", { class: "stack tight" },
    h("p", {}, text, h("span", { class: "small soft" }, ` message ${number}, ${sender}`)),
    h("div", { class: "row", role: "group", "aria-label": text },
      MARKS.map(([id, label]) => h("button", { class: `button small${mark === id ? " primary" : ""}`, type: "button", disabled: page.view.phase === "closed", "aria-pressed": String(mark === id), onclick: () => page.act({ do: "judge", number, mark: id, expected }) }, label))));
}
