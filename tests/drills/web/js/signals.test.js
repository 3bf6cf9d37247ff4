import assert from "node:assert/strict";
import { test } from "node:test";

import { viewOf } from "../../../../drills/web/static/js/fold.js";
import { WAITING, recallWaiting, trendOf, waiting } from "../../../../drills/web/static/js/signals.js";
import { events, statics } from "./made.js";

/** A room of somebody who holds this role. @param {string | null} role @param {[number, number][] | null} course @returns {any} */
function roomOf(role, course, changes = {}) {
  const known = { ...statics(), ...changes };
  const view = viewOf(known, role === null ? [] : events(["RoleTaken", 0, { actor: "ana", role }]));
  return { view, statics: known, plays: true, courses: course === null ? {} : { [WAITING]: course } };
}

test("who commands, who speaks to customers and who does not play see how many wait; others do not", () => {
  const course = /** @type {[number, number][]} */ ([[0, 5]]);
  assert.deepEqual(["commander", "communications", null].map((role) => waiting(roomOf(role, course))?.now ?? null), [5, 5, null]);
  assert.equal(waiting({ ...roomOf(null, course), plays: false })?.now, 5);
  assert.equal(waiting(roomOf("commander", null)), null);
  assert.equal(waiting(roomOf("commander", [])), null);
});

test("where nobody speaks to customers, the commander alone sees it", () => {
  assert.equal(waiting(roomOf("communications", [[0, 5]], { spokesperson: null })), null);
});

test("the change is that of a minute, or since the start where that is less", () => {
  const change = (/** @type {[number, number][]} */ ...course) => waiting(roomOf("commander", course))?.change;
  assert.equal(change([0, 5]), 0);
  assert.equal(change([0, 5], [30_000, 9.6]), 5);
  assert.equal(change([0, 5], [1, 7], [60_000, 9], [60_001, 12]), 5);
});

test("a trend says which way, and nothing where there is none", () => {
  assert.deepEqual([0, 3, -1200].map(trendOf), ["", "▲ 3 in a minute", "▼ 1,200 in a minute"]);
});

test("who comes to lead later reads how many waited before, once", async (t) => {
  const path = t.mock.method(globalThis, "fetch", async () => Response.json({ signals: { [WAITING]: [[0, 2], [15_000, 4]] } }));
  const room = roomOf("commander", [[15_000, 4]]);
  await recallWaiting(room);
  assert.deepEqual(room.courses[WAITING], [[0, 2], [15_000, 4]]);
  await recallWaiting(room);
  await recallWaiting(roomOf(null, null));
  assert.equal(path.mock.callCount(), 1);
});

test("what it cannot read again stays as it is", async (t) => {
  t.mock.method(globalThis, "fetch", async () => Response.json({ error: "no" }, { status: 503 }));
  const room = roomOf("commander", [[15_000, 4]]);
  await recallWaiting(room);
  assert.deepEqual(room.courses[WAITING], [[15_000, 4]]);
});
