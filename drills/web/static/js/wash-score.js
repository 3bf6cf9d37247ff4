// What it was worth: what held since an earlier drill, then the rating and the score, by part and by role.

import { byId, h, replace } from "./dom.js";

/** @param {number | null} score */
const whole = (score) => (score === null ? "–" : String(Math.round(score)));
/** @param {string | null} text */
const capital = (text) => (text ? text[0].toUpperCase() + text.slice(1) : "");
/** @param {number} points */
const lost = (points) => `−${points.toFixed(1)}`;

/** @param {import("./hotwash.js").Talk} talk */
export function mountScore(talk) {
  return {
    update() {
      const { wash } = talk;
      if (!wash.score) return;
      replace(byId("score"), wash.held.length > 0 && heldCards(wash.held), hero(wash.score), parts(wash.score), most(wash.score), ...(wash.score.score === null ? [] : [wash.score.mine && own(wash.score.mine), byRole(wash.score.ledger)]), downloads(wash));
    },
  };
}

/** @param {import("./hotwash.js").Wash["held"]} held */
function heldCards(held) {
  return h("ul", { class: "held-cards" }, held.map((each) =>
    h("li", { class: `held-card ${each.held ? "good" : "warn"}` },
      h("p", { class: "held-title" }, each.held ? "It held" : "It has not held yet"),
      h("p", { class: "held-text" }, each.text),
      h("p", { class: "soft small" }, `Shown by: ${each.measured_by}. ${capital(each.says)}${each.says.endsWith(".") ? "" : "."}`),
      h("dl", { class: "held-figures" }, h("div", {}, h("dt", {}, "Then"), h("dd", { class: "numbers" }, each.then)), h("div", {}, h("dt", {}, "Now"), h("dd", { class: "numbers" }, each.now))))));
}

/** @param {import("./hotwash.js").Score} score */
function hero(score) {
  return h("section", { class: "hero", "aria-labelledby": "says" },
    h("h2", { class: "hero-says", id: "says" }, capital(score.says)),
    score.score !== null && h("p", { class: "hero-score" }, h("span", { class: "numbers hero-number" }, whole(score.score)), h("span", { class: "soft" }, " of 100", score.provisional && ", until the follow-up is closed")),
    score.held_down && h("div", { class: "notice warn" }, h("p", {}, score.held_down)));
}

/** A bar that says its number too. @param {number | null} score */
const bar = (score) => h("meter", { class: "bar-meter", min: 0, max: 100, value: score ?? 0, "aria-hidden": "true" });

/** @param {import("./hotwash.js").Score} score */
function parts(score) {
  return h("section", { class: "stack", "aria-labelledby": "parts-title" },
    h("h2", { id: "parts-title" }, "By part"),
    h("ul", { class: "part-list" }, score.parts.map((part, place) =>
      h("li", { class: place < 2 ? "part main" : "part" },
        h("span", { class: "part-title" }, part.title, h("span", { class: "soft small" }, ` weighs ${part.weight}`)),
        h("span", { class: "part-score numbers" }, part.score === null ? h("span", { class: "soft small" }, "could not be judged") : whole(part.score)),
        bar(part.score)))));
}

/** @param {import("./hotwash.js").Line} line */
const ledgerLine = (line) =>
  h("li", { class: "ledger-line" },
    h("span", { class: "ledger-points numbers" }, lost(line.points)),
    h("div", {}, h("p", {}, h("strong", {}, line.title), `: ${line.why}`), line.better && h("p", { class: "soft small" }, `Better: ${line.better}`)));

/** The drill played again with one thing changed, for the few that would have changed most. @param {import("./hotwash.js").Score} score */
function most({ most: found, score }) {
  return found.length > 0 && h("section", { class: "stack", "aria-labelledby": "most-title" },
    h("h2", { id: "most-title" }, "What would have changed most"),
    h("p", { class: "soft" }, "Each was played again by itself, with everybody else doing what they did, when they did it: it can bring more or less than was lost on it."),
    h("ol", { class: "list most" }, found.map((each) =>
      h("li", { class: "ledger-line" },
        h("span", { class: "ledger-points numbers" }, `+${each.brings.toFixed(1)}`),
        h("div", {}, h("p", {}, h("strong", {}, each.title), `: ${each.why}`), h("p", { class: "soft small" }, `Better: ${each.better}`),
          h("details", {}, h("summary", {}, "What if?"), whatIf(each, score)))))));
}

/** @param {import("./hotwash.js").WhatIf} found @param {number | null} score */
function whatIf(found, score) {
  const row = (/** @type {string} */ title, /** @type {string} */ before, /** @type {string} */ after) =>
    h("tr", {}, h("th", { scope: "row" }, title), h("td", { class: "numbers" }, before), h("td", { class: "numbers" }, after));
  return h("table", { class: "what-if" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Points"), h("th", { scope: "col", class: "numbers" }, "were"), h("th", { scope: "col", class: "numbers" }, "would be"))),
    h("tbody", {}, row("Score", whole(score), whole(found.score)), found.items.map((item) => row(item.title, item.before.toFixed(1), item.after.toFixed(1)))));
}

/** @param {import("./hotwash.js").Line[]} ledger */
function byRole(ledger) {
  const owners = [...new Set(ledger.map((line) => line.owner_title))];
  if (owners.length === 0) return h("p", { class: "lead" }, "Nothing was lost.");
  return h("section", { class: "stack", "aria-labelledby": "ledger-title" },
    h("h2", { id: "ledger-title" }, "By role: what cost points, and what would have earned them"),
    h("div", { class: "owners" }, owners.map((owner) => {
      const lines = ledger.filter((line) => line.owner_title === owner);
      return h("section", { class: "panel tight" },
        h("header", {}, h("h3", {}, owner), h("span", { class: "soft numbers" }, lost(lines.reduce((sum, line) => sum + line.points, 0)))),
        h("ul", { class: "list" }, lines.map(ledgerLine)));
    })));
}

/** @param {import("./hotwash.js").Line[]} mine */
function own(mine) {
  return h("details", { class: "panel tight own" },
    h("summary", {}, h("strong", {}, "Your own ledger"), h("span", { class: "soft" }, " only you can open this")),
    mine.length > 0 ? h("ul", { class: "list" }, mine.map(ledgerLine)) : h("p", {}, "You cost the team nothing."));
}

/** @param {import("./hotwash.js").Wash} wash */
function downloads({ report, folder, record }) {
  return h("p", { class: "row" },
    report && h("a", { class: "button primary", href: report }, "Read the report"),
    record && h("a", { class: "button", href: record }, "Read and sign the record"),
    folder && h("a", { class: "button", href: folder, download: true, onclick: made }, "Download the folder"));
}

/** A folder that nobody has asked for yet is made first, which can take half a minute. @param {Event} event */
function made(event) {
  const link = /** @type {HTMLElement} */ (event.currentTarget);
  if (link.dataset.asked) return;
  link.dataset.asked = "yes";
  link.after(h("span", { class: "soft small", role: "status" }, "The folder is being made, with its charts; the download begins by itself, within half a minute."));
}
