// The Communications desk: customers on one side, what they read on the other, and the commander's approval in between.

import { drillPath, postJson } from "./api.js";
import { span } from "./clock.js";
import { byId, h, replace, setText } from "./dom.js";
import { approvedDraft, commander, holders, holds, inboxOf, nameOf, promised, roleTitle, waitingDraft } from "./fold.js";
import { attempt } from "./forms.js";
import { LineGraph } from "./graph.js";
import { mountInbox } from "./inbox.js";
import { WAITING, trendOf, waiting } from "./signals.js";
import { copy } from "./ui.js";

/** How long the writer must pause before advice is asked for, in milliseconds. */
const REST = 700;
const MINUTE = 60_000;
const PROMISES = [
  { value: String(20 * MINUTE), text: "in 20 minutes" },
  { value: String(10 * MINUTE), text: "in 10 minutes" },
  { value: String(15 * MINUTE), text: "in 15 minutes" },
  { value: String(30 * MINUTE), text: "in 30 minutes" },
  { value: String(60 * MINUTE), text: "in an hour" },
  { value: "0", text: "this is the last one" },
  { value: "", text: "no time named" },
];

/** @param {import("./room.js").Room} room */
export function mountDesk(room) {
  const kept = `drillroom-draft-${room.statics.drill}`;
  const number = h("span", { class: "figure huge numbers" });
  const trend = h("span", { class: "soft" });
  const course = h("div", { class: "desk-course" });
  const next = h("p", { class: "desk-next" });
  const figures = h("div", { class: "desk-waiting" }, h("p", {}, number, " ", h("span", {}, "customers waiting"), " ", trend), course);
  const head = h("div", { class: "desk-head" }, figures, next);
  /** @type {LineGraph | null} */
  let graph = null;
  /** The course that it shows; another one comes once, with the role. @type {[number, number][] | null} */
  let drawn = null;

  const text = /** @type {HTMLTextAreaElement} */ (h("textarea", { id: "desk-text", rows: 5, maxlength: 4000, "aria-describedby": "desk-advice", value: read(kept) }));
  const promise = /** @type {HTMLSelectElement} */ (h("select", { id: "desk-next" }, PROMISES.map((one) => h("option", { value: one.value }, one.text))));
  const advice = h("ul", { class: "advice small", id: "desk-advice", "aria-live": "polite" });
  const error = h("p", { class: "error", role: "status" });
  const state = h("p", { class: "small", role: "status" });
  const ask = h("button", { class: "button", type: "button" }, "Send for approval");
  const way = h("select", { "aria-label": "How it reaches customers" }, h("option", { value: "email" }, "By e-mail"), h("option", { value: "social_media" }, "By social media"));
  const publish = h("button", { class: "button primary", type: "button" }, "Publish");
  const form = h(
    "form",
    { class: "desk-draft stack" },
    h("h3", {}, "Message to customers"),
    h("div", { class: "field" }, h("label", { for: "desk-text" }, "What they will read"), text),
    h("div", { class: "field" }, h("label", { for: "desk-next" }, "The next message comes"), promise),
    h("div", {}, state, error),
    h("div", { class: "row" }, ask, way, publish),
    h("div", {}, h("h4", { class: "small soft" }, "Advice, without points"), advice),
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  const page = h("div", { class: "page-entries" });
  const preview = h(
    "article",
    { class: "status-page", "aria-labelledby": "status-page-title" },
    h("p", { class: "status-page-drill" }, "DRILL. Nothing here is real."),
    h("header", {}, h("h3", { id: "status-page-title" }, `${room.statics.company || "Company"} status`), h("p", { class: "status-page-state" })),
    page,
    h("footer", {}, h("button", { class: "button small quiet", type: "button", onclick: () => copy(lastWords()) }, "Copy the last message")),
  );
  const mails = h("div", { class: "desk-inbox" });
  byId("panel-customers").append(h("h2", { class: "visually-hidden" }, "The Communications desk"), head, h("div", { class: "desk-grid" }, form, preview), mails);
  const inbox = mountInbox(room, mails);

  let timer = 0;
  let asked = 0;
  /** Whether the words had been approved when advice was asked for. */
  let advised = false;
  text.addEventListener("input", () => {
    keep(kept, text.value);
    later();
    render();
  });
  promise.addEventListener("change", () => {
    later();
    render();
  });
  ask.addEventListener("click", () => act(ask, { do: "draft", text: text.value }));
  publish.addEventListener("click", async () => {
    const done = await act(publish, { do: "publish", text: text.value, ...(room.view.down.includes("status_page") ? { by: way.value } : {}), ...(promise.value === "" ? {} : { next_in: Number(promise.value) }) });
    if (!done) return;
    text.value = "";
    keep(kept, "");
    replace(advice);
    render();
  });

  const lastWords = () => room.view.published.at(-1)?.text ?? text.value;

  /** @param {HTMLButtonElement} button @param {Server.Act} what */
  const act = (button, what) => attempt(room, what, button, error);

  function later() {
    clearTimeout(timer);
    timer = setTimeout(advise, REST);
  }

  async function advise() {
    const mine = (asked += 1);
    if (!text.value.trim() || !room.plays) {
      replace(advice);
      return;
    }
    const found = await postJson(drillPath(room.statics.drill, "/advice"), { text: text.value, next_in: promise.value === "" ? null : Number(promise.value) }).catch(() => null);
    if (!found || mine !== asked) return;
    replace(advice, found.advice.length ? found.advice.map((/** @type {any} */ one) => h("li", {}, one.text)) : h("li", { class: "is-clear" }, "Nothing the log can check is missing."));
  }

  /** When a message sent now would promise the next. */
  const promisedTime = () => (Number(promise.value) ? room.zone.minutes(new Date(room.clock.wall.getTime() + Number(promise.value))) : "");

  function render() {
    const { view, statics } = room;
    const speaker = statics.spokesperson;
    const commands = holds(view, view.me, statics.commander);
    const speaks = commands || !speaker || holders(view, speaker).length === 0 || holds(view, view.me, speaker);
    const approved = approvedDraft(view);
    const pending = waitingDraft(view);
    const words = text.value.trim();
    const agreed = approved !== null && same(approved.text, words);
    const respond = view.phase === "respond";

    if (agreed !== advised) later();
    advised = agreed;
    form.hidden = !room.plays || !respond;
    publish.hidden = !speaks;
    const dark = view.down.includes("status_page");
    way.hidden = !speaks || !dark;
    preview.classList.toggle("is-dark", dark);
    publish.toggleAttribute("disabled", !words);
    ask.toggleAttribute("disabled", !words || agreed || (pending !== null && same(pending.text, words)));
    ask.hidden = commands || agreed;
    publish.classList.toggle("primary", commands || agreed);
    ask.classList.toggle("primary", !commands && !agreed);
    setText(publish, agreed ? "Publish, as approved" : commands || !commander(view) ? "Publish" : "Publish without approval");
    setText(
      state,
      agreed
        ? `Approved by ${nameOf(view, approved.approved?.by)}.`
        : pending && same(pending.text, words)
          ? `Waits for ${commander(view) ? nameOf(view, commander(view)) : roleTitle(view, statics.commander)} to approve it.`
          : !speaks && speaker
            ? `${holders(view, speaker).map((one) => nameOf(view, one)).join(", ")} speaks to customers; you can propose a message.`
            : "",
    );
    state.classList.toggle("good", agreed);

    // Drafts by others, unless somebody is writing here.
    const others = [pending, approved].filter((draft) => draft && !same(draft.text, words) && respond && room.plays);
    replace(
      page,
      words && respond && room.plays ? entry({ text: words, at: "Preview", label: "Not published", next: promisedTime(), draft: true }) : null,
      others.map((draft) => {
        const waits = /** @type {import("./fold.js").Draft} */ (draft);
        return entry({
          text: waits.text, at: room.zone.minutes(waits.wall), draft: true, next: "",
          label: waits.approved ? `Draft ${waits.draft}, approved by ${nameOf(view, waits.approved.by)}` : `Draft ${waits.draft} by ${nameOf(view, waits.by)}, waiting for approval`,
          more: [
            !waits.approved && commands && h("button", { class: "button small primary", type: "button", data: { key: `approve-${waits.draft}` }, onclick: (/** @type {Event} */ event) => void room.act({ do: "approve", draft: waits.draft }, /** @type {HTMLButtonElement} */ (event.currentTarget)) }, "Approve"),
            h("button", { class: "button small", type: "button", data: { key: `take-${waits.draft}` }, onclick: () => takeOver(waits.text) }, waits.approved ? "Take it to publish" : "Take it as a start"),
          ],
        });
      }),
      view.published.toReversed().map((message) =>
        entry({
          text: message.text, at: room.zone.minutes(message.wall), draft: false, fresh: message === view.published.at(-1),
          label: message.nextIn === 0 ? "Resolved" : message.message === 1 ? "Investigating" : "Update",
          next: message.nextIn ? room.zone.minutes(new Date(Date.parse(message.wall) + message.nextIn)) : "",
        }),
      ),
      view.published.length === 0 && !words && h("p", { class: "empty" }, "Customers have heard nothing yet."),
    );
    const last = view.published.at(-1);
    const status = preview.querySelector(".status-page-state");
    if (status) setText(status, !last ? "No incident reported" : last.nextIn === 0 ? "Resolved" : "We know of a problem");
    preview.dataset.state = !last ? "none" : last.nextIn === 0 ? "over" : "on";
  }

  /** @param {string} words */
  function takeOver(words) {
    text.value = words;
    keep(kept, words);
    text.focus();
    later();
    render();
  }

  function tick() {
    const { view } = room;
    const found = waiting(room);
    figures.hidden = found === null;
    if (found) {
      setText(number, found.now.toLocaleString("en"));
      setText(trend, trendOf(found.change));
      if (drawn !== room.courses[WAITING]) {
        drawn = room.courses[WAITING];
        graph = new LineGraph({ name: WAITING, title: "Customers waiting", unit: "", normal: null }, room.courses[WAITING], { height: 88 });
        course.replaceChildren(graph.element);
      }
    }
    const promise = promised(view);
    if (view.phase !== "respond") setText(next, "");
    else if (!view.published.length) setText(next, `No message yet, ${span(room.clock.at)} into the drill.`);
    else if (!promise) setText(next, "Customers were not told when they hear more.");
    else setText(next, promise.at >= room.clock.at ? `Next message promised for ${room.zone.minutes(promise.wall)}, in ${span(promise.at - room.clock.at)}.` : `The message promised for ${room.zone.minutes(promise.wall)} is ${span(room.clock.at - promise.at)} late.`);
    next.classList.toggle("bad", promise !== null && promise.at < room.clock.at && view.phase === "respond");
  }

  return {
    update() {
      const speaks = holds(room.view, room.view.me, room.statics.spokesperson ?? "");
      mails.hidden = !speaks && inboxOf(room.view, room.view.me).every((mail) => mail.mood === null);
      inbox.update();
      render();
      tick();
    },
    tick,
    /** @param {{at: number, readings: Record<string, number>}} told */
    hear({ at, readings }) {
      if (WAITING in readings) graph?.push(at, readings[WAITING]);
      tick();
    },
  };
}

/**
 * One message as the status page shows it.
 * @param {{text: string, at: string, label: string, next: string, draft: boolean, fresh?: boolean, more?: import("./dom.js").Child[]}} what
 */
function entry({ text, at, label, next, draft, fresh = false, more = [] }) {
  return h(
    "section",
    { class: `page-entry${draft ? " is-draft" : ""}${fresh ? " is-fresh" : ""}` },
    h("p", { class: "page-label" }, h("strong", {}, label), h("span", { class: "soft small" }, at)),
    h("p", { class: "said" }, text),
    next && h("p", { class: "small soft" }, `Next update by ${next}.`),
    more.some(Boolean) && h("div", { class: "row" }, ...more),
  );
}

/** @param {string} one @param {string} other */
const same = (one, other) => one.trim() === other.trim();

/** Keeps what is being written across a reload; a browser without storage only loses that. @param {string} key */
function read(key) {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} key @param {string} text */
function keep(key, text) {
  try {
    if (text) sessionStorage.setItem(key, text);
    else sessionStorage.removeItem(key);
  } catch {
    // Private browsing may keep nothing.
  }
}
