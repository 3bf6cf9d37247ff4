// The signals beside the log, and what the facilitator or evaluator writes down.

import { byId, setText } from "./dom.js";
import { LineGraph } from "./graph.js";
import { entryElement } from "./log.js";

/** @type {Record<string, [string, string]>} */
const IMPACTS = { full: ["bad", "Customers feel it in full"], eased: ["warn", "Eased"], worse: ["bad", "Made worse"], ended: ["good", "Ended"] };
/** What came from outside has its own list. */
const NOT_OF_THE_CHANNEL = new Set(["InjectDelivered", "CustomerWrote", "InjectNotTaken", "InjectHeld", "FacilitatorTold", "ExpectationJudged", "NoteTaken", "Rated", "StepDone"]);
/** How close to the end a log counts as read to the end, in pixels. */
const NEAR = 60;

/** @param {import("./console.js").Console} desk */
export function mountWatch(desk) {
  const { view, statics } = desk;
  const graphs = new Map(statics.signals.map((/** @type {any} */ signal) => [signal.name, new LineGraph(signal, desk.courses[signal.name] ?? [], { height: 84 })]));
  byId("signals").append(...[...graphs.values()].map((graph) => graph.element));

  const scroll = byId("log-scroll");
  const all = () => byId("log-filter").querySelector(":checked").value === "all";
  /** @param {any[]} events */
  const add = (events) => {
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
    const shown = events.filter((event) => all() || !NOT_OF_THE_CHANNEL.has(event.kind));
    byId("log").append(...shown.map((event) => entryElement(view, event, desk.zone)).filter((each) => each !== null));
    byId("log-empty").hidden = byId("log").children.length > 0;
    if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  };
  const again = () => {
    byId("log").replaceChildren();
    add(view.events);
    scroll.scrollTop = scroll.scrollHeight;
  };
  byId("log-filter").addEventListener("change", again);
  again();

  byId("note").addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const text = byId("note-text");
    if (await desk.act({ do: "note", text: text.value })) text.value = "";
  });
  byId("rate-value").addEventListener("input", () => setText(byId("rate-shows"), byId("rate-value").value));
  byId("rate").addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const [item, value, text] = ["rate-item", "rate-value", "rate-text"].map((id) => byId(id).value);
    if (await desk.act({ do: "rate", item, value: Number(value), text })) byId("rate").reset();
  });

  return {
    hear: add,
    /** @param {number} at @param {Record<string, number>} values */
    read(at, values) {
      for (const [name, value] of Object.entries(values)) graphs.get(name)?.push(at, value);
    },
    update() {
      const [tone, says] = IMPACTS[view.behind.impact];
      setText(byId("impact"), says);
      byId("impact").className = `badge ${tone}`;
    },
  };
}
