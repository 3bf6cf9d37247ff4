// Help in practice and training only: what the protocol would do next and why, and what is owed by when.

import { drillPath, getJson } from "./api.js";
import { span } from "./clock.js";
import { byId, h, replace, setText } from "./dom.js";
import { roleTitle } from "./fold.js";

/** How long after the last event, and how often at most without one, to ask again, in milliseconds. */
const AFTER = 800;
const AGAIN = 15_000;

/** @param {import("./room.js").Room} room */
export function mountCoach(room) {
  const practice = room.statics.practice;
  const training = room.statics.mode === "training";
  if (!room.plays || !(practice || training)) return { update() {}, tick() {} };

  const coach = byId("coach");
  const duties = byId("duties");
  const says = h("p", { class: "coach-says" });
  const because = h("p", { class: "small soft" });
  coach.append(h("p", { class: "eyebrow" }, "Coach"), says, because);
  coach.className = "coach";
  coach.setAttribute("role", "status");
  /** @type {any[]} */
  let owed = [];
  let timer = 0;
  let asked = 0;

  async function ask() {
    asked = performance.now();
    const told = await getJson(drillPath(room.statics.drill, "/coach")).catch(() => null);
    coach.hidden = !told?.says;
    setText(says, told?.says ?? "");
    setText(because, told?.because ?? "");
    if (!training) return;
    const found = await getJson(drillPath(room.statics.drill, "/duties")).catch(() => null);
    owed = found?.duties ?? owed;
    draw();
  }

  /** @param {any} duty */
  const isOpen = (duty) => duty.state === "open" || duty.state === "overdue";

  function draw() {
    const open = owed.filter(isOpen).sort((one, other) => (one.target_at ?? Infinity) - (other.target_at ?? Infinity));
    duties.hidden = owed.length === 0;
    replace(
      duties,
      h(
        "section",
        { class: "side-part" },
        h("h2", {}, "What the protocol asks"),
        h(
          "ul",
          { class: "duties" },
          [...open, ...owed.filter((duty) => !isOpen(duty) && duty.state !== "void")].map((duty) =>
            h("li", { class: `duty is-${duty.state}` }, h("span", { class: "duty-mark", "aria-hidden": "true" }), h("div", {}, h("p", {}, duty.title), h("p", { class: "small soft" }, [whose(duty), isOpen(duty) ? when(duty) : STATES[duty.state]].filter(Boolean).join(" · ")))),
          ),
        ),
      ),
    );
  }

  /** @param {any} duty */
  const whose = (duty) => duty.owner_title ?? roleTitle(room.view, duty.owner);

  /** @param {any} duty */
  function when(duty) {
    if (duty.target_at === null || duty.target_at === undefined) return "";
    const left = duty.target_at - room.clock.at;
    return left >= 0 ? `in ${span(left)}` : `${span(left)} late`;
  }

  return {
    update() {
      clearTimeout(timer);
      timer = setTimeout(ask, AFTER);
    },
    tick() {
      if (performance.now() - asked > AGAIN) void ask();
      else if (owed.length) draw();
    },
  };
}

/** @type {Record<string, string>} */
const STATES = { done: "done", late: "done, late" };
