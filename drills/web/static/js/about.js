// What people were told before: the brief, the roles, the process, and what the protocol's severities mean.

import { byId, h } from "./dom.js";
import { scale } from "./people.js";
import { staffList } from "./staff.js";

/** @type {Record<string, string>} */
const MODES = {
  assessed: "Assessed: the protocol's clock runs, and what you do is scored.",
  training: "Training: the room shows what comes next and what you can do.",
};
/** @type {Record<string, string>} */
const VOICES = { none: "Everything is said here.", call: "You are also on a call; what is said aloud counts once it is reported and confirmed.", room: "You are in one room; what is said aloud counts once it is reported and confirmed." };

/** @param {import("./room.js").Room} room */
export function mountAbout(room) {
  const { statics } = room;
  byId("panel-about").append(
    h("h2", { class: "visually-hidden" }, "The brief and the protocol"),
    h("section", { class: "prose" }, h("h3", {}, "The brief"), h("p", {}, statics.brief), h("p", { class: "small soft" }, `${MODES[statics.mode]} ${VOICES[statics.voice]}`), h("p", { class: "notice drill small" }, "The company, its customers and its outage are made up. Nothing you do here reaches anybody outside this drill.")),
    h("section", {}, h("h3", {}, "How it goes"), h("ol", { class: "process" }, statics.process.map((/** @type {string} */ line) => h("li", {}, line)))),
    h("section", {}, h("h3", {}, "Severities"), scale(statics)),
    h("section", {}, h("h3", {}, "Roles"), rolesList(statics)),
  );
}

/** The roles with what each is responsible for. @param {any} statics */
export function rolesList(statics) {
  return h(
    "dl",
    { class: "roles-list" },
    statics.roles.map((/** @type {any} */ role) => [h("dt", {}, role.title), h("dd", {}, h("ul", { class: "small soft" }, role.responsible_for.map((/** @type {string} */ line) => h("li", {}, line))))]),
  );
}

/** The page of somebody who has not been reached yet. @param {import("./room.js").Room} room */
export function quietPage(room) {
  const { statics, view } = room;
  const over = view.phase !== "respond";
  return h(
    "div",
    { class: "hush-inner" },
    h("p", { class: "hush-clock clock", id: "quiet-clock" }),
    h("h2", { id: "quiet-title" }, over ? "The response is over" : "Nothing has reached you yet"),
    h(
      "p",
      { class: "lead" },
      over
        ? "The incident did not reach you this time. The others write their papers now; then the facilitator calls everybody to the hot wash, and this page goes there by itself."
        : statics.practice
          ? "A simulated teammate is on call and hears of it first. It comes to you when they alert the team, or when they do not answer; that may take some minutes."
          : "Go on with your work, and keep this page open. You will be told here as soon as you are alerted.",
    ),
    h("div", { class: "hush-columns" }, h("section", {}, h("h3", {}, "The brief"), h("p", {}, statics.brief)), h("section", {}, h("h3", {}, "The roles"), rolesList(statics)), statics.staff.length > 0 && h("section", {}, h("h3", {}, "Who does not play"), staffList(statics.staff))),
  );
}
