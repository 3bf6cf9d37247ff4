// Acts with a form, in a dialog, for those who never type a slash.

import { Refused, Unreached } from "./api.js";
import { h, icon } from "./dom.js";
import { holders, holds, mayTake, nameOf, roleTitle, rolesOf, severityTitle } from "./fold.js";

/**
 * @typedef {object} Field
 * @property {"levels" | "choice" | "line" | "area"} kind
 * @property {string} name
 * @property {string} label
 * @property {string} [hint]
 * @property {string} [value]
 * @property {boolean} [optional]
 * @property {{value: string, text: string}[]} [options]
 *
 * @typedef {object} Form
 * @property {string} title
 * @property {string} help
 * @property {string} icon
 * @property {string} yes what the button says
 * @property {"together" | "speak" | "work" | "end"} group
 * @property {(room: import("./room.js").Room, preset: Record<string, string>) => Field[]} fields
 * @property {(values: Record<string, string>) => Server.Act} act
 */

/** The levels from the gravest, and a false alarm. @param {any} statics */
export function levelsOf(statics) {
  const none = { level: 0, name: "False alarm", means: "Nothing is wrong, or nothing that needs anybody.", response: "Close it, and say why", examples: [] };
  return [...statics.severities, none];
}

/** @param {import("./room.js").Room} room @param {(member: any) => boolean} [fits] */
function members(room, fits = () => true) {
  return room.statics.members
    .filter((/** @type {any} */ member) => member.id !== room.view.me && !(member.id in room.view.excused) && fits(member))
    .map((/** @type {any} */ member) => ({ value: member.id, text: withRoles(room, member) }));
}

/** @param {import("./room.js").Room} room @param {any} member */
function withRoles(room, member) {
  const roles = rolesOf(room.view, member.id).map((role) => roleTitle(room.view, role));
  return roles.length ? `${member.name}, ${roles.join(", ")}` : member.name;
}

/** @param {import("./room.js").Room} room @returns {Field[]} */
const graveAndTopic = (room) => [
  {
    kind: "choice", name: "severity", label: "Severity", value: String(room.view.severity ?? ""), optional: true,
    options: [{ value: "", text: "Not stated" }, ...levelsOf(room.statics).map((one) => ({ value: String(one.level), text: one.level ? `${one.level}, ${one.name}` : one.name }))],
  },
  { kind: "line", name: "topic", label: "Topic", hint: "What it is about, in a word or two.", value: room.view.topic ?? "", optional: true },
];

/** @param {Record<string, string>} values */
const stated = ({ severity, topic }) => ({ ...(severity ? { severity: Number(severity) } : {}), ...(topic ? { topic } : {}) });

/** @param {string} label @param {string} [hint] @param {boolean} [optional] @returns {Field[]} */
const words = (label, hint, optional) => [{ kind: "area", name: "text", label, hint, optional }];

/** @type {Record<string, Form>} */
export const FORMS = {
  severity: {
    title: "Severity", help: "Declare how severe it is", icon: "severity", yes: "Declare", group: "together",
    fields: () => [{ kind: "levels", name: "severity", label: "How severe is it?" }],
    act: ({ severity }) => ({ do: "declare_severity", severity: Number(severity) }),
  },
  alert: {
    title: "Alert the team", help: "Call everybody, with severity and topic", icon: "alert", yes: "Alert everybody", group: "together",
    fields: graveAndTopic, act: (values) => ({ do: "alert", ...stated(values) }),
  },
  restate: {
    title: "Restate", help: "Say severity and topic again in the channel", icon: "severity", yes: "Restate", group: "together",
    fields: graveAndTopic, act: (values) => ({ do: "restate", ...stated(values) }),
  },
  handover: {
    title: "Hand over", help: "Offer your role to somebody", icon: "role", yes: "Offer it", group: "together",
    fields: (room, { role }) => [
      { kind: "choice", name: "role", label: "Role", value: role, options: rolesOf(room.view, room.view.me ?? "").map((id) => ({ value: id, text: roleTitle(room.view, id) })) },
      { kind: "choice", name: "to", label: "To", hint: "They have it when they accept.", options: members(room, (member) => member.id in room.view.joined && (!role || mayTake(room.statics, member.id, role))) },
    ],
    act: ({ role, to }) => ({ do: "hand_over", role, to }),
  },
  log: {
    title: "Log entry", help: "Add what has been done to the running log", icon: "log", yes: "Enter it", group: "speak",
    fields: () => words("What has been done?"), act: ({ text }) => ({ do: "log", text }),
  },
  update: {
    title: "Internal update", help: "Give the organization an update", icon: "update", yes: "Post it", group: "speak",
    fields: () => words("What is the status?"), act: ({ text }) => ({ do: "update", text }),
  },
  workaround: {
    title: "Workaround", help: "Tell operations how to keep working in the meantime", icon: "update", yes: "Announce it", group: "speak",
    fields: () => words("How can operations keep working in the meantime?"), act: ({ text }) => ({ do: "workaround", text }),
  },
  heard: {
    title: "Said aloud", help: "Report what somebody said; it counts when they confirm it", icon: "voice", yes: "Report it", group: "speak",
    fields: (room) => [
      { kind: "choice", name: "speaker", label: "Who said it?", options: members(room) },
      { kind: "line", name: "text", label: "What would they have typed?", hint: `Their words, or an act such as /ack or /role ${room.statics.roles[0].title}.` },
    ],
    act: ({ speaker, text }) => ({ do: "heard", speaker, text }),
  },
  delegate: {
    title: "Delegate", help: "Ask somebody to do something", icon: "task", yes: "Ask them", group: "work",
    fields: (room) => [
      { kind: "choice", name: "to", label: "Who?", options: members(room, (member) => member.id in room.view.joined) },
      { kind: "area", name: "text", label: "What should they do?" },
    ],
    act: ({ to, text }) => ({ do: "delegate", to, text }),
  },
  do: {
    title: "Do something", help: "In your own words; one thing at a time", icon: "action", yes: "Do it", group: "work",
    fields: () => [{ kind: "line", name: "text", label: "What do you do?" }], act: ({ text }) => ({ do: "do", text }),
  },
  ask: {
    title: "Ask", help: "Ask about something", icon: "question", yes: "Ask", group: "work",
    fields: () => [{ kind: "line", name: "text", label: "What do you want to know?" }], act: ({ text }) => ({ do: "ask", text }),
  },
  contact: {
    title: "Contact", help: "Somebody outside the team", icon: "call", yes: "Contact them", group: "speak",
    fields: (room) => [
      { kind: "choice", name: "outsider", label: "Whom?", options: room.statics.outsiders.map((/** @type {any} */ one) => ({ value: one.id, text: one.name })) },
      { kind: "area", name: "text", label: "What do you want of them?" },
    ],
    act: ({ outsider, text }) => ({ do: "contact", outsider, text }),
  },
  resolve: {
    title: "Resolve", help: "Declare the incident resolved; the response ends", icon: "check", yes: "Declare it resolved", group: "end",
    fields: () => words("What fixed it?", "The response ends with this, for everybody. The papers come next.", true),
    act: ({ text }) => ({ do: "resolve", ...(text ? { text } : {}) }),
  },
  bug: {
    title: "File as a bug", help: "It can wait for the current sprint", icon: "bug", yes: "File it", group: "end",
    fields: () => words("What is wrong?"), act: ({ text }) => ({ do: "bug", text }),
  },
  close: {
    title: "Close", help: "End it without a resolution, with the reason", icon: "close", yes: "Close the incident", group: "end",
    fields: () => words("Why can it be closed?", "The response ends with this, for everybody.").map((field) => ({ ...field, name: "reason" })),
    act: ({ reason }) => ({ do: "close", reason }),
  },
};

/** The forms that a verb opens which is typed alone, where its act says or ends something for everybody. @type {Record<string, string>} */
export const FORM_OF = { sev: "severity", alert: "alert", restate: "restate", handover: "handover", delegate: "delegate", contact: "contact", bug: "bug", resolve: "resolve", close: "close" };

const GROUPS = { together: "Getting together", speak: "Speaking", work: "Working", end: "Ending" };

/** A sentence with capital and full stop, from one that the server sent. @param {string} text */
export function sentence(text) {
  const said = text.trim();
  return said.charAt(0).toUpperCase() + said.slice(1) + (/[.!?…)]$/.test(said) ? "" : ".");
}

/** @param {unknown} problem what to say about an act that did not happen */
export function saysWhy(problem) {
  if (problem instanceof Refused || problem instanceof Unreached) return sentence(problem.message);
  throw problem;
}

/**
 * Acts by a button; a refusal is shown beside it. Resolves to whether it was done.
 * @param {import("./room.js").Room} room
 * @param {Server.Act} act
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} error
 */
export async function attempt(room, act, button, error) {
  button.setAttribute("aria-busy", "true");
  error.textContent = "";
  try {
    await room.send({ act });
    return true;
  } catch (problem) {
    error.textContent = saysWhy(problem);
    return false;
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/**
 * A dialog that removes itself when it is closed.
 * @param {string} title
 * @param {import("./dom.js").Child[]} children
 * @param {string} [className]
 */
export function openDialog(title, children, className = "") {
  const dialog = h("dialog", { class: `dialog ${className}`, "aria-label": title }, ...children);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Opens the form of an act.
 * @param {import("./room.js").Room} room
 * @param {string} id
 * @param {Record<string, string>} [preset]
 */
export function openForm(room, id, preset = {}) {
  const form = FORMS[id];
  const error = h("p", { class: "error", role: "alert" });
  const submit = h("button", { class: "button primary", type: "submit" }, form.yes);
  const body = h(
    "form",
    { class: "stack" },
    h("h2", {}, form.title),
    form.fields(room, preset).map((field) => fieldElement(room, field)),
    error,
    h("div", { class: "dialog-actions" }, h("button", { class: "button", type: "button", onclick: () => dialog.close() }, "Cancel"), submit),
  );
  body.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(body)));
    if (await attempt(room, form.act(values), submit, error)) dialog.close();
  });
  const dialog = openDialog(form.title, [body], id === "severity" ? "wide" : "");
  return dialog;
}

/** @param {import("./room.js").Room} room @param {Field} field */
function fieldElement(room, field) {
  const id = `form-${field.name}`;
  if (field.kind === "levels") return levelChoice(room);
  const hint = field.hint ? h("p", { class: "hint", id: `${id}-hint` }, field.hint) : null;
  const shared = { id, name: field.name, required: !field.optional, "aria-describedby": hint ? `${id}-hint` : null };
  const control =
    field.kind === "choice"
      ? h("select", shared, (field.options ?? []).map(({ value, text }) => h("option", { value, selected: value === field.value }, text)))
      : field.kind === "area"
        ? h("textarea", { ...shared, rows: 3, value: field.value ?? "" })
        : h("input", { ...shared, type: "text", value: field.value ?? "" });
  const empty = field.kind === "choice" && !field.options?.length;
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, field.label, field.optional && field.kind !== "choice" && h("span", { class: "optional" }, " optional")),
    hint,
    control,
    empty && h("p", { class: "hint" }, `Nobody else is in ${room.statics.channel} yet.`),
  );
}

/** The protocol's scale with its examples, to choose from. @param {import("./room.js").Room} room */
function levelChoice(room) {
  return h(
    "fieldset",
    { class: "stack tight" },
    h("legend", { class: "visually-hidden" }, "How severe is it?"),
    levelsOf(room.statics).map((one) =>
      h(
        "label",
        { class: "card-choice" },
        h("input", { type: "radio", name: "severity", value: String(one.level), required: true, checked: room.view.severity === one.level }),
        h(
          "span",
          {},
          h("strong", {}, severityTitle(room.statics, one.level), h("span", { class: "soft small" }, ` · ${one.response}`)),
          h("span", { class: "small" }, one.means),
          one.examples.length > 0 && h("span", { class: "hint" }, `Such as: ${one.examples.join(" ")}`),
        ),
      ),
    ),
  );
}

/** All acts that have a form, to choose from. @param {import("./room.js").Room} room */
export function openActs(room) {
  const { view, statics } = room;
  const respond = view.phase === "respond";
  /** @param {string} id @param {Form} form */
  const fits = (id, form) => (respond || ["log", "update"].includes(id)) && (form !== FORMS.handover || rolesOf(view, view.me ?? "").length > 0) && (form !== FORMS.contact || statics.outsiders.length > 0);
  const openRoles = statics.roles.filter((/** @type {any} */ role) => mayTake(statics, view.me, role.id) && !holds(view, view.me, role.id) && !(role.most && holders(view, role.id).length >= role.most));
  const dialog = openDialog(
    "All acts",
    [
      h("h2", {}, "All acts"),
      h("p", { class: "soft" }, "Everything here can also be typed, after a slash."),
      Object.entries(GROUPS).map(([group, title]) => {
        const forms = Object.entries(FORMS).filter(([id, form]) => form.group === group && fits(id, form));
        const buttons = forms.map(([id, form]) => actButton(form.icon, form.title, form.help, () => openForm(room, id)));
        if (group === "together" && respond) {
          buttons.push(
            ...openRoles.map((/** @type {any} */ role) =>
              actButton("role", `Take ${role.title}`, role.responsible_for[0] ?? "", () => room.act({ do: "take_role", role: role.id })),
            ),
          );
        }
        return buttons.length > 0 && h("section", { class: "acts-group" }, h("h3", {}, title), h("div", { class: "acts" }, buttons));
      }),
      h("div", { class: "dialog-actions" }, h("button", { class: "button", type: "button", onclick: () => dialog.close() }, "Close")),
    ],
    "wide",
  );

  /** @param {string} mark @param {string} title @param {string} help @param {() => void} open */
  function actButton(mark, title, help, open) {
    const choose = () => {
      dialog.close();
      open();
    };
    return h("button", { class: "act", type: "button", onclick: choose }, icon(mark), h("span", {}, h("strong", {}, title), h("span", { class: "hint" }, help)));
  }
}

/** Somebody's name in a sentence: "you" for the viewer. @param {import("./room.js").Room} room @param {string} member */
export const youOr = (room, member) => (member === room.view.me ? "you" : nameOf(room.view, member));
