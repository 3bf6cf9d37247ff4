// Small behaviours that several pages share: tabs, a question in a dialog, a toast, a copy button.

import { byId, h } from "./dom.js";

/**
 * Makes a tablist work by keyboard. Its tabs name their panels by aria-controls.
 * @param {HTMLElement} list
 * @param {(id: string) => void} [onShow] called with the panel's id
 * @returns {(id: string) => void} shows a panel
 */
export function tabs(list, onShow) {
  const all = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role="tab"]')]).filter((tab) => tab.getClientRects().length > 0);
  /** @param {HTMLElement} chosen @param {boolean} focus */
  const choose = (chosen, focus) => {
    for (const tab of list.querySelectorAll('[role="tab"]')) {
      const is = tab === chosen;
      tab.setAttribute("aria-selected", String(is));
      /** @type {HTMLElement} */ (tab).tabIndex = is ? 0 : -1;
      const panel = byId(tab.getAttribute("aria-controls") ?? "");
      if (panel) panel.hidden = !is;
    }
    if (focus) chosen.focus();
    onShow?.(chosen.getAttribute("aria-controls") ?? "");
  };
  list.addEventListener("click", (event) => {
    const tab = /** @type {HTMLElement} */ (event.target).closest('[role="tab"]');
    if (tab) choose(/** @type {HTMLElement} */ (tab), false);
  });
  list.addEventListener("keydown", (event) => {
    const seen = all();
    const at = seen.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: seen.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    choose(seen[(to + seen.length) % seen.length], true);
  });
  return (id) => {
    const tab = list.querySelector(`[role="tab"][aria-controls="${id}"]`);
    if (tab) choose(/** @type {HTMLElement} */ (tab), false);
  };
}

/**
 * Asks in a dialog; Escape means no.
 * @param {{title: string, text: string, yes: string, no?: string, danger?: boolean}} question
 * @returns {Promise<boolean>}
 */
export function confirm({ title, text, yes, no = "Go back", danger = false }) {
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "confirm-title" },
    h("form", { method: "dialog" },
      h("h2", { id: "confirm-title" }, title),
      h("p", { class: "soft" }, text),
      h("div", { class: "dialog-actions" },
        h("button", { class: "button", value: "no" }, no),
        h("button", { class: `button primary${danger ? " danger" : ""}`, value: "yes", autofocus: true }, yes),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      done(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}

/** Shows a toast; screen readers announce it too. @param {string} text @param {number} [ms] */
export function toast(text, ms = 5000) {
  const note = h("p", { class: "toast arrives" }, text);
  byId("toasts").append(note);
  setTimeout(() => note.remove(), ms);
}

/**
 * Copies a text; copied text always says that it is a drill.
 * @param {string} text
 */
export async function copy(text) {
  const marked = text.startsWith("DRILL: ") ? text : `DRILL: ${text}`;
  try {
    await navigator.clipboard.writeText(marked);
    toast("Copied, marked as a drill.");
  } catch {
    toast("Your browser did not let the page copy. Select the text and copy it by hand.");
  }
}

/** Makes each `[data-copy]` button under `root` copy that text, or the text of the element that `data-copy-of` names. @param {ParentNode} root */
export function copyButtons(root) {
  root.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("[data-copy], [data-copy-of]");
    if (!button) return;
    const { copy: text, copyOf } = /** @type {HTMLElement} */ (button).dataset;
    copy(text ?? byId(copyOf ?? "")?.textContent ?? "");
  });
}
