// The strip of a drill: lanes over one axis of time, and a needle at one moment. Times become shares of its width, so
// that it fits any screen without being drawn again.

import { drillTime } from "./clock.js";
import { h, svg } from "./dom.js";
import { nameOf } from "./fold.js";
import { reading } from "./graph.js";

const MINUTE = 60_000;
/** About how many marks the axis has. */
const MARKS = 6;
/** Room for one dot, in pixels. */
const DOT = 13;

/** Drill time as a share of the strip, in percent. @param {import("./timeline.js").Timeline} timeline @param {number} at */
export const share = (timeline, at) => (Math.min(Math.max(at, 0), timeline.end) / timeline.end) * 100;

/** Puts an element at a moment. @template {HTMLElement} T @param {T} element @param {number} percent @returns {T} */
export function at(element, percent) {
  element.style.setProperty("--x", `${percent.toFixed(3)}%`);
  return element;
}

/** The marks of the axis: round minutes since the report, with the time of day. @param {Element} axis @param {import("./timeline.js").Timeline} timeline @param {import("./clock.js").TimeOfDay} zone */
export function drawAxis(axis, timeline, zone) {
  const step = [1, 2, 5, 10, 15, 30, 60].map((each) => each * MINUTE).find((each) => timeline.end / each <= MARKS) ?? 120 * MINUTE;
  const marks = [];
  for (let when = 0; when <= timeline.end; when += step) marks.push(when);
  axis.replaceChildren(...marks.map((when) => {
    const mark = at(h("span", { class: "axis-mark" }, h("span", { class: "axis-time" }, zone.minutes(timeline.instant(when))), h("span", { class: "axis-drill" }, drillTime(when))), share(timeline, when));
    mark.classList.toggle("is-first", when === 0);
    mark.classList.toggle("is-last", share(timeline, when) > 92);
    return mark;
  }));
}

/** A lane with its name, and what it shows at the needle. @param {string} title @param {string} kind @param {...import("./dom.js").Child} content */
function lane(title, kind, ...content) {
  const value = h("span", { class: "lane-value" });
  const element = h("div", { class: `lane ${kind}` }, h("p", { class: "lane-title" }, h("span", {}, title), value), h("div", { class: "lane-body" }, content));
  return { element, value };
}

/** A course as an area under a line; `stepped` if a value holds until the next. @param {import("./timeline.js").Timeline} timeline @param {[number, number][]} course @param {{stepped?: boolean, normal?: number | null}} [how] */
function area(timeline, course, { stepped = false, normal = null } = {}) {
  const top = Math.max(...course.map(([, value]) => value), normal ?? 0, 1) * 1.08;
  const x = (/** @type {number} */ when) => ((when / timeline.end) * 1000).toFixed(1);
  const y = (/** @type {number} */ value) => (100 - (value / top) * 100).toFixed(1);
  const points = course.flatMap(([when, value], place) => (stepped && place > 0 ? [`${x(when)},${y(course[place - 1][1])}`, `${x(when)},${y(value)}`] : [`${x(when)},${y(value)}`]));
  const [first, last] = [course[0]?.[0] ?? 0, course.at(-1)?.[0] ?? 0];
  return svg("svg", { class: "course", viewBox: "0 0 1000 100", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("path", { class: "course-area", d: `M${x(first)},100L${points.join("L")}L${x(last)},100Z` }),
    normal !== null && svg("line", { class: "course-normal", x1: 0, x2: 1000, y1: y(normal), y2: y(normal) }),
    svg("polyline", { class: "course-line", points: points.join(" ") }));
}

/** Who commanded when, and when nobody did. @param {import("./timeline.js").Timeline} timeline */
function commands(timeline) {
  const { view, end } = timeline;
  const bars = timeline.commands.map(({ from, to, member }) => {
    const bar = at(h("div", { class: "held" }, h("span", {}, nameOf(view, member))), share(timeline, from));
    bar.style.setProperty("--w", `${(share(timeline, to) - share(timeline, from)).toFixed(3)}%`);
    return bar;
  });
  const edges = [{ from: 0, to: 0 }, ...timeline.commands, { from: end, to: end }];
  const gaps = edges.slice(1).map((next, place) => ({ from: edges[place].to, to: next.from })).filter(({ from, to }) => to - from > 1000).map(({ from, to }) => {
    const gap = at(h("div", { class: "held nobody" }, h("span", {}, "nobody")), share(timeline, from));
    gap.style.setProperty("--w", `${(share(timeline, to) - share(timeline, from)).toFixed(3)}%`);
    return gap;
  });
  return [...gaps, ...bars];
}

const LOGGED = new Set(["EntryLogged", "UpdatePosted"]);
const OUTSIDE = new Set(["InjectDelivered", "CustomerWrote", "IncidentReported"]);

/** What happened as ticks: what was logged, what was published, what came from outside, all else. @param {import("./timeline.js").Timeline} timeline */
function ticks(timeline) {
  return timeline.entries.map((event) => {
    const kind = event.kind === "MessagePublished" ? "told" : LOGGED.has(event.kind) ? "logged" : OUTSIDE.has(event.kind) ? "came" : "did";
    return at(h("span", { class: `tick ${kind}` }), share(timeline, event.at));
  });
}

const KEY = [["came", "came from outside"], ["did", "was done"], ["logged", "was logged"], ["told", "customers were told"]];

/** The log's lane; its ticks differ in height and place, and say so. @param {import("./timeline.js").Timeline} timeline */
function keyedLane(timeline) {
  const made = lane("The log", "flat", ticks(timeline));
  made.value.replaceWith(h("span", { class: "lane-key" }, KEY.map(([kind, says]) => h("span", {}, h("i", { class: `tick ${kind}` }), says))));
  return made;
}

/**
 * Dots of what people guessed, stacked where they would cover each other.
 * @param {import("./timeline.js").Timeline} timeline
 * @param {number[]} guesses
 * @param {number | null} mine
 * @param {number} width of the lane, in pixels
 * @returns {{dots: HTMLElement[], rows: number}}
 */
export function stack(timeline, guesses, mine, width) {
  const apart = (DOT / Math.max(width, 1)) * 100;
  /** @type {number[]} the last share in each row */
  const rows = [];
  let left = mine;
  const dots = [...guesses].sort((one, other) => one - other).map((guess) => {
    const place = share(timeline, guess);
    let row = rows.findIndex((last) => place - last >= apart);
    if (row < 0) row = rows.length;
    rows[row] = place;
    const own = left !== null && guess === left;
    if (own) left = null;
    const dot = at(h("span", { class: `guess-dot${own ? " mine" : ""}` }), place);
    dot.style.setProperty("--row", String(row));
    return dot;
  });
  return { dots, rows: Math.max(1, rows.length) };
}

/**
 * The lanes of the walk.
 * @param {import("./timeline.js").Timeline} timeline
 * @param {import("./clock.js").TimeOfDay} zone
 */
export function lanes(timeline, zone) {
  const { signal } = timeline;
  const axis = h("div", { class: "axis", "aria-hidden": "true" });
  drawAxis(axis, timeline, zone);
  return {
    axis,
    signal: signal && timeline.course.length > 0 ? lane(`${signal.title}, usually ${reading(signal.normal, signal.unit)}`, "tall", area(timeline, timeline.course, { normal: signal.normal })) : null,
    waiting: timeline.waiting.length > 0 ? lane("Customers waiting", "", area(timeline, timeline.waiting)) : null,
    command: lane("In command", "flat", commands(timeline)),
    open: lane("Messages that nobody had answered", "low", area(timeline, timeline.open, { stepped: true })),
    log: keyedLane(timeline),
  };
}
