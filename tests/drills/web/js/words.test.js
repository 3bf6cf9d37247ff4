import assert from "node:assert/strict";
import { test } from "node:test";

import { wordsOf } from "../../../../drills/web/static/js/words.js";

const names = { roles: [{ title: "Entstörer (Nacht)" }, { title: "Schichtleiter" }], severities: [{ name: "Rot" }, { name: "Stufe 2" }] };

test("a name of the protocol is one word, also half written", () => {
  assert.deepEqual(wordsOf(names, "role Entstörer (Nacht)"), ["role", "Entstörer (Nacht)"]);
  assert.deepEqual(wordsOf(names, "role entstörer (N"), ["role", "entstörer (N"]);
  assert.deepEqual(wordsOf(names, "handover Entstörer (Nacht) be"), ["handover", "Entstörer (Nacht)", "be"]);
  assert.deepEqual(wordsOf(names, "alert stufe 2 "), ["alert", "stufe 2", ""]);
  assert.deepEqual(wordsOf(names, "alert stufe 22"), ["alert", "stufe", "22"]);
});

test("everything else is words with spaces between, the last one as far as it is written", () => {
  assert.deepEqual(wordsOf(names, ""), [""]);
  assert.deepEqual(wordsOf(names, "sev"), ["sev"]);
  assert.deepEqual(wordsOf(names, "sev "), ["sev", ""]);
  assert.deepEqual(wordsOf(names, "alert Rot fern wirk"), ["alert", "Rot", "fern", "wirk"]);
});
