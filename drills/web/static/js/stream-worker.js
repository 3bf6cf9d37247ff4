// One EventSource per drill for all tabs of the browser; each port gets what comes, in order. See stream.js.

import { listen } from "./source.js";

/** By drill and viewer; `people` is who was here last, for a tab that comes later. @type {Map<string, {ports: Set<MessagePort>, close: () => void, open: boolean, people: string | null}>} */
const streams = new Map();

/** @param {string} drill @param {string} viewer @param {number} after @param {MessagePort} port */
function join(drill, viewer, after, port) {
  const key = `${drill} ${viewer}`;
  const known = streams.get(key);
  if (known) {
    known.ports.add(port);
    if (known.open) port.postMessage({ kind: "open" });
    if (known.people !== null) port.postMessage({ kind: "people", text: known.people });
    return;
  }
  const ports = new Set([port]);
  /** @param {object} message */
  const tell = (message) => {
    for (const each of ports) each.postMessage(message);
  };
  /** @type {{ports: Set<MessagePort>, close: () => void, open: boolean, people: string | null}} */
  const stream = { ports, open: false, people: null, close: () => {} };
  streams.set(key, stream);
  stream.close = listen(drill, after, {
    open: () => {
      stream.open = true;
      tell({ kind: "open" });
    },
    lost: () => {
      stream.open = false;
      tell({ kind: "lost" });
    },
    refused: () => tell({ kind: "refused" }),
    event: (text) => tell({ kind: "event", text }),
    other: (kind, text) => {
      if (kind === "people") stream.people = text;
      tell({ kind, text });
    },
  });
}

/** @param {MessagePort} port */
function leave(port) {
  for (const [key, stream] of streams) {
    if (stream.ports.delete(port) && stream.ports.size === 0) {
      stream.close();
      streams.delete(key);
    }
  }
}

self.addEventListener("connect", (connected) => {
  const port = /** @type {MessageEvent} */ (connected).ports[0];
  port.addEventListener("message", (/** @type {MessageEvent} */ { data }) => {
    if (data.join) join(data.join, data.viewer, data.after, port);
    if (data.leave) leave(port);
  });
  port.start();
});
