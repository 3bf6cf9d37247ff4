// Work: what was delegated, and what the viewer does and asks in their own words or, in training, from the list.

import { drillTime, span } from "./clock.js";
import { byId, h, icon, replace } from "./dom.js";
import { outsiderName } from "./entries.js";
import { handed } from "./files.js";
import { busyWith, nameOf } from "./fold.js";
import { openForm, saysWhy, youOr } from "./forms.js";
import { keyed } from "./keyed.js";

/** @param {import("./room.js").Room} room */
export function mountWork(room) {
  const busy = h("div", { class: "busy" });
  const tasks = h("section", { class: "stack tight" });
  const nothing = h("p", { class: "soft small" }, "What your looks and questions show appears here.");
  const findings = h("ul", { class: "list" });
  const found = h("section", { class: "stack tight" }, h("h3", {}, "What you found"), nothing, findings);
  const own = ownWords();
  byId("panel-work").append(h("h2", { class: "visually-hidden" }, "Work"), busy, own, actionList(), tasks, found);
  let drawn = -1;

  /** Two lines in the viewer's own words: what they do, and what they want to know. */
  function ownWords() {
    if (!room.plays) return h("div", { hidden: true });
    /** @param {"do" | "ask"} what @param {string} label @param {string} hint @param {string} yes */
    const line = (what, label, hint, yes) => {
      const input = h("input", { type: "text", id: `own-${what}`, maxlength: 1000, "aria-describedby": `own-${what}-hint`, required: true });
      const error = h("p", { class: "error", role: "status" });
      const form = h(
        "form",
        { class: "field" },
        h("label", { for: `own-${what}` }, label),
        h("p", { class: "hint", id: `own-${what}-hint` }, hint),
        h("div", { class: "row nowrap" }, input, h("button", { class: "button", type: "submit" }, yes)),
        error,
      );
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        error.textContent = "";
        try {
          await room.send({ act: { do: what, text: input.value } });
          input.value = "";
        } catch (problem) {
          error.textContent = saysWhy(problem);
        }
      });
      return form;
    };
    return h(
      "section",
      { class: "stack", id: "own-words" },
      h("h3", {}, "In your own words"),
      line("do", "Do", "What you would do to the systems. It takes its time, and you do one thing at a time.", "Do it"),
      line("ask", "Ask", "Anything about the systems. Unexpected questions go to the facilitator.", "Ask"),
    );
  }

  /** Training shows what can be done; assessed drills do not, since a menu would contain the answer. */
  function actionList() {
    const actions = room.statics.actions;
    if (!actions || !room.plays) return h("div", { hidden: true });
    return h(
      "details",
      { open: true },
      h("summary", {}, `What can be done (${actions.length})`),
      h(
        "ul",
        { class: "actions" },
        actions.map((/** @type {any} */ action) =>
          h(
            "li",
            { class: "row nowrap" },
            h("span", { class: "grow" }, action.label, h("span", { class: "soft small" }, ` ${span(action.takes)}`)),
            h("button", { class: "button small", type: "button", "aria-label": `Do: ${action.label}`, onclick: (/** @type {Event} */ event) => void room.act({ do: "start_action", action: action.id }, /** @type {HTMLButtonElement} */ (event.currentTarget)) }, "Do it"),
          ),
        ),
      ),
    );
  }

  function drawTasks() {
    const { view } = room;
    const mine = view.tasks.filter((task) => task.to === view.me && task.done === null);
    const others = view.tasks.filter((task) => !mine.includes(task)).reverse();
    replace(
      tasks,
      h("header", { class: "side-head" }, h("h3", {}, "Tasks"), room.plays && view.phase === "respond" && h("button", { class: "button small", type: "button", data: { key: "delegate" }, onclick: () => openForm(room, "delegate") }, "Delegate")),
      view.tasks.length === 0 && h("p", { class: "soft small" }, "Nothing has been delegated."),
      h(
        "ul",
        { class: "list" },
        [...mine, ...others].map((task) =>
          h(
            "li",
            { class: "row nowrap task" },
            icon(task.done === null ? "task" : "check"),
            h("div", { class: "grow" }, h("p", { class: "said" }, task.text), h("p", { class: "small soft" }, `${nameOf(view, task.by)} to ${youOr(room, task.to)}, ${task.done === null ? "open" : `done at ${room.zone.minutes(room.wallAt(task.done))}`}`)),
            mine.includes(task) && room.plays && h("button", { class: "button small", type: "button", data: { key: `done-${task.task}` }, "aria-label": `Done: ${task.text}`, onclick: (/** @type {Event} */ event) => void room.act({ do: "done", task: task.task }, /** @type {HTMLButtonElement} */ (event.currentTarget)) }, "Done"),
          ),
        ),
      ),
    );
  }

  /** What the viewer's own looks and questions showed, latest first. */
  function drawFound() {
    const { view } = room;
    const all = view.me === null;
    const runs = view.runs.filter((run) => (all || run.by === view.me) && run.finished !== null && (run.shows || run.files.length > 0)).map((run) => ({ key: `run-${run.run}`, at: run.finished ?? 0, title: run.label, text: run.shows || "Done.", files: run.files }));
    const asked = view.questions.filter((question) => all || question.by === view.me).map((question) => ({ key: `question-${question.question}-${question.answer !== null}`, at: question.answer?.at ?? question.at, title: question.outsider ? `${outsiderName(room.view, question.outsider)}: ${question.text}` : question.text, text: question.answer?.text ?? "", files: /** @type {import("./files.js").HandedFile[]} */ ([]) }));
    const both = [...runs, ...asked].sort((one, other) => other.at - one.at);
    nothing.hidden = both.length > 0;
    // A file that somebody reads stays open.
    keyed(findings, both, ({ key }) => key, (one) => h("li", {}, h("p", { class: "small soft" }, `${room.zone.minutes(room.wallAt(one.at))} · ${one.title}`), one.text ? h("p", { class: "said" }, one.text) : h("p", { class: "soft" }, "No answer yet."), handed(room.statics.drill, one.files)));
  }

  function tick() {
    const run = busyWith(room.view, room.view.me);
    busy.hidden = !run;
    if (!run) {
      replace(busy);
      drawn = -1;
      return;
    }
    if (drawn !== run.run) {
      drawn = run.run;
      replace(busy, h("p", {}, h("strong", {}, "You are at it: "), run.label), h("progress", { class: "meter", max: run.ends - run.at, "aria-label": "How far it is" }), h("p", { class: "small soft numbers" }));
    }
    const left = Math.max(0, run.ends - room.clock.at);
    /** @type {HTMLProgressElement} */ (busy.children[1]).value = run.ends - run.at - left;
    busy.children[2].textContent = left > 0 ? `done in ${drillTime(left + 999)}` : "done in a moment";
  }

  return {
    update() {
      own.hidden = room.view.phase !== "respond" || !room.plays;
      drawTasks();
      drawFound();
      tick();
    },
    tick,
    /** The viewer's own open tasks. */
    open: () => room.view.tasks.filter((task) => task.to === room.view.me && task.done === null).length,
  };
}
