// The start form says what a scenario teaches, counts the people, and offers their names.

import { byId, dataOf, h, setText } from "./dom.js";
import "./zone.js";

/** @type {{name: string, teaches: string[], suits: string}[]} */
const scenarios = dataOf("scenarios-data");
const choice = byId("f-scenario");
const people = byId("f-people");

function teaches() {
  const chosen = scenarios.find((scenario) => scenario.name === choice.value);
  byId("teaches").replaceChildren(
    ...(chosen
      ? [chosen.suits && h("p", {}, chosen.suits), h("ul", { class: "points" }, chosen.teaches.map((each) => h("li", {}, each)))].filter(Boolean)
      : [h("p", {}, "Made up on the spot, different each time, and as new to you as to the others: you can play too.")]),
  );
}

function count() {
  const names = people.value.split("\n").map((/** @type {string} */ line) => line.split(",")[0].trim()).filter(Boolean);
  setText(byId("count"), names.length === 0 ? "" : names.length === 1 ? "1 person" : `${names.length} people`);
  byId("names").replaceChildren(...names.map((/** @type {string} */ name) => h("option", { value: name })));
}

choice.addEventListener("change", teaches);
people.addEventListener("input", count);
teaches();
count();
