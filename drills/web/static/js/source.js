// One EventSource for a drill, reopened as long as somebody listens. Used in the worker, or in the page without one.

/** What the stream sends besides a drill's events. */
export const KINDS = ["signals", "clock", "people", "screen", "lobby", "started"];

/** The longest wait between two tries, in milliseconds. */
const LONGEST = 10_000;

/**
 * @param {string} drill
 * @param {number} after the seq from which events are wanted
 * @param {{open: () => void, lost: () => void, refused: () => void, event: (text: string) => void, other: (kind: string, text: string) => void}} tell
 * @returns {() => void} closes it
 */
export function listen(drill, after, tell) {
  let last = after;
  let wait = 500;
  let closed = false;
  let timer = 0;
  /** @type {EventSource | undefined} */
  let source;

  const open = () => {
    source = new EventSource(`/api/drills/${encodeURIComponent(drill)}/stream?after=${last}`);
    source.addEventListener("open", () => {
      wait = 500;
      tell.open();
    });
    source.addEventListener("message", (message) => {
      if (message.lastEventId !== "") last = Math.max(last, Number(message.lastEventId));
      tell.event(message.data);
    });
    for (const kind of KINDS) source.addEventListener(kind, (message) => tell.other(kind, message.data));
    source.addEventListener("error", () => {
      if (closed) return;
      tell.lost();
      // The browser retries by itself unless the answer was an error; then we do, more and more slowly.
      if (source?.readyState !== EventSource.CLOSED) return;
      tell.refused();
      timer = setTimeout(open, wait * (0.5 + Math.random()));
      wait = Math.min(LONGEST, wait * 2);
    });
  };
  open();

  return () => {
    closed = true;
    clearTimeout(timer);
    source?.close();
  };
}
