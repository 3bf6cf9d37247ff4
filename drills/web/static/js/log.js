// Entries of the log as elements. See css/base.css, "log entries".

import { drillTime } from "./clock.js";
import { h, icon } from "./dom.js";
import { entryOf } from "./entries.js";
import { handed } from "./files.js";

/**
 * The element of an event, or null if the log does not show it.
 * @param {import("./fold.js").View} view
 * @param {any} event
 * @param {import("./clock.js").TimeOfDay} zone
 * @param {...import("./dom.js").Child} more what goes below the words, such as a button
 * @returns {HTMLLIElement | null}
 */
export function entryElement(view, event, zone, ...more) {
  const entry = entryOf(view, event);
  if (entry === null) return null;
  const said = event.said !== undefined && event.said !== null ? " · said aloud" : "";
  const line = entry.shape === "line";
  return h(
    "li",
    { class: `entry ${entry.shape}`, data: { seq: event.seq, kind: event.kind } },
    h("time", { datetime: event.wall, title: `Drill time ${drillTime(event.at)}` }, zone.seconds(event.wall)),
    h("span", { class: "entry-mark" }, icon(entry.icon)),
    h(
      "div",
      { class: "entry-body" },
      line
        ? h("p", { class: "entry-text" }, entry.who && h("span", { class: "entry-who" }, entry.who), entry.who && " ", entry.text, said && h("span", { class: "soft" }, said))
        : [
            h("p", { class: "entry-head" }, entry.who && h("span", { class: "entry-who" }, entry.who), entry.label && h("span", { class: "entry-kind" }, entry.label + said)),
            h("p", { class: "entry-text" }, entry.text),
          ],
      handed(view.statics.drill, event.files),
      ...more,
    ),
  );
}
