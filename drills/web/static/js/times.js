// Instants in a page as people there write them.

import { setText } from "./dom.js";

for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(/** @type {HTMLTimeElement} */ (time).dateTime);
  const today = at.toDateString() === new Date().toDateString();
  setText(time, at.toLocaleString([], today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" }));
}
