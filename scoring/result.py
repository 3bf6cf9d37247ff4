"""The shapes of a scorecard (format 2): what other tools read and what the papers print."""

from typing import Literal

import msgspec

from scoring.labels import spell

__all__ = [
    "Cap",
    "ComponentScore",
    "Conditions",
    "CutShort",
    "Item",
    "Lost",
    "Measures",
    "PersonLedger",
    "RoleHeld",
    "Scorecard",
]


class Item(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing that was owed and how it went."""

    id: str
    """The obligation's id."""
    title: str
    """What it is, in a few words people read, such as Team alerted."""
    score: float | None
    """0 to 100; None if it could not be judged, and `why` says why not."""
    weight: float
    """Its share within the component."""
    clock: Literal["report", "reached"] | None = None
    """What its time ran from; None if no time was set."""
    clock_start_s: float | None = None
    """Drill time in seconds at which that was; None if it differs from member to member."""
    target_s: float | None = None
    """Seconds within which it is worth everything."""
    deadline_s: float | None = None
    """Seconds after which it is worth a tenth."""
    actual_s: float | None = None
    """Seconds it took; None if nobody did it. If several owed it, the mean over those who did it and have a figure. Of
    silences, the one that was worst for what was allowed at the time."""
    evidence: list[int] = []
    """Sequence numbers of the events behind it."""
    why: str
    """What happened, in a sentence."""
    owner: str
    """Who owed it: a role's id, `first_responder`, `everyone` or `team`."""
    better: str | None = None
    """What would have earned more; None if nothing was lost."""
    available: float
    """Points of the (uncapped) total that it could earn."""
    earned: float | None
    """Points of the (uncapped) total that it did earn."""


class ComponentScore(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One component as a table of items."""

    score: float | None
    """0 to 100; None if nothing in it could be judged."""
    weight: float
    """Its weight in the rubric."""
    items: list[Item]
    """Its items, in the protocol's order."""
    factor: float = 1.0
    """What the items' mean is multiplied by, for acts that came in the wrong order."""
    why: str | None = None
    """Why the factor is not 1, or why there is no score."""

    @property
    def out_of_order(self) -> float:
        """Points lost because acts came in the wrong order."""
        return sum(item.earned or 0.0 for item in self.items) * (1 - self.factor)

    @property
    def lost(self) -> float:
        """All points lost in it."""
        if self.score is None:
            return 0.0
        return sum(item.available - item.earned for item in self.items if item.earned is not None) + self.out_of_order


class Lost(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A line of the ledger: points lost, who owed them, and what would have earned them."""

    component: str
    """The part of the score in which they were lost."""
    item: str
    """The obligation's id."""
    title: str
    """What it is, in a few words."""
    owner: str
    """Who owed it: a role's id, `first_responder`, `everyone` or `team`."""
    points: float
    """Points of the (uncapped) total that were lost."""
    clock_start_s: float | None
    """Drill time in seconds at which its time began; None if it has none, or it differs from member to member."""
    evidence: list[int]
    """Sequence numbers of the events behind it."""
    why: str
    """What happened, in a sentence."""
    better: str
    """What would have earned them; in a ledger as people read it, also what that would have brought."""
    brings: float | None = None
    """By how much the score would have been higher with that alone and all else as it was: the drill was played again
    to find out. None if it was not."""
    also: list[str] = []
    """What else it would have earned, as titles of items. The points include those of the lines that this one stands
    for."""


class Cap(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A limit on the total, because something went badly wrong."""

    id: str
    """Its name, as in the rubric."""
    at_most: float
    """The most that the total can be under it."""
    why: str
    """What happened, in a sentence."""
    evidence: list[int] = []
    """Sequence numbers of the events behind it."""
    leaves: float | None = None
    """The total under this cap alone. The cap binds if that is the score, and the score is less than without caps."""


class RoleHeld(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a required role was covered while it was owed. Seconds of drill time."""

    required_s: float
    """For how long somebody had to hold it."""
    held_s: float
    """For how much of that somebody did."""
    gaps: list[tuple[float, float]]
    """When nobody did: from and to."""
    holders: int
    """How many people held it, one after the other."""


class Conditions(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How the drill was played. Conditions do not change points."""

    mode: str
    """`training`, with a list of actions to choose from, or `assessed`, without one."""
    hints: int
    """How many hints the facilitator gave."""
    interventions: int
    """How often the facilitator changed the course of the drill."""
    paused_s: float
    """Seconds for which it was paused."""
    seats: dict[str, int]
    """How many seats were taken by persons, simulated players and scripts."""
    voice: str
    """How the team talked: `room` in one place, `call` on a call, `none` by typing alone."""
    skipped_s: float = 0.0
    """Seconds that were skipped."""
    spoken: int = 0
    """How many acts were said aloud and confirmed."""


class Measures(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Plain times in seconds, from the report unless stated otherwise; None if it did not happen."""

    time_to_alert_s: float | None
    """Until the team was alerted."""
    time_to_acknowledge_s: list[float | None]
    """For each alerted member in the team's order, from the alert."""
    time_to_commander_s: float | None
    """Until somebody was Incident Commander."""
    time_to_first_message_s: float | None
    """Until the first message to customers."""
    time_to_fix_s: float | None
    """Until the impact ended; None if that was after the response."""
    time_to_resolve_s: float | None
    """Until it was declared resolved."""
    longest_silence_s: float | None
    """The longest stretch of the response without a log entry or an update."""


class PersonLedger(msgspec.Struct, frozen=True, kw_only=True):
    """One member's own ledger; made only on request."""

    lost: list[Lost]
    """Points that the member lost, most costly first."""
    acknowledged_s: float | None
    """Seconds until they acknowledged, from the alert; None if they never did."""
    joined_s: float | None
    """Seconds until they joined, from the alert; None if they never did."""
    roles: dict[str, float]
    """Seconds for which the member held each role."""
    actions: list[str]
    """What they did, by the ids of the actions."""


class CutShort(msgspec.Struct, frozen=True, kw_only=True):
    """A drill that a facilitator ended before its time: what was not done might still have been."""

    after_s: float
    """Drill time in seconds at which the response was ended."""
    judged: int
    """How many of its items could be judged."""
    items: int
    """How many it has."""

    @property
    def says(self) -> str:
        """In a sentence."""
        return f"cut short after {spell(self.after_s * 1000)}: {self.judged} of {self.items} items could be judged"


class Scorecard(msgspec.Struct, frozen=True, kw_only=True):
    """What a drill was worth under a rubric. It depends on log and rubric alone, and identifies both by hash."""

    format: Literal[2] = 2
    """The version of this form."""
    rules: int
    """The version of the scoring rules by which it was made."""
    drill: str
    """The drill's id."""
    scenario: str
    """The scenario's id."""
    seed: int
    """The seed from which chance was drawn."""
    severity: int
    """The true severity used for judging; 0 is a false alarm."""
    log: str
    """The log's last hash."""
    rubric: str
    """SHA-256 of the rubric."""
    provisional: bool
    """Whether the follow-up is still open."""
    cut_short: CutShort | None = None
    """Set if a facilitator ended the response before its time: then there is no total and no rating."""
    score: float | None
    """The total after caps; None if nothing could be judged, or if it was cut short."""
    uncapped: float | None
    """The total without caps."""
    caps: list[Cap]
    """The limits that applied."""
    reachable: float
    """The most that a team of this size could reach."""
    rating: str | None
    """The rubric's letter for the total; None if there is no total."""
    says: str | None
    """The sentence that goes with the rating."""
    response_time: float | None
    """The first headline: the score of that part."""
    role_coverage: float | None
    """The second headline: the score of that part."""
    components: dict[str, ComponentScore]
    """The parts by name."""
    ledger: list[Lost]
    """All points lost, most costly first."""
    roles: dict[str, RoleHeld]
    """The required roles by id."""
    conditions: Conditions
    """How the drill was played."""
    measures: Measures
    """Plain times."""
    people: dict[str, PersonLedger] | None = None
    """Each member's own ledger; None unless asked for."""

    @property
    def binding(self) -> Cap | None:
        """The limit that holds the score down: the lowest, if more would have been earned without it."""
        if self.score is None or self.uncapped is None or self.score >= self.uncapped:
            return None
        return min(self.caps, key=lambda cap: cap.at_most, default=None)

    @property
    def verdict(self) -> str:
        """The sentence that goes with the rating, or why there is none."""
        if self.cut_short is not None:
            return self.cut_short.says
        return self.says or "nothing in it could be judged"
