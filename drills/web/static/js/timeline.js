// A finished drill to walk through: what was true at each moment. Data only; no DOM.

import { commander } from "./fold.js";

/** @typedef {[number, number]} Point drill time and value */
/** @typedef {{from: number, to: number, member: string}} Command */

/** The shortest span that is drawn, in milliseconds. */
const LEAST = 60_000;
/** The value of a course at a moment: the last one at or before it. @param {Point[]} course @param {number} at @returns {number | null} */
export const valueAt = (course, at) => course.findLast(([when]) => when <= at)?.[1] ?? null;

export class Timeline {
  /**
   * @param {import("./fold.js").View} view
   * @param {Record<string, Point[]>} courses the signals
   * @param {Point[]} unanswered how many messages from outside were unanswered
   */
  constructor(view, courses, unanswered) {
    this.view = view;
    this.reported = view.events.find((event) => event.kind === "IncidentReported")?.at ?? 0;
    const over = view.events.find((event) => event.kind === "PhaseBegan" && event.phase === "papers")?.at;
    /** The end of the response. */
    this.end = Math.max(LEAST, over ?? view.at);
    const role = view.statics.commander;
    /** @type {Command[]} */
    this.commands = view.stretches
      .filter((stretch) => stretch.role === role && stretch.from < this.end)
      .map(({ from, to, member }) => ({ from, to: Math.min(to ?? this.end, this.end), member }));
    /** The signal that matters most, and its course. */
    this.signal = view.statics.signals.find((/** @type {any} */ signal) => signal.name !== "customers_waiting") ?? null;
    this.course = this.signal ? this.within(courses[this.signal.name] ?? []) : [];
    this.waiting = this.within(courses.customers_waiting ?? []);
    this.open = [...this.within(unanswered), /** @type {Point} */ ([this.end, valueAt(unanswered, this.end) ?? 0])];
    /** What happened, except what came by itself without words. */
    this.entries = view.events.filter((event) => event.at <= this.end && !SILENT.has(event.kind));
  }

  /** @param {Point[]} course */
  within(course) {
    return course.filter(([at]) => at <= this.end);
  }

  /** The instant of a drill time: real time went on while the drill was paused. @param {number} at */
  instant(at) {
    const before = this.view.events.findLast((event) => event.at <= at) ?? this.view.events[0];
    return new Date(Date.parse(before?.wall ?? this.view.statics.start) + at - (before?.at ?? 0));
  }

  /** Who commanded at a moment. @param {number} at @returns {string | null} */
  commander(at) {
    return this.commands.find(({ from, to }) => from <= at && at < to)?.member ?? (at >= this.end ? commander(this.view) : null);
  }

  /** The last thing that had happened at a moment. @param {number} at */
  entry(at) {
    return this.entries.findLast((event) => event.at <= at) ?? null;
  }

  /** The entry before or after a moment. @param {number} at @param {1 | -1} way */
  neighbour(at, way) {
    return way > 0 ? this.entries.find((event) => event.at > at) : this.entries.findLast((event) => event.at < at);
  }
}

const SILENT = new Set(["DrillStarted", "InjectNotTaken", "InjectHeld", "FacilitatorTold", "ExpectationJudged", "NoteTaken", "Rated", "ImpactChanged", "StepDone", "TimeSkipped", "StoryJumped", "ToolChanged"]);
