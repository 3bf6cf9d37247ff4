// The channel as a running log: entries as they come, repeats drawn together, the latest in sight.

import { byId, h } from "./dom.js";
import { procedureTitle } from "./entries.js";
import { holds, nameOf, severityTitle } from "./fold.js";
import { entryElement } from "./log.js";

/** How many entries are in the page at once; a button shows more. */
const SHOWN = 300;
/** Within what time, and from how many entries on, the same act by several people is drawn as one line. */
const TOGETHER = 120_000;
const NEAR = 8;
/** How close to the end counts as reading the end, in pixels. */
const AT_END = 96;

const ELSEWHERE = new Set(["HintGiven", "DrillStarted", "InjectNotTaken", "InjectHeld", "FacilitatorTold", "ExpectationJudged", "NoteTaken", "Rated", "ImpactChanged"]);

/** @param {import("./room.js").Room} room */
export function mountSitrep(room) {
  const list = byId("log");
  const scroll = byId("log-scroll");
  const fresh = byId("log-new");
  const earlier = byId("log-earlier");
  /** The first event in the page, and the first that has not been seen. */
  let from = 0;
  let next = 0;
  /** @type {Map<string, {element: HTMLElement, text: HTMLElement, items: any[], at: number}>} */
  let groups = new Map();
  /** What stands below an entry and changes later. @type {Map<string, HTMLElement>} */
  let feet = new Map();

  /** Whether to follow new entries: until somebody scrolls up, whatever happens to the layout. */
  let follows = true;
  const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < AT_END;
  /** The layout when it was last checked. */
  let laid = "";
  const layout = () => `${scroll.scrollHeight} ${scroll.clientHeight}`;
  const toEnd = () => {
    scroll.scrollTop = scroll.scrollHeight;
    laid = layout();
    fresh.hidden = true;
    follows = true;
  };

  /** @param {any} event */
  function belongs(event) {
    if (ELSEWHERE.has(event.kind)) return false;
    if (event.kind === "InjectDelivered" || event.kind === "CustomerWrote") return toChannel(event);
    if (event.kind === "InjectAnswered" || event.kind === "DecisionMade") return room.view.mails.some((mail) => mail.number === event.number && toChannel(mail));
    return true;
  }

  /** @param {any} event */
  function add(event) {
    if (!belongs(event) || drawTogether(event)) return;
    const foot = hasFoot(event) ? h("div", { class: "entry-foot" }) : null;
    const element = entryElement(room.view, event, room.zone, foot);
    if (!element) return;
    if (foot) feet.set(`${event.kind}-${event.draft ?? event.task}`, foot);
    list.append(element);
    const group = GROUPS[event.kind];
    if (group) groups.set(group.key(event), { element, text: /** @type {HTMLElement} */ (element.querySelector(".entry-text")), items: [event], at: event.at });
  }

  /** @param {any} event @returns {boolean} whether it went into a line that stands already */
  function drawTogether(event) {
    const group = GROUPS[event.kind];
    const open = group && groups.get(group.key(event));
    if (!open || event.at - open.at > TOGETHER) return false;
    if (![...list.children].slice(-NEAR).includes(open.element)) return false;
    open.items.push(event);
    open.at = event.at;
    open.text.replaceChildren(...group.words(room, open.items));
    return true;
  }

  function rebuild() {
    const events = room.view.events;
    next = events.length;
    groups = new Map();
    feet = new Map();
    list.replaceChildren();
    from = Math.max(0, from);
    earlier.hidden = from === 0;
    for (const event of events.slice(from)) add(event);
    settle();
  }

  function settle() {
    byId("log-empty").hidden = list.childElementCount > 0;
    for (const [key, foot] of feet) foot.replaceChildren(...footOf(key));
  }

  /** @param {any} event */
  const hasFoot = (event) => event.kind === "MessageDrafted" || event.kind === "TaskDelegated";

  /** @param {string} key @returns {Node[]} */
  function footOf(key) {
    const [kind, number] = key.split("-");
    const { view, statics } = room;
    /** @param {string} text @param {Server.Act} act */
    const button = (text, act) => h("button", { class: "button small", type: "button", onclick: (/** @type {Event} */ event) => void room.act(act, /** @type {HTMLButtonElement} */ (event.currentTarget)) }, text);
    if (kind === "MessageDrafted") {
      const draft = view.drafts.find((one) => one.draft === Number(number));
      if (!draft || draft.published !== null) return [h("p", { class: "small soft" }, "Published.")];
      if (draft.approved) return [h("p", { class: "small good" }, `Approved by ${nameOf(view, draft.approved.by)}.`)];
      if (draft !== view.drafts.at(-1)) return [];
      if (holds(view, view.me, statics.commander) && view.phase === "respond") return [button("Approve", { do: "approve", draft: draft.draft })];
      return [h("p", { class: "small soft" }, "Waiting for approval.")];
    }
    const task = view.tasks.find((one) => one.task === Number(number));
    if (!task) return [];
    if (task.done !== null) return [h("p", { class: "small good" }, "Done.")];
    return task.to === view.me ? [button("It is done", { do: "done", task: task.task })] : [];
  }

  earlier.addEventListener("click", () => {
    const height = scroll.scrollHeight;
    from -= SHOWN;
    rebuild();
    scroll.scrollTop += scroll.scrollHeight - height;
  });
  fresh.addEventListener("click", toEnd);
  scroll.addEventListener(
    "scroll",
    () => {
      if (laid === layout()) follows = atEnd(); // otherwise it was not the user who scrolled
      if (follows) fresh.hidden = true;
      laid = layout();
    },
    { passive: true },
  );
  const laidOut = new ResizeObserver(() => {
    if (follows) toEnd();
    laid = layout();
  });
  laidOut.observe(scroll);
  laidOut.observe(list);
  byId("log-filter").addEventListener("change", (/** @type {Event} */ event) => {
    list.dataset.show = /** @type {HTMLInputElement} */ (event.target).value;
    toEnd();
  });
  byId("log-title").textContent = room.statics.channel;

  return {
    /** Takes in what has come since. */
    update() {
      const before = list.childElementCount;
      for (const event of room.view.events.slice(next)) add(event);
      next = room.view.events.length;
      settle();
      byId("log-topic").textContent = [severityTitle(room.statics, room.view.severity), room.view.topic].filter(Boolean).join(": ");
      if (follows) toEnd();
      else if (list.childElementCount > before) fresh.hidden = false;
    },
    /** Draws everything again, after more became visible. */
    reset() {
      from = Math.max(0, room.view.events.length - SHOWN);
      rebuild();
      // Only what comes from now on is announced.
      requestAnimationFrame(() => scroll.setAttribute("aria-live", "polite"));
    },
    toEnd,
  };
}

/** Names in a row, the first few by name. @param {import("./room.js").Room} room @param {any[]} events */
function names(room, events) {
  const all = events.map((event) => nameOf(room.view, event.actor));
  const few = all.length > 5 ? all.slice(0, 4) : all.slice(0, -1);
  const rest = all.length > 5 ? `${all.length - 4} more` : all[all.length - 1];
  return few.length ? `${few.join(", ")} and ${rest}` : rest;
}

/** @param {string} rest */
const people = (rest) => (/** @type {import("./room.js").Room} */ room, /** @type {any[]} */ events) => [h("span", { class: "entry-who" }, names(room, events)), ` ${rest}`];

/** Acts that many do at once, and how they read together. @type {Record<string, {key: (event: any) => string, words: (room: import("./room.js").Room, events: any[]) => (Node | string)[]}>} */
const GROUPS = {
  Acknowledged: { key: () => "Acknowledged", words: people("acknowledged") },
  Joined: { key: () => "Joined", words: (room, events) => people(`came into ${room.statics.channel}`)(room, events) },
  StepDone: {
    key: (event) => `StepDone-${event.actor}-${event.procedure}`,
    words: (room, events) => {
      const steps = events.map((event) => event.step);
      return [h("span", { class: "entry-who" }, nameOf(room.view, events[0].actor)), ` did steps ${Math.min(...steps)} to ${Math.max(...steps)} of “${procedureTitle(room.view, events[0].procedure)}”`];
    },
  },
};

/** Whether a message appears in the channel. @param {{to?: string, also?: string[]}} message */
const toChannel = ({ to, also = [] }) => [to, ...also].includes("channel");
