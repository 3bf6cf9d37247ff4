// What the server sends and takes. Made by `make docs`; a test says when it is to be made again.

declare namespace Server {
  /** STARTEX. `values` are the scenario's variables as drawn. */
  interface DrillStarted {
    kind: "DrillStarted";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    values?: Record<string, string | number>;
  }

  /** The report reached the first responder. */
  interface IncidentReported {
    kind: "IncidentReported";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    to: string;
    via: string;
    sender: string;
    text: string;
    files?: Record<string, any>[];
  }

  /** Nobody had taken the report up, so it went to the next member. */
  interface ReportEscalated {
    kind: "ReportEscalated";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    to: string;
    via: string;
    sender: string;
    text: string;
    files?: Record<string, any>[];
  }

  /** A phase after the response began; the response itself begins with the drill. */
  interface PhaseBegan {
    kind: "PhaseBegan";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    phase: "follow_up" | "hot_wash" | "papers" | "respond";
  }

  /** Somebody declared the incident resolved; the response ends. */
  interface IncidentResolved {
    kind: "IncidentResolved";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    text?: string;
  }

  /** Somebody closed it without a resolution: a false alarm, or something that waits; the response ends. */
  interface IncidentClosed {
    kind: "IncidentClosed";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    reason: string;
  }

  /** ENDEX. What comes later is recorded but, except for the follow-up, not scored. */
  interface DrillEnded {
    kind: "DrillEnded";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    reason?: string;
  }

  /** The time for the post-mortem and its corrective actions is over; the score is final. */
  interface FollowUpClosed {
    kind: "FollowUpClosed";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
  }

  /** Somebody judged how severe it is. */
  interface SeverityDeclared {
    kind: "SeverityDeclared";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    severity: number;
  }

  /** The team was called; `severity` and `topic` are what the alert stated, if it did. */
  interface TeamAlerted {
    kind: "TeamAlerted";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    recipients: string[];
    severity?: number | null;
    topic?: string | null;
  }

  /** A member came on duty, later than the others; an alert that had gone out reached them then. */
  interface ShiftBegan {
    kind: "ShiftBegan";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    member: string;
  }

  /** A member answered the alert, or the first responder the report. */
  interface Acknowledged {
    kind: "Acknowledged";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
  }

  /** A member came into the incident channel. */
  interface Joined {
    kind: "Joined";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
  }

  /** Severity and topic were restated in the channel. */
  interface Restated {
    kind: "Restated";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    severity?: number | null;
    topic?: string | null;
  }

  /** A member stated in the channel that they hold a role from now on. */
  interface RoleTaken {
    kind: "RoleTaken";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    role: string;
  }

  /** A member gave a role back. */
  interface RoleReleased {
    kind: "RoleReleased";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    role: string;
  }

  /** A holder offered their role to another member. */
  interface HandoverOffered {
    kind: "HandoverOffered";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    role: string;
    to: string;
  }

  /** The other member (the actor) accepted it; `giver` no longer holds it. */
  interface RoleHandedOver {
    kind: "RoleHandedOver";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    role: string;
    giver: string;
  }

  /** Plain talk in the channel. */
  interface MessagePosted {
    kind: "MessagePosted";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    text: string;
  }

  /** An entry of the running log: what has been done. */
  interface EntryLogged {
    kind: "EntryLogged";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    text: string;
  }

  /** An internal update: the state of things. */
  interface UpdatePosted {
    kind: "UpdatePosted";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    text: string;
  }

  /** A message to customers, for the commander's approval. `draft` numbers them from 1. */
  interface MessageDrafted {
    kind: "MessageDrafted";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    draft: number;
    text: string;
  }

  /** The commander agreed to a draft. */
  interface DraftApproved {
    kind: "DraftApproved";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    draft: number;
  }

  /** A message went out to customers. `message` numbers them from 1. */
  interface MessagePublished {
    kind: "MessagePublished";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    message: number;
    text: string;
    agreed?: boolean;
    next_in?: number | null;
    draft?: number | null;
    says_over?: boolean;
    terse?: boolean;
    by?: string;
  }

  /** A reply to an inject; `number` is the inject's number in the drill. */
  interface InjectAnswered {
    kind: "InjectAnswered";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    number: number;
    text: string;
  }

  /** Somebody reported what another said aloud; it counts when the speaker or a facilitator confirms it. */
  interface SpokenReported {
    kind: "SpokenReported";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    report: number;
    speaker: string;
    text: string;
  }

  /** A member began an action. `run` numbers all runs from 1, `ends` is the drill time at which it will be done. */
  interface ActionStarted {
    kind: "ActionStarted";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    action: string;
    run: number;
    ends: number;
    label: string;
  }

  /** It is done; `shows` is what the member (the actor) sees. */
  interface ActionFinished {
    kind: "ActionFinished";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    action: string;
    run: number;
    shows?: string;
    label: string;
    files?: Record<string, any>[];
  }

  /** An action changed what customers feel. `cause` is the action. */
  interface ImpactChanged {
    kind: "ImpactChanged";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    impact: "eased" | "ended" | "full" | "worse";
    cause: string;
  }

  /** A step of a procedure (`runbook/procedure`) was ticked off; steps count from 1. */
  interface StepDone {
    kind: "StepDone";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    procedure: string;
    step: number;
  }

  /** A member found a step of a procedure wrong or out of date; fixing it is a corrective action. */
  interface StepFlagged {
    kind: "StepFlagged";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    procedure: string;
    step: number;
    text: string;
  }

  /** A member asked another to do something. `task` numbers them from 1. */
  interface TaskDelegated {
    kind: "TaskDelegated";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    task: number;
    to: string;
    text: string;
  }

  /** A delegated task was done. */
  interface TaskDone {
    kind: "TaskDone";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    task: number;
  }

  /** Somebody asked about something that no action of the scenario covers. `question` numbers them from 1. */
  interface QuestionAsked {
    kind: "QuestionAsked";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    question: number;
    text: string;
    outsider?: string | null;
  }

  /** The facilitator answered, or the person outside the team; if there is neither, nothing unusual was found. */
  interface QuestionAnswered {
    kind: "QuestionAnswered";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    question: number;
    text: string;
  }

  /** Operations were told how to go on meanwhile. */
  interface WorkaroundAnnounced {
    kind: "WorkaroundAnnounced";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    text: string;
  }

  /** The incident was filed as a bug for the current sprint. */
  interface BugFiled {
    kind: "BugFiled";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    text: string;
  }

  /** An inject reached its recipients. */
  interface InjectDelivered {
    kind: "InjectDelivered";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    number: number;
    recipients: string[];
    via: string;
    sender: string;
    text: string;
    to?: string;
    also?: string[];
    inject?: string | null;
    occurrence?: number;
    files?: Record<string, any>[];
    asks?: Record<string, any>;
  }

  /** A customer wrote of their own accord, moved by what they were told or not told. */
  interface CustomerWrote {
    kind: "CustomerWrote";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    number: number;
    recipients: string[];
    via: string;
    sender: string;
    text: string;
    to?: string;
    also?: string[];
    mood: "let_down" | "mended" | "misled" | "reassured" | "told" | "waiting";
  }

  /** The story's clock jumped ahead by `by` milliseconds, as an inject says; drill time runs on as it was. */
  interface StoryJumped {
    kind: "StoryJumped";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    by: number;
    inject?: string;
  }

  /** Something that responders use went down in the story, or works again, by the scenario or by a facilitator. */
  interface ToolChanged {
    kind: "ToolChanged";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    tool: string;
    works: boolean;
  }

  /** A note of the scenario for those who run the drill came up. Players never see it. */
  interface FacilitatorTold {
    kind: "FacilitatorTold";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    inject?: string;
    via: string;
    sender: string;
    text: string;
    occurrence?: number;
  }

  /** One of those who were asked to decide chose an option; `number` is the message that asked. */
  interface DecisionMade {
    kind: "DecisionMade";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    number: number;
    option: string;
    says?: string;
  }

  /** An evaluator or a facilitator said whether the team did what an inject (the message `number`) expects at the place `expected`, from 1: `mark` is `done`, `partly` or `not`. The last word counts. */
  interface ExpectationJudged {
    kind: "ExpectationJudged";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    number: number;
    expected: number;
    mark: "done" | "not" | "partly";
    text?: string;
  }

  /** An inject will not come (again): its condition did not hold, chance, it never came due, or it was held back. */
  interface InjectNotTaken {
    kind: "InjectNotTaken";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    inject?: string;
    reason: "chance" | "condition" | "held" | "never";
    occurrence?: number;
  }

  /** The facilitator holds an inject back; what it expects is void. */
  interface InjectHeld {
    kind: "InjectHeld";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    inject?: string;
  }

  /** The answers that only people can give. An empty one was left out. */
  interface SituationReportFiled {
    kind: "SituationReportFiled";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    solution?: string;
    who_impacted?: string;
    how_impacted?: string;
  }

  /** The situation report was sent to the stakeholders. */
  interface ReportEmailed {
    kind: "ReportEmailed";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
  }

  /** A paper was attached to the topic in the channel. */
  interface PaperAttached {
    kind: "PaperAttached";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    paper: "post_mortem" | "situation_report";
  }

  /** The retrospective. An empty part was left out; the last one filed counts. */
  interface PostMortemFiled {
    kind: "PostMortemFiled";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    summary?: string;
    went_well?: string;
    went_badly?: string;
    learnings?: string;
  }

  /** Something to change; its owner, its day (YYYY-MM-DD) and the obligation that would show it may be missing. */
  interface CorrectiveActionAdded {
    kind: "CorrectiveActionAdded";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    text: string;
    owner?: string;
    due_on?: string;
    obligation?: string;
  }

  /** Something real has happened: everything halts, at no cost, until a facilitator resumes or ends the drill. */
  interface DrillStopped {
    kind: "DrillStopped";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
  }

  /** The facilitator stopped the clock, or the server was down. */
  interface DrillPaused {
    kind: "DrillPaused";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    reason?: string;
  }

  /** The clock runs again; `paused_ms` is how long it was paused in real time. */
  interface DrillResumed {
    kind: "DrillResumed";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    paused_ms: number;
  }

  /** The facilitator moved drill time ahead to `to`, the next thing that was due. */
  interface TimeSkipped {
    kind: "TimeSkipped";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    to: number;
  }

  /** The facilitator helped a member. */
  interface HintGiven {
    kind: "HintGiven";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    to: string;
    text: string;
  }

  /** A member is no longer expected to act, from now on. */
  interface MemberExcused {
    kind: "MemberExcused";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    member: string;
    reason: string;
  }

  /** A facilitator's or evaluator's observation. */
  interface NoteTaken {
    kind: "NoteTaken";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    text: string;
  }

  /** An evaluator rated what no log can show, from 0 to 100. */
  interface Rated {
    kind: "Rated";
    seq: number;
    at: number;
    wall: string;
    actor?: string | null;
    due?: number | null;
    act?: string | null;
    said?: number | null;
    item: string;
    value: number;
    text?: string;
  }

  type Event =
    | DrillStarted
    | IncidentReported
    | ReportEscalated
    | PhaseBegan
    | IncidentResolved
    | IncidentClosed
    | DrillEnded
    | FollowUpClosed
    | SeverityDeclared
    | TeamAlerted
    | ShiftBegan
    | Acknowledged
    | Joined
    | Restated
    | RoleTaken
    | RoleReleased
    | HandoverOffered
    | RoleHandedOver
    | MessagePosted
    | EntryLogged
    | UpdatePosted
    | MessageDrafted
    | DraftApproved
    | MessagePublished
    | InjectAnswered
    | SpokenReported
    | ActionStarted
    | ActionFinished
    | ImpactChanged
    | StepDone
    | StepFlagged
    | TaskDelegated
    | TaskDone
    | QuestionAsked
    | QuestionAnswered
    | WorkaroundAnnounced
    | BugFiled
    | InjectDelivered
    | CustomerWrote
    | StoryJumped
    | ToolChanged
    | FacilitatorTold
    | DecisionMade
    | ExpectationJudged
    | InjectNotTaken
    | InjectHeld
    | SituationReportFiled
    | ReportEmailed
    | PaperAttached
    | PostMortemFiled
    | CorrectiveActionAdded
    | DrillStopped
    | DrillPaused
    | DrillResumed
    | TimeSkipped
    | HintGiven
    | MemberExcused
    | NoteTaken
    | Rated;

  /** The event of a kind. */
  type Of<Kind extends Event["kind"]> = Extract<Event, { kind: Kind }>;

  /** Answer the alert, or, as first responder, the report. */
  interface ActAcknowledge {
    do: "acknowledge";
  }

  /** Say how severe it is; 0 means a false alarm. */
  interface ActDeclareSeverity {
    do: "declare_severity";
    severity: number;
  }

  /** Call the team; a good alert states severity and topic. */
  interface ActAlertTeam {
    do: "alert";
    severity?: number | null;
    topic?: string | null;
  }

  /** Join the incident channel. */
  interface ActJoin {
    do: "join";
  }

  /** Restate severity and topic in the channel. */
  interface ActRestate {
    do: "restate";
    severity?: number | null;
    topic?: string | null;
  }

  /** Take a role and say so in the channel. */
  interface ActTakeRole {
    do: "take_role";
    role: string;
  }

  /** Give a role back; without a name, the only one held. */
  interface ActReleaseRole {
    do: "release_role";
    role?: string | null;
  }

  /** Offer a role you hold to another member. */
  interface ActHandOver {
    do: "hand_over";
    role: string;
    to: string;
  }

  /** Accept the role that was offered. */
  interface ActAcceptRole {
    do: "accept";
  }

  /** Talk in the channel. */
  interface ActSay {
    do: "say";
    text: string;
  }

  /** Add something that was done to the running log. */
  interface ActLogEntry {
    do: "log";
    text: string;
  }

  /** Give the organization an update. */
  interface ActPostUpdate {
    do: "update";
    text: string;
  }

  /** Propose a message to customers. */
  interface ActDraftMessage {
    do: "draft";
    text: string;
  }

  /** Approve a draft, as commander; without a number, the last one. */
  interface ActApproveDraft {
    do: "approve";
    draft?: number | null;
  }

  /** Tell customers; without a text, the last approved draft. `next_in` (milliseconds) promises the next message; 0, typed `next none`, says that this is the last. `by` is the way: `status_page`, or `email` or `social_media` where that is down. */
  interface ActPublish {
    do: "publish";
    text?: string;
    next_in?: number | null;
    by?: string;
  }

  /** Answer an inject by its number. */
  interface ActReply {
    do: "reply";
    number: number;
    text: string;
  }

  /** Choose an option of a decision that you were asked to make, by its label, its number or its id. */
  interface ActChoose {
    do: "choose";
    option: string;
  }

  /** Contact somebody outside the team, by the id of that person. */
  interface ActContact {
    do: "contact";
    outsider: string;
    text: string;
  }

  /** Do an action of the scenario, by its id. */
  interface ActStartAction {
    do: "start_action";
    action: string;
  }

  /** Do something in your own words; what matches no action of the scenario becomes a question. */
  interface ActAttempt {
    do: "do";
    text: string;
  }

  /** Ask about something; to see what an action shows, do that action. */
  interface ActAsk {
    do: "ask";
    text: string;
  }

  /** Tick off a step of a procedure (`runbook/procedure`). */
  interface ActTickStep {
    do: "step";
    procedure: string;
    step: number;
  }

  /** Say that a step of a procedure (`runbook/procedure`) is wrong or out of date, and how. */
  interface ActFlagStep {
    do: "flag_step";
    procedure: string;
    step: number;
    text: string;
  }

  /** Ask another member to do something. */
  interface ActDelegate {
    do: "delegate";
    to: string;
    text: string;
  }

  /** Say that a delegated task is done; without a number, the actor's oldest. */
  interface ActFinishTask {
    do: "done";
    task?: number | null;
  }

  /** Tell operations how to keep working in the meantime. */
  interface ActAnnounceWorkaround {
    do: "workaround";
    text: string;
  }

  /** File it as a bug for the current sprint. */
  interface ActFileBug {
    do: "bug";
    text: string;
  }

  /** Close it without a resolution, with the reason. */
  interface ActCloseIncident {
    do: "close";
    reason: string;
  }

  /** Declare it resolved. */
  interface ActResolve {
    do: "resolve";
    text?: string;
  }

  /** Give the answers that only people know. */
  interface ActFileSituationReport {
    do: "file_situation_report";
    solution?: string;
    who_impacted?: string;
    how_impacted?: string;
  }

  /** Send the situation report to the stakeholders. */
  interface ActEmailReport {
    do: "email";
  }

  /** Attach a paper to the topic in the channel; without a name, whichever is filed and not yet attached. */
  interface ActAttach {
    do: "attach";
    paper?: "post_mortem" | "situation_report" | null;
  }

  /** File the retrospective. */
  interface ActFilePostMortem {
    do: "file_post_mortem";
    summary?: string;
    went_well?: string;
    went_badly?: string;
    learnings?: string;
  }

  /** Add something to change, with an owner, a day, and the obligation that would show that it helped. */
  interface ActAddCorrectiveAction {
    do: "corrective_action";
    text: string;
    owner?: string;
    due_on?: string;
    obligation?: string;
  }

  /** Report what another said aloud; `text` is what they would have typed. */
  interface ActHeard {
    do: "heard";
    speaker: string;
    text: string;
  }

  /** Confirm what was reported as said aloud, as the speaker or a facilitator; without a number, the last report. */
  interface ActConfirm {
    do: "confirm";
    report?: number | null;
  }

  /** Something real has happened: halt everything. */
  interface ActStop {
    do: "stop";
  }

  /** Stop the clock. */
  interface ActPause {
    do: "pause";
    reason?: string;
  }

  /** Let the clock run again. */
  interface ActResume {
    do: "resume";
  }

  /** Move drill time to the next thing that is due. */
  interface ActSkipAhead {
    do: "skip";
  }

  /** Send one of the scenario's injects now (`inject`), or one written on the spot. */
  interface ActSendInject {
    do: "inject";
    inject?: string | null;
    to?: string;
    via?: string;
    sender?: string;
    text?: string;
  }

  /** Hold an inject back. */
  interface ActHoldInject {
    do: "hold";
    inject: string;
  }

  /** Let something that responders use go down in the story, or work again: dashboard, status_page, chat. */
  interface ActSetTool {
    do: "tool";
    tool: string;
    works: boolean;
  }

  /** Answer a question; without a number, the oldest open one. */
  interface ActAnswer {
    do: "answer";
    text: string;
    question?: number | null;
  }

  /** Help a member. */
  interface ActHint {
    do: "hint";
    to: string;
    text: string;
  }

  /** Expect nothing more of a member. */
  interface ActExcuse {
    do: "excuse";
    member: string;
    reason: string;
  }

  /** Keep an observation. */
  interface ActNote {
    do: "note";
    text: string;
  }

  /** Rate what no log can show, from 0 to 100. */
  interface ActRate {
    do: "rate";
    item: string;
    value: number;
    text?: string;
  }

  /** Say whether the team did what a message expects that no log can show; without a place, the first of those. */
  interface ActJudge {
    do: "judge";
    number: number;
    mark: "done" | "not" | "partly";
    expected?: number | null;
    text?: string;
  }

  /** End the phase that runs: the response, the papers, or the hot wash and with it the exercise. */
  interface ActEndDrill {
    do: "end";
    reason?: string;
  }

  /** Close the follow-up before its time. */
  interface ActCloseFollowUp {
    do: "close_follow_up";
  }

  type Act =
    | ActAcknowledge
    | ActDeclareSeverity
    | ActAlertTeam
    | ActJoin
    | ActRestate
    | ActTakeRole
    | ActReleaseRole
    | ActHandOver
    | ActAcceptRole
    | ActSay
    | ActLogEntry
    | ActPostUpdate
    | ActDraftMessage
    | ActApproveDraft
    | ActPublish
    | ActReply
    | ActChoose
    | ActContact
    | ActStartAction
    | ActAttempt
    | ActAsk
    | ActTickStep
    | ActFlagStep
    | ActDelegate
    | ActFinishTask
    | ActAnnounceWorkaround
    | ActFileBug
    | ActCloseIncident
    | ActResolve
    | ActFileSituationReport
    | ActEmailReport
    | ActAttach
    | ActFilePostMortem
    | ActAddCorrectiveAction
    | ActHeard
    | ActConfirm
    | ActStop
    | ActPause
    | ActResume
    | ActSkipAhead
    | ActSendInject
    | ActHoldInject
    | ActSetTool
    | ActAnswer
    | ActHint
    | ActExcuse
    | ActNote
    | ActRate
    | ActJudge
    | ActEndDrill
    | ActCloseFollowUp;

  /** The events that the act became; none if it had already been applied. */
  interface Acted {
    events: Event[];
    seq: number;
  }

  /** What an action does; for staff. */
  interface ActionAnswer {
    id: string;
    label: string;
    takes: number;
    effect: "fixes" | "eases" | "worsens" | "nothing";
    clue: boolean;
    herring: boolean;
    needs: string[];
    shows: string | null;
  }

  /** Something that responders can do, and how long it takes. */
  interface ActionChoice {
    id: string;
    label: string;
    takes: number;
  }

  /** That somebody saw that it is done. */
  interface ActionClosed {
    on: string;
    how: "observation" | "document";
    text: string;
  }

  /** Corrective actions, overdue ones first. */
  interface ActionList {
    actions: drills__web__openapi_actions__ActionLine[];
  }

  /** How many people were let in. */
  interface Admitted {
    admitted: number;
  }

  /** What to think of before a message goes out. */
  interface AdviceFound {
    advice: AdviceLine[];
  }

  /** Something to think of. */
  interface AdviceLine {
    id: string;
    text: string;
  }

  /** Whether a name had been forgotten, and may be used again. */
  interface Allowed {
    allowed: boolean;
  }

  /** What players may not read before the end. */
  interface Answers {
    severity: [number, string][];
    solution: string | null;
    who: string | null;
    how: string | null;
    lost: string | null;
    workaround: string | null;
    actions: ActionAnswer[];
    injects: InjectAnswer[];
    outsiders: OutsiderAnswer[];
    guide: Record<string, any> | null;
  }

  /** A question that came with a message, for everybody to talk about. */
  interface AskedLine {
    number: number;
    sender: string;
    text: string;
  }

  /** What time it is in a drill. */
  interface ClockState {
    at: number;
    wall: string;
    running: boolean;
    stopped: boolean;
    fault: string | null;
    pace: number;
  }

  /** What the protocol would do next, and why. */
  interface Coached {
    says: string;
    because: string;
  }

  /** A drill in a list. */
  interface DrillLine {
    id: string;
    state: "lobby" | "running" | "closed";
    phase: "lobby" | "respond" | "papers" | "hot_wash" | "follow_up" | "closed" | "running";
    kind: "drill" | "practice" | "rehearsal";
    made: string;
    title: string | null;
    score: number | null;
  }

  /** The drills that a session may see, newest first; at most a hundred. */
  interface Drills {
    drills: DrillLine[];
    next: string | null;
  }

  /** What is due, in order of time. */
  interface Duties {
    duties: DutyLine[];
  }

  /** Something that is owed, and its status. */
  interface DutyLine {
    id: string;
    title: string;
    owner: string;
    owner_title: string;
    target_at: number | null;
    deadline_at: number | null;
    state: "open" | "overdue" | "late" | "done" | "void";
    act: string;
    hint: string;
  }

  /** Events that the session may see, in order. */
  interface Events {
    events: Event[];
    seq: number;
  }

  /** The evidence of a period; the page about evidence explains it. */
  interface EvidenceJson {
    since: string;
    until: string;
    made: string;
    by: string;
    kept: Record<string, any>[];
    others: Record<string, string>[];
    notes: string[];
    changed: string[];
    after: string;
  }

  /** What was removed about somebody, and what is out of reach. */
  interface Forgotten {
    name: string;
    drills: string[];
    texts: number;
    out_of_reach: string[];
  }

  /** How to type an act. */
  interface FormLine {
    verb: string;
    form: string;
    help: string;
    staff: boolean;
  }

  /** Whether the server can do its work. */
  interface Health {
    ok: boolean;
    running: number;
    holds: string[];
    fault: string | null;
  }

  /** A corrective action of an earlier drill that this one tested again. */
  interface HeldLine {
    text: string;
    measured_by: string;
    then: string;
    now: string;
    says: string;
    held: boolean;
  }

  /** What the history says is made anew from the logs. */
  interface HistoryAnew {
    left: number;
  }

  /** Closed drills together; the page about the history explains each column. */
  interface HistoryJson {
    drills: Record<string, any>[];
    obligations: Record<string, any>[];
    notes: string[];
  }

  /** An inject as planned; for staff. */
  interface InjectAnswer {
    id: string;
    at: number | null;
    when: string;
    to: string[];
    whom: string;
    via: "alert" | "call" | "email" | "chat" | "customer" | "in_person";
    way: string;
    from: string;
    text: string;
    papers: boolean;
    files: string[];
    expects: string[];
    judged: number[];
    objective: string | null;
  }

  /** Points that an item earned, and would have earned. */
  interface ItemLine {
    title: string;
    before: number;
    after: number;
  }

  /** It is stored. */
  interface Kept {
    kept: true;
  }

  /** Who is here, and what everybody should know before the start. */
  interface Lobby {
    people: LobbyPerson[];
    staff: StaffLine[];
    phase: string;
    me: string | null;
    admitted: boolean;
    brief: string;
    minutes: number;
    most: number;
    mode: "assessed" | "training";
    voice: "none" | "call" | "room";
    roles: Record<string, any>[];
    severities: Record<string, any>[];
    scored: string[];
    seen_by: string;
    appraisal: string;
    fiction: string;
    ends_at: string;
    link: string | null;
    qr: string | null;
    personal: PersonalLink[];
    observer_link: string | null;
    evaluator_link: string | null;
    facilitator_link: string | null;
    reach: Reach | null;
  }

  /** Somebody who plays. */
  interface LobbyPerson {
    id: string;
    name: string;
    here: boolean;
    admitted: boolean;
    waiting: boolean;
    simulated: boolean;
    first_responder: boolean;
  }

  /** Who looks at a drill. */
  interface Looking {
    role: "player" | "facilitator" | "evaluator" | "observer";
    member: string | null;
    name: string;
  }

  /** Points that were lost. */
  interface LostLine {
    owner_title: string;
    title: string;
    why: string;
    points: number;
    better: string | null;
  }

  /** A drill that was made, and its page. */
  interface Made {
    drill: string;
    url: string;
  }

  /** Somebody of the team. */
  interface MemberLine {
    id: string;
    name: string;
    simulated: boolean;
    roles: string[] | null;
    since: number | null;
  }

  /** Two rows are one person now. */
  interface Merged {
    merged: true;
  }

  /** The viewer's own guess. */
  interface Mine {
    heard: number | null;
    command: number | null;
    surprise: string;
  }

  /** A moment to look at together. */
  interface MomentLine {
    at: number;
    title: string;
    text: string;
  }

  /** Where every browser is now. */
  interface Moved {
    screen: "guess" | "reveal" | "score";
  }

  /** The same with what they know and what they answer by themselves; for staff. */
  interface OutsiderAnswer {
    id: string;
    name: string;
    knows: string | null;
    says: string[];
  }

  /** Somebody outside the team. */
  interface OutsiderName {
    id: string;
    name: string;
  }

  /** Everything that a drill's page is made of. */
  interface Page {
    static: Static;
    clock: ClockState;
    phase: "respond" | "papers" | "hot_wash" | "follow_up" | "closed";
    signals: Record<string, [number, number][]>;
    events: Event[];
    seq: number;
  }

  /** A component of the score. */
  interface PartLine {
    title: string;
    score: number | null;
    weight: number;
  }

  /** Everybody who is known, by name. */
  interface People {
    people: PersonLine[];
  }

  /** Somebody who is known. */
  interface PersonLine {
    id: string;
    name: string;
    email: string;
    teams: string[];
    drills: number;
  }

  /** A link for one member. */
  interface PersonalLink {
    member: string;
    name: string;
    link: string;
  }

  /** When the response ends, and how long the papers and the talk may take. */
  interface PhaseEnds {
    after: number;
    papers: number;
    hot_wash: number;
  }

  /** One way through the work, such as rolling a release back. */
  interface Procedure {
    /** Its name; an action refers to it as `runbook/procedure`. */
    id: string;
    /** Its name as people read it. */
    title: string;
    /** When this is the right procedure, and when it is not. */
    when: string;
    /** The company's real page for it. */
    link?: string | null;
    /** The steps in order; people name them by number, from 1. */
    steps: Step[];
  }

  /** What several teams did, without a score beside another team's. */
  interface ProgrammeJson {
    teams: Record<string, any>[];
    course: Record<string, number> | null;
  }

  /** One question of the situation report. */
  interface Question {
    /** What is asked for. */
    id: "incident" | "reported_at" | "closed_at" | "response_time" | "people" | "solution" | "who_impacted" | "how_impacted";
    /** The question as people read it. */
    asks: string;
    /** Whether the log knows the answer or only people do. */
    answered_by: "log" | "people";
  }

  /** Who can open the links. */
  interface Reach {
    says: string;
    ways: string[];
  }

  /** Why an act was refused, in one sentence. */
  interface Refusal {
    refused: string;
  }

  /** Why something was not done, in one sentence. */
  interface Refused {
    error: string;
  }

  /** The links no longer work. */
  interface Revoked {
    revoked: true;
  }

  /** A part that somebody plays in an incident. */
  interface Role {
    /** The name that acts, scenarios and tables use. */
    id: string;
    /** The name that people read. */
    title: string;
    /** What the holder answers for, a line each. */
    responsible_for: string[];
    /** How many may hold the role at once; nothing means any number. */
    most?: number | null;
  }

  /** A scenario that can be played. */
  interface ScenarioLine {
    name: string;
    title: string;
    length: string;
    difficulty: string;
    teaches: string[];
    own: boolean;
  }

  /** What can be played, our own first. */
  interface Scenarios {
    scenarios: ScenarioLine[];
  }

  /** A scorecard of format 2; the page about the score explains its fields. */
  interface ScorecardJson {
    format: 2;
    drill: string;
    scenario: string;
    score: number | null;
    rating: string | null;
    provisional: boolean;
    components: Record<string, any>;
    ledger: Record<string, any>[];
  }

  /** Tells a command whether this is its database's server. */
  interface ServerProof {
    proof: string;
  }

  /** One level of the protocol's scale. */
  interface Severity {
    /** The number people say; 1 is the gravest. */
    level: number;
    /** The word that goes with the number, such as Critical. */
    name: string;
    /** What is true of an incident of this severity. */
    means: string;
    /** What the team does about it in three or four words, such as All hands on deck. */
    response: string;
    /** Incidents that have this severity, to judge others by. */
    examples: string[];
    /** What an incident of this severity demands of the team. */
    demands: string[];
  }

  /** An obligation that can show that a corrective action helped. */
  interface ShownBy {
    id: string;
    title: string;
    words: string;
  }

  /** A runbook as the room shows it. */
  interface ShownRunbook {
    id: string;
    title: string;
    about: string;
    procedures: Procedure[];
  }

  /** A signal, and its usual level. */
  interface SignalLine {
    name: string;
    title: string;
    unit: string;
    normal: number | null;
  }

  /** Somebody who runs a drill, rates it or watches. */
  interface StaffLine {
    seat: "facilitator" | "evaluator" | "observer";
    name: string;
  }

  /** The drill has begun. */
  interface Started {
    started: true;
  }

  /** The part of a drill that does not change while it runs. */
  interface Static {
    drill: string;
    title: string | null;
    channel: string;
    mode: "assessed" | "training";
    voice: "none" | "call" | "room";
    viewer: Looking;
    timezone: string;
    story: StoryBegin | null;
    start: string;
    brief: string;
    company: string;
    practice: boolean;
    rehearsal: boolean;
    commander: string;
    spokesperson: string | null;
    solver: string | null;
    members: MemberLine[];
    staff: StaffLine[];
    roles: Role[];
    severities: Severity[];
    runbooks: ShownRunbook[];
    process: string[];
    questions: Question[];
    post_mortem: string[];
    obligations: ShownBy[];
    ends: PhaseEnds;
    signals: SignalLine[];
    actions: ActionChoice[] | null;
    outsiders: OutsiderName[];
    syntax: FormLine[];
    answers: Answers | null;
  }

  /** One step of a procedure. */
  interface Step {
    /** What to do. */
    do: string;
    /** What one sees when it worked. */
    expect?: string | null;
    /** What to do when it did not. */
    otherwise?: string | null;
    /** The page that says more. */
    link?: string | null;
  }

  /** When the story begins, by its own clock. */
  interface StoryBegin {
    begins: number;
    day: string;
  }

  /** What came of adding a team. */
  interface TeamKept {
    people: number;
    left_out: number;
  }

  /** A team that is known. */
  interface TeamLine {
    id: string;
    title: string;
    people: number;
  }

  /** The teams that can be chosen. */
  interface Teams {
    teams: TeamLine[];
  }

  /** When customers first heard, and when somebody was in command; null if never. */
  interface Times {
    heard: number | null;
    command: number | null;
  }

  /** A token, without what would let anybody use it. */
  interface TokenLine {
    id: string;
    name: string;
    scopes: string[];
    made: string;
    made_by: string;
    expires: string;
    used: string | null;
    state: "valid" | "expired" | "revoked";
  }

  /** All tokens, the newest first. */
  interface TokenList {
    tokens: TokenLine[];
  }

  /** A new token. Nobody can read it again. */
  interface TokenMade {
    token: string;
    made: TokenLine;
  }

  /** It opens nothing any more. */
  interface TokenRevoked {
    revoked: TokenLine;
  }

  /** The talk so far, with nothing from later screens. */
  interface Wash {
    screen: "guess" | "reveal" | "score";
    written: number;
    questions: string[];
    asked: AskedLine[];
    mine: Mine | null;
    guesses: Times[];
    truth: Times;
    moments: MomentLine[];
    unanswered: [number, number][];
    actions: drills__web__openapi_hotwash__ActionLine[];
    held: HeldLine[];
    score: Worth | null;
    report: string | null;
    folder: string | null;
    record: string | null;
  }

  /** One of the few changes that would have brought most, and the drill as it was played again with that alone. */
  interface WhatIfLine {
    title: string;
    why: string;
    better: string;
    brings: number;
    score: number | null;
    items: ItemLine[];
  }

  /** What the drill was worth. */
  interface Worth {
    score: number | null;
    says: string | null;
    provisional: boolean;
    held_down: string | null;
    response_time: number | null;
    role_coverage: number | null;
    parts: PartLine[];
    most: WhatIfLine[];
    ledger: LostLine[];
    mine: LostLine[] | null;
  }

  /** Why a drill was not made. */
  interface Wrong {
    error: string;
    fields?: Record<string, string>;
  }

  /** A corrective action, and what became of it. */
  interface drills__web__openapi_actions__ActionLine {
    id: string;
    drill: string;
    date: string;
    team: string;
    text: string;
    owner: string;
    owner_name: string;
    mine: boolean;
    left: boolean;
    due_on: string;
    overdue: boolean;
    obligation: string;
    shown_by: string;
    then: string;
    now: string;
    state: "open" | "retested" | "held" | "not_held" | "closed";
    says: string;
    luck: number | null;
    retests: string[];
    planned: string[];
    closed: ActionClosed | null;
  }

  /** Something to change. */
  interface drills__web__openapi_hotwash__ActionLine {
    text: string;
    owner: string;
    due_on: string;
  }
}
