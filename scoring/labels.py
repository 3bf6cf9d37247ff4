"""The words of a scorecard: durations as people say them, and a title and a verb for each duty."""

from math import ceil
from typing import NamedTuple

from scenarios.protocol import Duty, Obligation, Protocol

__all__ = ["WORDS", "Words", "counted", "sooner", "spell", "spell_late", "title_of"]

_SECOND, _MINUTE, _HOUR = 1_000, 60, 3_600


class Words(NamedTuple):
    """The words for one duty."""

    title: str
    """`{commander}` stands for the title of the commander's role."""
    done: str
    """A verb phrase that a time can follow: alerted 96 s after the report."""
    undone: str
    """What to say if it never happened."""


WORDS: dict[Duty, Words] = {
    "severity_declared": Words("Severity declared", "declared", "no severity declared"),
    "team_alerted": Words("Team alerted", "alerted", "the team was not alerted"),
    "acknowledged": Words("Alert acknowledged", "acknowledged", "not acknowledged"),
    "joined": Words("Channel joined", "joined", "not joined"),
    "role_in_place": Words("Role in place", "in place", "nobody took the role"),
    "logged": Words("First log entry", "first entry", "nothing was logged"),
    "updated": Words("First internal update", "first update", "no update was posted"),
    "published": Words("First message to customers", "first message", "customers were told nothing"),
    "workaround_used": Words("Workaround announced", "announced", "the workaround was not announced"),
    "bug_filed": Words("Bug filed", "filed", "no bug was filed"),
    "closed": Words("Closed with a reason", "closed", "not closed with a reason"),
    "impact_ended": Words("Impact ended", "ended", "the impact was not ended"),
    "roles_covered": Words("Roles covered", "", ""),
    "alert_complete": Words("Alert states severity and topic", "", "the team was not alerted"),
    "restated": Words("Severity and topic restated", "", "not restated in the channel"),
    "roles_stated": Words("Roles stated", "", "nobody joined the channel"),
    "messages_agreed": Words("Messages agreed with the {commander}", "", "customers were told nothing"),
    "resolved_by_commander": Words("Resolved by the {commander}", "", "never declared resolved"),
    "not_alerted": Words("Handled without calling all hands", "", ""),
    "situation_report": Words("Situation report filed", "filed", "no situation report was filed"),
    "emailed": Words("Situation report e-mailed", "e-mailed", "the situation report was not e-mailed"),
    "attached": Words("Situation report attached", "attached", "the situation report was not attached"),
    "not_silent": Words("No long silence", "", "nothing was logged or posted as an update"),
    "cadence_kept": Words("Customers kept up to date", "", "customers were told nothing"),
    "next_named": Words("Next message named", "", "customers were told nothing"),
    "told_over": Words("Customers told that it is over", "told", "customers were never told that it is over"),
    "injects_answered": Words("Injects answered", "", ""),
    "severity_judged": Words("Severity judged rightly", "", "no severity was declared"),
    "way_to_fix": Words("The way to the fix", "", "the impact was not ended"),
    "no_harm": Words("No harm done", "", "nothing was looked at or done"),
    "answers": Words("The answers only people can give", "", "no situation report was filed"),
    "follow_up": Words("Post-mortem and corrective action", "", ""),
}
"""One entry per duty; a test keeps it complete."""


def title_of(owed: Obligation, protocol: Protocol) -> str:
    """What an obligation is called."""
    if owed.role is not None:
        return f"{protocol.title_of(owed.role)} in place"
    return WORDS[owed.act].title.replace("{commander}", protocol.commander_title)


def spell(milliseconds: float) -> str:
    """A duration as people say it: `96 s`, from two minutes on `3 min 20 s`, from an hour on `1 h 5 min`."""
    seconds = round(milliseconds / _SECOND)
    if seconds < 2 * _MINUTE:
        return f"{seconds} s"
    if seconds >= _HOUR:
        hours, minutes = divmod(round(seconds / _MINUTE), 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    minutes, rest = divmod(seconds, _MINUTE)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def spell_late(took: float, limit: float) -> str:
    """A duration that missed a limit, precise enough that it does not read as equal to it."""
    said = spell(took)
    return f"{ceil(took / 100) / 10:g} s" if took > limit and said == spell(limit) else said


def sooner(by: float) -> str:
    """By how much something should have come sooner; at least a second, so that it can be acted on."""
    return f"{spell(max(by, _SECOND))} sooner"


def counted(number: int, one: str, many: str) -> str:
    """`1 message`, `3 messages`."""
    return f"{number} {one if number == 1 else many}"
