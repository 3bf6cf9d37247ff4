// What needs this viewer now: the report or alert that reached them, an offer, a draft to approve, a hint.

import { VIAS } from "./inbox.js";
import { span } from "./clock.js";
import { byId, h, icon, setText } from "./dom.js";
import { atTheDoor, letIn } from "./door.js";
import { holds, nameOf, owesAcknowledgement, roleTitle, severityTitle, waitingDraft } from "./fold.js";

/**
 * @typedef {object} Call
 * @property {string} key
 * @property {string} icon
 * @property {string} title
 * @property {string} [text]
 * @property {number} [since] drill time
 * @property {boolean} [urgent]
 * @property {{text: string, press: (button: HTMLButtonElement) => void, primary?: boolean}[]} does
 */

/** @param {import("./room.js").Room} room */
export function mountCalls(room) {
  const place = byId("calls");
  /** @type {Map<string, HTMLElement>} */
  const shown = new Map();
  /** What the viewer put away. @type {Set<string>} */
  const away = new Set();
  /** Who waits at the door, if the person who leads the drill plays too. @type {import("./door.js").Person[]} */
  let waiting = [];

  /** @returns {Call[]} */
  function calls() {
    const { view, statics } = room;
    const me = view.me;
    /** @type {Call[]} */
    const found = waiting.map(({ id, name }) => ({ key: `door-${id}`, icon: "join", title: `${name} wants to come in`, does: [{ text: `Let ${name} in`, primary: true, press: () => void letIn(statics.drill, id) }] }));
    if (me === null) return found;
    /** @param {string} text @param {Server.Act} act */
    const button = (text, act) => ({ text, primary: true, press: (/** @type {HTMLButtonElement} */ pressed) => void room.act(act, pressed) });

    if (owesAcknowledgement(view)) {
      const alert = view.alerts.find((one) => one.recipients.includes(me));
      const mine = me in view.reported && view.report;
      if (mine) {
        found.push({ key: "report", icon: mine.via, urgent: true, title: `${VIAS[mine.via] ?? "Report"} from ${mine.sender}`, text: mine.text, since: view.reported[me], does: [button("Acknowledge", { do: "acknowledge" })] });
      } else if (alert) {
        const what = [severityTitle(statics, alert.severity), alert.topic].filter(Boolean).join(": ");
        found.push({ key: "alert", icon: "alert", urgent: true, title: `${nameOf(view, alert.by)} alerts the team`, text: what || "No severity or topic was stated.", since: alert.at, does: [button("Acknowledge", { do: "acknowledge" })] });
      }
    } else if (view.phase === "respond" && me in view.alerted && !(me in view.joined)) {
      found.push({ key: "join", icon: "join", title: `The team gathers in ${statics.channel}`, does: [button(`Come into ${statics.channel}`, { do: "join" })] });
    }
    for (const [role, offer] of Object.entries(view.offers)) {
      if (offer.to !== me) continue;
      found.push({ key: `offer-${role}`, icon: "role", urgent: true, title: `${nameOf(view, offer.giver)} offers you ${roleTitle(view, role)}`, does: [button("Accept", { do: "accept" })] });
    }
    for (const report of view.spoken) {
      if (report.confirmed || report.speaker !== me || view.phase === "closed") continue;
      found.push({ key: `spoken-${report.report}`, icon: "voice", title: `${nameOf(view, report.by)} heard you say`, text: report.text, does: [button("Yes, I said that", { do: "confirm", report: report.report }), putAway(`spoken-${report.report}`, "No")] });
    }
    const draft = waitingDraft(view);
    if (draft && view.phase === "respond" && holds(view, me, statics.commander)) {
      found.push({ key: `draft-${draft.draft}`, icon: "draft", title: `${nameOf(view, draft.by)} asks you to approve draft ${draft.draft} for customers`, text: draft.text, does: [button("Approve", { do: "approve", draft: draft.draft }), { text: "Open the desk", press: () => room.show("customers") }] });
    }
    if (me in view.excused) found.push({ key: "excused", icon: "people", title: "You are excused from the rest of this drill", text: view.excused[me], does: [putAway("excused", "I see")] });
    view.hints.forEach((hint, place) => {
      if (hint.to === me) found.push({ key: `hint-${place}`, icon: "hint", title: "A hint from the facilitator", text: hint.text, does: [putAway(`hint-${place}`, "Got it")] });
    });
    return found.filter((call) => !away.has(call.key));
  }

  /** @param {string} key @param {string} text */
  const putAway = (key, text) => ({
    text,
    press: () => {
      away.add(key);
      update();
    },
  });

  function update() {
    const now = calls();
    for (const [key, element] of shown) {
      if (now.some((call) => call.key === key)) continue;
      element.remove();
      shown.delete(key);
    }
    for (const call of now) {
      if (shown.has(call.key)) continue;
      const element = callElement(call);
      shown.set(call.key, element);
      place.append(element);
    }
    place.hidden = now.length === 0;
    room.owes = now.some((call) => call.urgent);
  }

  async function lookAtDoor() {
    if (!place.dataset.leads) return;
    waiting = (await atTheDoor(room.statics.drill)) ?? waiting;
    update();
  }

  void lookAtDoor();
  return {
    update,
    lookAtDoor,
    tick() {
      for (const element of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("[data-since]"))) {
        setText(element, `${span(Math.max(0, room.clock.at - Number(element.dataset.since)))} ago`);
      }
    },
  };
}

/** @param {Call} call */
function callElement(call) {
  return h(
    "article",
    { class: `call arrives${call.urgent ? " urgent" : ""}` },
    h("span", { class: "call-mark" }, icon(call.icon)),
    h(
      "div",
      { class: "call-body" },
      h("h2", { class: "call-title" }, call.title, call.since !== undefined && h("span", { class: "soft small", data: { since: call.since }, "aria-live": "off" })),
      call.text && h("p", { class: "said" }, call.text),
    ),
    h(
      "div",
      { class: "call-does" },
      call.does.map((one) =>
        h("button", { class: `button${one.primary ? " primary" : ""}${call.urgent ? " large" : ""}`, type: "button", onclick: (/** @type {Event} */ event) => one.press(/** @type {HTMLButtonElement} */ (event.currentTarget)) }, one.text),
      ),
    ),
  );
}
