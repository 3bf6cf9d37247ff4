// What needs the facilitator now, most pressing first, each with the answer ready.

import { drillTime } from "./clock.js";
import { aloudForm, typedOf } from "./console-aloud.js";
import { byId, h, setText } from "./dom.js";
import { holders, nameOf, roleTitle } from "./fold.js";
import { reading } from "./graph.js";
import { keyed } from "./keyed.js";

/** How many signals are offered as answers. */
const MOST_READINGS = 6;

/** @typedef {{key: string, make: () => HTMLElement}} Need */

/** @param {import("./console.js").Console} desk */
export function mountNeeds(desk) {
  const list = byId("needs");
  return {
    update() {
      const needs = desk.leads ? needsOf(desk) : [];
      keyed(list, needs, (need) => need.key, (need) => need.make());
      setText(byId("needs-count"), String(needs.length));
      byId("needs-count").classList.toggle("calls", needs.length > 0);
      byId("calm").hidden = needs.length > 0;
    },
    /** @param {number} at */
    tick: (at) => setText(byId("calm"), calm(desk, at)),
  };
}

/** @param {import("./console.js").Console} desk @returns {Need[]} */
function needsOf(desk) {
  const { view } = desk;
  const stopped = view.halted?.real ? [{ key: `stop-${view.halted.at}`, make: () => stopCard(desk) }] : [];
  const waiting = desk.waiting.map((person) => ({ key: `wait-${person.id}`, make: () => waitCard(desk, person) }));
  const questions = view.questions.filter((each) => !each.answer && !answersItself(desk, each)).map((each) => ({ key: `ask-${each.question}`, make: () => questionCard(desk, each) }));
  const told = view.behind.told.filter((each) => !seen.has(`${each.inject}-${each.at}`)).map((each) => ({ key: `told-${each.inject}-${each.at}`, make: () => noteCard(desk, each) }));
  const spoken = view.spoken.filter((each) => !each.confirmed && view.phase === "respond").map((each) => ({ key: `said-${each.report}`, make: () => spokenCard(desk, each) }));
  const failed = view.mails.filter((mail) => mail.recipients.length === 0).map((mail) => ({ key: `mail-${mail.number}`, make: () => failedCard(desk, mail) }));
  const overdue = desk.duties.filter((duty) => duty.state === "overdue").map((duty) => ({ key: `due-${duty.id}`, make: () => dutyCard(desk, duty) }));
  const held = view.phase === "respond"
    ? view.behind.held.filter((id) => !(id in view.behind.delivered)).map((id) => ({ key: `held-${id}`, make: () => heldCard(desk, id) }))
    : [];
  return [...stopped, ...waiting, ...questions, ...told, ...spoken, ...failed, ...overdue, ...held];
}

/** @param {import("./console.js").Console} desk @param {number} at */
function calm(desk, at) {
  if (!desk.leads) return "You watch and rate. What you note is for the talk afterwards.";
  /** @type {import("./console-injects.js").Inject[]} */
  const injects = desk.statics.answers?.injects ?? [];
  const next = injects
    .filter((inject) => inject.at !== null && inject.at > at && !(inject.id in desk.view.behind.delivered) && !(inject.id in desk.view.behind.untaken) && !desk.view.behind.held.includes(inject.id))
    .sort((one, other) => Number(one.at) - Number(other.at))[0];
  const coming = next && desk.view.phase === "respond" ? ` Next comes ${next.id} at ${drillTime(Number(next.at))}.` : "";
  return `Nothing needs you.${coming}`;
}

/**
 * @param {string} kind in a word or two
 * @param {number | null} since drill time from which its age is counted
 * @param {string} title
 * @param {...import("./dom.js").Child} content
 */
function card(kind, since, title, ...content) {
  return h("li", { class: "need arrives" },
    h("p", { class: "need-head" }, h("span", { class: "need-kind" }, kind), since !== null && [" · ", h("span", { class: "numbers", data: { since } })]),
    h("h3", { class: "need-title" }, title),
    content);
}

/** @param {string} text @param {() => void} act @param {string} [looks] */
const button = (text, act, looks = "") => h("button", { class: `button small ${looks}`, type: "button", onclick: act }, text);

/** @param {import("./console.js").Console} desk */
function stopCard(desk) {
  const who = nameOf(desk.view, desk.view.halted?.by);
  return card("Stopped", null, `${who} stopped the drill: something real has happened`,
    h("div", { class: "row" }, button("Go on with the drill", () => desk.act({ do: "resume" }), "primary"), button("End the drill here", () => desk.act({ do: "end" }))));
}

/** @param {import("./console.js").Console} desk @param {import("./door.js").Person} person */
function waitCard(desk, person) {
  const made = card("At the door", null, `${person.name} wants to come in`, button("Let in", () => desk.admit(person.id), "primary"));
  made.classList.add("short");
  return made;
}

/** Notes that the facilitator has put away. @type {Set<string>} */
const seen = new Set();

/** @param {import("./console.js").Console} desk @param {{inject: string, sender: string, text: string, at: number}} note */
function noteCard(desk, { inject, sender, text, at }) {
  return card("Note", at, sender, h("p", { class: "said need-said" }, text),
    h("div", { class: "row" }, button("Noted", () => (seen.add(`${inject}-${at}`), desk.refresh()))));
}

/** Whom somebody contacted outside the team. @param {import("./console.js").Console} desk @param {string | null} id */
const outsiderOf = (desk, id) => desk.statics.answers?.outsiders.find((/** @type {any} */ one) => one.id === id);

/** Whether the scenario has an answer to this, which comes by itself. @param {import("./console.js").Console} desk @param {import("./fold.js").Question} asked */
function answersItself(desk, asked) {
  const before = desk.view.questions.filter((each) => each.outsider === asked.outsider && each.question < asked.question).length;
  return asked.outsider !== null && before < (outsiderOf(desk, asked.outsider)?.says.length ?? 0);
}

/** @param {import("./console.js").Console} desk @param {import("./fold.js").Question} question */
function questionCard(desk, { question, by, text, at, outsider }) {
  /** @param {string} answer */
  const answer = (answer) => desk.act({ do: "answer", question, text: answer });
  const own = h("input", { id: `answer-${question}`, maxlength: 2000, required: true, autocomplete: "off", placeholder: "In your own words" });
  const whom = outsiderOf(desk, outsider);
  return card(whom ? "Outside" : "Question", at, whom ? `${nameOf(desk.view, by)} contacts ${whom.name}: you answer for them` : `${nameOf(desk.view, by)} asks`,
    h("p", { class: "said need-said" }, text),
    whom?.knows && h("p", { class: "small soft" }, whom.knows),
    !whom && h("div", { class: "row", role: "group", "aria-label": "Answer at once" },
      button("Normal", () => answer("That looks normal."), "primary"),
      desk.statics.signals.slice(0, MOST_READINGS).map((/** @type {any} */ signal) => {
        const value = desk.reading(signal.name);
        if (value === null) return null;
        const says = `${signal.title}: ${reading(value, signal.unit)}`;
        return button(says, () => answer(`${signal.title}: ${reading(desk.reading(signal.name) ?? value, signal.unit)}, usually ${reading(signal.normal, signal.unit)}.`));
      })),
    h("form", { class: "row nowrap", onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      answer(own.value);
    } }, h("label", { class: "visually-hidden", for: own.id }, `Answer ${nameOf(desk.view, by)}`), own, h("button", { class: "button" }, "Answer")));
}

/** @param {import("./console.js").Console} desk @param {import("./fold.js").Spoken} spoken */
function spokenCard(desk, { report, by, speaker, text, at }) {
  return card("Said aloud", at, `${nameOf(desk.view, by)} heard ${nameOf(desk.view, speaker)} say`,
    h("p", { class: "said need-said" }, text),
    h("div", { class: "row" }, button("It counts", () => desk.act({ do: "confirm", report }), "primary")));
}

/** @param {import("./console.js").Console} desk @param {import("./fold.js").Mail} mail */
function failedCard(desk, mail) {
  return card("Reached nobody", mail.at, `${mail.sender} to ${[mail.to, ...mail.also].map((to) => roleTitle(desk.view, to)).join(", ")}`,
    h("p", { class: "said need-said" }, mail.text),
    h("div", { class: "row" }, button("Send it to everyone", () => desk.act({ do: "inject", to: "everyone", via: mail.via, sender: mail.sender, text: mail.text }), "primary")));
}

/** @param {import("./console.js").Console} desk @param {string} id */
function heldCard(desk, id) {
  const inject = desk.statics.answers?.injects.find((/** @type {any} */ one) => one.id === id);
  return card("Held back", null, id, inject && h("p", { class: "said need-said" }, inject.text),
    h("div", { class: "row" }, button("Send it now", () => desk.act({ do: "inject", inject: id }))));
}

/** @param {import("./console.js").Console} desk @param {import("./console.js").Duty} duty */
function dutyCard(desk, duty) {
  const { view } = desk;
  const owners = holders(view, duty.owner);
  const reported = Object.keys(view.reported);
  const first = owners[0] ?? (duty.owner === "first_responder" ? reported.at(-1) : null) ?? holders(view, desk.statics.commander)[0] ?? reported.at(-1);
  const whom = h("select", { id: `hint-to-${duty.id}` }, desk.statics.members.map((/** @type {any} */ member) => h("option", { value: member.id }, member.name)));
  if (first) whom.value = first;
  const words = h("input", { id: `hint-${duty.id}`, value: duty.hint, maxlength: 2000, required: true, autocomplete: "off" });
  const sent = h("p", { class: "hint", role: "status" });
  return card("Overdue", duty.target_at, `${duty.title}: ${duty.owner_title}`,
    h("form", { class: "need-hint", onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (await desk.act({ do: "hint", to: whom.value, text: words.value })) setText(sent, `Sent to ${nameOf(view, whom.value)} at ${drillTime(desk.clock.at)}.`);
    } },
      h("label", { class: "visually-hidden", for: words.id }, "The hint"), words,
      h("label", { class: "visually-hidden", for: whom.id }, "To whom"), whom,
      h("button", { class: "button" }, "Send the hint")),
    sent,
    h("details", {}, h("summary", { class: "small" }, "It was said aloud"), aloudForm(desk, `due-${duty.id}`, first ?? null, typedOf(duty))));
}
