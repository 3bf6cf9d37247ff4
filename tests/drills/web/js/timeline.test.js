import assert from "node:assert/strict";
import { test } from "node:test";

import { viewOf } from "../../../../drills/web/static/js/fold.js";
import { Timeline, valueAt } from "../../../../drills/web/static/js/timeline.js";
import { events, statics } from "./made.js";

/** @param {any[]} all @param {Record<string, [number, number][]>} [courses] @param {[number, number][]} [unanswered] */
const timelineOf = (all, courses = {}, unanswered = []) => new Timeline(viewOf(statics(), events(...all)), courses, unanswered);

test("a course has at a moment its last value that is not later", () => {
  const course = /** @type {[number, number][]} */ ([[10, 1], [20, 2]]);
  assert.deepEqual([9, 10, 19, 20, 99].map((at) => valueAt(course, at)), [null, 1, 1, 2, 2]);
  assert.equal(valueAt([], 5), null);
});

test("it ends with the response, not with the drill, and is a minute long at least", () => {
  assert.equal(timelineOf([["PhaseBegan", 90_000, { phase: "papers" }], ["PhaseBegan", 200_000, { phase: "hot_wash" }]]).end, 90_000);
  assert.equal(timelineOf([["MessagePosted", 80_000, { actor: "ana", text: "x" }]]).end, 80_000);
  assert.equal(timelineOf([["PhaseBegan", 5_000, { phase: "papers" }]]).end, 60_000);
});

test("courses are cut at the end, and what went unanswered is carried on to it", () => {
  const made = timelineOf([["PhaseBegan", 90_000, { phase: "papers" }]], { errors: [[0, 1], [90_000, 2], [90_001, 3]], customers_waiting: [[0, 5], [99_000, 6]] }, [[0, 0], [80_000, 2], [95_000, 7]]);
  assert.equal(made.signal?.name, "errors");
  assert.deepEqual(made.course, [[0, 1], [90_000, 2]]);
  assert.deepEqual(made.waiting, [[0, 5]]);
  assert.deepEqual(made.open, [[0, 0], [80_000, 2], [90_000, 2]]);
  assert.deepEqual(timelineOf([]).open, [[60_000, 0]]);
});

test("who commanded at a moment, from its first instant to before its last", () => {
  const made = timelineOf([
    ["RoleTaken", 10_000, { actor: "ana", role: "commander" }],
    ["RoleHandedOver", 30_000, { actor: "ben", role: "commander", giver: "ana" }],
    ["PhaseBegan", 90_000, { phase: "papers" }],
  ]);
  assert.deepEqual([9_999, 10_000, 29_999, 30_000, 89_999, 90_000].map((at) => made.commander(at)), [null, "ana", "ana", "ben", "ben", "ben"]);
});

test("an instant is real time, which ran on while the drill was paused", () => {
  const made = timelineOf([["DrillPaused", 10_000, { reason: "" }], ["DrillResumed", 10_000, { paused_ms: 60_000, wall: "2026-03-03T15:01:10.000Z" }]]);
  assert.equal(made.instant(12_000).toISOString(), "2026-03-03T15:01:12.000Z");
  assert.equal(timelineOf([]).instant(5_000).toISOString(), "2026-03-03T15:00:05.000Z");
});

test("entries are what people can read, and its neighbours lie strictly before and after", () => {
  const made = timelineOf([
    ["DrillStarted", 0], ["IncidentReported", 1_000, { to: "ana", via: "call", sender: "x", text: "y" }], ["MessagePosted", 5_000, { actor: "ana", text: "x" }],
    ["StepDone", 6_000, { actor: "ana", procedure: "a/b", step: 1 }], ["PhaseBegan", 90_000, { phase: "papers" }], ["ReportEmailed", 95_000, { actor: "ana" }],
  ]);
  assert.deepEqual(made.entries.map((event) => event.at), [1_000, 5_000, 90_000]);
  assert.equal(made.reported, 1_000);
  assert.equal(made.entry(999), null);
  assert.equal(made.entry(6_000)?.at, 5_000);
  assert.deepEqual([made.neighbour(5_000, 1)?.at, made.neighbour(5_000, -1)?.at, made.neighbour(90_000, 1)], [90_000, 1_000, undefined]);
});
