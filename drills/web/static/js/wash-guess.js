// The guess: what surprised you, and two times on sliders over the drill's time.

import { drillPath, postJson } from "./api.js";
import { drillTime, span } from "./clock.js";
import { byId, setText } from "./dom.js";
import { drawAxis } from "./wash-strip.js";

const TIMES = /** @type {const} */ (["heard", "command"]);

/** @param {import("./hotwash.js").Talk} talk */
export function mountGuess(talk) {
  const { timeline, zone } = talk;
  const form = byId("guess");
  if (!form) return { update() {} };

  /** Which sliders somebody has moved: one that was never touched is not a guess. @type {Set<string>} */
  const placed = new Set();
  /** @param {string} key */
  const guessed = (key) => (byId(`never-${key}`).checked ? null : Number(byId(`f-${key}`).value));

  /** @param {string} key */
  const tell = (key) => {
    const slider = byId(`f-${key}`);
    const never = byId(`never-${key}`).checked;
    const at = Number(slider.value);
    const clock = zone.seconds(timeline.instant(at));
    slider.disabled = never;
    slider.setAttribute("aria-valuetext", `${clock}, ${span(at - timeline.reported)} after the report`);
    setText(byId(`shows-${key}`), never ? "It never happened" : placed.has(key) ? `${clock} · ${drillTime(at - timeline.reported)} after the report` : "Slide to your guess");
    slider.closest("fieldset").classList.toggle("is-placed", placed.has(key) && !never);
  };

  for (const key of TIMES) {
    const slider = byId(`f-${key}`);
    slider.max = String(Math.ceil(timeline.end / 5000) * 5000);
    slider.value = String(Math.round(timeline.end / 10_000) * 5000);
    drawAxis(slider.parentElement.querySelector(".axis"), timeline, zone);
    slider.addEventListener("input", () => {
      placed.add(key);
      tell(key);
    });
    byId(`never-${key}`).addEventListener("change", () => {
      placed.add(key);
      tell(key);
    });
  }

  const { mine } = talk.wash;
  if (mine) {
    byId("f-surprise").value = mine.surprise;
    for (const key of TIMES) {
      placed.add(key);
      byId(`never-${key}`).checked = mine[key] === null;
      if (mine[key] !== null) byId(`f-${key}`).value = String(mine[key]);
    }
    setText(byId("guess-says"), "Kept. You can still change it.");
  }
  for (const key of TIMES) tell(key);

  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const missing = TIMES.find((key) => !placed.has(key));
    if (missing) {
      setText(byId("guess-says"), "Place both times first; a wild guess will do.");
      byId(`f-${missing}`).focus();
      return;
    }
    const guess = { surprise: byId("f-surprise").value, heard: guessed("heard"), command: guessed("command") };
    try {
      await postJson(drillPath(talk.drill, "/wash"), guess);
      talk.wash.mine = guess;
      setText(byId("guess-says"), "Kept. You can still change it until the truth is shown.");
    } catch (problem) {
      setText(byId("guess-says"), /** @type {Error} */ (problem).message);
    }
  });
  return { update() {} };
}
