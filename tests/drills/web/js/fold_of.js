// Folds drills as the browser does, one a line, and says after each event what of the view is other than before.
//
// A line: {statics, steps}. A step: the event as it is sent to this viewer, or null for one they may not see, and all
// that they may see now, for a page that fetches everything again once the event has let it see more.

import { createInterface } from "node:readline";

import { apply, approvedDraft, commander, inboxOf, newView, owesAcknowledgement, reached, viewOf, widens } from "../../../../drills/web/static/js/fold.js";

/** @param {import("../../../../drills/web/static/js/fold.js").View} view */
function facts(view) {
  const { behind, papers } = view;
  return {
    phase: [view.phase, view.phaseSince],
    at: view.staff ? view.at : null,
    over: view.over?.at ?? null,
    halted: view.halted && [Date.parse(view.halted.wall), view.halted.real],
    severity: view.severity,
    reported: view.reported,
    alert: view.alerts.length > 0 ? [view.alerts[0].by, view.alerts[0].at] : null,
    alerted: view.alerted,
    acknowledged: view.acknowledged,
    joined: view.joined,
    excused: Object.keys(view.excused).sort(),
    roles: Object.fromEntries(Object.entries(view.roles).map(([role, held]) => [role, held.map(({ member, since }) => [member, since])])),
    commander: commander(view),
    stretches: view.stretches.filter(({ to }) => to === null).map(({ role, member, from }) => [role, member, from]).sort(),
    offers: Object.fromEntries(Object.entries(view.offers).map(([role, { giver, to }]) => [role, [giver, to]])),
    reached: reached(view),
    owes: owesAcknowledgement(view),
    drafts: view.drafts.map(({ text }) => text),
    approved: view.approved,
    next: approvedDraft(view)?.draft ?? null,
    published: view.published.map(({ message, at }) => [message, at]),
    tasks: view.tasks.filter(({ done }) => done === null).map(({ task, by, to, text }) => [task, by, to, text]),
    taskCount: view.tasks.length,
    questions: view.questions.filter(({ answer }) => answer === null).map(({ question, by, text }) => [question, by, text]),
    running: view.runs.filter(({ finished }) => finished === null).map(({ run, action, by, ends }) => [run, action, by, ends]),
    runs: view.runs.length,
    done: Object.fromEntries(view.runs.filter(({ finished }) => finished !== null).sort((one, other) => Number(other.finished) - Number(one.finished)).map(({ action, finished }) => [action, finished])),
    spoken: view.spoken.filter((one) => !one.confirmed && (view.staff || one.speaker === view.me)).map(({ report, by, speaker, text }) => [report, by, speaker, text]),
    inbox: inboxOf(view, view.me).map(({ number, via, sender, text, to, also, recipients }) => [number, via, sender, text, [to, ...also], recipients]),
    decided: inboxOf(view, view.me).filter(({ decided }) => decided !== null).map(({ number }) => number),
    undecided: inboxOf(view, view.me).filter(({ asks, decided }) => asks?.decision && decided === null).map(({ number }) => number),
    papers: [papers.situation !== null, papers.emailed !== null, Object.keys(papers.attached).sort(), papers.postMortem !== null],
    delivered: Object.fromEntries(Object.entries(behind.delivered).map(([inject, came]) => [inject, came[came.length - 1].occurrence + 1])),
    untaken: Object.keys(behind.untaken).sort(),
    held: [...behind.held].sort(),
    impact: [behind.impact, behind.impactSince],
  };
}

/** @param {any} asked @returns {string} JSON */
function fold({ statics, steps }) {
  let view = newView(statics);
  /** @type {Record<string, string>} */
  const told = {};
  const answers = steps.map((/** @type {[any, any[] | null]} */ [event, everything]) => {
    if (event !== null) {
      const more = widens(view, event);
      if (more !== (everything !== null)) return `{"widens":${more}}`;
      if (more) view = viewOf(statics, /** @type {any[]} */ (everything));
      else apply(view, event);
    }
    const news = [];
    for (const [name, value] of Object.entries(facts(view))) {
      const written = JSON.stringify(value);
      if (told[name] !== written) news.push(`"${name}":${written}`);
      told[name] = written;
    }
    return `{${news.join(",")}}`;
  });
  return `[${answers.join(",")}]`;
}

for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${fold(JSON.parse(line))}\n`);
