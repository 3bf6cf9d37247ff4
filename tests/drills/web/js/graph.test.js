import assert from "node:assert/strict";
import { test } from "node:test";

import { LineGraph, reading } from "../../../../drills/web/static/js/graph.js";
import { withoutBrowser } from "./made.js";

withoutBrowser();

/** @param {[number, number][]} points @param {Record<string, unknown>} [signal] */
function graphOf(points, signal = {}) {
  const graph = new LineGraph({ name: "errors", title: "Errors", unit: "%", normal: 1, ...signal }, points, { height: 114 });
  graph.width = 304;
  graph.draw();
  return graph;
}

/** @param {LineGraph} graph @param {string} kind @returns {any[]} */
const parts = (graph, kind) => /** @type {any} */ (graph.canvas).all().filter((/** @type {any} */ one) => one.attributes.class === kind);
/** @param {LineGraph} graph */
const labels = (graph) => parts(graph, "graph-label").map((one) => one.textContent);

test("a reading has one decimal below a hundred, and none where it needs none", () => {
  const cases = /** @type {[number, string, string][]} */ ([[0, "%", "0%"], [3, "%", "3%"], [3.14, "%", "3.1%"], [99.95, "", "100"], [100.4, "ms", "100 ms"], [-3.14, "s", "-3.1 s"], [1234.5, "", "1,235"]]);
  for (const [value, unit, written] of cases) assert.equal(reading(value, unit), written);
});

test("the top is the next round number above the highest reading and the usual level", () => {
  const top = (/** @type {number} */ highest, /** @type {any} */ signal) => labels(graphOf([[0, highest]], { unit: "", ...signal }))[0];
  assert.equal(top(0, { normal: null }), "1");
  assert.equal(top(9.5, {}), "10");
  assert.equal(top(9.6, {}), "12");
  assert.equal(top(0.2, { normal: 40 }), "50");
  assert.equal(top(1000, {}), "1,200");
});

test("a share above a half has 100% on top, and one that goes beyond has what it needs", () => {
  const top = (/** @type {number} */ highest) => labels(graphOf([[0, highest]]))[0];
  assert.deepEqual([50, 51, 100, 101].map(top), ["60%", "100%", "100%", "120%"]);
});

test("the first minutes are not stretched, and later all the time is shown", () => {
  assert.deepEqual(labels(graphOf([[60_000, 1]])).slice(1), ["0:00", "1:00", "2:00", "3:00", "4:00", "5:00"]);
  const long = graphOf([[0, 1], [3_600_000, 2]]);
  assert.deepEqual(labels(long).slice(1), ["0:00", "15:00", "30:00", "45:00", "1:00:00"]);
  assert.equal(long.x?.(3_600_000), 302);
  assert.equal(long.x?.(0), 2);
});

test("0 is the ground, the top is the top, and nothing lies below the ground", () => {
  const graph = graphOf([[0, 51]]);
  assert.deepEqual([0, 100, 50, -5].map((value) => graph.y?.(value)), [94, 14, 54, 94]);
});

test("without a reading there is a frame and a dash", () => {
  const graph = graphOf([]);
  assert.equal(/** @type {any} */ (graph.value).textContent, "–");
  assert.equal(parts(graph, "graph-line").length, 0);
  assert.equal(parts(graph, "graph-normal").length, 0);
  graph.push(5_000, 2.25);
  assert.equal(/** @type {any} */ (graph.value).textContent, "2.3%");
  assert.equal(parts(graph, "graph-line").length, 1);
});

test("a reading that is not later than the last one is left out", () => {
  const graph = graphOf([[0, 1], [5_000, 2]]);
  graph.push(5_000, 9);
  graph.push(4_000, 9);
  graph.push(5_001, 3);
  assert.deepEqual(graph.points, [[0, 1], [5_000, 2], [5_001, 3]]);
});

test("it says in words what it shows", () => {
  const says = (/** @type {LineGraph} */ graph) => /** @type {any} */ (graph.canvas).attributes["aria-label"];
  assert.equal(says(graphOf([[0, 4], [65_000, 2.5]])), "Errors: 2.5% at 1:05, usually 1%. Since the start between 2.5% and 4%.");
  assert.equal(says(graphOf([[0, 4]], { normal: null })), "Errors: 4% at 0:00. Since the start between 4% and 4%.");
});

test("the pointer reads the nearest point, and its words stay inside", () => {
  const graph = graphOf([[0, 1], [150_000, 2], [300_000, 3]]);
  const at = (/** @type {number} */ x) => {
    graph.point(/** @type {any} */ ({ clientX: 100 + x }));
    return [/** @type {any} */ (graph.probe).textContent, /** @type {any} */ (graph.probe).set["--at"]];
  };
  assert.deepEqual(at(0), ["0:00  1%", "40px"]);
  assert.deepEqual(at(80), ["2:30  2%", "152px"]);
  assert.deepEqual(at(999), ["5:00  3%", "264px"]);
});
