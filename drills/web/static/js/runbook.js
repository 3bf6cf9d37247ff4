// Runbooks: procedures step by step, who did which, and a way to say that a step is wrong.

import { byId, h, icon, replace } from "./dom.js";
import { nameOf } from "./fold.js";
import { openDialog, saysWhy } from "./forms.js";

/** @param {import("./room.js").Room} room */
export function mountRunbooks(room) {
  const panel = byId("panel-runbooks");
  /** @type {{path: string, element: HTMLElement, progress: HTMLElement, steps: {box: HTMLInputElement, by: HTMLElement, flags: HTMLElement}[]}[]} */
  const procedures = [];
  panel.append(h("h2", { class: "visually-hidden" }, "Runbooks"), room.statics.runbooks.map(bookElement).reduce(fragment, document.createDocumentFragment()));
  if (room.statics.runbooks.length === 0) panel.append(h("p", { class: "empty" }, "This drill has no runbook."));

  /** @param {DocumentFragment} all @param {Node} one */
  function fragment(all, one) {
    all.append(one);
    return all;
  }

  /** @param {any} book */
  function bookElement(book) {
    return h(
      "section",
      { class: "runbook stack tight" },
      h("h3", {}, book.title),
      h("p", { class: "small soft" }, inCode(book.about)),
      book.procedures.map((/** @type {any} */ one) => procedureElement(`${book.id}/${one.id}`, one)),
    );
  }

  /** @param {string} path @param {any} procedure */
  function procedureElement(path, procedure) {
    const progress = h("span", { class: "small soft numbers" });
    const steps = procedure.steps.map((/** @type {any} */ step, /** @type {number} */ place) => stepElement(path, procedure, step, place + 1));
    const element = h(
      "details",
      { class: "procedure" },
      h("summary", {}, h("span", { class: "procedure-title" }, procedure.title), " ", progress),
      h("p", { class: "small soft" }, inCode(procedure.when)),
      realPage(procedure.link),
      h("ol", { class: "steps" }, steps.map((/** @type {any} */ one) => one.element)),
    );
    procedures.push({ path, element, progress, steps });
    return element;
  }

  /** @param {string} path @param {any} procedure @param {any} step @param {number} number */
  function stepElement(path, procedure, step, number) {
    const id = `step-${path.replace("/", "-")}-${number}`;
    const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", id, disabled: !room.plays }));
    box.addEventListener("change", async () => {
      const done = await room.act({ do: "step", procedure: path, step: number });
      if (!done) box.checked = false;
    });
    const by = h("span", { class: "small good" });
    const flags = h("ul", { class: "flags small" });
    const wrong = h("button", { class: "button small quiet", type: "button", "aria-label": `Step ${number} of ${procedure.title} is wrong`, onclick: () => openFlag(path, procedure, number) }, icon("flag"), "Wrong or out of date");
    const element = h(
      "li",
      { class: "step" },
      h("label", { class: "step-do", for: id }, box, h("span", {}, inCode(step.do))),
      h(
        "div",
        { class: "step-more small" },
        step.expect && h("p", {}, h("span", { class: "soft" }, "You see: "), inCode(step.expect)),
        step.otherwise && h("p", {}, h("span", { class: "soft" }, "Otherwise: "), inCode(step.otherwise)),
        realPage(step.link),
        flags,
        h("div", { class: "row" }, by, room.plays && wrong),
      ),
    );
    return { element, box, by, flags };
  }

  /** @param {string} path @param {any} procedure @param {number} number */
  function openFlag(path, procedure, number) {
    const text = h("textarea", { rows: 3, required: true, id: "flag-text" });
    const error = h("p", { class: "error", role: "alert" });
    const form = h(
      "form",
      { class: "stack" },
      h("h2", {}, `Step ${number} of “${procedure.title}”`),
      h("div", { class: "field" }, h("label", { for: "flag-text" }, "What is wrong with it?"), h("p", { class: "hint" }, "It becomes a corrective action; you can go on at once."), text),
      error,
      h("div", { class: "dialog-actions" }, h("button", { class: "button", type: "button", onclick: () => dialog.close() }, "Cancel"), h("button", { class: "button primary", type: "submit" }, "Mark it")),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await room.send({ act: { do: "flag_step", procedure: path, step: number, text: text.value } });
        dialog.close();
      } catch (problem) {
        error.textContent = saysWhy(problem);
      }
    });
    const dialog = openDialog("Mark a step as wrong", [form]);
  }

  return {
    update() {
      const { view } = room;
      const respond = view.phase === "respond";
      for (const { path, progress, steps } of procedures) {
        const done = view.steps[path] ?? {};
        const count = Object.keys(done).length;
        progress.textContent = count ? `${count} of ${steps.length} done` : `${steps.length} steps`;
        steps.forEach(({ box, by, flags }, place) => {
          const step = done[place + 1];
          box.checked = Boolean(step);
          box.disabled = Boolean(step) || !room.plays || !respond;
          by.textContent = step ? `${nameOf(view, step.by)}, ${room.zone.minutes(room.wallAt(step.at))}` : "";
          const marked = view.flags.filter((flag) => flag.procedure === path && flag.step === place + 1);
          replace(flags, marked.map((flag) => h("li", { class: "warn" }, `${nameOf(view, flag.by)}: ${flag.text}`)));
        });
      }
    },
  };
}

/** Text with what stands in backticks as code. @param {string} text */
export function inCode(text) {
  return text.split("`").map((part, place) => (place % 2 ? h("code", {}, part) : part));
}

/** The company's own page for it; only an address on the web becomes a link. @param {string | null} link */
function realPage(link) {
  if (!link || !/^https?:\/\//.test(link)) return link ? h("p", { class: "small soft" }, link) : null;
  return h("p", { class: "small" }, h("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, "The real page for this"));
}
