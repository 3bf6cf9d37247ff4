// What is due and who is there; what the facilitator can do for or about one person.

import { span } from "./clock.js";
import { aloudForm, says, typedOf } from "./console-aloud.js";
import { byId, h, replace, setText } from "./dom.js";
import { freeSeat } from "./door.js";
import { busyWith, nameOf, offDuty, roleTitle, rolesOf } from "./fold.js";
import { keyed } from "./keyed.js";
import { staffList } from "./staff.js";

/** @param {import("./console.js").Console} desk */
export function mountPeople(desk) {
  const { view, statics } = desk;
  return {
    update() {
      const open = desk.duties.filter((duty) => duty.state === "open" || duty.state === "overdue");
      keyed(byId("duties"), open, (duty) => `${duty.id}-${duty.state}-${duty.target_at}`, (duty) => dutyRow(desk, duty));
      byId("duties-none").hidden = open.length > 0;
      const done = desk.duties.filter((duty) => duty.state === "done").length;
      const late = desk.duties.filter((duty) => duty.state === "late").length;
      setText(byId("duties-done"), `${done} done in time${late ? `, ${late} late` : ""}`);
      const people = statics.members;
      keyed(byId("people"), people, (member) => `${member.id} ${stateOf(desk, member).join(" ")}`, (member) => personRow(desk, member));
      setText(byId("people-here"), `${people.filter((/** @type {any} */ one) => one.simulated || desk.here.has(one.id)).length} of ${people.length} here`);
      replace(byId("staff"), staffList(statics.staff));
      keyed(byId("notes"), [...view.behind.ratings.map((each) => ({ ...each, text: `${each.item}: ${each.value}${each.text ? `, ${each.text}` : ""}` })), ...view.behind.notes].sort((one, other) => other.at - one.at),
        (note) => `${note.at} ${note.text}`, (note) => h("li", {}, h("span", { class: "said" }, note.text), h("span", { class: "soft" }, ` ${nameOf(view, note.by)}`)));
    },
  };
}

/** @param {import("./console.js").Console} desk @param {import("./console.js").Duty} duty */
function dutyRow(desk, duty) {
  const late = duty.state === "overdue";
  const time = duty.target_at === null ? null : h("span", { class: "numbers", data: late ? { since: duty.target_at } : { until: duty.target_at } });
  return h("li", { class: "duty" },
    h("div", {}, h("strong", {}, duty.title), h("p", { class: "soft small" }, duty.owner_title)),
    h("p", { class: `small ${late ? "bad" : "soft"}` }, late ? ["overdue for ", time] : time ? ["due in ", time] : "no time set"),
    desk.leads && h("button", { class: "button small quiet", type: "button", onclick: () => openAloud(desk, duty) }, "Said aloud", h("span", { class: "visually-hidden" }, `: ${duty.title}`)));
}

/**
 * Somebody's status, in a few words.
 * @param {import("./console.js").Console} desk
 * @param {any} member
 * @returns {[string, string, string]} whether they are here, what they hold, what they do
 */
function stateOf(desk, { id, simulated }) {
  const { view } = desk;
  const roles = rolesOf(view, id).map((role) => roleTitle(view, role)).join(", ");
  const run = busyWith(view, id);
  const does = view.excused[id] ? "excused"
    : run ? run.label
      : id in view.joined ? ""
        : id in view.acknowledged ? "has acknowledged"
          : id in view.alerted || id in view.reported ? "knows, has not answered"
            : offDuty(view, id) !== null ? `on duty from ${span(offDuty(view, id) ?? 0)}` : "knows nothing yet";
  return [simulated ? "simulated" : desk.here.has(id) ? "here" : "away", roles, does];
}

/** @param {import("./console.js").Console} desk @param {any} member */
function personRow(desk, member) {
  const [here, roles, does] = stateOf(desk, member);
  return h("li", { class: "person" },
    h("span", { class: `dot${here === "away" ? "" : " on"}` }), h("span", { class: "visually-hidden" }, here),
    h("div", { class: "grow" },
      h("p", { class: "row" }, h("strong", { class: "truncate" }, member.name), roles && h("span", { class: "badge outline" }, roles), here === "simulated" && h("span", { class: "badge" }, "simulated")),
      does && h("p", { class: "soft small truncate" }, does)),
    desk.leads && h("button", { class: "button small quiet", type: "button", onclick: () => openPerson(desk, member) }, "Help", h("span", { class: "visually-hidden" }, ` ${member.name}`)));
}

/**
 * A dialog that is removed when it is closed.
 * @param {string} title
 * @param {(close: () => void) => import("./dom.js").Child[]} fill
 */
function open(title, fill) {
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" });
  const close = () => dialog.close();
  dialog.append(
    h("div", { class: "stack" }, h("h2", { id: "dialog-title" }, title), ...fill(close),
      h("div", { class: "dialog-actions" }, h("button", { class: "button", type: "button", onclick: close }, "Close"))),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {import("./console.js").Console} desk @param {import("./console.js").Duty} duty */
function openAloud(desk, duty) {
  open(`${duty.title}, said aloud`, (close) => [aloudForm(desk, "dialog", null, typedOf(duty), close)]);
}

/** @param {import("./console.js").Console} desk @param {{id: string, name: string, simulated: boolean}} member */
function openPerson(desk, { id, name, simulated }) {
  const { view } = desk;
  const hints = desk.statics.answers?.guide?.hints;
  const hint = h("textarea", { id: "hint-text", rows: 3, maxlength: 2000, required: true });
  const [hintRefused, excuseRefused] = [says(), says()];
  const reason = h("input", { id: "excuse-reason", maxlength: 300, required: true, autocomplete: "off", placeholder: "Called to a real incident" });
  open(name, (close) => [
    h("form", { class: "stack tight", onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (await desk.act({ do: "hint", to: id, text: hint.value }, hintRefused)) close();
    } },
      h("label", { class: "field-label", for: hint.id }, "A hint, for nobody else"),
      hints && h("div", { class: "row" }, Object.entries(hints).map(([strength, text]) =>
        h("button", { class: "button small", type: "button", title: text, onclick: () => (hint.value = text) }, strength[0].toUpperCase() + strength.slice(1)))),
      hint,
      h("p", {}, h("button", { class: "button primary" }, "Send the hint")), hintRefused),
    h("details", {}, h("summary", {}, "They said something aloud"), aloudForm(desk, "person", id, "/log ", close)),
    view.excused[id]
      ? h("p", { class: "soft" }, `Excused: ${view.excused[id]}`)
      : h("details", {}, h("summary", {}, "Excuse them"),
        h("form", { class: "stack tight", onsubmit: async (/** @type {Event} */ event) => {
          event.preventDefault();
          if (await desk.act({ do: "excuse", member: id, reason: reason.value }, excuseRefused)) close();
        } },
          h("label", { class: "field-label", for: reason.id }, "Why"), reason,
          h("p", { class: "row" }, h("button", { class: "button" }, "Excuse"), h("span", { class: "hint" }, "Nothing is expected of them from now on.")), excuseRefused)),
    !simulated && h("p", {}, h("button", { class: "button small", type: "button", onclick: async () => (await freeSeat(desk.drill, { id, name })) && close() }, "Free their seat"), h("span", { class: "hint" }, " Somebody else sits there, or a link got out.")),
  ]);
}
