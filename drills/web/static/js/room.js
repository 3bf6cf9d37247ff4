// The drill room: puts the page together, keeps the view up to date, and tells each part when something changed.

import { send } from "./api.js";
import { mountAbout, quietPage } from "./about.js";
import { mountCalls } from "./calls.js";
import { DrillClock, TimeOfDay, drillTime, everySecond, span } from "./clock.js";
import { mountCoach } from "./coach.js";
import { mountComposer } from "./composer.js";
import { mountDesk } from "./desk.js";
import { byId, dataOf, h, icon, replace, setText } from "./dom.js";
import { apply, holds, phaseEnds, reached, storyTime, toolName, viewOf, widens } from "./fold.js";
import { saysWhy } from "./forms.js";
import { mountInbox, toAnswer } from "./inbox.js";
import { mountPapers, whoSends } from "./papers.js";
import { mountPeople, updateCommand } from "./people.js";
import { mountRunbooks } from "./runbook.js";
import { mountSignals, mountWaiting, recallWaiting } from "./signals.js";
import { mountSitrep } from "./sitrep.js";
import { openStream } from "./stream.js";
import { confirm, tabs, toast } from "./ui.js";
import { mountWork } from "./work.js";

/**
 * What all parts of the page share.
 * @typedef {object} Room
 * @property {any} statics
 * @property {import("./fold.js").View} view
 * @property {DrillClock} clock
 * @property {TimeOfDay} zone
 * @property {Record<string, [number, number][]>} courses the signals' readings so far
 * @property {Set<string>} here who is connected
 * @property {boolean} plays whether the viewer can act
 * @property {boolean} owes whether something urgent waits for the viewer
 * @property {(what: {say: string} | {act: Server.Act}, onWait?: (problem: Error) => void) => Promise<void>} send throws with the reason
 * @property {(act: Server.Act, button?: HTMLButtonElement) => Promise<boolean>} act says in a toast why not
 * @property {(tab: string) => void} show opens a tab
 * @property {(at: number) => Date} wallAt the instant of a drill time
 */

/** How long events gather before the page is drawn, in milliseconds. */
const GATHER = 40;
/** How long the page waits before it follows everybody to the hot wash, in milliseconds. */
const FOLLOW = 4000;
const PHASES = [
  { id: "respond", text: "Respond" },
  { id: "papers", text: "Papers" },
  { id: "hot_wash", text: "Hot wash" },
];

const data = dataOf("drill-data");
const statics = data.static;

/** @type {Room} */
const room = {
  statics,
  view: viewOf(statics, data.events),
  clock: new DrillClock(data.clock),
  zone: new TimeOfDay(statics.timezone),
  courses: data.signals,
  here: new Set(),
  plays: statics.viewer.role === "player",
  owes: false,
  send: async (what, onWait) => {
    const { seq } = await send(statics.drill, what, { onWait });
    stream.expect(seq);
  },
  act: async (act, button) => {
    button?.setAttribute("aria-busy", "true");
    try {
      await room.send({ act });
      return true;
    } catch (problem) {
      toast(saysWhy(problem));
      return false;
    } finally {
      button?.removeAttribute("aria-busy");
    }
  },
  show: (tab) => show(tab),
  wallAt: (at) => {
    // From the instant of the event at or before it: the clock may have been paused in between.
    const near = room.view.events.findLast((event) => event.at <= at) ?? { at: 0, wall: statics.start };
    return new Date(Date.parse(near.wall) + (at - near.at));
  },
};

const calls = mountCalls(room);
const people = mountPeople(room);
const sitrep = mountSitrep(room);
const composer = mountComposer(room);
const signals = mountSignals(room);
const waitingBar = mountWaiting(room);
const inbox = mountInbox(room, byId("panel-inbox"));
const desk = mountDesk(room);
const work = mountWork(room);
const runbooks = mountRunbooks(room);
const papers = mountPapers(room);
const coach = mountCoach(room);
mountAbout(room);

// -- what is shown where ----------------------------------------------------------------------------------------------

const wide = matchMedia("(min-width: 110rem)");
const choose = tabs(byId("tabs"), (panel) => {
  document.body.dataset.tab = panel.replace("panel-", "");
  if (wide.matches) byId("panel-signals").hidden = false;
});

/** Opens a tab, and on a phone its view. @param {string} tab */
function show(tab) {
  choose(`panel-${tab}`);
  view(tab === "signals" || tab === "inbox" ? tab : "more", false);
}

/** What opens first under More. */
function moreOf() {
  if (room.view.phase !== "respond") return "panel-papers";
  return statics.spokesperson && holds(room.view, room.view.me, statics.spokesperson) ? "panel-customers" : "panel-work";
}

/** The view of a small screen; a wide one shows all. @param {string} name @param {boolean} pick also its tab */
function view(name, pick) {
  document.body.dataset.view = name;
  for (const button of byId("bottom").querySelectorAll("button")) {
    if (button.dataset.view === name) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  if (pick && (name === "signals" || name === "inbox")) choose(`panel-${name}`);
  if (pick && name === "more" && ["signals", "inbox"].includes(document.body.dataset.tab ?? "")) choose(moreOf());
  if (name === "log") sitrep.toEnd();
}

byId("bottom").addEventListener("click", (/** @type {Event} */ event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (button?.dataset.view) view(button.dataset.view, true);
});

/** On a wide screen the signals are always beside the tabs. */
function arrange() {
  const tab = byId("tab-signals");
  const panel = byId("panel-signals");
  tab.hidden = wide.matches;
  document.body.classList.toggle("is-wide", wide.matches);
  if (wide.matches) {
    panel.setAttribute("role", "region");
    if (document.body.dataset.tab === "signals") choose("panel-inbox");
    panel.hidden = false;
  } else {
    panel.setAttribute("role", "tabpanel");
    panel.hidden = document.body.dataset.tab !== "signals";
  }
}
wide.addEventListener("change", arrange);

/** @param {string} id @param {number} number @param {boolean} calling */
function count(id, number, calling) {
  for (const place of [byId(`tab-${id}`), byId("bottom").querySelector(`[data-view="${id}"]`)]) {
    const mark = place?.querySelector(".count");
    if (!mark) continue;
    mark.hidden = number === 0;
    mark.classList.toggle("calls", calling);
    setText(mark, String(number));
  }
}

// -- the bar on top ---------------------------------------------------------------------------------------------------

function drawPhases() {
  const at = PHASES.findIndex((one) => one.id === room.view.phase);
  replace(byId("phases"), PHASES.map((one, place) => h("li", { "aria-current": place === at ? "step" : null, class: place < at ? "is-past" : "" }, one.text)));
}

function tick() {
  const at = room.clock.at;
  setText(byId("clock"), drillTime(at));
  const ends = phaseEnds(room.view);
  const left = ends === null ? "" : ends > at ? `, ${span(ends - at)} left` : "";
  setText(byId("clock-wall"), room.view.halted || !room.clock.running ? "paused" : `${room.zone.minutes(room.clock.wall)}${left}`);
  setText(byId("story-time"), storyTime(room.view, at));
  const quiet = byId("quiet-clock");
  if (quiet) setText(quiet, drillTime(at));
  calls.tick();
  desk.tick();
  work.tick();
  coach.tick();
}

// -- halted, over, reached --------------------------------------------------------------------------------------------

/** What concerns the whole room goes above everything. */
function drawNotice() {
  const { halted, over, phase } = room.view;
  const fault = room.clock.told.fault;
  const before = document.getElementById("notice");
  /** @type {{kind: string, icon: string, title: string, text: string} | null} */
  let notice = null;
  if (fault) notice = { kind: "bad", icon: "stop", title: "The drill is on hold", text: "The server could not store the last acts. Everything it confirmed is kept; the facilitator has been told." };
  else if (halted?.real) notice = { kind: "bad", icon: "stop", title: "Stop: something real has happened", text: "The drill is on hold for everybody, and nothing is lost. Deal with what is real; the facilitator will continue or end the drill." };
  else if (halted) notice = { kind: "warn", icon: "pause", title: "The drill is paused", text: halted.reason || "The clock is stopped; the facilitator will continue in a moment." };
  else if (phase === "papers" && over) {
    const sender = whoSends(room);
    notice = { kind: "", icon: "paper", title: over.how === "resolved" ? "The incident is resolved" : "The incident is closed", text: `Next: answer the situation report${sender ? `; ${sender} e-mails it` : ", e-mail it"} to the stakeholders. Attach it in ${statics.channel}, too. Then comes the hot wash.` };
  } else if (phase === "papers") notice = { kind: "warn", icon: "paper", title: "The time for the response is up", text: "It was not resolved in time. Write the papers with what you know; then comes the hot wash." };
  else if (["hot_wash", "follow_up", "closed"].includes(phase)) notice = { kind: "", icon: "flag", title: "The hot wash begins", text: "This page takes you there in a moment." };
  const key = notice ? notice.title + notice.text : "";
  if (before?.dataset.key === key) return;
  before?.remove();
  if (!notice) return;
  byId("calls").before(
    h("div", { id: "notice", class: `room-notice ${notice.kind}`, role: "status", data: { key } }, icon(notice.icon), h("p", {}, h("strong", {}, `${notice.title}. `), notice.text), phase !== "respond" && phase !== "papers" && h("a", { class: "button small", href: location.pathname }, "Go there now")),
  );
}

/** What is down in the story, and the way around it. @param {boolean} known */
function drawTools(known) {
  const { down } = room.view;
  const place = byId("tools");
  place.hidden = !known || down.length === 0;
  /** @type {Record<string, string>} */
  const ways = {
    dashboard: "Nobody sees the figures; look where they come from.",
    status_page: "Tell customers by e-mail or social media.",
    chat: "Talk on the telephone; log entries and updates still reach everybody.",
  };
  const names = down.map(toolName).join(" and ");
  setText(place, place.hidden ? "" : `In the story, ${names} ${down.length > 1 ? "are" : "is"} down. ${down.map((tool) => ways[tool] ?? "").join(" ")}`);
  byId("panel-signals").classList.toggle("is-dark", down.includes("dashboard"));
}

let phase = room.view.phase;
let leaving = 0;

/** A new phase brings other tabs to the front. */
function followPhase() {
  if (phase === room.view.phase && !leaving) return;
  const before = phase;
  phase = room.view.phase;
  if (phase === "papers" && before === "respond" && reached(room.view)) show("papers");
  if (["hot_wash", "follow_up", "closed"].includes(phase) && !leaving) {
    leaving = setInterval(() => papers.writing() || location.reload(), FOLLOW);
  }
}

/** The papers get a tab when they are due. */
function drawTabs() {
  byId("tab-papers").hidden = room.view.phase === "respond";
}

function update() {
  const known = reached(room.view);
  drawTools(known);
  byId("floor").hidden = !known;
  byId("bottom").hidden = !known;
  byId("quiet").hidden = known;
  document.body.classList.toggle("is-quiet", !known);
  drawNotice();
  drawPhases();
  drawTabs();
  calls.update();
  updateCommand(room);
  waitingBar.update();
  if (!known) {
    const key = room.view.phase;
    if (byId("quiet").dataset.key !== key) replace(byId("quiet"), quietPage(room));
    byId("quiet").dataset.key = key;
  } else {
    people.update();
    sitrep.update();
    composer.update();
    inbox.update();
    desk.update();
    work.update();
    runbooks.update();
    papers.update();
    count("inbox", toAnswer(room).length, true);
    count("work", work.open(), true);
  }
  coach.update();
  followPhase();
  document.title = `${room.owes ? "(!) " : ""}${statics.channel} · a drill`;
  tick();
}

let drawing = 0;

/** Draws once for events that come in a rush. */
function soon() {
  drawing ||= setTimeout(() => {
    drawing = 0;
    update();
  }, GATHER);
}

// -- live -------------------------------------------------------------------------------------------------------------

const stream = openStream(statics.drill, {
  after: data.seq,
  onEvents: (events) => {
    const more = events.filter((event) => apply(room.view, event)).some((event) => widens(room.view, event));
    if (more) void stream.reload();
    soon();
  },
  onAll: (events) => {
    const known = reached(room.view);
    room.view = viewOf(statics, events);
    sitrep.reset();
    update();
    sitrep.toEnd();
    if (!known && reached(room.view)) view("log", true);
    void recallWaiting(room).then(tick);
  },
  onSignals: (told) => {
    signals.hear(told);
    desk.hear(told);
    waitingBar.update();
  },
  onClock: (clock) => {
    room.clock.set(clock);
    drawNotice();
    tick();
  },
  onLobby: calls.lookAtDoor,
  onPeople: ({ here, staff }) => {
    room.here = new Set(here);
    room.statics.staff = staff;
    if (reached(room.view)) people.people();
  },
  onState: (state) => {
    const net = byId("status-net");
    net.hidden = state === "live";
    setText(net, state === "live" ? "" : "Reconnecting …");
  },
});

byId("stop")?.addEventListener("click", async () => {
  const sure = await confirm({
    title: "Stop: something real has happened",
    text: "This halts the drill for everybody. It needs no reason and costs nothing, and nothing is lost: the facilitator can go on where you were.",
    yes: "Stop the drill",
    no: "Go back",
    danger: true,
  });
  if (sure) await room.act({ do: "stop" });
});

view("log", false);
if (room.view.phase === "respond") choose("panel-signals");
else show("papers");
arrange();
sitrep.reset();
update();
sitrep.toEnd();
everySecond(tick);
