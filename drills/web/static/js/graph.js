// A live line graph of one signal: from 0, labelled directly, with the usual level dashed and deviations from it shaded.

import { drillTime } from "./clock.js";
import { h, setText, svg } from "./dom.js";

const TOP = 14;
const BOTTOM = 20;
const LEFT = 2;
/** The shortest span of time that is drawn, in milliseconds, so that the first minutes are not stretched. */
const LEAST = 5 * 60_000;

/** A reading as people write it. @param {number} value @param {string} unit */
export function reading(value, unit) {
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : 1;
  const number = value.toLocaleString("en", { maximumFractionDigits: digits });
  return unit === "%" ? `${number}%` : unit ? `${number} ${unit}` : number;
}

/** The next round number at or above. @param {number} value */
function round(value) {
  if (value <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((step) => step * size).find((step) => step >= value) ?? value;
}

export class LineGraph {
  /**
   * @param {{name: string, title: string, unit: string, normal: number | null}} signal
   * @param {[number, number][]} points drill time and reading, in order
   * @param {{height?: number}} [options]
   */
  constructor(signal, points, { height = 112 } = {}) {
    this.signal = signal;
    this.points = points.map(([at, value]) => /** @type {[number, number]} */ ([at, value]));
    this.height = height;
    this.width = 0;
    this.now = this.points.at(-1)?.[0] ?? 0;
    this.value = h("span", { class: "graph-value figure" });
    this.canvas = svg("svg", { class: "graph-canvas", role: "img", height, tabindex: "-1" });
    this.probe = h("p", { class: "graph-probe", "aria-hidden": "true", hidden: true });
    this.element = h(
      "figure",
      { class: "graph" },
      h(
        "figcaption",
        { class: "graph-head" },
        h("span", { class: "graph-title" }, signal.title),
        signal.normal !== null && h("span", { class: "graph-usual" }, `usually ${reading(signal.normal, signal.unit)}`),
        this.value,
      ),
      h("div", { class: "graph-frame" }, this.canvas, this.probe),
    );
    new ResizeObserver(([entry]) => {
      const width = Math.floor(entry.contentRect.width);
      if (width === this.width) return;
      this.width = width;
      this.draw();
    }).observe(/** @type {Element} */ (this.canvas.parentElement));
    this.canvas.addEventListener("pointermove", (event) => this.point(/** @type {PointerEvent} */ (event)));
    this.canvas.addEventListener("pointerleave", () => (this.probe.hidden = true));
    this.describe();
  }

  /** Adds a reading. @param {number} at @param {number} value */
  push(at, value) {
    if (at <= (this.points.at(-1)?.[0] ?? -1)) return;
    this.points.push([at, value]);
    this.now = at;
    this.draw();
    this.describe();
  }

  /** What it shows, in words: the value in the caption, and for people who cannot see the graph also its course. */
  describe() {
    const { title, unit, normal } = this.signal;
    const last = this.points.at(-1);
    if (!last) {
      setText(this.value, "–");
      this.canvas.setAttribute("aria-label", `${title}: no reading yet`);
      return;
    }
    setText(this.value, reading(last[1], unit));
    const usual = normal === null ? "" : `, usually ${reading(normal, unit)}`;
    const values = this.points.map(([, value]) => value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    this.canvas.setAttribute(
      "aria-label",
      `${title}: ${reading(last[1], unit)} at ${drillTime(last[0])}${usual}. Since the start between ${reading(low, unit)} and ${reading(high, unit)}.`,
    );
  }

  draw() {
    if (!this.width) return;
    const { unit, normal } = this.signal;
    const highest = this.points.reduce((most, [, value]) => Math.max(most, value), normal ?? 0);
    const top = unit === "%" && highest <= 100 && highest > 50 ? 100 : round(highest * 1.05);
    const until = Math.max(LEAST, this.now);
    const label = reading(top, unit);
    const right = this.width - 2;
    const x = (this.x = (/** @type {number} */ at) => LEFT + (at / until) * (right - LEFT));
    const y = (this.y = (/** @type {number} */ value) => this.height - BOTTOM - (Math.max(0, value) / top) * (this.height - BOTTOM - TOP));
    const ground = this.y(0);
    this.canvas.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.canvas.setAttribute("width", String(this.width));

    const line = this.points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`);
    const from = this.points[0]?.[0] ?? 0;
    const parts = [
      svg("line", { class: "graph-axis", x1: LEFT, x2: right, y1: ground, y2: ground }),
      svg("line", { class: "graph-grid", x1: LEFT, x2: right, y1: this.y(top), y2: this.y(top) }),
      svg("text", { class: "graph-label", x: LEFT, y: this.y(top) - 3 }, label),
      ...minutes(until, Math.max(1, Math.floor(this.width / 56))).map((at) =>
        svg("text", { class: "graph-label", x: x(at), y: this.height - 5, "text-anchor": at === 0 ? "start" : x(at) > right - 16 ? "end" : "middle" }, drillTime(at)),
      ),
    ];
    if (normal !== null && line.length > 0) {
      const usual = this.y(normal);
      parts.push(
        svg("path", { class: "graph-off", d: `M${this.x(from)},${usual}L${line.join("L")}L${this.x(this.now)},${usual}Z` }),
        svg("line", { class: "graph-normal", x1: LEFT, x2: right, y1: usual, y2: usual }),
      );
    }
    if (line.length > 0) {
      const last = this.points[this.points.length - 1];
      parts.push(
        svg("polyline", { class: "graph-line", points: line.join(" ") }),
        svg("circle", { class: "graph-end", cx: this.x(last[0]), cy: this.y(last[1]), r: 3 }),
      );
    }
    this.canvas.replaceChildren(...parts);
  }

  /** Reads the graph under the pointer. @param {PointerEvent} event */
  point(event) {
    if (!this.x || this.points.length === 0) return;
    const within = event.clientX - this.canvas.getBoundingClientRect().left;
    const x = this.x;
    const nearest = this.points.reduce((best, one) => (Math.abs(x(one[0]) - within) < Math.abs(x(best[0]) - within) ? one : best));
    setText(this.probe, `${drillTime(nearest[0])}  ${reading(nearest[1], this.signal.unit)}`);
    this.probe.hidden = false;
    this.probe.style.setProperty("--at", `${Math.min(Math.max(x(nearest[0]), 40), this.width - 40)}px`);
  }
}

/** Round instants for the axis of time. @param {number} until @param {number} most */
function minutes(until, most) {
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 240].map((one) => one * 60_000).find((one) => until / one <= Math.min(5, most)) ?? until;
  const found = [];
  for (let at = 0; at <= until; at += step) found.push(at);
  return found;
}
