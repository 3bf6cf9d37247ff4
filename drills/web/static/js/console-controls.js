// The bar on top: clock, phase, and the facilitator's control of time.

import { byId, setText } from "./dom.js";
import { nameOf, phaseEnds } from "./fold.js";
import { drillTime } from "./clock.js";
import { confirm } from "./ui.js";

/** @type {Record<string, string>} */
const PHASES = { respond: "Response", papers: "Papers", hot_wash: "Hot wash", follow_up: "Follow-up", closed: "Closed" };
/** @type {Record<string, {label: string, title: string, text: string}>} */
const END = {
  respond: { label: "End the response", title: "End the response?", text: "The team goes on to the papers. Anything that has not come by then will not come." },
  papers: { label: "End the papers", title: "End the papers?", text: "The team goes on to the hot wash. What is not filed by then is missing." },
};

/** @param {import("./console.js").Console} desk */
export function mountControls(desk) {
  const { view, clock } = desk;
  const { rehearsal } = desk.statics;

  byId("pause")?.addEventListener("click", () => desk.act({ do: view.halted ? "resume" : "pause" }));
  byId("skip")?.addEventListener("click", async () => {
    const open = desk.duties.filter((duty) => duty.state === "open" || duty.state === "overdue");
    const sure = open.length === 0 || (await confirm({
      title: "Skip although something is due?",
      text: `${open.map((duty) => duty.title).slice(0, 3).join("; ")}${open.length > 3 ? `; ${open.length - 3} more` : ""}. The time that is skipped counts.`,
      yes: "Skip ahead",
    }));
    if (sure) desk.act({ do: "skip" });
  });
  byId("end")?.addEventListener("click", async () => {
    const { title, text } = END[view.phase];
    if (await confirm({ title, text, yes: END[view.phase].label })) desk.act({ do: "end" });
  });
  byId("stop")?.addEventListener("click", async () => {
    if (await confirm({ title: "Stop everything?", text: "For something real. Every page says so at once, the clock stops, and it costs nothing.", yes: "Stop", danger: true })) desk.act({ do: "stop" });
  });

  /** @param {number} at */
  const standing = (at) => {
    const { fault } = /** @type {any} */ (clock.told);
    if (fault) return `Stands still: ${fault}`;
    if (view.halted?.real) return `Stopped by ${nameOf(view, view.halted.by)}`;
    if (view.halted) return "Paused";
    const ends = phaseEnds(view);
    return `${PHASES[view.phase]}${ends === null ? "" : ` · ends in ${drillTime(ends - at)}`}`;
  };

  return {
    update() {
      const { pace } = /** @type {any} */ (clock.told);
      byId("pace").hidden = !rehearsal && pace === 1;
      setText(byId("pace"), `${rehearsal ? "Rehearsal" : "Not in real time"}, ×${pace}`);
      if (!desk.leads) return;
      setText(byId("pause"), view.halted ? "Resume" : "Pause");
      byId("pause").classList.toggle("primary", Boolean(view.halted));
      byId("skip").disabled = Boolean(view.halted);
      byId("end").hidden = !(view.phase in END);
      if (view.phase in END) setText(byId("end"), END[view.phase].label);
      byId("stop").hidden = Boolean(view.halted?.real);
    },
    /** @param {number} at */
    tick: (at) => setText(byId("state"), standing(at)),
  };
}
