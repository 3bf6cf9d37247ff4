// What happens in a drill, live: each event once and in order, whatever the network does.

import { Refused, drillPath, getJson } from "./api.js";
import { listen } from "./source.js";

/** How long to wait before asking again for the events in between, in milliseconds. */
const RETRY = 1500;
/** How long an act's own events may take to arrive by the stream. */
const PATIENCE = 1000;

/**
 * @typedef {object} Listeners
 * @property {(events: Server.Event[]) => void} [onEvents] new events, in order, each once
 * @property {(events: Server.Event[]) => void} [onAll] all events again, after `reload`
 * @property {(signals: {at: number, readings: Record<string, number>}) => void} [onSignals]
 * @property {(clock: Server.ClockState) => void} [onClock]
 * @property {(people: {here: string[], staff: {seat: string, name: string}[]}) => void} [onPeople]
 * @property {(screen: {screen: string}) => void} [onScreen]
 * @property {(lobby: object) => void} [onLobby]
 * @property {() => void} [onStarted] the drill has begun; for pages that wait for it
 * @property {(state: "live" | "lost") => void} [onState]
 */

/**
 * Opens the stream of a drill. Nothing is missed between the page's data (up to `after`) and the stream's first
 * event: each time the stream opens, what lies between is fetched, and what comes meanwhile waits.
 * @param {string} drill
 * @param {Listeners & {after?: number}} options
 * @returns {{close: () => void, expect: (seq: number) => void, reload: () => Promise<void>}}
 *   `expect` makes sure that the events of an act's answer arrive, even if the stream is down; `reload` fetches all that is visible now.
 */
export function openStream(drill, { after = -1, ...on }) {
  let last = after;
  /** @type {Server.Event[]} */
  let waiting = [];
  let fetching = false;
  let again = false;
  let afresh = false;
  let closed = false;

  /** @param {Server.Event[]} events */
  const deliver = (events) => {
    const news = events.filter((event) => event.seq > last).sort((one, other) => one.seq - other.seq);
    if (news.length === 0) return;
    last = news[news.length - 1].seq;
    on.onEvents?.(news);
  };

  const catchUp = async () => {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    do {
      again = false;
      const all = afresh;
      try {
        /** @type {Server.Events} */
        const found = await getJson(drillPath(drill, `/events?after=${all ? -1 : last}`));
        if (closed) return;
        if (all) {
          afresh = false;
          last = found.events.reduce((most, event) => Math.max(most, event.seq), last);
          on.onAll?.(found.events);
        } else {
          deliver(found.events);
        }
      } catch (problem) {
        if (closed || problem instanceof Refused) break;
        again = true; // without them there would be a gap, so what comes meanwhile waits
        await new Promise((done) => setTimeout(done, RETRY));
      }
    } while ((again || afresh) && !closed);
    fetching = false;
    const come = waiting;
    waiting = [];
    if (!closed) deliver(come);
  };

  /** If the viewer was sent out, or the drill was deleted, the page says so when it is loaded again. */
  const leaveIfOut = async () => {
    const answer = await fetch(drillPath(drill, "/lobby")).catch(() => null);
    const out = answer?.status === 401 || answer?.status === 404 || (answer?.ok && !(await answer.json()).admitted);
    if (!closed && out) location.reload();
  };

  /** @param {{kind: string, text?: string}} message */
  const hear = ({ kind, text }) => {
    if (kind === "open") {
      on.onState?.("live");
      if (on.onEvents) catchUp();
      return;
    }
    if (kind === "lost") {
      on.onState?.("lost");
      return;
    }
    if (kind === "refused") {
      void leaveIfOut();
      return;
    }
    const data = text ? JSON.parse(text) : {};
    if (kind === "event") {
      if (fetching) waiting.push(data);
      else deliver([data]);
    }
    if (kind === "signals") on.onSignals?.(data);
    if (kind === "clock") on.onClock?.(data);
    if (kind === "people") on.onPeople?.(data);
    if (kind === "screen") on.onScreen?.(data);
    if (kind === "lobby") on.onLobby?.(data);
    // Only a drill that has begun has a clock; a browser that slept may have missed its start.
    if (kind === "started" || kind === "clock") on.onStarted?.();
  };

  const disconnect = connect(drill, after, hear);
  const close = () => {
    closed = true;
    disconnect();
  };
  addEventListener("pagehide", close, { once: true });
  // A page restored from the browser's cache has lost its stream and its place.
  addEventListener("pageshow", (shown) => shown.persisted && location.reload());
  return {
    close,
    expect: (seq) => {
      setTimeout(() => !closed && last < seq && on.onEvents && catchUp(), PATIENCE);
    },
    reload: () => {
      afresh = true;
      return catchUp();
    },
  };
}

/**
 * One stream per browser through the worker if there is one, or else one for this page. If somebody else comes in with the
 * same browser, they get a stream of their own: what one may see is not what the other may.
 * @param {string} drill
 * @param {number} after
 * @param {(message: {kind: string, text?: string}) => void} hear
 * @returns {() => void} leaves it
 */
function connect(drill, after, hear) {
  const alone = () =>
    listen(drill, after, {
      open: () => hear({ kind: "open" }),
      lost: () => hear({ kind: "lost" }),
      refused: () => hear({ kind: "refused" }),
      event: (text) => hear({ kind: "event", text }),
      other: (kind, text) => hear({ kind, text }),
    });
  if (typeof SharedWorker === "undefined") return alone();

  let leave = () => {};
  try {
    const worker = new SharedWorker(new URL("./stream-worker.js", import.meta.url), { type: "module", name: "drillroom" });
    worker.port.addEventListener("message", ({ data }) => hear(data));
    worker.addEventListener("error", () => {
      worker.port.close();
      leave = alone(); // the worker's script did not load, so this page listens by itself
    });
    worker.port.start();
    worker.port.postMessage({ join: drill, after, viewer: document.body.dataset.viewer ?? "" });
    leave = () => {
      worker.port.postMessage({ leave: true });
      worker.port.close();
    };
  } catch {
    leave = alone();
  }
  return () => leave();
}
