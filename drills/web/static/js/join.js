// Finds a name among many, and goes on as soon as the facilitator has let the viewer in.

import { drillPath, getJson } from "./api.js";
import { byId, setText } from "./dom.js";

const EVERY = 2000;

const { drill, member } = byId("join").dataset;

byId("find")?.addEventListener("input", (/** @type {any} */ event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const item of byId("names").children) item.hidden = !item.textContent.toLowerCase().includes(wanted);
});

/** People who are not let in yet may not hear anything about the drill, so this polls instead of listening. */
async function look() {
  try {
    const { me, admitted } = await getJson(drillPath(drill, "/lobby"));
    if (admitted || me !== member) {
      location.reload(); // the viewer is in, or the seat was freed
      return;
    }
    setText(byId("state"), "Waiting to be let in");
  } catch (problem) {
    setText(byId("state"), /** @type {Error} */ (problem).message);
  }
  setTimeout(look, EVERY);
}

if (member) look();
