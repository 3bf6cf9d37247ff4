// An author's page: shows what changes when the file is saved, and when a play has come further.

import { getJson, Refused } from "./api.js";
import { byId, setText } from "./dom.js";

/** How long to wait before asking again after something went wrong, in milliseconds: at first, and at most. */
const SOON = 1000;
const LATE = 15_000;

const page = byId("author");
const { name } = page.dataset;

/**
 * Puts a part of the page in place of the old one; what was unfolded or scrolled stays so, and keeps the focus.
 * @param {HTMLElement} region
 * @param {string} html made by our own templates, in which whatever an author wrote is text
 */
function put(region, html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  const held = /** @type {HTMLElement | null} */ (document.activeElement);
  for (const old of /** @type {NodeListOf<HTMLElement>} */ (region.querySelectorAll("[data-key]"))) {
    const fresh = /** @type {HTMLElement | null} */ (made.content.querySelector(`[data-key="${CSS.escape(old.dataset.key ?? "")}"]`));
    if (!fresh) continue;
    if (old instanceof HTMLDetailsElement) /** @type {HTMLDetailsElement} */ (fresh).open = old.open;
    queueMicrotask(() => {
      fresh.scrollLeft = old.scrollLeft;
      if (old === held) fresh.focus();
      else if (held && old.contains(held)) fresh.querySelector("summary")?.focus();
    });
  }
  region.replaceChildren(made.content);
}

/** @param {Record<string, string>} regions */
function show(regions) {
  for (const [part, html] of Object.entries(regions)) {
    const region = byId(`region-${part}`);
    if (region.dataset.shown !== html) put(region, html);
    region.dataset.shown = html;
  }
  const errors = page.querySelectorAll('[data-gravity="error"]').length;
  const warnings = page.querySelectorAll('[data-gravity="warning"]').length;
  const play = byId("playing") ? "Playing it." : "";
  setText(byId("says"), `${counted(errors, "error")}, ${counted(warnings, "warning")}. ${play}`.trim());
}

/** @param {number} number @param {string} what */
const counted = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;

async function follow() {
  for (let wait = SOON; ; ) {
    try {
      const told = await getJson(`/author/${encodeURIComponent(name)}/news?seen=${page.dataset.seen}`);
      wait = SOON;
      if (told.seen === page.dataset.seen) continue;
      page.dataset.seen = told.seen;
      setText(byId("title"), told.title);
      show(told.regions);
    } catch (problem) {
      setText(byId("says"), problem instanceof Refused ? problem.message : "The server can't be reached; trying again.");
      if (problem instanceof Refused) return;
      await new Promise((done) => setTimeout(done, wait));
      wait = Math.min(LATE, wait * 2);
    }
  }
}

show({});
follow();
