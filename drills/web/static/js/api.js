// Talks to the server: acts with their own ids, and plain JSON.

/** The server understood and said no; `message` is its one sentence. */
export class Refused extends Error {}

/** The server could not be reached, or could not store the act; it may still arrive. */
export class Unreached extends Error {}

/** How long to wait before each further try, in milliseconds; the same id makes a second arrival harmless. */
const WAITS = [400, 1000, 2000, 4000, 8000, 8000];

/** @returns {string} an id nobody else uses */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * One request; throws Refused for a final answer, Unreached if another try may help.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>} the answer's JSON
 */
async function request(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? { "X-Drillroom": "1" } : { "X-Drillroom": "1", "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch {
    throw new Unreached("The server can't be reached.");
  }
  const found = await answer.json().catch(() => ({}));
  if (answer.ok) return found;
  const says = found.refused ?? found.error ?? SAID[answer.status] ?? `The server answered ${answer.status}.`;
  if (answer.status === 429) throw new Refused(found.error ?? SAID[429]);
  if (answer.status >= 500) throw new Unreached(says);
  throw new Refused(says);
}

/** The text for a status, if the server sent no sentence. @type {Record<number, string>} */
const SAID = {
  401: "You are signed out. Open your link again.",
  403: "You can't do that.",
  404: "That doesn't exist.",
  413: "That is too long.",
  429: "That was a lot at once; wait a moment.",
};

/** @param {string} path */
export const getJson = (path) => request("GET", path);

/**
 * @param {string} path
 * @param {unknown} [body]
 */
export const postJson = (path, body = {}) => request("POST", path, body);

/** @param {string} drill @param {string} [rest] */
export const drillPath = (drill, rest = "") => `/api/drills/${encodeURIComponent(drill)}${rest}`;

/**
 * Sends an act until the server has it; throws Refused with the reason, or Unreached after half a minute.
 * @param {string} drill
 * @param {{say: string} | {act: object}} what
 * @param {{onWait?: (problem: Error) => void, id?: string}} [how] `onWait` is called before each further try
 * @returns {Promise<Server.Acted>}
 */
export async function send(drill, what, { onWait, id = newId() } = {}) {
  for (const wait of [...WAITS, null]) {
    try {
      return await postJson(drillPath(drill, "/acts"), { id, ...what });
    } catch (problem) {
      if (!(problem instanceof Unreached) || wait === null) throw problem;
      onWait?.(problem);
      await pause(wait);
    }
  }
  throw new Unreached("The server can't be reached.");
}

/** Anything typed, in the one text syntax. @param {string} drill @param {string} text @param {object} [how] */
export const say = (drill, text, how) => send(drill, { say: text }, how);

/** An act as data. @param {string} drill @param {Server.Act} act @param {object} [how] */
export const perform = (drill, act, how) => send(drill, { act }, how);
