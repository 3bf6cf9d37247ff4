// Which obligation would show that a corrective action helped.

import assert from "node:assert/strict";
import { test } from "node:test";

import { likely } from "../../../../drills/web/static/js/shown-by.js";

const SHOWN = [
  { id: "alerted", title: "Team alerted", words: "alert|page[rd]?\\b" },
  { id: "silent", title: "No long silence", words: "update|write down" },
  { id: "harm", title: "No harm done", words: "" },
];

test("the words of an action point to the obligation that they name most", () => {
  assert.equal(likely("Alert and UPDATE, update", SHOWN), "silent");
  assert.equal(likely("Page the on-call", SHOWN), "alerted");
  assert.equal(likely("Be nicer", SHOWN), "");
});
