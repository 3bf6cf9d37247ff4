"""What the API answers, for its description. Only needed when somebody asks for the description."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from drills.web.openapi_actions import ACTION_ANSWERS
from drills.web.openapi_bodies import Screen
from drills.web.openapi_hotwash import HOT_WASH_ANSWERS, Millis
from drills.web.openapi_people import PEOPLE_ANSWERS
from drills.web.openapi_setup import SETUP_ANSWERS
from scenarios.protocol import Question, Role, Severity
from scenarios.runbook import Procedure
from scenarios.scenario import Effect, Via

__all__ = ["ANSWERS"]


# -- what is refused ---------------------------------------------------------------------------------------------------


class Refused(BaseModel):
    """Why something was not done, in one sentence."""

    error: str


class Refusal(BaseModel):
    """Why an act was refused, in one sentence."""

    refused: str


# -- what is answered --------------------------------------------------------------------------------------------------


class Health(BaseModel):
    """Whether the server can do its work."""

    ok: bool
    running: Annotated[int, Field(ge=0)]
    """How many drills run."""
    holds: list[str]
    """The open drills that this server has; if several share a database, the others have the rest."""
    fault: str | None
    """Why drills are paused, if the database takes no writes."""


class ServerProof(BaseModel):
    """Tells a command whether this is its database's server."""

    proof: str


class Events(BaseModel):
    """Events that the session may see, in order."""

    events: list[dict[str, Any]]
    seq: Annotated[int, Field(ge=-1)]
    """The place of the last event, seen or not."""


class Acted(Events):
    """The events that the act became; none if it had already been applied."""


class DrillLine(BaseModel):
    """A drill in a list."""

    id: str
    state: Literal["lobby", "running", "closed"]
    phase: Literal["lobby", "respond", "papers", "hot_wash", "follow_up", "closed", "running"]
    """The phase of the protocol; `running` if the drill is not in this server's memory."""
    kind: Literal["drill", "practice", "rehearsal"]
    made: str
    title: str | None
    """The scenario's title, unless it should still surprise the reader."""
    score: float | None
    """The score of a closed drill, once it is computed and the talk has shown it."""


class Drills(BaseModel):
    """The drills that a session may see, newest first; at most a hundred."""

    drills: list[DrillLine]
    next: str | None
    """If there are older ones: what to send as `before` to see them."""


class ClockState(BaseModel):
    """What time it is in a drill."""

    at: Millis
    wall: str
    running: bool
    stopped: bool
    """Whether it was halted because something real had happened."""
    fault: str | None
    pace: float


class Looking(BaseModel):
    """Who looks at a drill."""

    role: Literal["player", "facilitator", "evaluator", "observer"]
    member: str | None
    name: str


class MemberLine(BaseModel):
    """Somebody of the team."""

    id: str
    name: str
    simulated: bool
    roles: list[str] | None
    """The roles that they may take, by id; null for any."""
    since: int | None
    """When they come on duty, in milliseconds of drill time; null for at the start."""


class ShownRunbook(BaseModel):
    """A runbook as the room shows it."""

    id: str
    title: str
    about: str
    procedures: list[Procedure]


class PhaseEnds(BaseModel):
    """When the response ends, and how long the papers and the talk may take."""

    after: Millis
    papers: Millis
    hot_wash: Millis


class SignalLine(BaseModel):
    """A signal, and its usual level."""

    name: str
    title: str
    unit: str
    normal: float | None


class ActionChoice(BaseModel):
    """Something that responders can do, and how long it takes."""

    id: str
    label: str
    takes: Millis


class FormLine(BaseModel):
    """How to type an act."""

    verb: str
    form: str
    help: str
    staff: bool


class ActionAnswer(ActionChoice):
    """What an action does; for staff."""

    effect: Effect
    clue: bool
    herring: bool
    needs: list[str]
    shows: str | None


class InjectAnswer(BaseModel):
    """An inject as planned; for staff."""

    id: str
    at: int | None
    when: str
    to: list[str]
    whom: str
    """The same, as people read it."""
    via: Via
    way: str
    """How it comes, in words."""
    from_: Annotated[str, Field(alias="from")]
    text: str
    papers: bool
    """Whether it may also come while the papers are written."""
    files: list[str]
    """The files that come with it, as the scenario names them."""
    expects: list[str]
    judged: list[int]
    """The places in `expects`, from 1, of what an evaluator judges."""
    objective: str | None


class OutsiderName(BaseModel):
    """Somebody outside the team."""

    id: str
    name: str


class OutsiderAnswer(OutsiderName):
    """The same with what they know and what they answer by themselves; for staff."""

    knows: str | None
    says: list[str]


class Answers(BaseModel):
    """What players may not read before the end."""

    severity: list[tuple[int, str]]
    solution: str | None
    who: str | None
    how: str | None
    lost: str | None
    """What does not come back with the fix."""
    workaround: str | None
    actions: list[ActionAnswer]
    injects: list[InjectAnswer]
    outsiders: list[OutsiderAnswer]
    guide: dict[str, Any] | None


class StaffLine(BaseModel):
    """Somebody who runs a drill, rates it or watches."""

    seat: Literal["facilitator", "evaluator", "observer"]
    name: str


class StoryBegin(BaseModel):
    """When the story begins, by its own clock."""

    begins: int
    """Milliseconds since the midnight before."""
    day: str
    """The day of the week."""


class ShownBy(BaseModel):
    """An obligation that can show that a corrective action helped."""

    id: str
    title: str
    words: str
    """A pattern of words that point to it; empty if none do."""


class Static(BaseModel):
    """The part of a drill that does not change while it runs."""

    drill: str
    title: str | None
    channel: str
    mode: Literal["assessed", "training"]
    voice: Literal["none", "call", "room"]
    viewer: Looking
    timezone: str
    story: StoryBegin | None
    """None where the story has no time of its own."""
    start: str
    brief: str
    company: str
    practice: bool
    rehearsal: bool
    commander: str
    spokesperson: str | None
    solver: str | None
    members: list[MemberLine]
    staff: list[StaffLine]
    roles: list[Role]
    severities: list[Severity]
    runbooks: list[ShownRunbook]
    process: list[str]
    questions: list[Question]
    post_mortem: list[str]
    obligations: list[ShownBy]
    ends: PhaseEnds
    signals: list[SignalLine]
    actions: list[ActionChoice] | None
    """What can be done, if the viewer may choose from a list."""
    outsiders: list[OutsiderName]
    """Whom players can contact outside the team."""
    syntax: list[FormLine]
    answers: Answers | None
    """For staff alone."""


class Page(BaseModel):
    """Everything that a drill's page is made of."""

    static: Static
    """What does not change while the drill runs."""
    clock: ClockState
    phase: Literal["respond", "papers", "hot_wash", "follow_up", "closed"]
    signals: dict[str, list[tuple[int, float]]]
    """The course of each signal so far: drill time and reading."""
    events: list[dict[str, Any]]
    seq: Annotated[int, Field(ge=-1)]


class DutyLine(BaseModel):
    """Something that is owed, and its status."""

    id: str
    title: str
    owner: str
    owner_title: str
    target_at: int | None
    deadline_at: int | None
    state: Literal["open", "overdue", "late", "done", "void"]
    act: str
    hint: str


class Duties(BaseModel):
    """What is due, in order of time."""

    duties: list[DutyLine]


class Coached(BaseModel):
    """What the protocol would do next, and why."""

    says: str
    because: str


class AdviceLine(BaseModel):
    """Something to think of."""

    id: str
    text: str


class AdviceFound(BaseModel):
    """What to think of before a message goes out."""

    advice: list[AdviceLine]


class LobbyPerson(BaseModel):
    """Somebody who plays."""

    id: str
    name: str
    here: bool
    admitted: bool
    waiting: bool
    simulated: bool
    first_responder: bool


class Reach(BaseModel):
    """Who can open the links."""

    says: str
    """In a sentence or two; empty if there is nothing to say."""
    ways: list[str]
    """What to do so that others can."""


class PersonalLink(BaseModel):
    """A link for one member."""

    member: str
    name: str
    link: str


class Lobby(BaseModel):
    """Who is here, and what everybody should know before the start."""

    people: list[LobbyPerson]
    staff: list[StaffLine]
    phase: str
    me: str | None
    admitted: bool
    brief: str
    minutes: Annotated[int, Field(ge=1)]
    most: Annotated[int, Field(ge=1)]
    """Minutes, if all of the time is used."""
    mode: Literal["assessed", "training"]
    voice: Literal["none", "call", "room"]
    roles: list[dict[str, Any]]
    severities: list[dict[str, Any]]
    scored: list[str]
    seen_by: str
    appraisal: str
    fiction: str
    ends_at: str
    link: str | None
    """The one link; for those who run the drill, like everything below."""
    qr: str | None
    personal: list[PersonalLink]
    observer_link: str | None
    evaluator_link: str | None
    facilitator_link: str | None
    reach: Reach | None
    """Only for those who run the drill."""


class Admitted(BaseModel):
    """How many people were let in."""

    admitted: Annotated[int, Field(ge=0)]


class Started(BaseModel):
    """The drill has begun."""

    started: Literal[True]


class Revoked(BaseModel):
    """The links no longer work."""

    revoked: Literal[True]


class Kept(BaseModel):
    """It is stored."""

    kept: Literal[True]


class Moved(BaseModel):
    """Where every browser is now."""

    screen: Screen


ANSWERS: tuple[type[BaseModel], ...] = (
    *(Refused, Refusal, Health, ServerProof, Events, Acted, Drills, Page, Duties, Coached, AdviceFound),
    *(Lobby, Admitted, Started, Revoked, Kept, Moved),
    *ACTION_ANSWERS,
    *HOT_WASH_ANSWERS,
    *PEOPLE_ANSWERS,
    *SETUP_ANSWERS,
)
"""Every model that a route names."""
