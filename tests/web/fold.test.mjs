// The browser's fold, by `node --test tests/web/`.

import assert from "node:assert/strict";
import { test } from "node:test";

import { entryOf } from "../../drills/web/static/js/entries.js";
import { apply, approvedDraft, holders, inboxOf, newView, owesAcknowledgement, promised, reached, viewOf, waitingDraft, widens } from "../../drills/web/static/js/fold.js";

const statics = (member, role = "player") => ({
  viewer: { role, member },
  channel: "#SitRep",
  commander: "incident_commander",
  spokesperson: "communications",
  members: [{ id: "ana", name: "Ana Ruiz" }, { id: "ben", name: "Ben Okafor" }],
  roles: [{ id: "incident_commander", title: "Incident Commander", most: 1 }, { id: "communications", title: "Communications" }],
  severities: [{ level: 1, name: "Critical" }],
  runbooks: [],
  ends: { after: 2_700_000, papers: 1_200_000, hot_wash: 900_000 },
});

/** Events with their places and instants filled in. */
const log = (...events) =>
  events.map(([kind, at, fields], seq) => ({ kind, seq, at, wall: new Date(Date.UTC(2026, 10, 24, 20, 0, 0) + at).toISOString(), ...fields }));

const opening = [
  ["DrillStarted", 0, {}],
  ["IncidentReported", 0, { to: "ana", via: "alert", sender: "Heroku", text: "H12" }],
  ["TeamAlerted", 40_000, { actor: "ana", recipients: ["ana", "ben"], severity: 1, topic: "login" }],
];

test("an event is applied once, and only behind the last", () => {
  const view = newView(statics("ana"));
  const [started, reported] = log(...opening);
  assert.equal(apply(view, started), true);
  assert.equal(apply(view, reported), true);
  assert.equal(apply(view, reported), false);
  assert.equal(view.events.length, 2);
});

test("the alert reaches, and who gave it has answered it", () => {
  const view = viewOf(statics("ben"), log(...opening));
  assert.equal(reached(view), true);
  assert.equal(owesAcknowledgement(view), true);
  assert.equal(owesAcknowledgement(viewOf(statics("ana"), log(...opening))), false);
  assert.equal(view.topic, "login");
  assert.equal(reached(viewOf(statics("ben"), log(...opening.slice(0, 1)))), false);
});

test("what makes more visible is known, for oneself alone", () => {
  const [, , alerted] = log(...opening);
  assert.equal(widens(newView(statics("ben")), alerted), true);
  assert.equal(widens(newView(statics(null, "facilitator")), alerted), false);
  assert.equal(widens(newView(statics("ben")), { kind: "RoleTaken", actor: "ana", role: "communications" }), false);
});

test("a handover moves the role without a gap and ends the offer", () => {
  const view = viewOf(
    statics("ben"),
    log(...opening, ["RoleTaken", 60_000, { actor: "ana", role: "incident_commander" }], ["HandoverOffered", 70_000, { actor: "ana", role: "incident_commander", to: "ben" }], ["RoleHandedOver", 75_000, { actor: "ben", role: "incident_commander", giver: "ana" }]),
  );
  assert.deepEqual(holders(view, "incident_commander"), ["ben"]);
  assert.deepEqual(view.offers, {});
  assert.deepEqual(view.stretches.map(({ member, from, to }) => [member, from, to]), [["ana", 60_000, 75_000], ["ben", 75_000, null]]);
});

test("a draft waits, is approved, and is published", () => {
  const view = newView(statics("ana"));
  const events = log(...opening, ["MessageDrafted", 80_000, { actor: "ben", draft: 1, text: "We know of it" }], ["DraftApproved", 90_000, { actor: "ana", draft: 1 }], ["MessagePublished", 100_000, { actor: "ben", message: 1, text: "We know of it.", agreed: true, next_in: 1_200_000 }]);
  for (const event of events.slice(0, 4)) apply(view, event);
  assert.equal(waitingDraft(view)?.draft, 1);
  apply(view, events[4]);
  assert.equal(waitingDraft(view), null);
  assert.equal(approvedDraft(view)?.draft, 1);
  apply(view, events[5]);
  assert.equal(approvedDraft(view), null);
  assert.equal(promised(view)?.at, 1_300_000);
});

test("mail for a role is in the inbox of its later holders", () => {
  const events = log(...opening, ["InjectDelivered", 50_000, { number: 1, recipients: ["ana"], via: "email", sender: "A customer", text: "Are you down?", to: "communications" }], ["RoleTaken", 60_000, { actor: "ben", role: "communications" }], ["InjectAnswered", 70_000, { actor: "ben", number: 1, text: "We are on it" }]);
  assert.equal(inboxOf(viewOf(statics("ben"), events.slice(0, 4)), "ben").length, 0);
  const [mail] = inboxOf(viewOf(statics("ben"), events), "ben");
  assert.deepEqual(mail.replies.map((reply) => reply.by), ["ben"]);
});

test("what was said aloud is confirmed by the speaker's act, and counts from then", () => {
  const view = viewOf(statics("ana"), log(...opening, ["SpokenReported", 50_000, { actor: "ana", report: 1, speaker: "ben", text: "/ack" }], ["Acknowledged", 80_000, { actor: "ben", said: 50_000 }]));
  assert.equal(view.spoken[0].confirmed, true);
  assert.equal(view.acknowledged.ben, 50_000);
});

test("a stop halts, and resuming ends it", () => {
  const view = viewOf(statics("ana"), log(...opening, ["DrillStopped", 50_000, { actor: "ben" }]));
  assert.equal(view.halted?.real, true);
  apply(view, { kind: "DrillResumed", seq: 4, at: 50_000, wall: "2026-11-24T20:05:00Z", paused_ms: 10 });
  assert.equal(view.halted, null);
});

test("an entry says who did what, in names and titles", () => {
  const view = viewOf(statics("ana"), log(...opening));
  const entry = entryOf(view, { kind: "RoleTaken", actor: "ben", role: "communications", at: 0, wall: "2026-11-24T20:05:00Z" });
  assert.equal(`${entry?.who} ${entry?.text}`, "Ben Okafor is now Communications");
  assert.equal(entryOf(view, { kind: "NobodyKnows" }), null);
});
