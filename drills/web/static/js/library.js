// Filters the library by words, length and difficulty.

import { byId, setText } from "./dom.js";

for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(/** @type {HTMLTimeElement} */ (time).dateTime);
  const today = at.toDateString() === new Date().toDateString();
  setText(time, at.toLocaleString([], today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" }));
}

const form = byId("filter");
const cards = /** @type {HTMLElement[]} */ ([...byId("scenarios").children]);
const texts = cards.map((card) => `${card.textContent} ${card.dataset.tags}`.toLowerCase());

/** @param {HTMLElement} card @param {string} text @param {FormData} wish @param {string[]} words */
function fits(card, text, wish, words) {
  for (const trait of ["length", "difficulty"]) if (wish.get(trait) && wish.get(trait) !== card.dataset[trait]) return false;
  return words.every((word) => text.includes(word));
}

function filter() {
  const wish = new FormData(form);
  const words = byId("words").value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  cards.forEach((card, place) => {
    card.hidden = !fits(card, texts[place], wish, words);
    if (!card.hidden) found += 1;
  });
  byId("none").hidden = found > 0;
  setText(byId("found"), found === cards.length ? "" : `${found} of ${cards.length}`);
}

form.addEventListener("input", filter);
form.addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
byId("all").addEventListener("click", () => {
  form.reset();
  filter();
  byId("words").focus();
});
filter(); // on going back, a browser keeps what was typed
