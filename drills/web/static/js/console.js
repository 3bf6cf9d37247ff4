// The console of those who run a drill or rate it: what needs them, injects, people, and what happens.

import { drillPath, getJson, perform, Refused } from "./api.js";
import { DrillClock, TimeOfDay, drillTime, everySecond, span } from "./clock.js";
import { mountControls } from "./console-controls.js";
import { mountInjects } from "./console-injects.js";
import { mountNeeds, noted } from "./console-needs.js";
import { mountPeople } from "./console-people.js";
import { mountTools } from "./console-tools.js";
import { mountWatch } from "./console-watch.js";
import { byId, dataOf, setText } from "./dom.js";
import { atTheDoor, letIn } from "./door.js";
import { apply, storyTime, viewOf } from "./fold.js";
import { mountJudging } from "./judging.js";
import { openStream } from "./stream.js";
import { toast } from "./ui.js";

/**
 * @typedef {{id: string, title: string, owner: string, owner_title: string, target_at: number | null, deadline_at: number | null, state: "open" | "overdue" | "late" | "done" | "void", act: string, hint: string}} Duty
 * @typedef {object} Part a piece of the page
 * @property {() => void} [update] something changed
 * @property {(at: number) => void} [tick] a second went by
 * @property {(events: any[]) => void} [hear] this happened
 * @property {(at: number, readings: Record<string, number>) => void} [read] the signals say so
 */

const DUTIES_EVERY = 15_000;
/** How long events are collected before the duties are fetched once, in milliseconds. */
const SETTLE = 800;

const data = dataOf("drill-data");

/** What all parts of the console share. */
export class Console {
  constructor() {
    this.statics = data.static;
    this.drill = this.statics.drill;
    this.leads = this.statics.viewer.role === "facilitator";
    this.view = viewOf(this.statics, data.events);
    this.clock = new DrillClock(data.clock);
    this.zone = new TimeOfDay(this.statics.timezone);
    /** @type {Record<string, [number, number][]>} */
    this.courses = data.signals;
    /** @type {Duty[]} */
    this.duties = [];
    /** Members who are connected. @type {Set<string>} */
    this.here = new Set();
    /** Who waits to be let in after the start. @type {import("./door.js").Person[]} */
    this.waiting = [];
    /** Notes that the facilitator has put away. */
    this.noted = noted(this.drill);
  }

  /** The last reading of a signal. @param {string} name @returns {number | null} */
  reading(name) {
    return this.courses[name]?.at(-1)?.[1] ?? null;
  }

  /**
   * Acts; a refusal is shown beside the control, or in a toast. Resolves to the act's events, or null if it was
   * refused.
   * @param {Server.Act} act
   * @param {HTMLElement} [place] where to show a refusal: a dialog covers a toast
   * @returns {Promise<any[] | null>}
   */
  async act(act, place) {
    try {
      if (place) setText(place, "");
      const { events, seq } = await perform(this.drill, act, { onWait: () => toast("The server is not answering; trying again.") });
      stream.expect(seq);
      return events;
    } catch (problem) {
      const { message } = /** @type {Error} */ (problem);
      if (place) setText(place, message);
      else toast(message);
      return null;
    }
  }

  /** What a member said aloud, entered for them and confirmed at once. @param {string} speaker @param {string} text @param {HTMLElement} place */
  async aloud(speaker, text, place) {
    const events = await this.act({ do: "heard", speaker, text }, place);
    const report = events?.find((event) => event.kind === "SpokenReported")?.report;
    return report === undefined ? null : this.act({ do: "confirm", report }, place);
  }

  /** What is still hidden from players, as it is now; null if the server cannot be reached. @returns {Promise<any>} */
  async answersNow() {
    try {
      return (await getJson(drillPath(this.drill))).static.answers;
    } catch {
      return null; // the page then keeps what it knows; the stream says that the server is gone
    }
  }

  /** Shows everything again. */
  refresh() {
    show();
  }

  /** @param {string} member */
  async admit(member) {
    if (!(await letIn(this.drill, member))) return;
    this.waiting = this.waiting.filter((person) => person.id !== member);
    show();
  }
}

const desk = new Console();
/** @type {Part[]} */
const parts = [mountControls(desk), mountNeeds(desk), mountInjects(desk), mountTools(desk), mountPeople(desk), mountJudging(desk), mountWatch(desk)];

function show() {
  for (const part of parts) part.update?.();
  tick();
}

function tick() {
  const at = desk.clock.at;
  setText(byId("clock"), drillTime(at));
  setText(byId("clock-wall"), desk.zone.seconds(desk.clock.wall));
  setText(byId("story-time"), storyTime(desk.view, at));
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-since]"))) setText(element, span(at - Number(element.dataset.since)));
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-until]"))) setText(element, span(Number(element.dataset.until) - at));
  for (const part of parts) part.tick?.(at);
}

async function lookAtDuties() {
  if (desk.view.phase !== "respond" && desk.view.phase !== "papers") return;
  try {
    desk.duties = (await getJson(drillPath(desk.drill, "/duties"))).duties;
    show();
  } catch (problem) {
    if (problem instanceof Refused) toast(problem.message); // unreached is said by the stream
  }
}

async function lookWhoWaits() {
  if (!desk.leads) return;
  desk.waiting = (await atTheDoor(desk.drill)) ?? desk.waiting;
  show();
}

let settling = 0;

/** @param {any[]} events */
function take(events) {
  for (const event of events) apply(desk.view, event);
  if (events.some((event) => event.kind === "PhaseBegan" && event.phase === "hot_wash")) location.reload();
  clearTimeout(settling);
  settling = setTimeout(lookAtDuties, SETTLE);
  for (const part of parts) part.hear?.(events);
  show();
}

const stream = openStream(desk.drill, {
  after: data.seq,
  onEvents: take,
  onSignals: ({ at, readings }) => {
    for (const [name, value] of Object.entries(readings)) (desk.courses[name] ??= []).push([at, value]);
    for (const part of parts) part.read?.(at, readings);
  },
  onClock: (told) => {
    desk.clock.set(told);
    show();
  },
  onPeople: ({ here, staff }) => {
    desk.here = new Set(here);
    desk.statics.staff = staff;
    show();
  },
  onLobby: lookWhoWaits,
  onState: (state) => {
    document.body.classList.toggle("is-lost", state === "lost");
    if (state === "lost") toast("The connection is lost; the page catches up by itself.");
  },
});

everySecond(tick);
show();
lookAtDuties();
lookWhoWaits();
setInterval(lookAtDuties, DUTIES_EVERY);
