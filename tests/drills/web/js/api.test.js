import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Refused, Unreached, drillPath, getJson, newId, postJson, send } from "../../../../drills/web/static/js/api.js";

/** @typedef {{status: number, body?: unknown} | Error} Answer */
/** What was asked for, and how long was waited in between. */
const asked = { /** @type {any[]} */ requests: [], /** @type {number[]} */ waits: [] };
/** @type {Answer[]} */
let answers = [];

beforeEach((t) => {
  Object.assign(asked, { requests: [], waits: [] });
  answers = [];
  const { mock } = /** @type {import("node:test").TestContext} */ (t);
  mock.method(globalThis, "fetch", async (/** @type {string} */ path, /** @type {any} */ options) => {
    asked.requests.push({ path, ...options });
    const answer = answers.length > 1 ? /** @type {Answer} */ (answers.shift()) : answers[0];
    if (answer instanceof Error) throw answer;
    return new Response(answer.body === undefined ? "no JSON" : JSON.stringify(answer.body), { status: answer.status });
  });
  mock.method(globalThis, "setTimeout", (/** @type {() => void} */ done, /** @type {number} */ ms) => {
    asked.waits.push(ms);
    done();
  });
});

const WAITS = [400, 1000, 2000, 4000, 8000, 8000];
const bodies = () => asked.requests.map(({ body }) => JSON.parse(body));

test("an act that is taken at once is sent once, with an id and the mark of a page", async () => {
  answers = [{ status: 200, body: { events: [], seq: 7 } }];
  assert.deepEqual(await send("a b", { say: "/ack" }), { events: [], seq: 7 });
  assert.equal(asked.requests.length, 1);
  const [{ path, method, headers, credentials }] = asked.requests;
  assert.deepEqual([path, method, credentials], ["/api/drills/a%20b/acts", "POST", "same-origin"]);
  assert.equal(headers["X-Drillroom"], "1");
  assert.match(bodies()[0].id, /^[0-9a-f]{24}$/);
  assert.equal(bodies()[0].say, "/ack");
});

test("an act is sent again under the same id while the server cannot be reached or cannot store it", async () => {
  answers = [new TypeError("down"), { status: 503, body: { error: "the disk is full" } }, { status: 500 }, { status: 200, body: { events: [], seq: 1 } }];
  /** @type {string[]} */
  const told = [];
  await send("d", { act: { do: "join" } }, { onWait: (problem) => told.push(problem.message) });
  assert.deepEqual(asked.waits, WAITS.slice(0, 3));
  assert.equal(new Set(bodies().map(({ id }) => id)).size, 1);
  assert.deepEqual(told, ["The server can't be reached.", "the disk is full", "The server answered 500."]);
});

test("it gives up after the last wait, and says that nothing is known to be lost", async () => {
  answers = [new TypeError("down")];
  await assert.rejects(send("d", { say: "x" }), Unreached);
  assert.deepEqual(asked.waits, WAITS);
  assert.equal(asked.requests.length, WAITS.length + 1);
});

test("a refusal is final: it is told at once in the server's words, and not tried again", async () => {
  for (const [status, body, says] of /** @type {[number, any, string][]} */ ([
    [409, { refused: "you have already acknowledged" }, "you have already acknowledged"],
    [403, { error: "not yours" }, "not yours"],
    [401, undefined, "You are signed out. Open your link again."],
    [413, {}, "That is too long."],
    [429, { refused: "not this" }, "That was a lot at once; wait a moment."],
    [418, {}, "The server answered 418."],
  ])) {
    answers = [{ status, body }];
    asked.requests = [];
    await assert.rejects(send("d", { say: "x" }), (problem) => problem instanceof Refused && problem.message === says);
    assert.equal(asked.requests.length, 1, String(status));
  }
  assert.deepEqual(asked.waits, []);
});

test("an act may bring its own id, so that the page can send it once more later", async () => {
  answers = [{ status: 200, body: {} }];
  await send("d", { say: "x" }, { id: "mine" });
  assert.equal(bodies()[0].id, "mine");
  assert.notEqual(newId(), newId());
});

test("what is only read has no body and is tried once", async () => {
  answers = [{ status: 502 }];
  await assert.rejects(getJson(drillPath("d", "/events?after=3")), Unreached);
  assert.equal(asked.requests.length, 1);
  assert.equal(asked.requests[0].body, undefined);
  assert.equal(asked.requests[0].headers["Content-Type"], undefined);
  answers = [{ status: 200, body: { a: 1 } }];
  assert.deepEqual(await postJson("/x"), { a: 1 });
  assert.equal(asked.requests[1].body, "{}");
});
