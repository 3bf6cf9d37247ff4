// The papers: situation report, e-mail and attachment, post-mortem and corrective actions. The program fills in what the log knows.

import { spell } from "./clock.js";
import { byId, h, icon, replace, setText } from "./dom.js";
import { commander, holders, nameOf, roleTitle, severityWords } from "./fold.js";
import { attempt } from "./forms.js";
import { choices, suggest } from "./shown-by.js";

/** The part of the post-mortem's act that each field fills. */
const PARTS = [
  { name: "summary", label: "Summary", hint: "What happened, in two or three sentences." },
  { name: "went_well", label: "What went well", hint: "" },
  { name: "went_badly", label: "What went badly", hint: "" },
  { name: "learnings", label: "Learnings", hint: "What you would tell a colleague who was not there." },
];

/** @param {import("./room.js").Room} room */
export function mountPapers(room) {
  const panel = byId("panel-papers");
  const steps = h("ol", { class: "paper-steps" });
  const situation = situationForm();
  const mail = h("section", { class: "paper stack" });
  const postMortem = postMortemForm();
  const actions = actionsForm();
  const waits = h("p", { class: "empty" }, "The papers open when the incident is resolved or closed.");
  panel.append(h("h2", { class: "visually-hidden" }, "Papers"), waits, steps, situation.element, mail, postMortem.element, actions.element);

  /** What the log knows, by the protocol's question. */
  /** @returns {Record<string, string>} */
  function known() {
    const { view, statics } = room;
    const report = view.report;
    const people = statics.roles
      .map((/** @type {any} */ role) => {
        const held = [...new Set(view.stretches.filter((one) => one.role === role.id).map((one) => nameOf(view, one.member)))];
        return held.length ? `${role.title}: ${held.join(", ")}` : "";
      })
      .filter(Boolean);
    const grave = severityWords(statics, view.severity);
    const since = Object.values(view.reported)[0] ?? 0;
    return {
      incident: [view.topic, grave].filter(Boolean).join(", ") + (report ? `\n${report.sender}: ${report.text}` : ""),
      reported_at: report ? `${room.zone.day(report.wall)}, ${room.zone.seconds(report.wall)}` : `${room.zone.day(statics.start)}, ${room.zone.seconds(statics.start)}`,
      closed_at: view.over ? room.zone.seconds(view.over.wall) : "It was not resolved.",
      response_time: view.over ? spell(view.over.at - since) + skippedIn(view.events, since, view.over.at) : "It was not resolved in time.",
      people: people.join("\n") || "Nobody took a role.",
    };
  }

  function situationForm() {
    const error = h("p", { class: "error", role: "status" });
    const says = h("p", { class: "small good", role: "status" });
    /** @type {Record<string, HTMLElement>} */
    const answers = {};
    const fields = room.statics.questions.map((/** @type {any} */ question) => {
      if (question.answered_by === "log") {
        answers[question.id] = h("dd", { class: "said" });
        return h("dl", { class: "known" }, h("dt", {}, question.asks, h("span", { class: "badge" }, "from the log")), answers[question.id]);
      }
      return h("div", { class: "field" }, h("label", { for: `paper-${question.id}` }, question.asks), h("textarea", { id: `paper-${question.id}`, name: question.id, rows: 3, maxlength: 4000 }));
    });
    const submit = h("button", { class: "button primary", type: "submit" }, "File the situation report");
    const element = h("form", { class: "paper stack" }, h("h3", {}, "Situation report"), fields, error, says, h("div", { class: "row" }, room.plays && submit));
    remember(room, element, "situation");
    element.addEventListener("submit", async (event) => {
      event.preventDefault();
      await file({ do: "file_situation_report", ...valuesOf(element) }, submit, error);
    });
    return { element, answers, says, submit };
  }

  function postMortemForm() {
    const error = h("p", { class: "error", role: "status" });
    const says = h("p", { class: "small good", role: "status" });
    const submit = h("button", { class: "button", type: "submit" }, "File the post-mortem");
    const element = h(
      "form",
      { class: "paper stack" },
      h("h3", {}, "Post-mortem"),
      h("p", { class: "small soft" }, "It stays open during the follow-up; until that ends, the score is provisional."),
      PARTS.map((part) =>
        h(
          "div",
          { class: "field" },
          h("label", { for: `post-${part.name}` }, part.label, h("span", { class: "optional" }, " optional")),
          part.hint && h("p", { class: "hint", id: `post-${part.name}-hint` }, part.hint),
          h("textarea", { id: `post-${part.name}`, name: part.name, rows: 3, maxlength: 4000, "aria-describedby": part.hint ? `post-${part.name}-hint` : null }),
        ),
      ),
      error,
      says,
      h("div", { class: "row" }, room.plays && submit),
    );
    remember(room, element, "post-mortem");
    element.addEventListener("submit", async (event) => {
      event.preventDefault();
      await file({ do: "file_post_mortem", ...valuesOf(element) }, submit, error);
    });
    return { element, says };
  }

  function actionsForm() {
    const list = h("ul", { class: "list" });
    const error = h("p", { class: "error", role: "status" });
    const submit = h("button", { class: "button", type: "submit" }, "Add the action");
    const what = h("input", { id: "action-text", name: "text", type: "text", required: true, maxlength: 1000 });
    const shows = h("select", { id: "action-shows", name: "obligation" }, choices(room.statics.obligations));
    const form = h(
      "form",
      { class: "stack" },
      h("div", { class: "field" }, h("label", { for: "action-text" }, "What should change?"), what),
      h(
        "div",
        { class: "field-pair" },
        h("div", { class: "field" }, h("label", { for: "action-owner" }, "Who owns it?"), h("select", { id: "action-owner", name: "owner" }, h("option", { value: "" }, "Nobody yet"), room.statics.members.map((/** @type {any} */ member) => h("option", { value: member.id }, member.name)))),
        h("div", { class: "field" }, h("label", { for: "action-due" }, "By when?"), h("input", { id: "action-due", name: "due_on", type: "date" })),
      ),
      h("div", { class: "field" }, h("label", { for: "action-shows" }, "What will show that it helped?"), shows),
      error,
      h("div", { class: "row" }, submit),
    );
    suggest(what, shows, room.statics.obligations);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await file({ do: "corrective_action", text: "", ...valuesOf(form) }, submit, error)) form.reset();
    });
    return { element: h("section", { class: "paper stack" }, h("h3", {}, "Corrective actions"), list, room.plays && form), list };
  }

  /** @param {Server.Act} act @param {HTMLButtonElement} button @param {HTMLElement} error */
  const file = (act, button, error) => attempt(room, act, button, error);

  function drawMail() {
    const { view, statics } = room;
    const { situation: filed, emailed, attached } = view.papers;
    const who = commander(view);
    /** @param {string} text @param {Server.Act} act @param {boolean} ready @param {string} key */
    const button = (text, act, ready, key) =>
      room.plays && h("button", { class: "button", type: "button", disabled: !ready, data: { key }, onclick: (/** @type {Event} */ event) => void room.act(act, /** @type {HTMLButtonElement} */ (event.currentTarget)) }, text);
    replace(
      mail,
      h("h3", {}, "E-mail and attachment"),
      h(
        "article",
        { class: "letter", "aria-label": "The e-mail to the stakeholders" },
        h("p", { class: "small" }, h("span", { class: "soft" }, "To "), "the stakeholders"),
        h("p", {}, h("strong", {}, `DRILL: situation report, ${view.topic ?? statics.drill}`)),
        h("p", { class: "small said" }, filed ? [`Solution: ${filed.solution || "left out"}`, `Who was impacted: ${filed.who_impacted || "left out"}`, `How: ${filed.how_impacted || "left out"}`].join("\n") : "The situation report is not filed yet."),
      ),
      who && who !== view.me && !emailed && h("p", { class: "small soft" }, `${nameOf(view, who)}, ${roleTitle(view, statics.commander)}, sends it.`),
      h(
        "div",
        { class: "row" },
        emailed ? done(`Sent by ${nameOf(view, emailed.by)}`) : button("Send it to the stakeholders", { do: "email" }, Boolean(filed), "email"),
        attached.situation_report !== undefined ? done("Situation report attached") : button(`Attach it in ${statics.channel}`, { do: "attach", paper: "situation_report" }, Boolean(filed), "attach"),
        view.papers.postMortem && (attached.post_mortem !== undefined ? done("Post-mortem attached") : button("Attach the post-mortem", { do: "attach", paper: "post_mortem" }, true, "attach-post")),
      ),
    );
  }

  /** @param {string} text */
  const done = (text) => h("span", { class: "row good" }, icon("check"), text);

  function drawSteps() {
    const { papers, phase } = room.view;
    const all = [
      { text: "Situation report filed", is: papers.situation !== null },
      { text: "E-mailed to the stakeholders", is: papers.emailed !== null },
      { text: `Attached in ${room.statics.channel}`, is: papers.attached.situation_report !== undefined },
    ];
    replace(steps, all.map((one) => h("li", { class: one.is ? "is-done" : "" }, icon(one.is ? "check" : "paper"), one.text, h("span", { class: "visually-hidden" }, one.is ? ", done" : ", open"))));
    steps.hidden = phase === "respond";
  }

  return {
    update() {
      const { view } = room;
      const respond = view.phase === "respond";
      waits.hidden = !respond;
      for (const part of [situation.element, mail, postMortem.element, actions.element]) part.hidden = respond;
      if (respond) return;
      drawSteps();
      const knows = known();
      for (const [id, place] of Object.entries(situation.answers)) setText(place, knows[id] ?? "The report fills this in.");
      const filed = view.papers.situation;
      setText(situation.says, filed ? `Filed by ${nameOf(view, filed.by)} at ${room.zone.minutes(filed.wall)}. Filing again replaces it.` : "");
      setText(situation.submit, filed ? "File it again" : "File the situation report");
      const over = view.over?.how === "resolved" ? view.over : null;
      fill(situation.element, filed ?? (over && { at: "resolved", solution: over.text }));
      fill(postMortem.element, view.papers.postMortem);
      setText(postMortem.says, view.papers.postMortem ? `Filed by ${nameOf(view, view.papers.postMortem.by)}. The last one filed counts.` : "");
      drawMail();
      replace(
        actions.list,
        view.papers.actions.map((action) => h("li", {}, h("p", { class: "said" }, action.text), h("p", { class: "small soft" }, [action.owner ? nameOf(view, action.owner) : "nobody answers for it yet", action.due_on ? `by ${action.due_on}` : "no day"].join(", ")))),
      );
    },
    /** Whether something is written and not filed. */
    writing: () => [...panel.querySelectorAll("textarea")].some((area) => area.value.trim() !== "" && area.closest("form")?.contains(document.activeElement)),
  };
}

/**
 * Puts what was filed into the fields that the viewer has not changed, since filing again replaces all of it.
 * @param {HTMLFormElement} form
 * @param {Record<string, any> | null} filed
 */
function fill(form, filed) {
  if (!filed || form.dataset.filed === String(filed.at)) return;
  form.dataset.filed = String(filed.at);
  for (const area of form.querySelectorAll("textarea")) {
    const before = area.dataset.filled ?? "";
    area.dataset.filled = filed[area.name] ?? "";
    if (area.value.trim() === before.trim()) area.value = filed[area.name] ?? "";
  }
}

/** The values of a form's filled fields. @param {HTMLFormElement} form @returns {Record<string, string>} */
function valuesOf(form) {
  const all = /** @type {[string, string][]} */ ([...new FormData(form)]);
  return Object.fromEntries(all.filter(([, value]) => value.trim() !== ""));
}

/** What drill time was moved ahead in a span, as the paper says it. @param {any[]} events @param {number} from @param {number} to */
function skippedIn(events, from, to) {
  const skipped = events.reduce((sum, one) => sum + (one.kind === "TimeSkipped" ? Math.max(0, Math.min(one.to, to) - Math.max(one.at, from)) : 0), 0);
  return skipped ? `, of which ${spell(skipped)} were skipped; times of day do not skip` : "";
}

/** Keeps what is being written across a reload. @param {import("./room.js").Room} room @param {HTMLFormElement} form @param {string} name */
function remember(room, form, name) {
  const key = `drillroom-${name}-${room.statics.drill}`;
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    for (const [field, value] of Object.entries(kept)) {
      const control = form.elements.namedItem(field);
      if (control && "value" in control) control.value = value;
    }
    form.addEventListener("input", () => sessionStorage.setItem(key, JSON.stringify(valuesOf(form))));
  } catch {
    // A browser without storage only loses that.
  }
}

/** Who commanded when it ended, for the sentence about what comes next. @param {import("./room.js").Room} room */
export const whoSends = (room) => holders(room.view, room.statics.commander).map((one) => nameOf(room.view, one)).join(", ");
