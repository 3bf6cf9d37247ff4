// The start form says what a scenario teaches, fills in a team's people, and says what does not fit together.

import { byId, dataOf, h, setText } from "./dom.js";
import "./zone.js";

/** @type {{name: string, teaches: string[], suits: string, short: boolean}[]} */
const scenarios = dataOf("scenarios-data");
/** @type {{id: string, people: string, timezone: string}[]} */
const teams = dataOf("teams-data");
const FITS = ["scenario", "team", "protocol", "rubric"];
const form = byId("new");
const choice = byId("f-scenario");
const people = byId("f-people");
const team = byId("f-team");
/** The lines that the chosen team has filled in. */
let filled = linesOf(teams.find((one) => one.id === team.value)?.people ?? "");
let asked = 0;

/** @param {string} text */
function linesOf(text) {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

/** The scenario that was chosen before anybody chose. */
const first = choice.value;
let minutesChosen = false;

function teaches() {
  const chosen = scenarios.find((scenario) => scenario.name === choice.value);
  if (byId("chosen-first")) byId("chosen-first").hidden = choice.value !== first;
  if (!minutesChosen) byId(`minutes-${chosen?.short ? "25" : "60"}`).checked = true;
  byId("teaches").replaceChildren(
    ...(chosen
      ? [chosen.suits && h("p", {}, chosen.suits), h("ul", { class: "points" }, chosen.teaches.map((each) => h("li", {}, each)))].filter(Boolean)
      : [h("p", {}, "Made up on the spot, different each time, and as new to you as to the others: you can play too.")]),
  );
}

function count() {
  const names = linesOf(people.value).map((line) => line.split(",")[0].trim()).filter(Boolean);
  setText(byId("count"), names.length === 0 ? "" : names.length === 1 ? "1 person" : `${names.length} people`);
  byId("names").replaceChildren(...names.map((name) => h("option", { value: name })));
}

/** A team's people take the places of those of the team before; whoever was typed besides stays. */
function fill() {
  const chosen = teams.find((one) => one.id === team.value);
  const typed = linesOf(people.value).filter((line) => !filled.includes(line));
  filled = linesOf(chosen?.people ?? "");
  people.value = [...filled, ...typed.filter((line) => !filled.includes(line))].join("\n");
  if (chosen?.timezone) byId("f-timezone").value = chosen.timezone;
  count();
}

/** Say at its place what does not fit together, before anybody tries to make the drill. */
async function fit() {
  const number = (asked += 1);
  const said = new URLSearchParams(FITS.map((name) => [name, byId(`f-${name}`).value]));
  said.set("people", people.value.slice(0, 4000));
  said.set("simulated", byId("f-simulated").value);
  const answer = await fetch(`/new/fit?${said}`).catch(() => undefined);
  if (!answer?.ok || number !== asked) return;
  const { errors } = await answer.json();
  for (const name of FITS) {
    const place = byId(`f-${name}-error`);
    place.hidden = !errors[name];
    setText(place, errors[name] ?? "");
    byId(`f-${name}`).toggleAttribute("aria-invalid", Boolean(errors[name]));
    place.closest(".field")?.classList.toggle("is-wrong", Boolean(errors[name]));
    if (errors[name]) place.closest("details")?.setAttribute("open", "");
  }
}

for (const one of form.elements.namedItem("minutes")) {
  if (one.checked && one.value !== "60") minutesChosen = true; // a form that came back with an error
  one.addEventListener("change", () => (minutesChosen = true));
}
choice.addEventListener("change", teaches);
people.addEventListener("input", count);
team.addEventListener("change", fill);
form.addEventListener("change", fit);
teaches();
count();
