// Who does not play, and what they do: the people they watch should know.

import { h } from "./dom.js";

/** @typedef {{seat: string, name: string}} Staff */

/** @type {Record<string, string>} */
const SEATS = { facilitator: "runs the drill", evaluator: "sees all and rates", observer: "watches the channel" };

/** @param {Staff[]} staff */
export function staffLines(staff) {
  return staff.map(({ seat, name }) => h("li", {}, h("strong", {}, name), h("span", { class: "soft" }, ` ${SEATS[seat]}`)));
}

/** @param {Staff[]} staff */
export function staffList(staff) {
  return staff.length > 0 && h("ul", { class: "staff small", "aria-label": "Who does not play" }, staffLines(staff));
}
