import assert from "node:assert/strict";
import { test } from "node:test";

import { DrillClock, TimeOfDay, drillTime, span, spell } from "../../../../drills/web/static/js/clock.js";

test("drill time is written to the second below, with hours where there are any", () => {
  const cases = [[-1, "0:00"], [0, "0:00"], [999, "0:00"], [1_000, "0:01"], [59_999, "0:59"], [60_000, "1:00"], [3_599_999, "59:59"], [3_600_000, "1:00:00"], [36_061_000, "10:01:01"]];
  for (const [ms, written] of cases) assert.equal(drillTime(Number(ms)), written);
});

test("a span is written in its largest sensible unit, rounded", () => {
  const cases = [[0, "0 s"], [-45_000, "45 s"], [59_499, "59 s"], [59_500, "1 min"], [89_999, "2 min"], [3_569_000, "59 min"], [3_570_000, "1 h"], [3_660_000, "1 h 1 min"], [7_200_000, "2 h"]];
  for (const [ms, written] of cases) assert.equal(span(Number(ms)), written);
});

test("an instant and a span are read to the second as papers write them", () => {
  const zone = new TimeOfDay("UTC");
  assert.deepEqual(["2026-03-03T20:02:47.499Z", "2026-03-03T20:02:47.500Z"].map((at) => zone.seconds(at)), ["20:02:47", "20:02:48"]);
  const cases = [[29_499, "29 s"], [425_000, "7 min 5 s"], [540_000, "9 min"], [3_720_000, "1 h 2 min"], [7_200_000, "2 h"]];
  for (const [ms, written] of cases) assert.equal(spell(Number(ms)), written);
});

test("the clock runs on at the drill's pace, stands while it stands, and the wall runs on", (t) => {
  let now = 1_000;
  t.mock.method(performance, "now", () => now);
  const wall = "2026-03-03T15:00:00.000Z";
  const clock = new DrillClock({ at: 500, wall, running: true, pace: 10 });
  now += 200;
  assert.equal(clock.at, 2_500);
  assert.equal(clock.since, 200);
  assert.equal(clock.wall.toISOString(), "2026-03-03T15:00:00.200Z");
  clock.set({ at: 2_500, wall, running: false, pace: 10 });
  now += 300;
  assert.equal(clock.at, 2_500);
  assert.equal(clock.running, false);
  assert.equal(clock.wall.toISOString(), "2026-03-03T15:00:00.300Z");
  clock.set({ at: 2_500, wall, running: true, pace: 0 });
  now += 5;
  assert.equal(clock.at, 2_505);
});

test("times of day are the drill's time zone's, by 24 hours", () => {
  const zone = new TimeOfDay("Europe/Berlin");
  assert.equal(zone.minutes("2026-03-03T23:00:30Z"), "00:00");
  assert.equal(zone.seconds("2026-07-03T10:00:30Z"), "12:00:30");
  assert.equal(zone.day("2026-03-03T23:00:30Z"), "Wednesday 4 March");
});
