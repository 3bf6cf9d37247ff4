"""What to train next, in words: one computed sentence, its reason, and the scenarios that train it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from reports.format import as_sentence, clean, spell
from scenarios.protocol import Duty
from scoring.history.exercises import Exercise
from scoring.history.training import FEWEST, SMALL, SURE, ObligationCost, Training
from scoring.labels import counted

__all__ = ["COLUMNS", "WHY", "Advice", "Suggestion", "advice_of"]

WHY = (
    "What an obligation costs is the mean, over drills, of the points it could earn and did not. With few drills it is "
    "pulled towards what is expected of it. It is named only where it is the dearest with a probability of at least "
    f"{SURE:g}, in {FEWEST} drills or more."
)
"""How it is worked out, in three lines."""
_SHOWN = 3


@dataclass(frozen=True)
class Suggestion:
    """A scenario to play next."""

    scenario: str
    """Its id."""
    title: str
    why: str
    """What speaks for it."""


@dataclass(frozen=True)
class Advice:
    """What a team should train next."""

    headline: str
    """The first line: what to train, or why nothing is named."""
    reason: str
    """What was seen, in a sentence or two; empty if there is nothing to say."""
    obligation: str | None
    """The id of the obligation that is named; None if none is."""
    rows: tuple[tuple[str, str, str, str], ...]
    """As a table: obligation, points a drill, the range of that, the probability that it costs most. The dearest first;
    what costs less than a tenth of a point is left out."""
    suggestions: tuple[Suggestion, ...]
    why: str = WHY


COLUMNS = ("Obligation", "Points a drill", "Nine times out of ten", "Probability that it costs most")


def advice_of(training: Training, exercises: Sequence[Exercise] = ()) -> Advice:
    """What can be said, in words. `exercises` train the obligation that is named."""
    named = training.named
    rows = tuple(_row(one) for one in training.costs if one.points >= 0.05)
    if named is None:
        return Advice(_unnamed(training), _nearly(training), None, rows, ())
    return Advice(
        f"Train next: {_skill(named)}.",
        f"{_seen(named)} It costs {_points(named.points)} a drill: with probability {_chance(named.chance)}, "
        "more than anything else.",
        named.obligation,
        rows,
        tuple(Suggestion(one.scenario, clean(one.title), _speaks_for(one)) for one in exercises),
    )


def _row(one: ObligationCost) -> tuple[str, str, str, str]:
    return clean(one.title), f"{one.points:.1f}", f"{one.low:.1f} to {one.high:.1f}", _chance(one.chance)


def _unnamed(training: Training) -> str:
    over = counted(training.drills, "drill", "drills")
    if training.unnamed == "few":
        return f"Too few drills to say what to train next: {over} so far, and it takes {FEWEST}."
    if training.unnamed == "small":
        return f"Nothing stands out to train next: no obligation costs as much as {_points(SMALL)} a drill."
    return f"These {over} do not tell which obligation costs most, so none is named to train next."


def _nearly(training: Training) -> str:
    """Those between which it could not be told."""
    if training.unnamed != "unsure":
        return ""
    said = [f"{clean(one.title)} ({_points(one.points)} a drill)" for one in training.costs[:_SHOWN]]
    return f"It is most likely one of these: {', '.join(said)}."


def _seen(one: ObligationCost) -> str:
    """What was seen of it in these drills."""
    often = f"{one.short} of {counted(one.owed, 'drill', 'drills')}"
    title = clean(one.title)
    subject = _HAPPENED.get(cast("Duty", one.act), "").format(title=title.removesuffix(" in place"))
    if not subject or one.target_s is None:
        return f"“{title}” fell short in {often}."
    never = f" (never in {one.never})" if one.never else ""
    late = "late or never" if one.never else "late"
    typical = "" if one.typical_s is None else f", typically after {spell(one.typical_s * 1000)}"
    return f"{subject} {late} in {often}{never}{typical}; target {spell(one.target_s * 1000)}."


def _skill(one: ObligationCost) -> str:
    """What is trained, as it follows `Train next:`."""
    known = _SKILLS.get(cast("Duty", one.act))
    return clean(one.title) if known is None else known.format(title=clean(one.title).removesuffix(" in place"))


_SKILLS: dict[Duty, str] = {
    "severity_declared": "declaring the severity",
    "team_alerted": "alerting the team",
    "acknowledged": "answering the alert",
    "joined": "coming into the channel",
    "role_in_place": "getting the {title} in place",
    "logged": "starting the log",
    "updated": "the first update inside the company",
    "published": "the first message to customers",
    "workaround_used": "announcing the workaround",
    "bug_filed": "filing the bug",
    "closed": "closing it with a reason",
    "impact_ended": "ending the impact",
    "roles_covered": "covering all roles",
    "alert_complete": "an alert that states severity and topic",
    "restated": "restating severity and topic in the channel",
    "roles_stated": "stating your role in the channel",
    "messages_agreed": "agreeing messages to customers before they go out",
    "resolved_by_commander": "leaving it to the commander to declare it resolved",
    "not_alerted": "handling small incidents without calling all hands",
    "situation_report": "filing the situation report",
    "emailed": "e-mailing the situation report",
    "attached": "attaching the situation report",
    "not_silent": "keeping the log going",
    "cadence_kept": "keeping customers up to date",
    "next_named": "telling customers when they hear from you next",
    "told_over": "telling customers that it is over",
    "injects_answered": "answering what you are asked",
    "severity_judged": "judging the severity",
    "way_to_fix": "finding the way to the fix",
    "no_harm": "doing no harm",
    "answers": "answering the situation report's questions",
    "follow_up": "the post-mortem and its corrective action",
}
"""What a team gets better at by training an obligation; a test keeps it complete."""


_HAPPENED: dict[Duty, str] = {
    "severity_declared": "The severity was declared",
    "team_alerted": "The team was alerted",
    "role_in_place": "The {title} was in place",
    "logged": "The first log entry came",
    "updated": "The first internal update came",
    "published": "Customers first heard from you",
    "workaround_used": "The workaround was announced",
    "bug_filed": "The bug was filed",
    "closed": "It was closed with a reason",
    "impact_ended": "The impact was ended",
    "told_over": "Customers were told that it was over",
}
"""What is done once and by a time, as the beginning of a sentence."""


def _speaks_for(one: Exercise) -> str:
    said = ["never played" if one.ago is None else _ago(one), f"takes about {spell(round(one.length_s / 60) * 60_000)}"]
    if one.difficulty is not None:
        said.append(_hardness(one.difficulty))
    elif one.hard is not None:
        said.append(f"{one.hard}, its author says")
    return as_sentence("; ".join(said))


def _ago(one: Exercise) -> str:
    if one.ago == 1:
        return "you played it last time"
    return f"last played {one.ago} drills ago"


def _hardness(difficulty: float) -> str:
    if abs(difficulty) < _MIDDLING:
        return "of middling difficulty"
    return "harder than most" if difficulty > 0 else "easier than most"


_MIDDLING = 0.1


def _points(value: float) -> str:
    said = f"{value:.1f}".removesuffix(".0") if value < 10 else f"{value:.0f}"
    return f"{said} point" if said == "1" else f"{said} points"


def _chance(share: float) -> str:
    """A probability that promises neither certainty."""
    return f"{min(max(share, 0.01), 0.99):.2f}"
