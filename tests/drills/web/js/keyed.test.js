import assert from "node:assert/strict";
import { test } from "node:test";

import { keyed } from "../../../../drills/web/static/js/keyed.js";
import { Element } from "./made.js";

function listOf() {
  const list = new Element("ul");
  /** @type {string[]} */
  const made = [];
  const show = (/** @type {string[]} */ ...items) =>
    keyed(/** @type {any} */ (list), items, (item) => item, (item) => {
      made.push(item);
      return /** @type {any} */ (new Element("li"));
    });
  const keys = () => list.children.map((child) => child.dataset.key);
  return { list, made, show, keys };
}

test("an item is made once and stays the same element while its key does", () => {
  const { list, made, show, keys } = listOf();
  show("a", "b", "c");
  const [a, b, c] = list.children;
  show("a", "b", "c");
  assert.deepEqual(list.children, [a, b, c]);
  assert.deepEqual(made, ["a", "b", "c"]);
  assert.equal(list.moves, 3, "what stands where it should is not touched");
  show("c", "x", "a");
  assert.deepEqual(keys(), ["c", "x", "a"]);
  assert.deepEqual([list.children[0], list.children[2]], [c, a]);
  assert.equal(b.parentElement, null);
  assert.deepEqual(made, ["a", "b", "c", "x"]);
});

test("a list can become empty and come back", () => {
  const { show, keys, made } = listOf();
  show();
  show("a");
  show();
  assert.deepEqual(keys(), []);
  show("a");
  assert.deepEqual(keys(), ["a"]);
  assert.deepEqual(made, ["a", "a"]);
});

test("one that is added in front moves none of the others", () => {
  const { list, show, keys } = listOf();
  show("b", "c");
  list.moves = 0;
  show("a", "b", "c");
  assert.deepEqual(keys(), ["a", "b", "c"]);
  assert.equal(list.moves, 1);
});
