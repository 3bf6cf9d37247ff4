// All injects: when each is planned, when it came, what holds it back; and one written on the spot.

import { drillTime } from "./clock.js";
import { byId, h, setText } from "./dom.js";
import { roleTitle } from "./fold.js";
import { keyed } from "./keyed.js";

/** @type {Record<string, string>} */
const WHY_NOT = { condition: "its condition did not hold", chance: "left to chance", never: "it never came due", held: "held back" };
/** What `when` says beside a time: a condition, a tool that goes down, a jump of the story. */
const SAYS_MORE = /[,;(]/;
/** After these, what is still to come may come at another time of the story. */
const MOVES_THE_PLAN = new Set(["StoryJumped", "InjectDelivered", "FacilitatorTold", "InjectHeld", "InjectNotTaken"]);
/** From this delay on an inject counts as late, in milliseconds. */
const LATE = 2000;

/** @typedef {{id: string, at: number | null, when: string, story: string, to: string[], via: string, way: string, from: string, text: string, papers: boolean, files: string[], expects: string[], judged: number[], objective: string | null}} Inject */

/** @param {import("./console.js").Console} desk */
export function mountInjects(desk) {
  /** @type {Inject[]} */
  let injects = desk.statics.answers?.injects ?? [];
  const filter = byId("inject-filter");
  const chosen = () => /** @type {HTMLInputElement} */ (filter.querySelector(":checked")).value;

  const update = () => {
    const states = injects.map((inject) => ({ inject, state: stateOf(desk, inject) }));
    for (const count of filter.querySelectorAll("[data-count]")) {
      setText(count, String(states.filter(({ state }) => state.is === count.dataset.count).length));
    }
    const shown = states.filter(({ state }) => chosen() === "all" || state.is === chosen());
    keyed(byId("injects"), shown, ({ inject, state }) => `${inject.id} ${state.is} ${state.says} ${state.is === "coming" ? inject.story + inject.text : ""}`, ({ inject, state }) => row(desk, inject, state));
    byId("injects-none").hidden = shown.length > 0;
  };
  filter.addEventListener("change", update);

  const form = byId("write");
  if (form) {
    const groups = ["everyone", "channel", "first_responder", ...desk.statics.roles.map((/** @type {any} */ role) => role.id)];
    form.elements.to.append(
      ...groups.map((id) => h("option", { value: id }, roleTitle(desk.view, id))),
      ...desk.statics.members.map((/** @type {any} */ member) => h("option", { value: member.id }, member.name)),
    );
    form.addEventListener("submit", async (/** @type {Event} */ event) => {
      event.preventDefault();
      const { to, via, sender, text } = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
      if (await desk.act({ do: "inject", to, via, sender, text })) form.elements.text.value = "";
    });
  }
  return {
    update,
    /** @param {any[]} events */
    async hear(events) {
      if (!desk.statics.story || !events.some((event) => MOVES_THE_PLAN.has(event.kind))) return;
      injects = (await desk.answersNow())?.injects ?? injects;
      update();
    },
  };
}

/**
 * @param {import("./console.js").Console} desk
 * @param {Inject} inject
 * @returns {{is: "coming" | "came" | "not", says: string, held: boolean, said?: string}}
 */
function stateOf(desk, { id }) {
  const { delivered, untaken, held } = desk.view.behind;
  const came = delivered[id];
  if (came) {
    const last = came[came.length - 1];
    const late = last.due !== null && last.at - last.due > LATE ? `, ${drillTime(last.at - last.due)} late` : last.due === null ? ", sent by you" : "";
    return { is: "came", says: `came ${drillTime(last.at)}${late}${came.length > 1 ? `, ${came.length} times` : ""}`, held: false, said: last.text };
  }
  if (id in untaken) return { is: "not", says: WHY_NOT[untaken[id]] ?? untaken[id], held: false };
  if (held.includes(id)) return { is: "coming", says: "held back", held: true };
  return { is: "coming", says: "", held: false };
}

/** @param {import("./console.js").Console} desk @param {Inject} inject @param {ReturnType<typeof stateOf>} state */
function row(desk, inject, state) {
  const acts = desk.leads && state.is === "coming" && (desk.view.phase === "respond" || (inject.papers && desk.view.phase === "papers"));
  return h("li", { class: `inject ${state.is}` },
    h("div", { class: "inject-when" },
      h("p", { class: "numbers" }, inject.at === null ? "–" : drillTime(inject.at)),
      state.is === "coming" && inject.story && h("p", { class: "small soft" }, h("span", { class: "visually-hidden" }, "In the story: "), inject.story),
      state.says && h("p", { class: `small ${state.held ? "warn" : "soft"}` }, state.says)),
    h("div", { class: "inject-what" },
      h("p", { class: "small soft" }, h("strong", { class: "inject-to" }, inject.to.map((to) => roleTitle(desk.view, to)).join(", ")), ` · ${inject.way}, from ${inject.from}`),
      h("p", { class: "inject-text" }, state.said ?? inject.text),
      inject.files.length > 0 && h("p", { class: "small soft" }, `With ${inject.files.join(", ")}`),
      inject.at === null || SAYS_MORE.test(inject.when) ? h("p", { class: "small soft" }, inject.when) : null,
      inject.expects.length > 0 && h("p", { class: "small soft" }, `Asks for: ${inject.expects.join("; ")}`),
      inject.objective && h("p", { class: "small soft" }, `Objective: ${inject.objective}`)),
    acts && h("div", { class: "inject-acts" },
      h("button", { class: "button small", type: "button", onclick: () => desk.act({ do: "inject", inject: inject.id }) }, "Send now", h("span", { class: "visually-hidden" }, `: ${inject.id}`)),
      !state.held && h("button", { class: "button small quiet", type: "button", onclick: () => desk.act({ do: "hold", inject: inject.id }) }, "Hold", h("span", { class: "visually-hidden" }, ` ${inject.id}`))));
}
