// One line to write in. A slash completes any act; plain text is a message, or what is chosen beside it.

import { undecided } from "./asks.js";
import { byId, h, replace } from "./dom.js";
import { inboxOf, mayTake, nameOf, roleTitle, rolesOf } from "./fold.js";
import { FORMS, FORM_OF, levelsOf, openActs, openForm, saysWhy } from "./forms.js";
import { wordsOf } from "./words.js";

/** What plain text can be written as: the act that it becomes. */
const KINDS = [
  { value: "say", text: "Message", respond: false },
  { value: "log", text: "Log entry", respond: false },
  { value: "update", text: "Internal update", respond: false },
  { value: "do", text: "Do", respond: true },
  { value: "ask", text: "Ask", respond: true },
  { value: "workaround", text: "Workaround", respond: true },
];
/** Forms shown above the line on a wide screen. */
const QUICK = ["severity", "alert", "restate", "delegate", "resolve"];
/** How many of their own lines the viewer can call back. */
const KEPT = 50;

/** @typedef {{value: string, label: string, help: string, also?: string[], hint?: boolean}} Option `also` is what else names it; a `hint` goes into the line by Tab alone, since any other text would do too */

/** @param {import("./room.js").Room} room */
export function mountComposer(room) {
  const form = byId("composer");
  const input = /** @type {HTMLInputElement} */ (byId("composer-text"));
  const kind = /** @type {HTMLSelectElement} */ (byId("composer-kind"));
  const list = byId("completions");
  const says = byId("composer-says");
  /** @type {Option[]} */
  let options = [];
  let active = 0;
  /** Whether the user moved through the options, so that Enter means the marked one. */
  let moved = false;
  let dismissed = false;
  /** @type {string[]} */
  const history = [];
  let back = -1;
  let unsent = "";
  /** Lines are sent one after the other, so that they arrive in the order in which they were written. */
  let queue = Promise.resolve();
  let phase = "";

  // -- completion

  /** @returns {{options: Option[], from: number}} what fits, and where in the line it goes */
  function complete() {
    const text = input.value;
    if (!text.startsWith("/")) return { options: [], from: 0 };
    const words = wordsOf(room.statics, text.slice(1));
    const verb = words[0].toLowerCase();
    if (words.length === 1) {
      const fitting = room.statics.syntax.filter((/** @type {any} */ one) => bare(one.verb).startsWith(verb));
      const found = fitting.map((/** @type {any} */ one) => ({ value: `/${bare(one.verb)}`, label: one.form, help: one.help }));
      return { options: found, from: 0 };
    }
    const begun = words[words.length - 1];
    const offered = ARGUMENTS[verb]?.(room, words.length - 2, words.slice(1)) ?? [];
    return { options: offered.filter((one) => fits(one, begun)).slice(0, 12), from: text.length - begun.length };
  }

  function refresh() {
    options = dismissed ? [] : complete().options;
    active = Math.min(active, Math.max(0, options.length - 1));
    const open = options.length > 0;
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    replace(
      list,
      options.map((option, place) =>
        h(
          "li",
          { id: `completion-${place}`, role: "option", "aria-selected": String(place === active), class: "completion", onpointerdown: (/** @type {Event} */ event) => (event.preventDefault(), accept(place)) },
          h("code", {}, option.label),
          h("span", { class: "soft" }, option.help),
        ),
      ),
    );
    if (open) {
      input.setAttribute("aria-activedescendant", `completion-${active}`);
      list.children[active].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
    kind.disabled = input.value.startsWith("/");
  }

  /** @param {number} place */
  function accept(place) {
    const { from } = complete();
    input.value = `${input.value.slice(0, from)}${options[place].value} `;
    active = 0;
    moved = false;
    refresh();
  }

  /** Whether Enter should take the completion: it would change the line. */
  const wouldChange = () => {
    const { from } = complete();
    return options.length > 0 && !namesOf(options[active]).includes(input.value.slice(from).trim().toLowerCase());
  };

  input.addEventListener("input", () => {
    dismissed = false;
    moved = false;
    active = 0;
    back = -1;
    refresh();
  });
  input.addEventListener("blur", () => {
    dismissed = true;
    refresh();
  });
  input.addEventListener("focus", () => {
    dismissed = false;
    refresh();
  });
  input.addEventListener("keydown", (event) => {
    if (options.length > 0) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step !== undefined) {
        event.preventDefault();
        moved = true;
        active = (active + step + options.length) % options.length;
        refresh();
        return;
      }
      if (event.key === "Escape") {
        event.preventDefault();
        dismissed = true;
        refresh();
        return;
      }
      const takes = event.key === "Tab" ? !event.shiftKey : event.key === "Enter" && !event.isComposing && (moved || needsMore());
      if (takes && wouldChange()) {
        event.preventDefault();
        accept(active);
        return;
      }
    }
    if (event.key === "ArrowUp" || event.key === "ArrowDown") recall(event);
  });

  /** Whether the line is incomplete: an unfinished verb, or the beginning of the only name that fits. */
  function needsMore() {
    const [verb, ...rest] = wordsOf(room.statics, input.value.slice(1));
    if (rest.length === 0) return !room.statics.syntax.some((/** @type {any} */ one) => bare(one.verb) === verb.toLowerCase());
    return rest[rest.length - 1] !== "" && options.length === 1 && !options[0].hint;
  }

  /** @param {KeyboardEvent} event */
  function recall(event) {
    const step = event.key === "ArrowUp" ? 1 : -1;
    const to = back + step;
    if (to < -1 || to >= history.length) return;
    event.preventDefault();
    if (back === -1) unsent = input.value;
    back = to;
    input.value = back === -1 ? unsent : history[history.length - 1 - back];
    dismissed = true;
    refresh();
    input.setSelectionRange(input.value.length, input.value.length);
  }

  // -- sending

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    const what = text.startsWith("/") ? { say: text } : { act: /** @type {Server.Act} */ ({ do: kind.value, text }) };
    if (history.at(-1) !== text) history.push(text);
    history.splice(0, history.length - KEPT);
    back = -1;
    input.value = "";
    const as = kind.value;
    kind.value = "say";
    refresh();
    tell("");
    const asked = FORM_OF[bare(text).toLowerCase()];
    if (text.startsWith("/") && asked && room.view.phase === "respond") {
      openForm(room, asked);
      return;
    }
    queue = queue.then(() => deliver(what, text, as));
  }

  /** @param {{say: string} | {act: Server.Act}} what @param {string} text @param {string} as */
  async function deliver(what, text, as) {
    const slow = setTimeout(() => tell("Sending …"), 600);
    try {
      await room.send(what, (problem) => tell(`${problem.message} It is sent again …`));
      tell("");
    } catch (problem) {
      tell(saysWhy(problem), true);
      if (input.value === "") {
        input.value = text;
        kind.value = as;
        dismissed = true;
        refresh();
      }
    } finally {
      clearTimeout(slow);
    }
  }

  /** @param {string} text @param {boolean} [wrong] */
  function tell(text, wrong = false) {
    says.textContent = text;
    says.classList.toggle("error", wrong);
  }

  form.addEventListener("submit", submit);
  byId("composer-acts").addEventListener("click", () => openActs(room));
  const join = h("button", { class: "button small primary", type: "button", onclick: (/** @type {Event} */ event) => void room.act({ do: "join" }, /** @type {HTMLButtonElement} */ (event.currentTarget)) }, `Come into ${room.statics.channel}`);
  replace(byId("quick"), join, QUICK.map((id) => h("button", { class: "button small quiet", type: "button", onclick: () => openForm(room, id) }, FORMS[id].title)));

  return {
    update() {
      byId("composer-area").hidden = !room.plays;
      // People who were alerted are asked at the top of the page.
      join.hidden = room.view.me === null || room.view.me in room.view.joined || room.view.me in room.view.alerted;
      if (phase === room.view.phase) return;
      phase = room.view.phase;
      const respond = phase === "respond";
      byId("quick").hidden = !respond;
      const kept = kind.value || "say";
      replace(kind, KINDS.filter((one) => respond || !one.respond).map((one) => h("option", { value: one.value }, one.text)));
      kind.value = kept;
      if (!kind.value) kind.value = "say";
    },
    /** Puts the cursor into the line, with a beginning. @param {string} text */
    begin(text) {
      input.value = text;
      input.focus();
      refresh();
    },
  };
}

/** A verb without its slash. @param {string} verb */
const bare = (verb) => verb.replace(/^\//, "");

/** @param {Option} option @param {string} begun */
function fits(option, begun) {
  const wanted = begun.toLowerCase();
  const names = option.also ? namesOf(option) : [option.value.toLowerCase(), option.help.toLowerCase()];
  return names.some((name) => name.startsWith(wanted) || name.split(/\s+/).some((word) => word.startsWith(wanted)));
}

/** What names an option when it is typed whole. @param {Option} option */
const namesOf = ({ value, also = [] }) => [value, ...also].map((name) => name.toLowerCase());

/** @param {import("./room.js").Room} room @returns {Option[]} */
const levels = (room) => levelsOf(room.statics).map((one) => ({ value: String(one.level), label: String(one.level), help: `${one.name}: ${one.response}`, also: [one.name] }));
/** @param {import("./room.js").Room} room @returns {Option[]} */
const roles = (room) => room.statics.roles.filter((/** @type {any} */ role) => mayTake(room.statics, room.view.me, role.id)).map((/** @type {any} */ role) => ({ value: role.title, label: role.title, help: role.responsible_for[0] ?? "", also: [role.id, role.id.replaceAll("_", " ")] }));
/** @param {import("./room.js").Room} room @returns {Option[]} */
const myRoles = (room) => rolesOf(room.view, room.view.me ?? "").map((role) => ({ value: roleTitle(room.view, role), label: roleTitle(room.view, role), help: "", also: [role, role.replaceAll("_", " ")] }));
/** @param {import("./room.js").Room} room @returns {Option[]} */
const members = (room) => room.statics.members.filter((/** @type {any} */ one) => one.id !== room.view.me).map((/** @type {any} */ one) => ({ value: one.id, label: one.id, help: one.name, also: [one.name, one.name.split(" ")[0]] }));
/** @param {import("./room.js").Room} room @returns {Option[]} */
const procedures = (room) =>
  room.statics.runbooks.flatMap((/** @type {any} */ book) => book.procedures.map((/** @type {any} */ one) => ({ value: `${book.id}/${one.id}`, label: `${book.id}/${one.id}`, help: one.title })));
/** @param {import("./room.js").Room} room @param {string} path @returns {Option[]} */
function stepsOf(room, path) {
  const [book, name] = path.split("/");
  const found = room.statics.runbooks.find((/** @type {any} */ one) => one.id === book)?.procedures.find((/** @type {any} */ one) => one.id === name);
  return (found?.steps ?? []).map((/** @type {any} */ step, /** @type {number} */ place) => ({ value: String(place + 1), label: String(place + 1), help: step.do }));
}

/** What can be chosen now. @param {import("./room.js").Room} room @returns {Option[]} */
const options = (room) => inboxOf(room.view, room.view.me).filter(undecided).flatMap((mail) => (mail.asks?.decision?.options ?? []).map(({ id, label }) => ({ value: id, label: id, help: label })));

/** What may follow a verb, by the place of the word. @type {Record<string, (room: import("./room.js").Room, place: number, words: string[]) => Option[]>} */
const ARGUMENTS = {
  sev: (room, place) => (place === 0 ? levels(room) : []),
  alert: (room, place) => (place === 0 ? levels(room) : topic(room, place)),
  restate: (room, place) => (place === 0 ? levels(room) : topic(room, place)),
  role: (room, place) => (place === 0 ? roles(room) : []),
  release: (room, place) => (place === 0 ? myRoles(room) : []),
  handover: (room, place) => (place === 0 ? myRoles(room) : place === 1 ? members(room) : []),
  delegate: (room, place) => (place === 0 ? members(room) : []),
  heard: (room, place) => (place === 0 ? members(room) : []),
  reply: (room, place) => (place === 0 ? inboxOf(room.view, room.view.me).slice(-12).reverse().map((mail) => ({ value: String(mail.number), label: String(mail.number), help: `${mail.sender}: ${mail.text}` })) : []),
  choose: (room, place) => (place === 0 ? options(room) : []),
  contact: (room, place) => (place === 0 ? room.statics.outsiders.map((/** @type {any} */ one) => ({ value: one.id, label: one.id, help: one.name })) : []),
  step: (room, place, words) => (place === 0 ? procedures(room) : place === 1 ? stepsOf(room, words[0]) : []),
  wrong: (room, place, words) => (place === 0 ? procedures(room) : place === 1 ? stepsOf(room, words[0]) : []),
  done: (room, place) => (place === 0 ? room.view.tasks.filter((task) => task.to === room.view.me && task.done === null).map((task) => ({ value: String(task.task), label: String(task.task), help: task.text })) : []),
  approve: (room, place) => (place === 0 ? room.view.drafts.filter((draft) => !draft.approved).slice(-6).reverse().map((draft) => ({ value: String(draft.draft), label: String(draft.draft), help: draft.text })) : []),
  confirm: (room, place) => (place === 0 ? room.view.spoken.filter((one) => !one.confirmed && one.speaker === room.view.me).map((one) => ({ value: String(one.report), label: String(one.report), help: `${nameOf(room.view, one.by)}: ${one.text}` })) : []),
  attach: (room, place) => (place === 0 ? [{ value: "situation_report", label: "situation_report", help: "The situation report" }, { value: "post_mortem", label: "post_mortem", help: "The post-mortem" }] : []),
};

/** @param {import("./room.js").Room} room @param {number} place @returns {Option[]} */
const topic = (room, place) => (place === 1 && room.view.topic ? [{ value: room.view.topic, label: room.view.topic, help: "the topic so far", hint: true }] : []);
