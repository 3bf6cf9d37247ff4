// The browser's view of a drill: a fold of the events that this viewer may see. No DOM, no clock.
// Mirrors simulator/state.py; times are drill time in milliseconds, and null means "not yet".

/**
 * @typedef {object} DrillEvent
 * @property {string} kind the class in simulator/events.py
 * @property {number} seq
 * @property {number} at
 * @property {string} wall
 * @property {string | null} [actor]
 * @property {number | null} [said] when it was said aloud, if it was
 *
 * @typedef {{member: string, since: number}} Holding
 * @typedef {{number: number, at: number, wall: string, seq: number, via: string, sender: string, text: string, to: string, recipients: string[], mood: string | null, inject: string | null, also: string[], asks: Asks | null, files: import("./files.js").HandedFile[], decided: {by: string, at: number, option: string, says: string} | null, replies: {by: string, at: number, wall: string, text: string}[]}} Mail
 * @typedef {{questions?: string[], decision?: {ask: string, options: {id: string, label: string}[]}}} Asks
 * @typedef {{draft: number, text: string, by: string, at: number, wall: string, approved: {by: string, at: number} | null, published: number | null}} Draft
 * @typedef {{message: number, text: string, by: string, at: number, wall: string, agreed: boolean, nextIn: number | null}} Published
 * @typedef {{task: number, by: string, to: string, text: string, at: number, done: number | null}} Task
 * @typedef {{run: number, action: string, label: string, by: string, at: number, ends: number, finished: number | null, shows: string, files: import("./files.js").HandedFile[]}} Run
 * @typedef {{question: number, by: string, text: string, at: number, outsider: string | null, answer: {by: string | null, text: string, at: number} | null}} Question
 * @typedef {{report: number, by: string, speaker: string, text: string, at: number, confirmed: boolean}} Spoken
 * @typedef {{via: string, sender: string, text: string, to: string, at: number, wall: string}} Report
 * @typedef {{by: string, recipients: string[], severity: number | null, topic: string | null, at: number, wall: string}} Alert
 */

/**
 * A drill in which nothing has happened yet.
 * @param {any} statics the `static` part of the page's data
 */
export function newView(statics) {
  return {
    statics,
    /** The viewer's member, or null for people who do not play. @type {string | null} */
    me: statics.viewer?.member ?? null,
    /** Whether the viewer sees everything. */
    staff: ["facilitator", "evaluator"].includes(statics.viewer?.role),
    seq: -1,
    at: 0,
    /** Every event so far. @type {any[]} */
    events: [],

    phase: "respond",
    phaseSince: 0,
    /** How the response ended. @type {{how: "resolved" | "closed", by: string, at: number, wall: string, text: string} | null} */
    over: null,
    /** Since when the clock is paused. @type {{at: number, wall: string, reason: string, real: boolean, by: string | null} | null} */
    halted: null,

    /** @type {number | null} */
    severity: null,
    /** @type {string | null} */
    topic: null,
    /** The report as the viewer knows it. @type {Report | null} */
    report: null,
    /** Whom the report reached, and when. @type {Record<string, number>} */
    reported: {},
    /** @type {Alert[]} */
    alerts: [],
    /** @type {Record<string, number>} */
    alerted: {},
    /** @type {Record<string, number>} */
    acknowledged: {},
    /** @type {Record<string, number>} */
    joined: {},
    /** Who holds each role. @type {Record<string, Holding[]>} */
    roles: Object.fromEntries((statics.roles ?? []).map((/** @type {any} */ role) => [role.id, []])),
    /** Every stretch in which somebody held a role, for reports. @type {{role: string, member: string, from: number, to: number | null}[]} */
    stretches: [],
    /** @type {Record<string, {giver: string, to: string, at: number}>} */
    offers: {},
    /** @type {Record<string, string>} */
    excused: {},
    /** When each member came on duty who was not from the start. @type {Record<string, number>} */
    onDuty: {},

    /** @type {Mail[]} */
    mails: [],
    /** @type {Draft[]} */
    drafts: [],
    /** The drafts that are approved and not yet published, the latest approved at the end. @type {number[]} */
    approved: [],
    /** @type {Published[]} */
    published: [],
    /** @type {Task[]} */
    tasks: [],
    /** @type {Run[]} */
    runs: [],
    /** Steps ticked off, by `runbook/procedure`. @type {Record<string, Record<number, {by: string, at: number}>>} */
    steps: {},
    /** @type {{procedure: string, step: number, by: string, text: string, at: number}[]} */
    flags: [],
    /** @type {Question[]} */
    questions: [],
    /** @type {Spoken[]} */
    spoken: [],

    papers: {
      /** @type {{solution: string, who_impacted: string, how_impacted: string, by: string, at: number, wall: string} | null} */
      situation: null,
      /** @type {{by: string, at: number} | null} */
      emailed: null,
      /** @type {Record<string, number>} */
      attached: {},
      /** @type {{summary: string, went_well: string, went_badly: string, learnings: string, by: string, at: number} | null} */
      postMortem: null,
      /** @type {{text: string, owner: string, due_on: string, by: string, at: number}[]} */
      actions: [],
    },

    /** @type {{to: string, text: string, at: number}[]} */
    hints: [],
    /** What responders use that is down in the story. @type {string[]} */
    down: [],
    /** How far the story's clock has jumped ahead of drill time. */
    jumped: 0,
    /** For staff: what the players never see. */
    behind: {
      impact: "full",
      impactSince: 0,
      /** @type {Record<string, {at: number, due: number | null, number: number | null, occurrence: number, text: string}[]>} */
      delivered: {},
      /** @type {Record<string, string>} */
      untaken: {},
      /** @type {string[]} */
      held: [],
      /** @type {{by: string, text: string, at: number}[]} */
      notes: [],
      /** @type {{by: string, item: string, value: number, text: string, at: number}[]} */
      ratings: [],
      /** Notes of the scenario for those who run the drill. @type {{inject: string, sender: string, text: string, at: number}[]} */
      told: [],
      /** What was judged, by the message's number and the place of what it expects. @type {Record<string, string>} */
      judged: {},
    },
  };
}

/** @typedef {ReturnType<typeof newView>} View */

/** @param {any} statics @param {any[]} events @returns {View} */
export function viewOf(statics, events) {
  const view = newView(statics);
  for (const event of events) apply(view, event);
  return view;
}

/**
 * Takes in an event, unless the view already has it.
 * @param {View} view
 * @param {any} event
 * @returns {boolean} whether it was new
 */
export function apply(view, event) {
  if (event.seq <= view.seq) return false;
  view.seq = event.seq;
  view.at = Math.max(view.at, event.at);
  view.events.push(event);
  FOLDS[event.kind]?.(view, event);
  if (event.said !== undefined && event.said !== null) confirmSpoken(view, event);
  return true;
}

/**
 * Whether the event lets the viewer see more than before, so that all events must be fetched again.
 * @param {View} view
 * @param {any} event
 */
export function widens(view, event) {
  if (view.me === null) return false;
  if (event.kind === "TeamAlerted") return event.recipients.includes(view.me) || event.actor === view.me;
  if (event.kind === "ShiftBegan") return event.member === view.me;
  if (event.kind === "IncidentReported" || event.kind === "ReportEscalated") return event.to === view.me;
  return ["RoleTaken", "RoleHandedOver", "Joined"].includes(event.kind) && event.actor === view.me;
}

// -- queries ----------------------------------------------------------------------------------------------------------

/** A member's name, or that of the one who runs or rates it, or "The drill" for what happened by itself. @param {View} view @param {string | null | undefined} id */
export function nameOf({ statics }, id) {
  if (!id) return "The drill";
  const member = statics.members.find((/** @type {any} */ one) => one.id === id);
  if (member) return member.name;
  const seat = id === "evaluator" ? id : "facilitator";
  const alone = (statics.staff ?? []).filter((/** @type {any} */ one) => one.seat === seat);
  return alone.length === 1 ? alone[0].name : `The ${seat}`;
}

/** @param {View} view @param {string} id */
export function roleTitle(view, id) {
  /** @type {Record<string, string>} */
  const groups = { everyone: "Everyone", channel: view.statics.channel, first_responder: "First responder", team: "The team" };
  return view.statics.roles.find((/** @type {any} */ role) => role.id === id)?.title ?? groups[id] ?? nameOf(view, id);
}

/** Drill time at which a member comes on duty, if that is still to come. @param {any} view @param {string} member @returns {number | null} */
export function offDuty({ statics, onDuty }, member) {
  return member in onDuty ? null : statics.members.find((/** @type {any} */ one) => one.id === member)?.since ?? null;
}

/** A severity with its own name, as the protocol writes it. @param {any} statics @param {number | null | undefined} level */
export function severityTitle({ severities }, level) {
  if (level === null || level === undefined) return "";
  if (level === 0) return "False alarm";
  const known = severities.find((/** @type {any} */ one) => one.level === level);
  return `Severity ${level}${known ? `, ${known.name}` : ""}`;
}

/** The same within a sentence. @param {any} statics @param {number | null | undefined} level */
export const severityWords = (statics, level) => (level === 0 ? "a false alarm" : severityTitle(statics, level).replace("S", "s"));

/** Whether somebody's part in the team lets them take a role. @param {any} statics @param {string | null} member @param {string} role */
export function mayTake({ members }, member, role) {
  const allowed = members.find((/** @type {any} */ one) => one.id === member)?.roles ?? null;
  return allowed === null || allowed.includes(role);
}

/** @param {View} view @param {string} role @returns {string[]} */
export const holders = (view, role) => (view.roles[role] ?? []).map((holding) => holding.member);

/** @param {View} view @param {string | null} member @param {string} role */
export const holds = (view, member, role) => member !== null && holders(view, role).includes(member);

/** @param {View} view @param {string} member @returns {string[]} the ids of the roles held */
export const rolesOf = (view, member) => Object.keys(view.roles).filter((role) => holds(view, member, role));

/** @param {View} view @returns {string | null} */
export const commander = (view) => holders(view, view.statics.commander)[0] ?? null;

/** Whether the incident has reached the viewer; those who do not play see it from the start. @param {View} view */
export function reached(view) {
  return view.me === null || view.me in view.alerted || view.me in view.reported || view.me in view.joined;
}

/** Whether the viewer owes an acknowledgement: of the alert, or of the report if they have it. @param {View} view */
export const owesAcknowledgement = (view) =>
  view.me !== null && view.phase === "respond" && !(view.me in view.acknowledged) && !(view.me in view.excused) && (view.me in view.alerted || view.me in view.reported);

/** The mails that a member can read and answer. @param {View} view @param {string | null} member */
export const inboxOf = (view, member) =>
  view.mails.filter((mail) => view.staff || (member !== null && (mail.recipients.includes(member) || [mail.to, ...mail.also].some((to) => holds(view, member, to)))));

/** The draft that is approved and not yet published, which `publish` without a text sends. @param {View} view */
export const approvedDraft = (view) => view.drafts.find((draft) => draft.draft === view.approved.at(-1)) ?? null;

/** The last draft, while it waits for the commander. @param {View} view */
export const waitingDraft = (view) => {
  const last = view.drafts.at(-1);
  return last && !last.approved && last.published === null ? last : null;
};

/** What customers were promised last: when the next message comes, null for none. @param {View} view */
export function promised(view) {
  const last = view.published.at(-1);
  return last && last.nextIn ? { at: last.at + last.nextIn, wall: new Date(Date.parse(last.wall) + last.nextIn).toISOString() } : null;
}

/** What the member is busy with. @param {View} view @param {string | null} member */
export const busyWith = (view, member) => view.runs.findLast((run) => run.by === member && run.finished === null) ?? null;

/** When the phase must end, in drill time; null if it has no end of its own. @param {View} view */
export function phaseEnds(view) {
  const ends = view.statics.ends;
  if (view.phase === "respond") return ends.after;
  if (view.phase === "papers") return view.phaseSince + ends.papers;
  if (view.phase === "hot_wash") return view.phaseSince + ends.hot_wash;
  return null;
}

/** @type {Record<string, string>} */
export const TOOLS = { dashboard: "the dashboard", status_page: "the status page", chat: "the chat" };

/** @param {string} tool */
export const toolName = (tool) => TOOLS[tool] ?? tool;

/** The story's time at a drill time from now on, such as `Wednesday 09:15`; nothing where the story has none. @param {View} view @param {number} at */
export function storyTime(view, at) {
  const { story } = view.statics;
  if (!story) return "";
  const minutes = Math.floor((story.begins + at + view.jumped) / 60_000);
  const first = DAYS.indexOf(story.day);
  const passed = Math.floor(minutes / 1440);
  const day = first < 0 ? `Day ${passed + 1}` : DAYS[(first + passed) % DAYS.length];
  return `${day} ${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

// -- the folds --------------------------------------------------------------------------------------------------------

/** @param {View} view @param {any} event */
function confirmSpoken(view, event) {
  const found = view.spoken.find((report) => report.speaker === event.actor && event.act === `heard-${report.report}`);
  if (found) found.confirmed = true;
}

/** When it counts from: when it was said aloud, or else when it was recorded. @param {any} event @returns {number} */
const when = (event) => event.said ?? event.at;

/** Somebody who accepts a role that they already hold by then keeps holding it. @param {View} view @param {string} role @param {string} member @param {number} at */
function take(view, role, member, at) {
  if (holds(view, member, role)) return;
  view.roles[role] = [...(view.roles[role] ?? []), { member, since: at }];
  view.stretches.push({ role, member, from: at, to: null });
}

/** @param {View} view @param {string} role @param {string} member @param {number} at */
function lose(view, role, member, at) {
  view.roles[role] = (view.roles[role] ?? []).filter((holding) => holding.member !== member);
  for (const stretch of view.stretches) if (stretch.role === role && stretch.member === member && stretch.to === null) stretch.to = at;
  if (view.offers[role]?.giver === member) delete view.offers[role];
}

/** @param {View} view @param {any} event */
function mail(view, event) {
  const { number, at, wall, seq, via, sender, text, to = "everyone", also = [], recipients, asks = null } = event;
  view.mails.push({ number, at, wall, seq, via, sender, text, to, also, recipients, asks, mood: event.mood ?? null, inject: event.inject ?? null, files: event.files ?? [], decided: null, replies: [] });
}

/** An inject of the scenario has come once more. @param {View} view @param {string} inject @param {any} event */
function came(view, inject, { at, due = null, number = null, occurrence = 0, text }) {
  (view.behind.delivered[inject] ??= []).push({ at, due, number, occurrence, text });
}

/** By kind: what each event changes. @type {Record<string, (view: View, event: any) => void>} */
const FOLDS = {
  IncidentReported(view, event) {
    view.reported[event.to] = event.at;
    if (view.staff || event.to === view.me || view.report === null) view.report = event;
  },
  ReportEscalated(view, event) {
    view.reported[event.to] = event.at;
    if (event.text) view.report = event;
  },
  PhaseBegan(view, event) {
    view.phase = event.phase;
    view.phaseSince = event.at;
  },
  IncidentResolved(view, event) {
    view.over = { how: "resolved", by: event.actor, at: event.at, wall: event.wall, text: event.text ?? "" };
  },
  IncidentClosed(view, event) {
    view.over = { how: "closed", by: event.actor, at: event.at, wall: event.wall, text: event.reason };
  },
  DrillEnded(view) {
    view.halted = null;
  },
  FollowUpClosed(view) {
    view.phase = "closed";
  },

  SeverityDeclared(view, event) {
    view.severity = event.severity;
  },
  TeamAlerted(view, event) {
    const { severity = null, topic = null } = event;
    view.severity = severity ?? view.severity;
    view.alerts.push({ by: event.actor, recipients: event.recipients, severity, topic, at: event.at, wall: event.wall });
    for (const member of event.recipients) view.alerted[member] ??= event.at;
    if (event.actor) view.acknowledged[event.actor] ??= event.at;
    view.topic = topic ?? view.topic;
  },
  ShiftBegan(view, event) {
    view.onDuty[event.member] = event.at;
    const last = view.alerts.at(-1);
    if (!last) return;
    view.alerts.push({ ...last, recipients: [event.member], at: event.at, wall: event.wall });
    view.alerted[event.member] ??= event.at;
  },
  Acknowledged(view, event) {
    view.acknowledged[event.actor] = when(event);
  },
  Joined(view, event) {
    view.joined[event.actor] = when(event);
  },
  Restated(view, event) {
    view.severity = event.severity ?? view.severity;
    view.topic = event.topic ?? view.topic;
  },
  RoleTaken(view, event) {
    take(view, event.role, event.actor, when(event));
  },
  RoleReleased(view, event) {
    lose(view, event.role, event.actor, when(event));
  },
  HandoverOffered(view, event) {
    view.offers[event.role] = { giver: event.actor, to: event.to, at: event.at };
  },
  RoleHandedOver(view, event) {
    lose(view, event.role, event.giver, when(event));
    delete view.offers[event.role];
    take(view, event.role, event.actor, when(event));
  },
  MemberExcused(view, event) {
    view.excused[event.member] = event.reason;
    for (const role of rolesOf(view, event.member)) lose(view, role, event.member, event.at);
  },

  MessageDrafted(view, event) {
    view.drafts.push({ draft: event.draft, text: event.text, by: event.actor, at: event.at, wall: event.wall, approved: null, published: null });
  },
  DraftApproved(view, event) {
    const draft = view.drafts.find((one) => one.draft === event.draft);
    if (draft) draft.approved = { by: event.actor, at: event.at };
    view.approved = [...view.approved.filter((one) => one !== event.draft), event.draft];
  },
  MessagePublished(view, event) {
    const { message, text, agreed = false, next_in = null } = event;
    view.published.push({ message, text, by: event.actor, at: event.at, wall: event.wall, agreed, nextIn: next_in });
    const draft = view.drafts.find((one) => one.draft === event.draft);
    if (draft) draft.published = message;
    view.approved = view.approved.filter((one) => one !== event.draft);
  },
  InjectAnswered(view, event) {
    const found = view.mails.find((one) => one.number === event.number);
    found?.replies.push({ by: event.actor, at: event.at, wall: event.wall, text: event.text });
  },
  SpokenReported(view, event) {
    const { report, speaker, text, at } = event;
    view.spoken.push({ report, by: event.actor, speaker, text, at, confirmed: false });
  },

  ActionStarted(view, event) {
    const { run, action, at, ends } = event;
    view.runs.push({ run, action, label: event.label ?? action, by: event.actor, at, ends, finished: null, shows: "", files: [] });
  },
  ActionFinished(view, event) {
    const run = view.runs.find((one) => one.run === event.run);
    if (run) Object.assign(run, { finished: event.at, shows: event.shows ?? "", files: event.files ?? [] });
  },
  StepDone(view, event) {
    (view.steps[event.procedure] ??= {})[event.step] ??= { by: event.actor, at: event.at };
  },
  StepFlagged(view, event) {
    const { procedure, step, text, at } = event;
    view.flags.push({ procedure, step, by: event.actor, text, at });
  },
  TaskDelegated(view, event) {
    view.tasks.push({ task: event.task, by: event.actor, to: event.to, text: event.text, at: event.at, done: null });
  },
  TaskDone(view, event) {
    const task = view.tasks.find((one) => one.task === event.task);
    if (task) task.done = event.at;
  },
  QuestionAsked(view, event) {
    view.questions.push({ question: event.question, by: event.actor, text: event.text, at: event.at, outsider: event.outsider ?? null, answer: null });
  },
  QuestionAnswered(view, event) {
    const question = view.questions.find((one) => one.question === event.question);
    if (question) question.answer = { by: event.actor ?? null, text: event.text, at: event.at };
  },

  InjectDelivered(view, event) {
    mail(view, event);
    if (event.inject) came(view, event.inject, event);
  },
  FacilitatorTold(view, event) {
    const { sender, text, at } = event;
    view.behind.told.push({ inject: event.inject, sender, text, at });
    came(view, event.inject, event);
  },
  DecisionMade(view, event) {
    const found = view.mails.find((one) => one.number === event.number);
    if (found) found.decided = { by: event.actor, at: event.at, option: event.option, says: event.says ?? "" };
  },
  ExpectationJudged(view, event) {
    view.behind.judged[`${event.number}/${event.expected}`] = event.mark;
  },
  CustomerWrote: mail,
  ImpactChanged(view, event) {
    view.behind.impact = event.impact;
    view.behind.impactSince = event.at;
  },
  InjectNotTaken(view, event) {
    view.behind.untaken[event.inject] = event.reason;
  },
  InjectHeld(view, event) {
    view.behind.held.push(event.inject);
  },
  NoteTaken(view, event) {
    view.behind.notes.push({ by: event.actor, text: event.text, at: event.at });
  },
  Rated(view, event) {
    const { item, value, text = "", at } = event;
    view.behind.ratings.push({ by: event.actor, item, value, text, at });
  },

  SituationReportFiled(view, event) {
    const { solution = "", who_impacted = "", how_impacted = "", at, wall } = event;
    view.papers.situation = { solution, who_impacted, how_impacted, by: event.actor, at, wall };
  },
  ReportEmailed(view, event) {
    view.papers.emailed = { by: event.actor, at: event.at };
  },
  PaperAttached(view, event) {
    view.papers.attached[event.paper] = event.at;
  },
  PostMortemFiled(view, event) {
    const { summary = "", went_well = "", went_badly = "", learnings = "", at } = event;
    view.papers.postMortem = { summary, went_well, went_badly, learnings, by: event.actor, at };
  },
  CorrectiveActionAdded(view, event) {
    const { text, owner = "", due_on = "", at } = event;
    view.papers.actions.push({ text, owner, due_on, by: event.actor, at });
  },

  DrillStopped(view, event) {
    // If the drill was already paused, the clock has been paused since then.
    view.halted = { at: event.at, wall: view.halted?.wall ?? event.wall, reason: "", real: true, by: event.actor ?? null };
  },
  DrillPaused(view, event) {
    view.halted = { at: event.at, wall: event.wall, reason: event.reason ?? "", real: false, by: event.actor ?? null };
  },
  DrillResumed(view) {
    view.halted = null;
  },
  ToolChanged(view, event) {
    view.down = [...view.down.filter((tool) => tool !== event.tool), ...(event.works ? [] : [event.tool])];
  },
  StoryJumped(view, event) {
    view.jumped += event.by;
  },
  TimeSkipped(view, event) {
    view.at = Math.max(view.at, event.to);
  },
  HintGiven(view, event) {
    view.hints.push({ to: event.to, text: event.text, at: event.at });
  },
};
