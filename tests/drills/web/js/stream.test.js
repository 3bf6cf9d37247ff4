import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { openStream } from "../../../../drills/web/static/js/stream.js";

/** A connection as a test plays it. */
class EventSource extends EventTarget {
  static CLOSED = 2;
  /** @type {EventSource[]} */
  static all = [];

  /** @param {string} url */
  constructor(url) {
    super();
    this.url = url;
    this.readyState = 1;
    EventSource.all.push(this);
  }

  close() {
    this.readyState = EventSource.CLOSED;
  }

  /** @param {string} kind @param {unknown} data @param {string} [lastEventId] */
  say(kind, data, lastEventId = "") {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data), lastEventId }));
  }

  /** @param {...number} seqs */
  events(...seqs) {
    for (const seq of seqs) this.say("message", { seq }, String(seq));
  }

  opens() {
    this.dispatchEvent(new Event("open"));
  }

  /** @param {boolean} refused */
  fails(refused = false) {
    if (refused) this.readyState = EventSource.CLOSED;
    this.dispatchEvent(new Event("error"));
  }
}

/** What the page asks for, each to be answered by hand. @type {{path: string, answer: (events: number[]) => Promise<void>, fail: () => Promise<void>, refuse: () => Promise<void>}[]} */
let asked = [];
/** Timers that wait. @type {{ms: number, ring: () => Promise<void>}[]} */
let timers = [];
let reloaded = 0;

/** Lets everything go on that can. */
const settle = () => new Promise((done) => setImmediate(done));

beforeEach((t) => {
  asked = [];
  timers = [];
  reloaded = 0;
  EventSource.all = [];
  const { mock } = /** @type {import("node:test").TestContext} */ (t);
  Object.assign(globalThis, { EventSource, addEventListener: () => {}, location: { reload: () => (reloaded += 1) } });
  mock.method(globalThis, "fetch", (/** @type {string} */ path) => new Promise((resolve, reject) => {
    const say = async (/** @type {Response} */ answer) => {
      resolve(answer);
      await settle();
    };
    asked.push({
      path,
      answer: (seqs) => say(Response.json({ events: seqs.map((seq) => ({ seq })), seq: Math.max(-1, ...seqs), admitted: true })),
      refuse: () => say(Response.json({ error: "not yours" }, { status: 404 })),
      fail: async () => {
        reject(new TypeError("down"));
        await settle();
      },
    });
  }));
  mock.method(globalThis, "setTimeout", (/** @type {() => void} */ done, /** @type {number} */ ms) => {
    timers.push({ ms, ring: async () => { done(); await settle(); } });
    return timers.length;
  });
  mock.method(globalThis, "clearTimeout", () => {});
});

/** A page that keeps what it hears. @param {number} [after] */
function page(after = -1) {
  /** @type {{seqs: number[], all: number[][], heard: unknown[]}} */
  const kept = { seqs: [], all: [], heard: [] };
  const stream = openStream("d", {
    after,
    onEvents: (events) => kept.seqs.push(...events.map((event) => /** @type {any} */ (event).seq)),
    onAll: (events) => kept.all.push(events.map((event) => /** @type {any} */ (event).seq)),
    onState: (state) => kept.heard.push(state),
    onClock: (clock) => kept.heard.push(clock),
    onStarted: () => kept.heard.push("started"),
  });
  return { stream, kept, source: EventSource.all[0] };
}

test("it listens from behind the page's data, and asks for what lies between when it opens", async () => {
  const { kept, source } = page(4);
  assert.equal(source.url, "/api/drills/d/stream?after=4");
  source.opens();
  await settle();
  assert.equal(asked[0].path, "/api/drills/d/events?after=4");
  await asked[0].answer([5, 6]);
  source.events(7);
  assert.deepEqual(kept.seqs, [5, 6, 7]);
  assert.deepEqual(kept.heard, ["live"]);
});

test("what comes while it asks waits, so that each event comes once and in order", async () => {
  const { kept, source } = page();
  source.opens();
  await settle();
  source.events(2, 3);
  assert.deepEqual(kept.seqs, []);
  await asked[0].answer([0, 1, 2]);
  assert.deepEqual(kept.seqs, [0, 1, 2, 3]);
  source.events(3, 2, 4);
  assert.deepEqual(kept.seqs, [0, 1, 2, 3, 4]);
});

test("each time it opens it asks again, from where it is", async () => {
  const { kept, source } = page();
  source.opens();
  await settle();
  await asked[0].answer([0, 1]);
  source.fails();
  source.opens();
  await settle();
  assert.equal(asked[1].path, "/api/drills/d/events?after=1");
  await asked[1].answer([2]);
  assert.deepEqual(kept.seqs, [0, 1, 2]);
  assert.deepEqual(kept.heard, ["live", "lost", "live"]);
});

test("when it opens again while it asks, it asks once more and not twice at the same time", async () => {
  const { source } = page();
  source.opens();
  source.opens();
  source.opens();
  await settle();
  assert.equal(asked.length, 1);
  await asked[0].answer([0]);
  assert.equal(asked.length, 2);
  await asked[1].answer([]);
  assert.equal(asked.length, 2);
});

test("an answer that does not come is asked for again, and nothing is told out of turn meanwhile", async () => {
  const { kept, source } = page();
  source.opens();
  await settle();
  await asked[0].fail();
  source.events(1);
  assert.deepEqual(kept.seqs, []);
  assert.deepEqual(timers.map(({ ms }) => ms), [1500]);
  await timers[0].ring();
  await asked[1].answer([0]);
  assert.deepEqual(kept.seqs, [0, 1]);
});

test("a refusal is not asked again", async () => {
  const { source } = page();
  source.opens();
  await settle();
  await asked[0].refuse();
  assert.deepEqual([asked.length, timers.length], [1, 0]);
});

test("reading again gives everything that is visible now, and goes on after it", async () => {
  const { kept, stream, source } = page(5);
  const done = stream.reload();
  await settle();
  assert.equal(asked[0].path, "/api/drills/d/events?after=-1");
  source.events(6, 7, 8);
  await asked[0].answer([0, 2, 5, 7]);
  await done;
  assert.deepEqual(kept.all, [[0, 2, 5, 7]]);
  assert.deepEqual(kept.seqs, [8]);
});

test("reading again never goes back behind what was there, also when little is visible", async () => {
  const { kept, stream, source } = page(9);
  const done = stream.reload();
  await settle();
  await asked[0].answer([0]);
  await done;
  source.events(8, 9, 10);
  assert.deepEqual(kept.seqs, [10]);
});

test("what an act's answer named is asked for when the stream does not bring it in time", async () => {
  const { stream, source, kept } = page(3);
  stream.expect(4);
  stream.expect(5);
  source.events(4);
  await timers[0].ring();
  assert.equal(asked.length, 0);
  await timers[1].ring();
  assert.equal(asked[0].path, "/api/drills/d/events?after=4");
  await asked[0].answer([5]);
  assert.deepEqual(kept.seqs, [4, 5]);
});

test("a page that has left hears nothing more and asks for nothing", async () => {
  const { stream, source, kept } = page();
  source.opens();
  await settle();
  stream.expect(9);
  stream.close();
  await asked[0].answer([0]);
  await timers[0].ring();
  assert.equal(source.readyState, EventSource.CLOSED);
  assert.deepEqual([kept.seqs, asked.length], [[], 1]);
});

test("a stream that is refused is tried ever more slowly, from its last event, and the page leaves if it is out", async (t) => {
  t.mock.method(Math, "random", () => 0.5);
  const { source } = page();
  source.events(3);
  for (const wait of [500, 1000, 2000, 4000, 8000, 10_000, 10_000]) {
    EventSource.all.at(-1)?.fails(true);
    assert.equal(timers.at(-1)?.ms, wait);
    await timers.at(-1)?.ring();
    assert.equal(EventSource.all.at(-1)?.url, "/api/drills/d/stream?after=3");
  }
  assert.equal(reloaded, 0);
  assert.equal(asked[0].path, "/api/drills/d/lobby");
  await asked[0].answer([]);
  assert.equal(reloaded, 0, "those who are still admitted stay");
  await asked[1].refuse();
  assert.equal(reloaded, 1);
});

test("a connection that is lost and not refused is left to the browser", async () => {
  const { source } = page();
  source.fails(false);
  assert.deepEqual([timers.length, EventSource.all.length, asked.length], [0, 1, 0]);
});

test("only a drill that has begun has a clock", () => {
  const { source, kept } = page();
  source.say("clock", { at: 1 });
  source.say("started", {});
  source.say("people", { here: [] });
  assert.deepEqual(kept.heard, [{ at: 1 }, "started", "started"]);
});
