// What responders use themselves, taken down and brought back by the facilitator.

import { byId, h } from "./dom.js";
import { TOOLS, toolName } from "./fold.js";
import { keyed } from "./keyed.js";

/** @param {import("./console.js").Console} desk */
export function mountTools(desk) {
  const list = document.getElementById("tools");
  return {
    update() {
      if (list === null) return;
      const open = desk.view.phase === "respond" || desk.view.phase === "papers";
      keyed(byId("tools"), Object.keys(TOOLS), (tool) => `${tool} ${desk.view.down.includes(tool)} ${open}`, (tool) => row(desk, tool, open));
    },
  };
}

/** @param {import("./console.js").Console} desk @param {string} tool @param {boolean} open */
function row(desk, tool, open) {
  const down = desk.view.down.includes(tool);
  const name = toolName(tool);
  return h("li", { class: "duty" },
    h("strong", {}, `${name[0].toUpperCase()}${name.slice(1)}`),
    h("p", { class: `small ${down ? "bad" : "soft"}` }, down ? "is down" : "works"),
    open && h("button", { class: "button small", type: "button", onclick: () => desk.act({ do: "tool", tool, works: down }) }, down ? "Bring it back" : "Take it down", h("span", { class: "visually-hidden" }, `: ${name}`)));
}
