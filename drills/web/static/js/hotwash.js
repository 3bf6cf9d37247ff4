// The talk after a drill, in three screens that the facilitator moves for all: the guess, what happened, the score.

import { drillPath, getJson, perform, postJson } from "./api.js";
import { TimeOfDay } from "./clock.js";
import { byId, dataOf, setText } from "./dom.js";
import { apply, viewOf } from "./fold.js";
import { mountJudging } from "./judging.js";
import { openStream } from "./stream.js";
import { Timeline } from "./timeline.js";
import { confirm, toast } from "./ui.js";
import { mountBeside } from "./wash-beside.js";
import { mountGuess } from "./wash-guess.js";
import { mountReveal } from "./wash-reveal.js";
import { mountScore } from "./wash-score.js";
import { mountTalk } from "./wash-talk.js";

/**
 * @typedef {"guess" | "reveal" | "score"} Screen
 * @typedef {{owner_title: string, title: string, why: string, points: number, better: string | null}} Line
 * @typedef {{title: string, why: string, better: string, brings: number, score: number | null, items: {title: string, before: number, after: number}[]}} WhatIf
 * @typedef {{score: number | null, says: string | null, provisional: boolean, held_down: string | null, response_time: number | null, role_coverage: number | null, parts: {title: string, score: number | null, weight: number}[], most: WhatIf[], ledger: Line[], mine: Line[] | null}} Score
 * @typedef {{screen: Screen, mine: {surprise: string, heard: number | null, command: number | null} | null, guesses: {heard: number | null, command: number | null}[], truth: {heard: number | null, command: number | null}, moments: {at: number, title: string, text: string}[], questions: string[], asked: {number: number, sender: string, text: string}[], unanswered: [number, number][], actions: {text: string, owner: string, due_on: string}[], held: {text: string, measured_by: string, then: string, now: string, says: string, held: boolean}[], score: Score | null, report: string | null, folder: string | null, record: string | null, written: number}} Wash
 */

/** @type {Screen[]} */
const SCREENS = ["guess", "reveal", "score"];
const FORWARD = { guess: "Show what happened", reveal: "Show what it was worth", score: "" };

const data = dataOf("drill-data");
const view = viewOf(data.static, data.events);
const zone = new TimeOfDay(data.static.timezone);

/** What the parts of the talk share. */
const talk = {
  drill: /** @type {string} */ (data.static.drill),
  statics: data.static,
  view,
  zone,
  /** The drill as the viewer knew it. */
  timeline: new Timeline(view, data.signals, []),
  /** @type {Wash} */
  wash: dataOf("wash-data"),
  leads: byId("wash").dataset.leads === "yes",
  /** @param {Server.Act} act */
  async act(act) {
    try {
      const { seq } = await perform(talk.drill, act);
      stream.expect(seq);
      return true;
    } catch (problem) {
      toast(/** @type {Error} */ (problem).message);
      return false;
    }
  },
};
/** @typedef {typeof talk} Talk */

/** @typedef {{update(how: {moved: boolean}): void}} Part */

/** @type {Part[]} */
const parts = [mountGuess(talk), mountScore(talk), mountBeside(talk), mountTalk(talk)];
if (byId("judging")) parts.push(mountJudging(talk));
/** @type {Part | null} */
let reveal = null;

/** From the second screen on, the whole drill is there, more than anybody saw during it. @param {any} whole what a page is made of */
function mountWhole(whole) {
  if (reveal) return;
  const seen = viewOf(whole.static, whole.events);
  reveal = mountReveal(talk, seen, new Timeline(seen, whole.signals, talk.wash.unanswered));
  parts.push(reveal);
}

/** @type {Screen | null} */
let shown = null;

function show() {
  const { screen } = talk.wash;
  const moved = shown !== null && shown !== screen;
  for (const each of SCREENS) byId(`screen-${each}`).hidden = each !== screen;
  byId("talk").hidden = screen === "guess";
  for (const step of byId("steps").children) {
    if (step.dataset.screen === screen) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
  if (byId("moves")) {
    byId("back").hidden = screen === "guess";
    byId("forward").hidden = screen === "score";
    setText(byId("forward"), FORWARD[screen]);
  }
  setText(byId("written"), talk.wash.written ? `${talk.wash.written} ${talk.wash.written === 1 ? "has" : "have"} written theirs.` : "Nobody has written theirs yet.");
  for (const part of parts) part.update({ moved });
  if (moved) {
    scrollTo({ top: 0 });
    byId(`screen-${screen}`).querySelector("h1").focus({ preventScroll: true });
  }
  shown = screen;
}

async function look() {
  try {
    /** @type {Wash} */
    const wash = await getJson(drillPath(talk.drill, "/wash"));
    const whole = wash.screen !== "guess" && !reveal ? await getJson(drillPath(talk.drill)) : null;
    talk.wash = wash;
    if (whole) mountWhole(whole);
    show();
  } catch (problem) {
    toast(/** @type {Error} */ (problem).message);
  }
}

/** @param {1 | -1} way */
async function move(way) {
  const screen = SCREENS[SCREENS.indexOf(talk.wash.screen) + way];
  const closes = talk.wash.screen === "guess";
  if (closes && !(await confirm({ title: "Show what happened?", text: "Every browser moves on, and nobody can guess any more.", yes: FORWARD.guess }))) return;
  try {
    await postJson(drillPath(talk.drill, "/screen"), { screen });
    await look();
  } catch (problem) {
    toast(/** @type {Error} */ (problem).message);
  }
}

byId("forward")?.addEventListener("click", () => move(1));
byId("back")?.addEventListener("click", () => move(-1));

const stream = openStream(talk.drill, {
  after: data.seq,
  onEvents: (events) => {
    for (const event of events) apply(view, event);
    look();
  },
  onScreen: look,
});
if (talk.wash.screen !== "guess") mountWhole(data);
show();
