"""What participants do, in the imperative. `syntax` reads acts from what somebody types."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

import msgspec

from simulator.events import Mark, Paper
from simulator.people import named


class ActRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The act changes nothing; the message says why in one sentence, naming people by id."""

    def __str__(self) -> str:
        return self.told({})

    def told(self, names: Mapping[str, str]) -> str:
        """The same sentence with names (given by id) instead of ids, and handles in what people would type."""
        return named(super().__str__(), names)


class NotAllowed(ActRefused):
    """The actor may never do that in this drill."""


class Act(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="do", forbid_unknown_fields=True):
    """What all acts have."""

    who: str
    """Id of the person who acts."""
    id: str | None = None
    """An id from the actor's client; the same id is applied once."""


class PlayerAct(Act, frozen=True):
    """What a player does."""


class StaffAct(Act, frozen=True):
    """What a facilitator does, or an evaluator."""


# -- everybody ---------------------------------------------------------------------------------------------------------


class Acknowledge(PlayerAct, frozen=True, tag="acknowledge"):
    """Answer the alert, or, as first responder, the report."""


class DeclareSeverity(PlayerAct, frozen=True, tag="declare_severity"):
    """Say how severe it is; 0 means a false alarm."""

    severity: int


class AlertTeam(PlayerAct, frozen=True, tag="alert"):
    """Call the team; a good alert states severity and topic."""

    severity: int | None = None
    topic: str | None = None


class Join(PlayerAct, frozen=True, tag="join"):
    """Join the incident channel."""


class Restate(PlayerAct, frozen=True, tag="restate"):
    """Restate severity and topic in the channel."""

    severity: int | None = None
    topic: str | None = None


class TakeRole(PlayerAct, frozen=True, tag="take_role"):
    """Take a role and say so in the channel."""

    role: str


class ReleaseRole(PlayerAct, frozen=True, tag="release_role"):
    """Give a role back; without a name, the only one held."""

    role: str | None = None


class HandOver(PlayerAct, frozen=True, tag="hand_over"):
    """Offer a role you hold to another member."""

    role: str
    to: str


class AcceptRole(PlayerAct, frozen=True, tag="accept"):
    """Accept the role that was offered."""


class Say(PlayerAct, frozen=True, tag="say"):
    """Talk in the channel."""

    text: str


class LogEntry(PlayerAct, frozen=True, tag="log"):
    """Add something that was done to the running log."""

    text: str


class PostUpdate(PlayerAct, frozen=True, tag="update"):
    """Give the organization an update."""

    text: str


class DraftMessage(PlayerAct, frozen=True, tag="draft"):
    """Propose a message to customers."""

    text: str


class ApproveDraft(PlayerAct, frozen=True, tag="approve"):
    """Approve a draft, as commander; without a number, the last one."""

    draft: int | None = None


class Publish(PlayerAct, frozen=True, tag="publish"):
    """Tell customers; without a text, the last approved draft. `next_in` (milliseconds) promises the next message; 0,
    typed `next none`, says that this is the last.

    `by` is the way: `status_page`, or `email` or `social_media` where that is down.
    """

    text: str = ""
    next_in: int | None = None
    by: str = "status_page"


class Reply(PlayerAct, frozen=True, tag="reply"):
    """Answer an inject by its number."""

    number: int
    text: str


class Choose(PlayerAct, frozen=True, tag="choose"):
    """Choose an option of a decision that you were asked to make, by its label, its number or its id."""

    option: str


class Contact(PlayerAct, frozen=True, tag="contact"):
    """Contact somebody outside the team, by the id of that person."""

    outsider: str
    text: str


class StartAction(PlayerAct, frozen=True, tag="start_action"):
    """Do an action of the scenario, by its id."""

    action: str


class Attempt(PlayerAct, frozen=True, tag="do"):
    """Do something in your own words; what matches no action of the scenario becomes a question."""

    text: str


class Ask(PlayerAct, frozen=True, tag="ask"):
    """Ask about something; to see what an action shows, do that action."""

    text: str


class TickStep(PlayerAct, frozen=True, tag="step"):
    """Tick off a step of a procedure (`runbook/procedure`)."""

    procedure: str
    step: int


class FlagStep(PlayerAct, frozen=True, tag="flag_step"):
    """Say that a step of a procedure (`runbook/procedure`) is wrong or out of date, and how."""

    procedure: str
    step: int
    text: str


class Delegate(PlayerAct, frozen=True, tag="delegate"):
    """Ask another member to do something."""

    to: str
    text: str


class FinishTask(PlayerAct, frozen=True, tag="done"):
    """Say that a delegated task is done; without a number, the actor's oldest."""

    task: int | None = None


class AnnounceWorkaround(PlayerAct, frozen=True, tag="workaround"):
    """Tell operations how to keep working in the meantime."""

    text: str


class FileBug(PlayerAct, frozen=True, tag="bug"):
    """File it as a bug for the current sprint."""

    text: str


class CloseIncident(PlayerAct, frozen=True, tag="close"):
    """Close it without a resolution, with the reason."""

    reason: str


class Resolve(PlayerAct, frozen=True, tag="resolve"):
    """Declare it resolved."""

    text: str = ""


class FileSituationReport(PlayerAct, frozen=True, tag="file_situation_report"):
    """Give the answers that only people know."""

    solution: str = ""
    who_impacted: str = ""
    how_impacted: str = ""


class EmailReport(PlayerAct, frozen=True, tag="email"):
    """Send the situation report to the stakeholders."""


class Attach(PlayerAct, frozen=True, tag="attach"):
    """Attach a paper to the topic in the channel; without a name, whichever is filed and not yet attached."""

    paper: Paper | None = None


class FilePostMortem(PlayerAct, frozen=True, tag="file_post_mortem"):
    """File the retrospective."""

    summary: str = ""
    went_well: str = ""
    went_badly: str = ""
    learnings: str = ""


class AddCorrectiveAction(PlayerAct, frozen=True, tag="corrective_action"):
    """Add something to change, with an owner, a day, and the obligation that would show that it helped."""

    text: str
    owner: str = ""
    due_on: str = ""
    obligation: str = ""


class Heard(PlayerAct, frozen=True, tag="heard"):
    """Report what another said aloud; `text` is what they would have typed."""

    speaker: str
    text: str


class Confirm(PlayerAct, frozen=True, tag="confirm"):
    """Confirm what was reported as said aloud, as the speaker or a facilitator; without a number, the last report."""

    report: int | None = None


class Stop(PlayerAct, frozen=True, tag="stop"):
    """Something real has happened: halt everything."""


# -- facilitator and evaluator -----------------------------------------------------------------------------------------


class Pause(StaffAct, frozen=True, tag="pause"):
    """Stop the clock."""

    reason: str = ""


class Resume(StaffAct, frozen=True, tag="resume"):
    """Let the clock run again."""


class SkipAhead(StaffAct, frozen=True, tag="skip"):
    """Move drill time to the next thing that is due."""


class SendInject(StaffAct, frozen=True, tag="inject"):
    """Send one of the scenario's injects now (`inject`), or one written on the spot."""

    inject: str | None = None
    to: str = "everyone"
    via: str = "chat"
    sender: str = "The facilitator"
    text: str = ""


class HoldInject(StaffAct, frozen=True, tag="hold"):
    """Hold an inject back."""

    inject: str


class SetTool(StaffAct, frozen=True, tag="tool"):
    """Let something that responders use go down in the story, or work again: dashboard, status_page, chat."""

    tool: str
    works: bool


class Answer(StaffAct, frozen=True, tag="answer"):
    """Answer a question; without a number, the oldest open one."""

    text: str
    question: int | None = None


class Hint(StaffAct, frozen=True, tag="hint"):
    """Help a member."""

    to: str
    text: str


class Excuse(StaffAct, frozen=True, tag="excuse"):
    """Expect nothing more of a member."""

    member: str
    reason: str


class Note(StaffAct, frozen=True, tag="note"):
    """Keep an observation."""

    text: str


class Rate(StaffAct, frozen=True, tag="rate"):
    """Rate what no log can show, from 0 to 100."""

    item: str
    value: int
    text: str = ""


class Judge(StaffAct, frozen=True, tag="judge"):
    """Say whether the team did what a message expects that no log can show; without a place, the first of those."""

    number: int
    mark: Mark
    expected: int | None = None
    text: str = ""


class EndDrill(StaffAct, frozen=True, tag="end"):
    """End the phase that runs: the response, the papers, or the hot wash and with it the exercise."""

    reason: str = ""


class CloseFollowUp(StaffAct, frozen=True, tag="close_follow_up"):
    """Close the follow-up before its time."""


ACTS: tuple[type[Act], ...] = (*PlayerAct.__subclasses__(), *StaffAct.__subclasses__())
"""Every kind of act, told apart by `do`, in the order of their definition."""
_ANY: Any = reduce(or_, ACTS)


def kind_of(act: type[Act]) -> str:
    """The name of a kind of act in `do`."""
    return str(act.__struct_config__.tag)


def act_of(fields: Mapping[str, object]) -> Act:
    """The act in these fields, which include `do`; raises msgspec.ValidationError if there is none."""
    act: Act = msgspec.convert(fields, _ANY)
    return act
