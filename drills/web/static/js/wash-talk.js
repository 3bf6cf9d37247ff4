// What the team will change: corrective actions on the spot, the post-mortem, and the end of the exercise.

import { byId, h, replace, setText } from "./dom.js";
import { nameOf } from "./fold.js";
import { choices, suggest } from "./shown-by.js";
import { confirm } from "./ui.js";

const PARTS = /** @type {const} */ (["summary", "went_well", "went_badly", "learnings"]);
/** @type {Record<string, {label: string, act: string, title: string, text: string}>} */
const ENDS = {
  hot_wash: { label: "Close the exercise", act: "end", title: "Close the exercise?", text: "ENDEX. The post-mortem and its actions stay open for the follow-up." },
  follow_up: { label: "Close the follow-up", act: "close_follow_up", title: "Close the follow-up?", text: "The score becomes final, and nothing can be added any more." },
};

/** @param {import("./hotwash.js").Talk} talk */
export function mountTalk(talk) {
  const { view } = talk;
  const form = byId("action");
  const shown = view.statics.obligations;
  replace(byId("action-shows"), ...choices(shown));
  suggest(byId("action-text"), byId("action-shows"), shown);
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const [text, owner, due, obligation] = ["text", "owner", "due", "shows"].map((name) => byId(`action-${name}`).value);
    if (await talk.act({ do: "corrective_action", text, owner, due_on: due, obligation })) {
      form.reset();
      byId("action-text").focus();
    }
  });

  const paper = byId("retrospective");
  if (paper) {
    for (const part of PARTS) byId(`f-${part}`).value = view.papers.postMortem?.[part] ?? "";
    paper.addEventListener("submit", async (/** @type {Event} */ event) => {
      event.preventDefault();
      const written = Object.fromEntries(PARTS.map((part) => [part, byId(`f-${part}`).value]));
      const filed = await talk.act({ do: "file_post_mortem", ...written });
      if (!filed) return;
      if (!view.papers.attached.post_mortem) await talk.act({ do: "attach", paper: "post_mortem" });
      setText(byId("filed"), "Filed and attached. The last one filed counts.");
    });
  }

  const end = h("button", { class: "button", type: "button", onclick: async () => {
    const { title, text, label, act } = ENDS[view.phase];
    if (await confirm({ title, text, yes: label })) talk.act(/** @type {Server.Act} */ ({ do: act }));
  } });
  if (talk.leads) byId("moves").append(end);

  return {
    update() {
      const { actions, asked, questions, screen } = talk.wash;
      byId("questions").hidden = questions.length + asked.length === 0;
      replace(byId("asked"), questions.map((text) => h("li", {}, text)), asked.map(({ number, sender, text }) => h("li", {}, text, h("span", { class: "small soft" }, ` message ${number}, ${sender}`))));
      replace(byId("actions"), actions.length === 0
        ? h("li", { class: "soft" }, "Nothing yet. The best one is small, has a name on it, and can be tested in a drill.")
        : actions.map(({ text, owner, due_on }) => h("li", { class: "action-line" },
          h("span", { class: "said" }, text),
          h("span", { class: "soft small" }, owner ? nameOf(view, owner) : "nobody yet", due_on && `, by ${due_on}`))));
      end.hidden = screen !== "score" || !(view.phase in ENDS);
      if (view.phase in ENDS) setText(end, ENDS[view.phase].label);
      const closed = view.phase === "closed";
      form.hidden = closed;
      if (paper) byId("post-mortem").hidden = closed;
    },
  };
}
