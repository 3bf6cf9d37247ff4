// What happened: the guesses, the true moment that slides in, and the log walked second by second.

import { drillTime, span } from "./clock.js";
import { byId, h, icon, replace, setText } from "./dom.js";
import { entryOf } from "./entries.js";
import { nameOf } from "./fold.js";
import { reading } from "./graph.js";
import { valueAt } from "./timeline.js";
import { at, lanes, share, stack } from "./wash-strip.js";

const TRUTHS = /** @type {const} */ ([
  { key: "heard", title: "Customers first heard", never: "Customers never heard from you" },
  { key: "command", title: "Somebody was in command", never: "Nobody was ever in command" },
]);
/** A guess this close counts as known, in milliseconds. */
const NEAR = 30_000;
/** How long it takes to play a whole drill, in milliseconds. */
const PLAYS = 45_000;
/** How long the dots are shown before each truth comes, in milliseconds. */
const SUSPENSE = 1000;
/** How long a truth slides, in milliseconds; css/hotwash.css says the same. */
const SLIDE = 1600;

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {number[]} numbers in order */
const middle = (numbers) => numbers[Math.floor((numbers.length - 1) / 2)];

/**
 * @param {import("./hotwash.js").Talk} talk
 * @param {import("./fold.js").View} view the whole drill
 * @param {import("./timeline.js").Timeline} timeline its course
 */
export function mountReveal(talk, view, timeline) {
  const { zone } = talk;
  const made = lanes(timeline, zone);
  const slider = h("input", { type: "range", class: "time-range", min: 0, max: timeline.end, step: 1000, value: 0, "aria-label": "The moment of the drill" });
  const needleTime = h("span", { class: "needle-time numbers" });
  const needle = h("div", { class: "needle", "aria-hidden": "true" }, needleTime);
  const pins = h("div", { class: "pins", "aria-hidden": "true" });
  /** @type {Map<"heard" | "command", {body: HTMLElement, truth: HTMLElement, verdict: HTMLElement}>} */
  const guessed = new Map();
  let moment = 0;
  let playing = 0;

  for (const { key, title } of TRUTHS) {
    const body = h("div", { class: "guess-body" });
    const truth = h("div", { class: "truth" }, h("span", { class: "truth-flag numbers" }));
    const verdict = h("div", { class: "verdict" });
    guessed.set(key, { body, truth, verdict });
    byId("verdicts").append(verdict);
    byId("strip").append(h("div", { class: "lane guesses" }, h("p", { class: "lane-title" }, h("span", {}, title)), h("div", { class: "lane-body" }, body, truth)));
  }
  const walked = h("div", { class: "walked" }, [made.signal, made.waiting, made.command, made.open, made.log].flatMap((each) => (each ? [each.element] : [])), needle);
  byId("strip").append(walked, h("div", { class: "slider-row" }, pins, slider), made.axis);

  // -- one moment -----------------------------------------------------------------------------------------------------

  const panel = {
    time: h("p", { class: "moment-time numbers" }),
    since: h("p", { class: "soft" }),
    facts: h("dl", { class: "moment-facts" }),
    entry: h("div", { class: "moment-entry" }),
  };
  byId("moment").append(h("div", {}, panel.time, panel.since), panel.facts, h("h2", { class: "field-label moment-label" }, "Last thing in the log"), panel.entry);

  /** @param {string} name @param {string} value @param {string} [tone] */
  const fact = (name, value, tone = "") => h("div", {}, h("dt", {}, name), h("dd", { class: tone }, value));

  /** Shows a moment. @param {number} when */
  const walk = (when) => {
    moment = Math.min(Math.max(0, when), timeline.end);
    slider.value = String(moment);
    at(needle, share(timeline, moment));
    needle.classList.toggle("is-right", share(timeline, moment) > 85);
    const clock = zone.seconds(timeline.instant(moment));
    setText(needleTime, drillTime(moment));
    setText(panel.time, clock);
    setText(panel.since, moment < timeline.reported ? "before the report" : `${drillTime(moment - timeline.reported)} after the report`);
    const leads = timeline.commander(moment);
    const open = valueAt(timeline.open, moment) ?? 0;
    const waits = valueAt(timeline.waiting, moment);
    const shows = valueAt(timeline.course, moment);
    if (made.signal && shows !== null) setText(made.signal.value, reading(shows, timeline.signal.unit));
    if (made.waiting && waits !== null) setText(made.waiting.value, Math.round(waits).toLocaleString("en"));
    setText(made.open.value, String(open));
    setText(made.command.value, leads ? nameOf(view, leads) : "nobody");
    replace(panel.facts,
      fact("In command", leads ? nameOf(view, leads) : "Nobody", leads ? "" : "bad"),
      made.signal && shows !== null && fact(timeline.signal.title, reading(shows, timeline.signal.unit)),
      waits !== null && fact("Customers waiting", Math.round(waits).toLocaleString("en")),
      fact("Messages unanswered", String(open), open ? "warn" : ""));
    showEntry(panel.entry, view, zone, timeline.entry(moment));
    slider.setAttribute("aria-valuetext", `${clock}. ${leads ? `${nameOf(view, leads)} in command` : "Nobody in command"}, ${open} messages unanswered.`);
    for (const chip of byId("moments").querySelectorAll("button")) chip.setAttribute("aria-pressed", String(Number(chip.dataset.at) === moment));
  };

  const stop = () => {
    cancelAnimationFrame(playing);
    playing = 0;
    setText(byId("play"), "Play");
  };
  const play = () => {
    setText(byId("play"), "Pause");
    const from = moment >= timeline.end ? 0 : moment;
    const began = performance.now();
    /** @param {number} now */
    const frame = (now) => {
      const when = from + ((now - began) / PLAYS) * timeline.end;
      walk(calm() ? Math.floor(when / 15_000) * 15_000 : when);
      if (when >= timeline.end) stop();
      else playing = requestAnimationFrame(frame);
    };
    playing = requestAnimationFrame(frame);
  };
  /** @param {number} when */
  const go = (when) => {
    stop();
    walk(when);
  };

  slider.addEventListener("input", () => go(Number(slider.value)));
  byId("play").addEventListener("click", () => (playing ? stop() : play()));
  byId("earlier").addEventListener("click", () => go(timeline.neighbour(moment, -1)?.at ?? 0));
  byId("later").addEventListener("click", () => go(timeline.neighbour(moment, 1)?.at ?? timeline.end));
  /** @param {PointerEvent} event */
  const drag = (event) => {
    if (event.buttons !== 1) return;
    const box = walked.getBoundingClientRect();
    go(Math.round((((event.clientX - box.left) / box.width) * timeline.end) / 1000) * 1000);
  };
  walked.addEventListener("pointerdown", drag);
  walked.addEventListener("pointermove", drag);

  // -- guesses and the truth ------------------------------------------------------------------------------------------

  /** What was guessed, without those who thought that it never happened. @param {"heard" | "command"} key */
  const guesses = (key) => /** @type {number[]} */ (talk.wash.guesses.map((guess) => guess[key]).filter((guess) => guess !== null));

  const placeDots = () => {
    for (const [key, { body }] of guessed) {
      const { dots, rows } = stack(timeline, guesses(key), talk.wash.mine?.[key] ?? null, body.clientWidth);
      body.style.setProperty("--rows", String(rows));
      body.replaceChildren(...dots);
    }
  };

  /** @param {"heard" | "command"} key */
  const mark = (key) => {
    const { truth } = /** @type {any} */ (guessed.get(key));
    const when = talk.wash.truth[key];
    truth.hidden = when === null;
    if (when === null) return;
    at(truth, share(timeline, when));
    truth.classList.toggle("is-right", share(timeline, when) > 80);
    truth.classList.add("is-shown");
  };

  /** @param {"heard" | "command"} key @param {string} never */
  const judge = (key, never) => {
    const { truth, verdict } = /** @type {any} */ (guessed.get(key));
    const all = guesses(key);
    const when = talk.wash.truth[key];
    if (when !== null) setText(truth.firstElementChild, zone.seconds(timeline.instant(when)));
    replace(verdict, verdictOf(talk, timeline, key, all, talk.wash.guesses.length - all.length, never));
  };

  /** Everything at once, for people who come later or want no motion. */
  const settle = () => {
    for (const { key, never } of TRUTHS) {
      mark(key);
      judge(key, never);
    }
    byId("screen-reveal").classList.remove("is-waiting");
  };

  /** One truth after the other slides in for everybody to see; the walk, which would give it away, comes last. */
  const slideIn = () => {
    byId("screen-reveal").classList.add("is-waiting");
    TRUTHS.forEach(({ key, never }, place) => {
      const { truth, verdict } = /** @type {any} */ (guessed.get(key));
      truth.classList.remove("is-shown");
      at(truth, 0);
      setText(truth.firstElementChild, "");
      verdict.replaceChildren();
      setTimeout(mark, place * (SUSPENSE + SLIDE) + SUSPENSE, key);
      setTimeout(judge, (place + 1) * (SUSPENSE + SLIDE), key, never);
    });
    setTimeout(settle, TRUTHS.length * (SUSPENSE + SLIDE) + SUSPENSE);
  };

  // How many dots fit beside each other depends on the width, and a hidden element has none.
  new ResizeObserver(() => byId("strip").clientWidth > 0 && placeDots()).observe(byId("strip"));

  /** @type {import("./hotwash.js").Screen | null} */
  let last = null;
  return {
    /** @param {{moved: boolean}} how */
    update({ moved }) {
      const { screen, moments } = talk.wash;
      if (screen === "reveal" && last !== "reveal") {
        replace(byId("moments"), moments.map(({ at: when, title, text }, place) =>
          h("li", {}, h("button", { class: "moment-chip", type: "button", "aria-pressed": "false", data: { at: when, key: when }, onclick: () => go(when) },
            h("span", { class: "moment-number", "aria-hidden": "true" }, place + 1),
            h("span", {}, h("strong", {}, title), h("span", { class: "soft numbers" }, ` ${zone.minutes(timeline.instant(when))}`), h("span", { class: "moment-text" }, text))))));
        replace(pins, moments.map(({ at: when }, place) => at(h("span", { class: "pin" }, place + 1), share(timeline, when))));
        placeDots();
        if (moved && !calm()) slideIn();
        else settle();
        walk(moments[0]?.at ?? 0);
      }
      if (screen !== "reveal") stop();
      last = screen;
    },
  };
}

/**
 * What was true, and how close the guesses came.
 * @param {import("./hotwash.js").Talk} talk
 * @param {import("./timeline.js").Timeline} timeline
 * @param {"heard" | "command"} key
 * @param {number[]} guesses
 * @param {number} nevers how many thought it never happened
 * @param {string} never what to say if it never did
 */
function verdictOf({ wash, zone }, timeline, key, guesses, nevers, never) {
  const when = wash.truth[key];
  const title = TRUTHS.find((each) => each.key === key)?.title;
  if (when === null) return [h("p", { class: "soft" }, title), h("p", { class: "verdict-time" }, "Never"), h("p", { class: "soft" }, `${never}. ${nevers ? `${nevers} of you knew.` : ""}`)];
  const median = middle([...guesses].sort((one, other) => one - other));
  const off = median === undefined ? null : median - when;
  const says = off === null ? ""
    : Math.abs(off) <= NEAR ? "You knew: the middle guess is within half a minute."
      : `You remembered it ${span(off)} ${off < 0 ? "too early" : "too late"}: the middle guess was ${zone.seconds(timeline.instant(median))}.`;
  return [
    h("p", { class: "soft" }, title),
    h("p", { class: "verdict-time numbers" }, `${drillTime(when - timeline.reported)}`, h("span", { class: "verdict-clock soft" }, ` after the report, at ${zone.seconds(timeline.instant(when))}`)),
    h("p", {}, says, nevers > 0 && ` ${nevers} thought it never happened.`),
  ];
}

/** @param {HTMLElement} place @param {import("./fold.js").View} view @param {import("./clock.js").TimeOfDay} zone @param {any} event */
function showEntry(place, view, zone, event) {
  if (place.dataset.seq === String(event?.seq)) return;
  place.dataset.seq = String(event?.seq);
  const entry = event && entryOf(view, event);
  if (!entry) {
    replace(place, h("p", { class: "soft" }, "Nothing yet."));
    return;
  }
  replace(place,
    h("p", { class: "entry-head" }, icon(entry.icon), h("span", { class: "entry-who" }, entry.who), h("span", { class: "entry-kind" }, entry.shape === "line" ? "" : entry.label), h("time", { class: "soft small" }, zone.seconds(event.wall))),
    h("p", { class: "entry-text" }, entry.text));
}
