// The simulated systems' signals as small graphs, and how many customers wait.

import { drillPath, getJson } from "./api.js";
import { byId, h, icon, replace, setText } from "./dom.js";
import { holds } from "./fold.js";
import { LineGraph } from "./graph.js";

/** The signal that only the commander, Communications and staff see. */
export const WAITING = "customers_waiting";

/** How far back a trend looks, in milliseconds. */
const TREND = 60_000;

/** @param {import("./room.js").Room} room */
export function mountSignals(room) {
  const grid = h("div", { class: "graphs" });
  byId("panel-signals").append(h("h2", { class: "visually-hidden" }, "Signals"), h("p", { class: "dark-note empty" }, "The dashboard is down."), grid);
  /** @type {Map<string, LineGraph>} */
  const graphs = new Map();

  /** @param {any} signal @param {[number, number][]} points */
  const add = (signal, points) => {
    const graph = new LineGraph(signal, points);
    graphs.set(signal.name, graph);
    grid.append(graph.element);
  };
  for (const signal of room.statics.signals) if (signal.name !== WAITING) add(signal, room.courses[signal.name] ?? []);
  if (graphs.size === 0) grid.append(h("p", { class: "empty" }, "No system in this scenario has figures."));

  return {
    /** @param {{at: number, readings: Record<string, number>}} told */
    hear({ at, readings }) {
      for (const [name, value] of Object.entries(readings)) {
        (room.courses[name] ??= []).push([at, value]);
        graphs.get(name)?.push(at, value);
      }
    },
  };
}

/** How many customers wait, and what that was a minute ago; nothing where the viewer may not see it. @param {import("./room.js").Room} room */
export function waiting(room) {
  const course = room.courses[WAITING];
  const last = course?.at(-1);
  if (!course || !last || !seesWaiting(room)) return null;
  const before = course.findLast(([at]) => at <= last[0] - TREND) ?? course[0];
  return { now: Math.round(last[1]), change: Math.round(last[1] - before[1]) };
}

/** Who comes to lead or to speak to customers later sees how many waited before, too. @param {import("./room.js").Room} room */
export async function recallWaiting(room) {
  if (!seesWaiting(room) || room.courses[WAITING]?.[0]?.[0] === 0) return;
  const page = await getJson(drillPath(room.statics.drill)).catch(() => null);
  const course = page?.signals[WAITING];
  if (course) room.courses[WAITING] = course;
}

/** Whether the viewer leads, or speaks to customers, now: who has handed the role on sees it no longer. @param {import("./room.js").Room} room */
function seesWaiting({ view, statics, plays }) {
  const roles = [statics.commander, statics.spokesperson ?? statics.commander];
  return !plays || roles.some((role) => holds(view, view.me, role));
}

/** The number of waiting customers in the bar on top. @param {import("./room.js").Room} room */
export function mountWaiting(room) {
  const place = byId("status-waiting");
  const number = h("strong", { class: "numbers" });
  const trend = h("span", { class: "small soft" });
  replace(place, icon("customer"), number, h("span", {}, h("span", { class: "waiting-who" }, "customers "), "waiting "), trend);
  return {
    update() {
      const found = waiting(room);
      place.hidden = found === null || room.view.phase !== "respond";
      if (!found) return;
      setText(number, found.now.toLocaleString("en"));
      setText(trend, trendOf(found.change));
    },
  };
}

/** @param {number} change in a minute */
export function trendOf(change) {
  if (change === 0) return "";
  return `${change > 0 ? "▲" : "▼"} ${Math.abs(change).toLocaleString("en")} in a minute`;
}
