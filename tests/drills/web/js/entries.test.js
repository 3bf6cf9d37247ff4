import assert from "node:assert/strict";
import { test } from "node:test";

import { entryOf, procedureTitle } from "../../../../drills/web/static/js/entries.js";
import { newView } from "../../../../drills/web/static/js/fold.js";
import { events, statics } from "./made.js";

const view = newView(statics());
/** @param {string} kind @param {Record<string, unknown>} [fields] */
const entry = (kind, fields) => entryOf(view, events([kind, 0, fields])[0]);

test("an event that the log does not know is no entry", () => assert.equal(entry("SomethingNew"), null));

test("an entry names who acted, and is a line of its own words unless it says otherwise", () => {
  assert.deepEqual(entry("Acknowledged", { actor: "ben" }), { shape: "line", prose: false, who: "Ben", icon: "check", label: "Acknowledged", text: "acknowledged" });
  assert.equal(entry("DrillStarted")?.who, "");
});

test("a severity is named as the protocol names it, and 0 is a false alarm", () => {
  const declared = [1, 0, 7].map((severity) => entry("SeverityDeclared", { actor: "ana", severity })?.text);
  assert.deepEqual(declared, ["Declared severity 1, Critical", "Declared a false alarm", "Declared severity 7"]);
});

test("an alert and a restatement say what they state, and that they state nothing", () => {
  assert.equal(entry("TeamAlerted", { severity: 0, topic: "login" })?.text, "Alerted the team · a false alarm: login");
  assert.equal(entry("TeamAlerted", {})?.text, "Alerted the team, without severity or topic");
  assert.equal(entry("Restated", { topic: "login" })?.text, "login");
  assert.equal(entry("Restated", {})?.text, "Restated nothing");
});

test("a message to customers says when the next one comes, that it is the last, or neither", () => {
  const labels = [1_200_000, 0, undefined, null].map((next_in) => entry("MessagePublished", { text: "x", next_in })?.label);
  assert.deepEqual(labels, ["Published, next in 20 min", "Published, the last one", "Published, no next time named", "Published, no next time named"]);
});

test("an action that showed something is read as a find, else as done", () => {
  assert.equal(entry("ActionFinished", { actor: "ana", action: "look", label: "Look", shows: "It is so." })?.text, "It is so.");
  assert.equal(entry("ActionFinished", { actor: "ana", action: "look", label: "Look" })?.text, "finished: Look");
});

test("a corrective action names its owner and its day where it has them", () => {
  const text = (/** @type {Record<string, unknown>} */ fields) => entry("CorrectiveActionAdded", { actor: "ana", text: "Test it.", ...fields })?.text;
  assert.equal(text({}), "entered an action: Test it.");
  assert.equal(text({ owner: "ben" }), "entered an action: Test it. (Ben)");
  assert.equal(text({ owner: "ben", due_on: "2026-04-01" }), "entered an action: Test it. (Ben, by 2026-04-01)");
});

test("a step is named by its procedure, and one of an unknown procedure by its path", () => {
  assert.equal(procedureTitle(view, "deployment/roll-back"), "Roll back");
  assert.equal(procedureTitle(view, "deployment/other"), "deployment/other");
  assert.equal(procedureTitle(view, "other/roll-back"), "other/roll-back");
});
