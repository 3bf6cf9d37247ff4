// How each event appears in the log: its shape, its mark, who did it and the words. No DOM.

import { drillTime, span } from "./clock.js";
import { nameOf, roleTitle, severityWords, storyTime, toolName } from "./fold.js";

/**
 * @typedef {object} Entry
 * @property {"talk" | "line" | "logged" | "turn" | "boxed" | "boxed inside" | "boxed outside" | "boxed dashed"} shape
 * @property {string} icon
 * @property {string} label the kind in a word or two
 * @property {string} who
 * @property {string} text
 * @property {boolean} [prose] the text is somebody's own words
 */

/**
 * How an event reads in the log; null for one that the log does not show.
 * @param {import("./fold.js").View} view
 * @param {any} event
 * @returns {Entry | null}
 */
export function entryOf(view, event) {
  const made = WORDS[event.kind]?.(view, event);
  if (!made) return null;
  return { shape: "line", prose: false, who: event.actor ? nameOf(view, event.actor) : "", ...made };
}

/** @param {any} view @param {any} event */
function graveAndTopic(view, event) {
  return [severityWords(view.statics, event.severity), event.topic].filter(Boolean).join(": ");
}

/** The title of a step's procedure. @param {any} view @param {string} path */
export function procedureTitle(view, path) {
  const [book, name] = path.split("/");
  const runbook = view.statics.runbooks.find((/** @type {any} */ one) => one.id === book);
  return runbook?.procedures.find((/** @type {any} */ one) => one.id === name)?.title ?? path;
}

/** How far the story had jumped with an event. @param {any} view @param {any} event @returns {number} */
const jumpedBy = (view, event) =>
  view.events.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + (one.kind === "StoryJumped" && one.seq <= event.seq ? one.by : 0), 0);

/** Somebody outside the team, by name. @param {any} view @param {string} id */
export function outsiderName(view, id) {
  return view.statics.outsiders.find((/** @type {any} */ one) => one.id === id)?.name ?? id;
}

/** What an option of a decision says. @param {any} view @param {number} number the message that asks @param {string} id */
export function optionLabel(view, number, id) {
  const asked = view.mails.find((/** @type {any} */ one) => one.number === number)?.asks?.decision;
  return asked?.options.find((/** @type {any} */ one) => one.id === id)?.label ?? id;
}

/** @type {Record<string, string>} */
const MARKS = { done: "done", partly: "done in part", not: "not done" };
/** @type {Record<string, string>} */
const PHASES = { papers: "The response is over; now the papers", hot_wash: "The hot wash begins", follow_up: "The follow-up begins" };
/** @type {Record<string, string>} */
const PAPERS = { situation_report: "the situation report", post_mortem: "the post-mortem" };
/** @type {Record<string, string>} */
const UNTAKEN = { condition: "its condition did not hold", chance: "chance", never: "it never came due", held: "held back" };
/** @param {{inject: string, occurrence?: number, reason: string}} event */
const untaken = ({ inject, occurrence = 0, reason }) => {
  if (!occurrence) return `${inject} does not come: ${UNTAKEN[reason] ?? reason}`;
  return `${inject} does not come again: ${reason === "never" ? "the response is over" : (UNTAKEN[reason] ?? reason)}`;
};
/** @type {Record<string, string>} */
const IMPACTS = { full: "in full", eased: "eased", worse: "worse", ended: "ended" };

/** @type {Record<string, (view: any, event: any) => Partial<Entry> & Pick<Entry, "icon" | "label" | "text">>} */
const WORDS = {
  DrillStarted: () => ({ icon: "play", label: "Start", text: "The drill has started" }),
  IncidentReported: (view, event) => ({
    shape: "boxed", icon: event.via, label: event.via === "in_person" ? "Report in person" : `Report by ${event.via}`, who: event.sender, text: event.text, prose: true,
  }),
  ReportEscalated: (view, event) => ({ icon: "alert", label: "Escalated", text: `Nobody took it up; the report went on to ${nameOf(view, event.to)}` }),
  PhaseBegan: (view, event) => ({ shape: "turn", icon: "flag", label: "Phase", text: PHASES[event.phase] ?? event.phase }),
  IncidentResolved: (view, event) => ({
    shape: "turn", icon: "check", label: "Resolved", text: event.text || "The incident is resolved", prose: Boolean(event.text),
  }),
  IncidentClosed: (view, event) => ({ shape: "turn", icon: "check", label: "Closed", text: event.reason, prose: true }),
  DrillEnded: (view, event) => ({ shape: "turn", icon: "flag", label: "End", text: event.reason || "The exercise has ended" }),
  FollowUpClosed: () => ({ icon: "flag", label: "Follow-up", text: "The follow-up is closed; the score is final" }),

  SeverityDeclared: (view, event) => ({ shape: "turn", icon: "severity", label: "Severity", text: `Declared ${severityWords(view.statics, event.severity)}` }),
  TeamAlerted: (view, event) => ({
    shape: "turn", icon: "alert", label: "Alert",
    text: `Alerted the team${graveAndTopic(view, event) ? ` · ${graveAndTopic(view, event)}` : ", without severity or topic"}`,
  }),
  ShiftBegan: (view, event) => ({ icon: "people", label: "Shift", text: `${nameOf(view, event.member)} came on duty` }),
  Acknowledged: () => ({ icon: "check", label: "Acknowledged", text: "acknowledged" }),
  Joined: (view) => ({ icon: "join", label: "Joined", text: `came into ${view.statics.channel}` }),
  Restated: (view, event) => ({ shape: "turn", icon: "severity", label: "Restated", text: graveAndTopic(view, event) || "Restated nothing" }),
  RoleTaken: (view, event) => ({ icon: "role", label: "Role", text: `is now ${roleTitle(view, event.role)}` }),
  RoleReleased: (view, event) => ({ icon: "role", label: "Role", text: `is no longer ${roleTitle(view, event.role)}` }),
  HandoverOffered: (view, event) => ({ icon: "role", label: "Handover", text: `offers ${roleTitle(view, event.role)} to ${nameOf(view, event.to)}` }),
  RoleHandedOver: (view, event) => ({ icon: "role", label: "Handover", text: `took over as ${roleTitle(view, event.role)} from ${nameOf(view, event.giver)}` }),

  MessagePosted: (view, event) => ({ shape: "talk", icon: "chat", label: "", text: event.text, prose: true }),
  EntryLogged: (view, event) => ({ shape: "logged", icon: "log", label: "Log", text: event.text, prose: true }),
  UpdatePosted: (view, event) => ({ shape: "boxed inside", icon: "update", label: "Internal update", text: event.text, prose: true }),
  MessageDrafted: (view, event) => ({ shape: "boxed dashed", icon: "draft", label: `Draft ${event.draft} for customers`, text: event.text, prose: true }),
  DraftApproved: (view, event) => ({ icon: "check", label: "Approved", text: `approved draft ${event.draft}` }),
  MessagePublished: (view, event) => ({
    shape: "boxed outside", icon: "publish", text: event.text, prose: true,
    label: event.next_in ? `Published, next in ${span(event.next_in)}` : event.next_in === 0 ? "Published, the last one" : "Published, no next time named",
  }),
  InjectAnswered: (view, event) => ({ icon: "answer", label: "Reply", text: `answered message ${event.number}: ${event.text}`, prose: true }),
  SpokenReported: (view, event) => ({ icon: "voice", label: "Said aloud", text: `heard ${nameOf(view, event.speaker)} say: ${event.text}`, prose: true }),

  ActionStarted: (view, event) => ({ icon: "action", label: "Began", text: `began: ${event.label ?? event.action} (takes ${span(event.ends - event.at)})` }),
  ActionFinished: (view, event) =>
    event.shows || event.files
      ? { shape: "boxed", icon: "action", label: `Found by “${event.label ?? event.action}”`, text: event.shows ?? "" }
      : { icon: "action", label: "Done", text: `finished: ${event.label ?? event.action}` },
  ImpactChanged: (view, event) => ({ icon: "graph", label: "Impact", text: `The impact is ${IMPACTS[event.impact] ?? event.impact}, by ${event.cause}` }),
  StepDone: (view, event) => ({ icon: "book", label: "Step", text: `did step ${event.step} of “${procedureTitle(view, event.procedure)}”` }),
  StepFlagged: (view, event) => ({
    icon: "flag", label: "Step is wrong", text: `says step ${event.step} of “${procedureTitle(view, event.procedure)}” is wrong: ${event.text}`, prose: true,
  }),
  TaskDelegated: (view, event) => ({ shape: "boxed", icon: "task", label: `Task ${event.task} for ${nameOf(view, event.to)}`, text: event.text, prose: true }),
  TaskDone: (view, event) => {
    const task = view.tasks.find((/** @type {any} */ one) => one.task === event.task);
    return { icon: "check", label: "Task done", text: `finished task ${event.task}${task ? `: ${task.text}` : ""}` };
  },
  QuestionAsked: (view, event) => ({
    shape: "talk", icon: "question", label: event.outsider ? `Contacts ${outsiderName(view, event.outsider)}` : "Asks", text: event.text, prose: true,
  }),
  QuestionAnswered: (view, event) => ({
    shape: "boxed", icon: "answer", label: `Answer to question ${event.question}`, text: event.text, who: event.actor ? nameOf(view, event.actor) : "",
  }),
  WorkaroundAnnounced: (view, event) => ({ shape: "boxed inside", icon: "update", label: "Workaround", text: event.text, prose: true }),
  BugFiled: (view, event) => ({ shape: "boxed", icon: "bug", label: "Filed as a bug", text: event.text, prose: true }),

  InjectDelivered: (view, event) => ({ shape: "boxed", icon: event.via, label: `Message ${event.number}, ${event.via.replace("_", " ")}`, who: event.sender, text: event.text }),
  FacilitatorTold: (view, event) => ({ shape: "boxed", icon: "draft", label: "Note for the facilitator", who: event.sender, text: event.text }),
  DecisionMade: (view, event) => ({
    shape: "boxed", icon: "check", label: `Decided, message ${event.number}`, text: [optionLabel(view, event.number, event.option), event.says].filter(Boolean).join(". "),
  }),
  ExpectationJudged: (view, event) => ({
    icon: "check", label: "Judged", text: `says of message ${event.number}: ${MARKS[event.mark]}${event.text ? ` (${event.text})` : ""}`,
  }),
  CustomerWrote: (view, event) => ({ shape: "boxed", icon: "customer", label: `Message ${event.number}`, who: event.sender, text: event.text }),
  InjectNotTaken: (view, event) => ({ icon: "close", label: "Not taken", text: untaken(event) }),
  InjectHeld: (view, event) => ({ icon: "pause", label: "Held", text: `holds back ${event.inject}` }),

  SituationReportFiled: () => ({ icon: "paper", label: "Situation report", text: "filed the situation report" }),
  ReportEmailed: () => ({ icon: "email", label: "E-mail", text: "e-mailed the situation report to the stakeholders" }),
  PaperAttached: (view, event) => ({ icon: "link", label: "Attached", text: `attached ${PAPERS[event.paper] ?? event.paper} to the topic` }),
  PostMortemFiled: () => ({ icon: "paper", label: "Post-mortem", text: "filed the post-mortem" }),
  CorrectiveActionAdded: (view, event) => ({
    icon: "flag", label: "Corrective action", prose: true,
    text: `entered an action: ${event.text}${event.owner ? ` (${nameOf(view, event.owner)}${event.due_on ? `, by ${event.due_on}` : ""})` : ""}`,
  }),

  ToolChanged: (view, event) => ({ shape: "turn", icon: event.works ? "check" : "alert", label: event.works ? "Works again" : "Down", text: `In the story, ${toolName(event.tool)} ${event.works ? "works again" : "is down"}` }),
  StoryJumped: (view, event) => ({
    shape: "turn", icon: "clock", label: "Later, in the story",
    text: `${span(event.by)} later${view.statics.story ? `: ${storyTime({ ...view, jumped: jumpedBy(view, event) }, event.at)}` : ""}`,
  }),
  DrillStopped: () => ({ shape: "turn", icon: "stop", label: "Stopped", text: "Something real has happened. The drill is on hold." }),
  DrillPaused: (view, event) => ({ shape: "turn", icon: "pause", label: "Paused", text: event.reason ? `The drill is paused: ${event.reason}` : "The drill is paused" }),
  DrillResumed: () => ({ shape: "turn", icon: "play", label: "Resumed", text: "The drill goes on" }),
  TimeSkipped: (view, event) => ({ icon: "clock", label: "Skipped", text: `moved drill time ahead to ${drillTime(event.to)}` }),
  HintGiven: (view, event) => ({ shape: "boxed", icon: "hint", label: `Hint for ${nameOf(view, event.to)}`, text: event.text }),
  MemberExcused: (view, event) => ({ icon: "people", label: "Excused", text: `${nameOf(view, event.member)} is excused: ${event.reason}` }),
  NoteTaken: (view, event) => ({ icon: "draft", label: "Note", text: event.text, prose: true }),
  Rated: (view, event) => ({ icon: "check", label: "Rating", text: `rated ${event.item}: ${event.value}${event.text ? ` (${event.text})` : ""}` }),
};
