"""What participants do: the Act union, in the imperative. `syntax` reads them from what somebody types."""

from collections.abc import Mapping

import msgspec

from simulator.events import Paper
from simulator.people import named


class ActRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The act changes nothing; the message says why in one sentence, with the ids of people in it."""

    def __str__(self) -> str:
        return self.told({})

    def told(self, names: Mapping[str, str]) -> str:
        """The same sentence with names, by id, in the places of ids, and handles in what one would type."""
        return named(super().__str__(), names)


class NotAllowed(ActRefused):
    """Who tried may not do that in this drill, whenever they try."""


class Doing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="do", forbid_unknown_fields=True):
    """What all acts have."""

    who: str
    """Id of the one who acts."""
    id: str | None = None
    """An id from the actor's client; the same id is applied once."""


# -- everybody ---------------------------------------------------------------------------------------------------------


class Acknowledge(Doing, frozen=True, tag="acknowledge"):
    """Answer the alert, or, as first responder, the report."""


class DeclareSeverity(Doing, frozen=True, tag="declare_severity"):
    """Say how grave it is; 0 says that it is a false alarm."""

    severity: int


class AlertTeam(Doing, frozen=True, tag="alert"):
    """Call the team; a good alert states severity and topic."""

    severity: int | None = None
    topic: str | None = None


class Join(Doing, frozen=True, tag="join"):
    """Come into the incident channel."""


class Restate(Doing, frozen=True, tag="restate"):
    """Restate severity and topic in the channel."""

    severity: int | None = None
    topic: str | None = None


class TakeRole(Doing, frozen=True, tag="take_role"):
    """Take a role and say so in the channel."""

    role: str


class ReleaseRole(Doing, frozen=True, tag="release_role"):
    """Give a role back; without a name, the only one held."""

    role: str | None = None


class HandOver(Doing, frozen=True, tag="hand_over"):
    """Offer a role one holds to another member."""

    role: str
    to: str


class AcceptRole(Doing, frozen=True, tag="accept"):
    """Accept the role that was offered."""


class Say(Doing, frozen=True, tag="say"):
    """Talk in the channel."""

    text: str


class LogEntry(Doing, frozen=True, tag="log"):
    """Put something that has been done into the running log."""

    text: str


class PostUpdate(Doing, frozen=True, tag="update"):
    """Tell the organization how it stands."""

    text: str


class DraftMessage(Doing, frozen=True, tag="draft"):
    """Propose a message to customers."""

    text: str


class ApproveDraft(Doing, frozen=True, tag="approve"):
    """Agree to a draft, as commander; without a number, the last one."""

    draft: int | None = None


class Publish(Doing, frozen=True, tag="publish"):
    """Tell customers; without a text, the last approved draft. `next_in` (milliseconds) promises the next message."""

    text: str = ""
    next_in: int | None = None


class Reply(Doing, frozen=True, tag="reply"):
    """Answer an inject by its number."""

    number: int
    text: str


class StartAction(Doing, frozen=True, tag="start_action"):
    """Do an action of the scenario, by its id."""

    action: str


class Attempt(Doing, frozen=True, tag="do"):
    """Do something in one's own words; what matches no action of the scenario becomes a question."""

    text: str


class Ask(Doing, frozen=True, tag="ask"):
    """Ask how something stands; what an action would show is found by doing that action."""

    text: str


class TickStep(Doing, frozen=True, tag="step"):
    """Tick off a step of a procedure (`runbook/procedure`)."""

    procedure: str
    step: int


class FlagStep(Doing, frozen=True, tag="flag_step"):
    """Say that a step of a procedure (`runbook/procedure`) is wrong or out of date, and how."""

    procedure: str
    step: int
    text: str


class Delegate(Doing, frozen=True, tag="delegate"):
    """Ask another member to do something."""

    to: str
    text: str


class FinishTask(Doing, frozen=True, tag="done"):
    """Say that a delegated task is done; without a number, the oldest of one's own."""

    task: int | None = None


class AnnounceWorkaround(Doing, frozen=True, tag="workaround"):
    """Tell operations how to go on meanwhile."""

    text: str


class FileBug(Doing, frozen=True, tag="bug"):
    """File it as a bug for the current sprint."""

    text: str


class CloseIncident(Doing, frozen=True, tag="close"):
    """Close it without a resolution, with the reason."""

    reason: str


class Resolve(Doing, frozen=True, tag="resolve"):
    """Declare it resolved."""

    text: str = ""


class FileSituationReport(Doing, frozen=True, tag="file_situation_report"):
    """Give the answers that only people know."""

    solution: str = ""
    who_impacted: str = ""
    how_impacted: str = ""


class EmailReport(Doing, frozen=True, tag="email"):
    """Send the situation report to the stakeholders."""


class Attach(Doing, frozen=True, tag="attach"):
    """Attach a paper to the topic in the channel; without a name, whichever is filed and not yet attached."""

    paper: Paper | None = None


class FilePostMortem(Doing, frozen=True, tag="file_post_mortem"):
    """File the retrospective."""

    summary: str = ""
    went_well: str = ""
    went_badly: str = ""
    learnings: str = ""


class AddCorrectiveAction(Doing, frozen=True, tag="corrective_action"):
    """Enter something to change, with an owner and a day."""

    text: str
    owner: str = ""
    due_on: str = ""


class Heard(Doing, frozen=True, tag="heard"):
    """Report what another said aloud; `text` is what they would have typed."""

    speaker: str
    text: str


class Confirm(Doing, frozen=True, tag="confirm"):
    """Confirm what was reported as said aloud, as the speaker or a facilitator; without a number, the last report."""

    report: int | None = None


class Stop(Doing, frozen=True, tag="stop"):
    """Something real has happened: halt everything."""


# -- facilitator and evaluator -----------------------------------------------------------------------------------------


class Pause(Doing, frozen=True, tag="pause"):
    """Stop the clock."""

    reason: str = ""


class Resume(Doing, frozen=True, tag="resume"):
    """Let the clock run again."""


class SkipAhead(Doing, frozen=True, tag="skip"):
    """Move drill time to the next thing that is due."""


class SendInject(Doing, frozen=True, tag="inject"):
    """Send one of the scenario's injects now (`inject`), or one written on the spot."""

    inject: str | None = None
    to: str = "everyone"
    via: str = "chat"
    sender: str = "The facilitator"
    text: str = ""


class HoldInject(Doing, frozen=True, tag="hold"):
    """Hold an inject back."""

    inject: str


class Answer(Doing, frozen=True, tag="answer"):
    """Answer a question; without a number, the oldest open one."""

    text: str
    question: int | None = None


class Hint(Doing, frozen=True, tag="hint"):
    """Help a member."""

    to: str
    text: str


class Excuse(Doing, frozen=True, tag="excuse"):
    """Expect nothing more of a member."""

    member: str
    reason: str


class Note(Doing, frozen=True, tag="note"):
    """Keep an observation."""

    text: str


class Rate(Doing, frozen=True, tag="rate"):
    """Rate what no log can show, from 0 to 100."""

    item: str
    value: int
    text: str = ""


class EndDrill(Doing, frozen=True, tag="end"):
    """End the phase that runs: the response, the papers, or the hot wash and with it the exercise."""

    reason: str = ""


class CloseFollowUp(Doing, frozen=True, tag="close_follow_up"):
    """Close the follow-up before its time."""


PlayerAct = (
    Acknowledge
    | DeclareSeverity
    | AlertTeam
    | Join
    | Restate
    | TakeRole
    | ReleaseRole
    | HandOver
    | AcceptRole
    | Say
    | LogEntry
    | PostUpdate
    | DraftMessage
    | ApproveDraft
    | Publish
    | Reply
    | StartAction
    | Attempt
    | Ask
    | TickStep
    | FlagStep
    | Delegate
    | FinishTask
    | AnnounceWorkaround
    | FileBug
    | CloseIncident
    | Resolve
    | FileSituationReport
    | EmailReport
    | Attach
    | FilePostMortem
    | AddCorrectiveAction
    | Heard
    | Confirm
    | Stop
)
StaffAct = (
    Pause
    | Resume
    | SkipAhead
    | SendInject
    | HoldInject
    | Answer
    | Hint
    | Excuse
    | Note
    | Rate
    | EndDrill
    | CloseFollowUp
)
Act = PlayerAct | StaffAct
"""Everything that can be done, told apart by `do`."""
