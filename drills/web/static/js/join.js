// Finds a name among many, and goes on as soon as the facilitator has let one in.

import { drillPath, getJson } from "./api.js";
import { byId, setText } from "./dom.js";

const EVERY = 2000;

const { drill, member } = byId("join").dataset;

byId("find")?.addEventListener("input", (/** @type {any} */ event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const item of byId("names").children) item.hidden = !item.textContent.toLowerCase().includes(wanted);
});

/** Who is not let in yet may hear nothing of the drill, so this asks instead of listening. */
async function look() {
  try {
    const { me, admitted } = await getJson(drillPath(drill, "/lobby"));
    if (admitted || me !== member) {
      location.reload(); // one is in, or the seat was freed
      return;
    }
    setText(byId("state"), "Waiting to be let in");
  } catch (problem) {
    setText(byId("state"), /** @type {Error} */ (problem).message);
  }
  setTimeout(look, EVERY);
}

if (member) look();
