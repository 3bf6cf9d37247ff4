import assert from "node:assert/strict";
import { test } from "node:test";

import {
  apply, approvedDraft, busyWith, commander, holders, inboxOf, mayTake, nameOf, newView, offDuty, owesAcknowledgement, phaseEnds, promised, reached,
  roleTitle, rolesOf, viewOf, waitingDraft, widens,
} from "../../../../drills/web/static/js/fold.js";
import { events, statics } from "./made.js";

/** @param {...any} all */
const folded = (...all) => viewOf(statics(), events(...all));

test("a role is for those whose part in the team lets them take it", () => {
  const made = { ...statics(), members: [{ id: "ana", roles: null }, { id: "ben", roles: ["communications"] }] };
  assert.deepEqual(["ana", "ben"].map((who) => mayTake(made, who, "commander")), [true, false]);
  assert.equal(mayTake(made, "ben", "communications"), true);
});

test("an event is taken in once, and none that lies behind", () => {
  const view = newView(statics());
  const [first, second] = events(["SeverityDeclared", 5, { actor: "ana", severity: 2 }], ["SeverityDeclared", 6, { actor: "ana", severity: 1 }]);
  assert.equal(apply(view, first), true);
  assert.equal(apply(view, second), true);
  assert.equal(apply(view, first), false);
  assert.equal(apply(view, second), false);
  assert.equal(view.severity, 1);
  assert.equal(view.events.length, 2);
  assert.deepEqual([view.seq, view.at], [1, 6]);
});

test("an event of a kind that is not known moves time and changes nothing else", () => {
  const view = newView(statics());
  assert.equal(apply(view, events(["SomethingNew", 9])[0]), true);
  assert.deepEqual({ ...view, events: [], seq: -1, at: 0 }, newView(statics()));
  assert.equal(view.at, 9);
});

test("drill time never runs back, and a skip moves it ahead", () => {
  const view = folded(["TimeSkipped", 5, { to: 100 }], ["MessagePosted", 40, { actor: "ana", text: "Hm." }]);
  assert.equal(view.at, 100);
});

test("the first alert that reached somebody counts, and the last topic that was named", () => {
  const view = folded(
    ["TeamAlerted", 10, { actor: "ana", recipients: ["ana", "ben"], topic: "login" }],
    ["TeamAlerted", 20, { actor: "ben", recipients: ["ana", "ben"], severity: 1 }],
  );
  assert.deepEqual(view.alerted, { ana: 10, ben: 10 });
  assert.deepEqual(view.acknowledged, { ana: 10, ben: 20 });
  assert.equal(view.topic, "login");
});

test("what was said aloud counts from then", () => {
  const view = folded(
    ["SpokenReported", 10, { actor: "ben", report: 1, speaker: "ana", text: "/ack" }],
    ["SpokenReported", 20, { actor: "ben", report: 2, speaker: "ana", text: "/join" }],
    ["Acknowledged", 30, { actor: "ana", act: "heard-1", said: 10 }],
  );
  assert.equal(view.acknowledged.ana, 10);
  assert.deepEqual(view.spoken.map((one) => one.confirmed), [true, false]);
});

test("a confirmation is of the report that its act names, not of another of the same speaker or time", () => {
  const view = folded(
    ["SpokenReported", 10, { actor: "ben", report: 1, speaker: "ana", text: "/ack" }],
    ["SpokenReported", 10, { actor: "ana", report: 2, speaker: "ben", text: "/ack" }],
    ["Acknowledged", 10, { actor: "ben", act: "heard-2", said: 10 }],
    ["Joined", 10, { actor: "ana", act: "heard-7", said: 10 }],
  );
  assert.deepEqual(view.spoken.map((one) => one.confirmed), [false, true]);
});

test("an approval ends with the message that was this draft and with no other", () => {
  const view = folded(
    ["MessageDrafted", 1, { actor: "ben", draft: 1, text: "We know." }],
    ["MessageDrafted", 2, { actor: "ben", draft: 2, text: "We know." }],
    ["DraftApproved", 3, { actor: "ana", draft: 2 }],
    ["DraftApproved", 4, { actor: "ana", draft: 1 }],
    ["MessagePublished", 5, { actor: "ana", message: 1, text: "We know.", agreed: true }],
  );
  assert.equal(approvedDraft(view)?.draft, 1);
  apply(view, { kind: "MessagePublished", seq: 5, at: 6, wall: view.events[0].wall, actor: "ben", message: 2, text: "We know!", agreed: true, draft: 1 });
  assert.equal(approvedDraft(view)?.draft, 2);
  assert.deepEqual(view.drafts.map((draft) => draft.published), [2, null]);
  apply(view, { kind: "MessagePublished", seq: 6, at: 7, wall: view.events[0].wall, actor: "ben", message: 3, text: "We know.", agreed: true, draft: 2 });
  assert.equal(approvedDraft(view), null);
});

test("a draft that is approved once more is sent next", () => {
  const view = folded(
    ["MessageDrafted", 1, { actor: "ben", draft: 1, text: "One" }],
    ["MessageDrafted", 2, { actor: "ben", draft: 2, text: "Two" }],
    ["DraftApproved", 3, { actor: "ana", draft: 1 }],
    ["DraftApproved", 4, { actor: "ana", draft: 2 }],
    ["DraftApproved", 5, { actor: "ana", draft: 1 }],
  );
  assert.deepEqual(view.approved, [2, 1]);
});

test("only the last draft waits, until it is approved or goes out", () => {
  const drafts = [["MessageDrafted", 1, { actor: "ben", draft: 1, text: "One" }], ["MessageDrafted", 2, { actor: "ben", draft: 2, text: "Two" }]];
  assert.equal(waitingDraft(folded()), null);
  assert.equal(waitingDraft(folded(...drafts))?.draft, 2);
  assert.equal(waitingDraft(folded(...drafts, ["DraftApproved", 3, { actor: "ana", draft: 2 }])), null);
  assert.equal(waitingDraft(folded(...drafts, ["MessagePublished", 3, { actor: "ana", message: 1, text: "Two", draft: 2 }])), null);
});

test("a promise is there until the last message, and none for a message that names none", () => {
  const sent = (/** @type {number | undefined} */ next_in) => promised(folded(["MessagePublished", 60_000, { actor: "ana", message: 1, text: "x", next_in }]));
  assert.deepEqual(sent(600_000), { at: 660_000, wall: "2026-03-03T15:11:00.000Z" });
  assert.equal(sent(0), null);
  assert.equal(sent(undefined), null);
  assert.equal(promised(folded()), null);
});

test("giving up a role takes its offer back, and its stretch ends", () => {
  const view = folded(
    ["RoleTaken", 10, { actor: "ana", role: "commander" }],
    ["HandoverOffered", 20, { actor: "ana", role: "commander", to: "ben" }],
    ["RoleReleased", 30, { actor: "ana", role: "commander" }],
  );
  assert.deepEqual(view.offers, {});
  assert.equal(commander(view), null);
  assert.deepEqual(view.stretches, [{ role: "commander", member: "ana", from: 10, to: 30 }]);
});

test("a role that is handed over has no gap, and who holds it already goes on from when they took it", () => {
  const view = folded(
    ["RoleTaken", 10, { actor: "ana", role: "commander" }],
    ["HandoverOffered", 20, { actor: "ana", role: "commander", to: "ben" }],
    ["RoleTaken", 25, { actor: "ben", role: "commander" }],
    ["RoleHandedOver", 30, { actor: "ben", role: "commander", giver: "ana" }],
  );
  assert.deepEqual(view.roles.commander, [{ member: "ben", since: 25 }]);
  assert.deepEqual(view.stretches.map(({ member, from, to }) => [member, from, to]), [["ana", 10, 30], ["ben", 25, null]]);
  assert.deepEqual(view.offers, {});
});

test("who is excused holds nothing any more", () => {
  const view = folded(
    ["RoleTaken", 1, { actor: "ben", role: "commander" }],
    ["RoleTaken", 2, { actor: "ben", role: "communications" }],
    ["MemberExcused", 3, { actor: null, member: "ben", reason: "called away" }],
  );
  assert.deepEqual(rolesOf(view, "ben"), []);
  assert.deepEqual(holders(view, "commander"), []);
  assert.deepEqual(view.stretches.map(({ to }) => to), [3, 3]);
});

test("a stop keeps since when the clock is paused", () => {
  const view = folded(["DrillPaused", 10, { actor: "fay", reason: "lunch" }], ["DrillStopped", 10, { actor: "ana", wall: "2026-03-03T16:00:00Z" }]);
  assert.deepEqual([view.halted?.wall, view.halted?.real, view.halted?.by], ["2026-03-03T15:00:00.010Z", true, "ana"]);
  apply(view, { kind: "DrillResumed", seq: 2, at: 10, wall: "2026-03-03T17:00:00Z", paused_ms: 1 });
  assert.equal(view.halted, null);
});

test("the incident has reached those who were alerted, have the report or came in, and those who do not play", () => {
  assert.equal(reached(folded()), false);
  assert.equal(reached(folded(["TeamAlerted", 1, { actor: "ben", recipients: ["ben"] }])), false);
  assert.equal(reached(folded(["TeamAlerted", 1, { actor: "ben", recipients: ["ana"] }])), true);
  assert.equal(reached(folded(["IncidentReported", 1, { to: "ana", via: "call", sender: "x", text: "y" }])), true);
  assert.equal(reached(folded(["Joined", 1, { actor: "ana" }])), true);
  assert.equal(reached(newView(statics({ role: "observer", member: null }))), true);
});

test("an acknowledgement is owed in the response by whom it reached, once, and not by who is excused", () => {
  const alert = ["TeamAlerted", 1, { actor: "ben", recipients: ["ana", "ben"] }];
  assert.equal(owesAcknowledgement(folded()), false);
  assert.equal(owesAcknowledgement(folded(alert)), true);
  assert.equal(owesAcknowledgement(folded(alert, ["Acknowledged", 2, { actor: "ana" }])), false);
  assert.equal(owesAcknowledgement(folded(alert, ["MemberExcused", 2, { member: "ana", reason: "x" }])), false);
  assert.equal(owesAcknowledgement(folded(alert, ["PhaseBegan", 2, { phase: "papers" }])), false);
});

test("whose shift begins later is off duty until then, and an alert that went out before reaches them then", () => {
  const alert = ["TeamAlerted", 1, { actor: "ben", recipients: ["ben"], severity: 1, topic: "login" }];
  assert.equal(owesAcknowledgement(folded(["ShiftBegan", 2, { member: "ana" }])), false);
  const view = folded(alert, ["ShiftBegan", 5, { member: "ana" }]);
  assert.equal(owesAcknowledgement(view), true);
  assert.deepEqual([view.alerts.at(-1).by, view.alerts.at(-1).topic, view.alerted.ana], ["ben", "login", 5]);
  const members = [{ id: "ana", name: "Ana", since: 600_000 }, { id: "ben", name: "Ben", since: null }];
  const early = newView({ ...statics(), members });
  assert.deepEqual([offDuty(early, "ana"), offDuty(early, "ben")], [600_000, null]);
  apply(early, events(["ShiftBegan", 5, { member: "ana" }])[0]);
  assert.equal(offDuty(early, "ana"), null);
});

test("mail is read by its recipients and by holders of the role it was for", () => {
  const arrived = (/** @type {number} */ number, /** @type {string} */ to, /** @type {string[]} */ recipients) => ["InjectDelivered", number, { number, to, recipients, via: "call", sender: "x", text: "y" }];
  const view = folded(arrived(1, "communications", ["ben"]), arrived(2, "ana", ["ana"]), arrived(3, "ben", ["ben"]));
  const numbers = (/** @type {string | null} */ member) => inboxOf(view, member).map((mail) => mail.number);
  assert.deepEqual(numbers("ana"), [2]);
  apply(view, { kind: "RoleTaken", seq: 9, at: 9, wall: "", actor: "ana", role: "communications" });
  assert.deepEqual(numbers("ana"), [1, 2]);
  assert.deepEqual(numbers(null), []);
  view.staff = true;
  assert.deepEqual(numbers(null), [1, 2, 3]);
});

test("an answer belongs to its message, and one to a message that is not seen to none", () => {
  const view = folded(
    ["InjectDelivered", 1, { number: 4, to: "ana", recipients: ["ana"], via: "call", sender: "x", text: "y" }],
    ["InjectAnswered", 2, { actor: "ana", number: 4, text: "Yes." }],
    ["InjectAnswered", 3, { actor: "ana", number: 5, text: "No." }],
  );
  assert.deepEqual(view.mails[0].replies.map((reply) => reply.text), ["Yes."]);
});

test("who is busy is so until that run is done", () => {
  const view = folded(
    ["ActionStarted", 1, { actor: "ana", action: "look", label: "Look", run: 1, ends: 10 }],
    ["ActionStarted", 2, { actor: "ben", action: "mend", run: 2, ends: 20 }],
  );
  assert.equal(busyWith(view, "ana")?.label, "Look");
  assert.equal(busyWith(view, "ben")?.label, "mend");
  apply(view, { kind: "ActionFinished", seq: 2, at: 10, wall: "", actor: "ana", action: "look", run: 1, shows: "It is the release." });
  assert.equal(busyWith(view, "ana"), null);
  assert.deepEqual([view.runs[0].finished, view.runs[0].shows], [10, "It is the release."]);
});

test("a phase ends by its own clock, the response by the scenario's", () => {
  const view = folded();
  assert.equal(phaseEnds(view), 1_800_000);
  const ends = ["papers", "hot_wash", "follow_up"].map((phase, place) => {
    apply(view, { kind: "PhaseBegan", seq: place, at: 1_000, wall: "", phase });
    return phaseEnds(view);
  });
  assert.deepEqual(ends, [601_000, 901_000, null]);
  apply(view, { kind: "FollowUpClosed", seq: 9, at: 2_000, wall: "" });
  assert.equal(view.phase, "closed");
});

test("a page reads all again after what lets its viewer see more, and after nothing of others", () => {
  const view = newView(statics());
  const cases = [
    [true, { kind: "TeamAlerted", recipients: ["ana"], actor: "ben" }], [true, { kind: "TeamAlerted", recipients: [], actor: "ana" }], [false, { kind: "TeamAlerted", recipients: ["ben"], actor: "ben" }],
    [true, { kind: "ReportEscalated", to: "ana" }], [false, { kind: "IncidentReported", to: "ben" }],
    [true, { kind: "RoleTaken", actor: "ana" }], [true, { kind: "RoleHandedOver", actor: "ana" }], [true, { kind: "Joined", actor: "ana" }], [false, { kind: "RoleTaken", actor: "ben" }],
    [false, { kind: "RoleReleased", actor: "ana" }],
  ];
  for (const [expected, event] of cases) assert.equal(widens(view, event), expected, JSON.stringify(event));
  assert.equal(widens(newView(statics({ role: "observer", member: null })), { kind: "Joined", actor: null }), false);
});

test("people and groups have names, and what nobody did was the drill", () => {
  const view = newView(statics());
  assert.deepEqual(["ana", "fay", null, undefined, ""].map((id) => nameOf(view, id)), ["Ana", "The facilitator", "The drill", "The drill", "The drill"]);
  const staffed = { ...view, statics: { ...view.statics, staff: [{ seat: "facilitator", name: "Olga" }, { seat: "evaluator", name: "Wim" }, { seat: "evaluator", name: "Eva" }] } };
  assert.deepEqual(["fay", "facilitator", "evaluator"].map((id) => nameOf(staffed, id)), ["Olga", "Olga", "The evaluator"]);
  assert.deepEqual(["commander", "everyone", "channel", "ben"].map((id) => roleTitle(view, id)), ["Incident Commander", "Everyone", "#sitrep", "Ben"]);
});
