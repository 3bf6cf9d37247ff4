// Who is here, before the start; the facilitator let people in and starts the drill.

import { drillPath, getJson } from "./api.js";
import { freeSeat, letIn, post } from "./door.js";
import { byId, dataOf, h, replace, setText } from "./dom.js";
import { staffLines } from "./staff.js";
import { openStream } from "./stream.js";
import { confirm, copyButtons, toast } from "./ui.js";

/** @typedef {import("./door.js").Person} Person */

const WORDS = { here: "is here", waiting: "waits to be let in", away: "is not here yet" };

const { drill } = byId("lobby").dataset;
const list = byId("people");
/** @type {Person[]} */
let people = dataOf("people-data");
/** @type {import("./staff.js").Staff[]} */
let staff = dataOf("staff-data");

/** @param {Person} person @returns {keyof typeof WORDS} */
const stateOf = (person) => (person.waiting ? "waiting" : person.here ? "here" : "away");

/** Says who can open the links, which changes if a tunnel ends. @param {Server.Reach | null} reach */
function showReach(reach) {
  const notice = byId("reach");
  if (!notice || !reach || notice.firstElementChild.textContent === reach.says) return;
  notice.hidden = !reach.says;
  notice.classList.toggle("warn", reach.ways.length > 0);
  setText(notice.firstElementChild, reach.says);
  replace(notice.lastElementChild, reach.ways.map((way) => h("li", {}, way)));
}

function show() {
  replace(byId("staff"), staff.length ? staffLines(staff) : h("li", { class: "soft" }, byId("staff").dataset.none));
  for (const person of people) {
    const item = list.querySelector(`[data-member="${CSS.escape(person.id)}"]`);
    if (!item) return location.reload(); // somebody was added; the server renders the list
    const state = stateOf(person);
    item.dataset.state = state;
    item.dataset.seat = person.admitted || person.waiting ? "taken" : "free";
    item.querySelector(".dot").classList.toggle("on", state === "here");
    setText(item.querySelector("[data-says]"), WORDS[state]);
  }
  const waiting = people.filter((person) => person.waiting).length;
  const here = people.filter((person) => stateOf(person) === "here").length;
  if (byId("admit-all")) byId("admit-all").hidden = waiting < 2;
  setText(byId("count"), `${here} of ${people.length}${waiting ? `, ${waiting} waiting` : ""}`);
}

/** Lets one in, or all. @param {Person | null} one */
async function admit(one) {
  if (!(await letIn(drill, one?.id ?? ""))) return;
  people = people.map((person) => (person.waiting && (!one || one.id === person.id) ? { ...person, waiting: false, admitted: true, here: true } : person));
  show();
}

list.addEventListener("click", async (/** @type {any} */ event) => {
  const button = event.target.closest("button");
  const person = people.find(({ id }) => id === button?.closest("li").dataset.member);
  if (!person) return;
  button.disabled = true;
  if (button.dataset.does === "free") await freeSeat(drill, person);
  else await admit(person);
  button.disabled = false;
});

byId("admit-all")?.addEventListener("click", () => admit(null));

byId("new-links")?.addEventListener("click", async () => {
  const sure = await confirm({
    title: "Make new links?",
    text: "The old links stop working, and everybody who came in by one is sent out and needs a new one.",
    yes: "Make new links",
    danger: true,
  });
  if (sure && (await post(drill, "/revoke", { member: "" }))) location.reload();
});

/** Names as a spoken list. @param {string[]} names */
const listed = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`);

byId("start")?.addEventListener("click", async () => {
  const missing = people.filter((person) => stateOf(person) !== "here").map((person) => person.name);
  const shown = missing.length > 5 ? [...missing.slice(0, 4), `${missing.length - 4} others`] : missing;
  const go = missing.length === 0 || (await confirm({
    title: "Start without them?",
    text: `${listed(shown)} ${missing.length === 1 ? "is" : "are"} not in the room yet. They can still come in later; what they miss is scored.`,
    yes: "Start the drill",
  }));
  if (go) post(drill, "/start", {});
});

/** The stream only says that the lobby changed, or who is connected; what it shows differs from viewer to viewer. */
async function look() {
  try {
    const lobby = await getJson(drillPath(drill, "/lobby"));
    if (!lobby.admitted) return location.reload(); // the seat was freed
    people = lobby.people;
    staff = lobby.staff;
    showReach(lobby.reach);
    show();
  } catch {
    // The next change, or the stream when it reopens, brings it.
  }
}

openStream(drill, {
  onLobby: look,
  onPeople: look,
  onState: (state) => state === "live" && look(),
  onStarted: () => location.assign(`/d/${encodeURIComponent(drill)}`),
});
copyButtons(document.body);
show();
