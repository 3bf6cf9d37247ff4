// This drill beside earlier ones, as its report has it: asked for once the score is shown.

import { byId } from "./dom.js";

/** @param {import("./hotwash.js").Talk} talk */
export function mountBeside(talk) {
  let asked = false;
  return {
    async update() {
      if (asked || talk.wash.screen !== "score") return;
      asked = true;
      try {
        const answer = await fetch(`/d/${encodeURIComponent(talk.drill)}/beside`, { credentials: "same-origin", cache: "no-store" });
        if (!answer.ok) throw new Error(answer.statusText);
        const made = document.createElement("template");
        made.innerHTML = await answer.text(); // made by our own templates, in which whatever people wrote is text
        byId("beside-shown").replaceChildren(made.content);
        byId("beside").hidden = byId("beside-shown").childElementCount === 0;
      } catch {
        asked = false; // the report has it too, and the next look asks again
      }
    },
  };
}
