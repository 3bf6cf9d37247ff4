// Who is on duty in which role: severity, roles, and how far each person has come.

import { span } from "./clock.js";
import { byId, h, icon, initials, replace, setText } from "./dom.js";
import { holders, holds, mayTake, nameOf, offDuty, roleTitle, rolesOf, severityTitle } from "./fold.js";
import { levelsOf, openForm } from "./forms.js";
import { staffList } from "./staff.js";

/** @param {import("./room.js").Room} room */
export function mountPeople(room) {
  const opened = new Set();
  /** What the list of people shows; with 500 of them it is only drawn when that changes. */
  let drawn = "";

  function severity() {
    const { view, statics } = room;
    const level = levelsOf(statics).find((one) => one.level === view.severity);
    const mayDeclare = room.plays && view.phase === "respond";
    replace(
      byId("severity"),
      h(
        "section",
        { class: "side-part" },
        h(
          "header",
          { class: "side-head" },
          h("h2", {}, "Severity"),
          mayDeclare && h("button", { class: "button small", type: "button", data: { key: "declare" }, onclick: () => openForm(room, "severity") }, level ? "Change" : "Declare"),
        ),
        level
          ? [h("p", { class: "row" }, severityChip(room, view.severity), h("strong", {}, level.response)), h("p", { class: "small soft" }, level.means)]
          : h("p", { class: "small soft" }, "Nobody has said how severe it is."),
        keptOpen("scale", "The scale, with examples", scale(statics)),
      ),
    );
  }

  /** A disclosure that stays open or closed as the viewer left it. @param {string} key @param {string} title @param {...import("./dom.js").Child} children */
  function keptOpen(key, title, ...children) {
    const element = h("details", { open: opened.has(key) }, h("summary", { class: "small", data: { key: `open-${key}` } }, title), ...children);
    element.addEventListener("toggle", () => (element.open ? opened.add(key) : opened.delete(key)));
    return element;
  }

  /** @param {any} role */
  function roleCard(role) {
    const { view } = room;
    const held = view.roles[role.id];
    const mine = holds(view, view.me, role.id);
    const full = role.most && held.length >= role.most;
    const acts = room.plays && view.phase === "respond";
    const may = mayTake(room.statics, view.me, role.id);
    const offer = view.offers[role.id];
    return h(
      "li",
      { class: "role-card" },
      h(
        "header",
        { class: "side-head" },
        h("h3", {}, role.title),
        acts && may && !mine && !full && h("button", { class: "button small", type: "button", data: { key: `take-${role.id}` }, "aria-label": `Take ${role.title}`, onclick: press({ do: "take_role", role: role.id }) }, "Take"),
      ),
      held.length === 0
        ? h("p", { class: "role-open" }, "Nobody")
        : h(
            "ul",
            { class: "stack tight" },
            held.map((holding) =>
              h(
                "li",
                { class: "row nowrap" },
                avatar(room, holding.member),
                h(holding.member === view.me ? "strong" : "span", { class: "grow truncate" }, nameOf(view, holding.member), holding.member === view.me && h("span", { class: "visually-hidden" }, " (you)")),
                h("span", { class: "small soft numbers" }, h("span", { class: "visually-hidden" }, "since "), room.zone.minutes(room.wallAt(holding.since))),
              ),
            ),
          ),
      offer && h("p", { class: "small" }, `Offered to ${nameOf(view, offer.to)}`),
      offer?.to === view.me && acts && h("button", { class: "button small primary", type: "button", data: { key: `accept-${role.id}` }, onclick: press({ do: "accept" }) }, "Accept"),
      mine &&
        acts &&
        h(
          "div",
          { class: "row" },
          h("button", { class: "button small", type: "button", data: { key: `give-${role.id}` }, "aria-label": `Hand over ${role.title}`, onclick: () => openForm(room, "handover", { role: role.id }) }, "Hand over"),
          h("button", { class: "button small quiet", type: "button", data: { key: `drop-${role.id}` }, "aria-label": `Release ${role.title}`, onclick: press({ do: "release_role", role: role.id }) }, "Release"),
        ),
      keptOpen(role.id, "Responsible for", h("ul", { class: "small soft stack tight" }, role.responsible_for.map((/** @type {string} */ line) => h("li", {}, line)))),
    );
  }

  /** @param {Server.Act} act */
  const press = (act) => (/** @type {Event} */ event) => void room.act(act, /** @type {HTMLButtonElement} */ (event.currentTarget));

  function roles() {
    replace(byId("roles"), h("section", { class: "side-part" }, h("h2", {}, "On duty"), h("ul", { class: "role-cards" }, room.statics.roles.map(roleCard))));
  }

  function people() {
    const { view, statics } = room;
    const steps = statics.members.map((/** @type {any} */ member) => ({ member, ...stateOf(room, member.id) }));
    steps.sort((/** @type {any} */ one, /** @type {any} */ other) => other.rank - one.rank || one.member.name.localeCompare(other.member.name));
    const key = JSON.stringify(steps.map((/** @type {any} */ one) => [one.member.id, one.says, room.here.has(one.member.id)])) + JSON.stringify(statics.staff);
    if (key === drawn) return;
    drawn = key;
    const inside = statics.members.filter((/** @type {any} */ member) => member.id in view.joined).length;
    replace(
      byId("people"),
      h(
        "section",
        { class: "side-part" },
        h("header", { class: "side-head" }, h("h2", {}, "People"), h("p", { class: "small soft" }, `${inside} of ${statics.members.length} in ${statics.channel}`)),
        h(
          "ul",
          { class: "people" },
          steps.map((/** @type {any} */ { member, says }) =>
            h(
              "li",
              { class: "person" },
              avatar(room, member.id),
              h("span", { class: "truncate person-name" }, member.name, member.simulated && h("span", { class: "visually-hidden" }, ", simulated")),
              h("span", { class: "small soft truncate" }, says),
            ),
          ),
        ),
        staffList(statics.staff),
      ),
    );
  }

  return {
    update() {
      severity();
      roles();
      people();
    },
    people,
  };
}

/** How far somebody has come, in words and as a rank to sort by. @param {import("./room.js").Room} room @param {string} member */
function stateOf({ view, statics }, member) {
  if (member in view.excused) return { rank: 0, says: "excused" };
  const roles = rolesOf(view, member);
  if (roles.length > 0) return { rank: 5, says: roles.map((role) => roleTitle(view, role)).join(", ") };
  if (member in view.joined) return { rank: 4, says: `in ${statics.channel}` };
  if (member in view.acknowledged) return { rank: 3, says: "acknowledged" };
  if (member in view.alerted) return { rank: 2, says: "alerted" };
  const later = offDuty(view, member);
  if (later !== null) return { rank: 0, says: `from ${span(later)}` };
  return { rank: 1, says: member in view.reported ? "has the report" : "" };
}

/** Initials: ringed for who is connected, square for who is simulated. @param {import("./room.js").Room} room @param {string} member */
export function avatar(room, member) {
  const simulated = room.statics.members.some((/** @type {any} */ one) => one.id === member && one.simulated);
  const here = simulated || room.here.has(member);
  const says = simulated ? "simulated" : here ? "here" : "not here now";
  return h("span", { class: `avatar${here ? " is-here" : ""}${simulated ? " is-simulated" : ""}`, title: says, "aria-hidden": "true" }, initials(nameOf(room.view, member)));
}

/** @param {import("./room.js").Room} room @param {number | null} level */
export function severityChip(room, level) {
  if (level === null) return h("span", { class: "sev", data: { level: "" } }, "No severity yet");
  return h("span", { class: "sev", data: { level } }, severityTitle(room.statics, level));
}

/** The protocol's scale, to read. @param {any} statics */
export function scale(statics) {
  return h(
    "dl",
    { class: "scale small" },
    levelsOf(statics).map((one) => [
      h("dt", {}, one.level ? `${one.level}, ${one.name}` : one.name),
      h("dd", {}, h("p", {}, one.response), one.examples.length > 0 && h("p", { class: "soft" }, one.examples.join(" "))),
    ]),
  );
}

/** Who commands, in the bar on top, and who the viewer is. @param {import("./room.js").Room} room */
export function updateCommand(room) {
  const { view, statics } = room;
  const who = holders(view, statics.commander);
  const title = roleTitle(view, statics.commander);
  replace(byId("status-command"), icon("role"), h("span", { class: "visually-hidden" }, `${title}: `), who.length ? [h("strong", { class: "truncate" }, who.map((one) => nameOf(view, one)).join(", ")), " ", h("span", { class: "commands" }, "commands")] : h("span", { class: "warn truncate" }, `No ${title}`));
  const mine = view.me === null ? [] : rolesOf(view, view.me).map((role) => roleTitle(view, role));
  setText(byId("you"), [statics.viewer.name || statics.viewer.role, ...mine].join(" · "));
  replace(byId("status-severity"), severityChip(room, view.severity));
}
