// The warm-up: four moves on a toy incident. Nothing leaves the browser or is kept.

import { span } from "./clock.js";
import { byId, h, icon, replace } from "./dom.js";

/** @typedef {{began: number, took: number, role: string, entries: {text: string, logged: boolean}[], message: string, next: number}} Toy */

const STEPS = ["Answer", "Role", "Post", "Publish"];
const NEXT = [[0, "don’t say"], [10, "in 10 minutes"], [20, "in 20 minutes"]];

const place = byId("warm-up");
const titles = [...document.querySelectorAll(".duties dt")].map((each) => each.textContent ?? "");
/** @type {Toy} */
let toy;

const soon = (/** @type {number} */ minutes) =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(Date.now() + minutes * 60_000);

/**
 * Shows a step: its number, what it is about, and the controls. Focus goes to the words, so that they are read out.
 * @param {number} at from 0; the number of steps when all are done
 * @param {string} title
 * @param {...import("./dom.js").Child} content
 */
function stage(at, title, ...content) {
  const heading = h("h3", { tabindex: "-1" }, title);
  replace(
    place,
    h("div", { class: "stack warm" },
      h("ol", { class: "warm-steps" }, STEPS.map((step, number) =>
        h("li", { data: { state: number < at ? "done" : number === at ? "now" : "next" }, "aria-current": number === at && "step" },
          step, number < at && h("span", { class: "visually-hidden" }, ", done")))),
      h("div", { class: "warm-stage arrives" }, heading, content),
    ),
  );
  heading.focus({ preventScroll: true });
}

/** @param {string} text @param {() => void} act */
const button = (text, act) => h("button", { class: "button primary", type: "button", onclick: act }, text);

function acknowledge() {
  toy = { began: performance.now(), took: 0, role: "", entries: [], message: "", next: 0 };
  stage(0, "An alert reaches you",
    h("div", { class: "warm-card stack tight" },
      h("p", { class: "row" }, h("span", { class: "sev", "data-level": "1" }, "Severity 1"), h("strong", {}, "coffee machine, third floor")),
      h("p", {}, "It pours tea. Everybody is affected."),
      h("p", {}, button("Acknowledge", () => {
        toy.took = performance.now() - toy.began;
        role();
      })),
    ),
    h("p", { class: "soft" }, "One tap says that you have seen it. In a drill your minute runs from when it reached you."));
}

function role() {
  stage(1, `Seen after ${span(toy.took)}. Who are you in this?`,
    h("p", { class: "soft" }, "Take what is open and say so; others see it at once. You can hand it over later."),
    h("div", { class: "row" }, titles.map((title) => h("button", { class: "button", type: "button", onclick: () => {
      toy.role = title;
      toy.entries = [{ text: `You are now ${title}`, logged: false }];
      post();
    } }, title))));
}

function log() {
  return h("ul", { class: "warm-log" }, toy.entries.map(({ text, logged }) =>
    h("li", { class: "row nowrap" }, icon(logged ? "log" : "chat"), logged && h("span", { class: "badge solid" }, "Log"), h("span", { class: "said" }, text))));
}

function post() {
  const words = h("input", { id: "warm-words", autocomplete: "off", placeholder: "/log pulled the plug, counted to ten", maxlength: 200, required: true });
  stage(2, "Say it in the channel",
    log(),
    h("form", { class: "stack tight", onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      const text = words.value.trim();
      if (!text) return;
      const logged = text.startsWith("/log ");
      toy.entries.push({ text: logged ? text.slice(5) : text, logged });
      publish(logged);
    } },
      h("label", { for: "warm-words", class: "field-label" }, "Your message"),
      h("div", { class: "row nowrap" }, words, h("button", { class: "button primary" }, "Post")),
      h("p", { class: "hint" }, "Plain words are talk. Begin with ", h("kbd", {}, "/log"), " when something has been done: that is what the papers are made of.")));
}

/** @param {boolean} logged */
function publish(logged) {
  const words = h("textarea", { id: "warm-message", rows: 2, maxlength: 400, required: true, placeholder: "Coffee on the third floor is tea at the moment. We are on it." });
  const next = h("select", { id: "warm-next" }, NEXT.map(([minutes, says]) => h("option", { value: minutes }, says)));
  stage(3, logged ? "Logged. Now tell the thirsty" : "Posted. Now tell the thirsty",
    log(),
    h("form", { class: "stack tight", onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      if (!words.value.trim()) return;
      toy.message = words.value.trim();
      toy.next = Number(next.value);
      done();
    } },
      h("label", { for: "warm-message", class: "field-label" }, "What they should know"),
      words,
      h("div", { class: "row" }, h("label", { for: "warm-next" }, "Next word"), h("div", {}, next), h("button", { class: "button primary" }, "Publish"))));
}

function done() {
  const when = toy.next ? soon(toy.next) : "";
  stage(STEPS.length, "That is all you need",
    h("div", { class: "status-page" },
      h("header", {}, h("span", {}, "Coffee status"), h("span", { class: "badge warn" }, "Degraded: tea")),
      h("div", { class: "stack tight" }, h("p", { class: "said" }, toy.message), when && h("p", { class: "soft small" }, `We write again at ${when}.`))),
    h("div", { class: "warm-log" },
      h("p", { class: "row" }, icon("customer"), h("strong", {}, "Third floor")),
      h("p", {}, when ? `Thank you. We will drink tea until ${when}.` : "Thanks, but when do we hear from you again?")),
    h("p", { class: "soft" }, when
      ? "Customers answer what you publish: named times calm them, and must be kept."
      : "Customers answer what you publish. This one had no time to wait for: name one next time."),
    h("div", { class: "row" }, h("button", { class: "button", type: "button", onclick: acknowledge }, "Once more"), h("span", { class: "soft small" }, "None of it was kept.")));
}

byId("warm-begin").addEventListener("click", acknowledge);
