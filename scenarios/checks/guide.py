"""What the guide for authors asks for and no model can hold: consequences, deadlines in time, words that differ.

All of it is advice: a warning does not keep a scenario from being used.
"""

import re
from collections.abc import Iterator

from scenarios.base import format_duration
from scenarios.checks.base import Subject, conditions, finding
from scenarios.checks.timing import earliest_times
from scenarios.expects import Target
from scenarios.problem import Problem, quoted
from scenarios.scenario import Condition, Inject, Level, Scenario, Signal
from scenarios.source import Path

__all__ = ["CHECKS"]

_MISSING = re.compile(r"\bMISSING\b:?[ \t]*([^\r\n]*)")
_TITLE_TELLS = 2
"""So many words of the solution in a title that say nothing of the harm give the cause away."""
_STEM = 5
"""Words with so many first letters in common are taken for one."""
_LITTLE = {
    *("with", "from", "that", "this", "than", "then", "they", "them", "their", "have", "been", "were", "what", "when"),
    *(
        "which",
        "into",
        "over",
        "back",
        "only",
        "does",
        "again",
        "after",
        "before",
        "because",
        "until",
        "where",
        "would",
    ),
    *("customer", "customers", "cannot", "could", "nobody", "everybody", "somebody", "nothing", "every", "service"),
    *("each", "different", "other", "another", "wrong", "broken", "slow", "slowly", "fails", "failed", "lost", "down"),
}
"""Words that say neither what is broken nor why."""


def _late_deadlines(subject: Subject) -> Iterator[Problem]:
    """What is asked must be due before the response ends: afterwards nobody can answer."""
    ends, times = subject.scenario.ends, earliest_times(subject.scenario)
    for place, inject in enumerate(subject.scenario.injects):
        end = ends.after if inject.papers is None else ends.after + ends.papers
        first = times[inject.id]
        if first is None or first >= end:
            continue  # another check says that it never comes
        for wanted in inject.expects or ():
            if isinstance(wanted, Target) and first + wanted.deadline > end:
                message = (
                    f"{inject.id!r} comes at {format_duration(first)} and its deadline is "
                    f"{format_duration(first + wanted.deadline)}, after the end of the response"
                )
                hint = f"`ends` says {format_duration(end)}; bring it forward, or shorten the deadline"
                yield finding(subject.source, ("injects", place, "expects"), message, hint, severity="warning")


def _asked_of_others(subject: Subject) -> Iterator[Problem]:
    """A role can be asked only for what it may do: the others' messages to customers are refused."""
    protocol = subject.protocol
    if protocol is None or protocol.spokesperson is None:
        return
    able = (protocol.commander, protocol.spokesperson)
    for place, inject in enumerate(subject.scenario.injects):
        others = [role for role in inject.to if role in subject.roles and role not in able]
        if any(wanted.act == "publish" for wanted in inject.acts) and others and len(others) == len(inject.to):
            message = f"`publish` is asked of {others[0]}, and messages to customers are for {protocol.spokesperson}"
            hint = f"write `to: {protocol.spokesperson}`, or expect `reply`"
            yield finding(subject.source, ("injects", place, "to"), message, hint, severity="warning")


_IN_THE_RESPONSE = {
    "declare_severity": "the severity is declared",
    "take_role": "roles are taken",
    "hand_over": "roles are handed over",
    "delegate": "tasks are delegated",
}
"""Acts that nobody can do any more once the incident is resolved."""


def _asked_too_late(subject: Subject) -> Iterator[Problem]:
    """While papers are written, only what can be done then can be asked for."""
    end, times = subject.scenario.ends.after, earliest_times(subject.scenario)
    for place, inject in enumerate(subject.scenario.injects):
        first = times[inject.id]
        if not inject.papers or not (_once_resolved(inject.when) or (first is not None and first >= end)):
            continue
        for wanted in inject.acts:
            if wanted.act in _IN_THE_RESPONSE:
                message = (
                    f"{inject.id!r} comes while papers are written, and {_IN_THE_RESPONSE[wanted.act]} only before"
                )
                hint = "expect `reply`, or what is `judged`; or let it come earlier, without `papers`"
                yield finding(subject.source, ("injects", place, "expects"), message, hint, severity="warning")


def _once_resolved(condition: Condition | None) -> bool:
    return condition is not None and bool(condition.resolved or any(map(_once_resolved, condition.every or [])))


def _same_words(subject: Subject) -> Iterator[Problem]:
    """What players type is matched to labels and `also`: no two actions may be called alike."""
    first: dict[str, str] = {}
    for place, action in enumerate(subject.scenario.actions):
        said = [(("label",), action.label), *((("also", number), text) for number, text in enumerate(action.also))]
        for path, text in said:
            other = first.setdefault(" ".join(re.findall(r"\w+", text.lower())), action.id)
            if other != action.id:
                message = f"{quoted(text)} is what {other!r} is called too, so nobody can tell which is meant"
                where = ("actions", place, *path)
                yield finding(subject.source, where, message, "use other words for one of them", severity="warning")


def _no_consequence(subject: Subject) -> Iterator[Problem]:
    """What makes it worse should be noticed by somebody before the debriefing."""
    felt = {inject.after for inject in subject.scenario.injects}
    felt |= {one for _, condition in conditions(subject) for one in (condition.action_done, condition.chosen)}
    worse = any(condition.impact == "worse" for _, condition in conditions(subject))
    for path, mover in subject.entries:
        if isinstance(mover, Inject) or mover.effect != "worsens":
            continue
        if mover.id not in felt and not mover.signals and not worse:
            message = f"{mover.id!r} makes it worse, and nobody notices"
            hint = f"add an inject `after: {mover.id}`, or `signals` that it moves"
            yield finding(subject.source, (*path, "effect"), message, hint, severity="warning")


def _felt(subject: Subject) -> Iterator[Problem]:
    """What customers feel is moved by the impact, and comes back once it is fixed, before the response ends."""
    scenario, ends = subject.scenario, subject.scenario.ends.after
    for name, signal in scenario.signals.items():
        path: Path = ("signals", name, "felt")
        if not signal.felt:
            continue
        if all(level == signal.normal for level in (signal.incident, *(one.level for one in signal.rises or ()))):
            message = f"customers are said to feel {name!r}, which the impact never moves"
            yield finding(
                subject.source, path, message, "give it another level for `incident`", key=True, severity="warning"
            )
            continue
        for place, after, level in _ways_back(scenario, name, signal):
            if level != signal.normal:
                back = f"it never comes back to {_said(signal.normal)}: it stays at {_said(level)}"
                message = f"customers feel {name!r}, and {back}"
                hint = "let it come back to `normal`, or take `felt` out; what is gone for good is `lost` in `impact`"
                yield finding(subject.source, place, message, hint, severity="warning")
            elif after >= ends:
                message = f"customers feel {name!r}, and it takes {format_duration(after)} to come back"
                hint = f"the response ends at {format_duration(ends)}: shorten it, or let `ends` come later"
                yield finding(subject.source, place, message, hint, severity="warning")


def _said(level: Level) -> str:
    return level if isinstance(level, str) else f"{level:g}"


def _ways_back(scenario: Scenario, name: str, signal: Signal) -> Iterator[tuple[Path, int, Level]]:
    """Where a file says to which level a signal goes with the fix, how long that takes, and the level."""
    if signal.falls:
        yield ("signals", name, "falls", len(signal.falls) - 1, "is"), signal.falls[-1].after, signal.falls[-1].level
    else:
        yield ("signals", name, "recovery"), signal.recovery, signal.normal
    for place, action in enumerate(scenario.actions):
        if action.effect == "fixes" and name in action.signals:
            yield ("actions", place, "signals", name), signal.recovery, action.signals[name]


def _both_ways(subject: Subject) -> Iterator[Problem]:
    for place, action in enumerate(subject.scenario.actions):
        if action.clue and action.herring:
            message = f"{action.id!r} is a clue and a false trail at once"
            hint = "a `clue` leads to the cause, a `herring` leads nowhere; keep one"
            yield finding(subject.source, ("actions", place, "herring"), message, hint, key=True, severity="warning")
        for number, name in enumerate(action.together):
            other = subject.scenario.action(name)
            if other is not None and action.id not in other.together:
                message = f"{action.id!r} goes together with {name!r}, and {name!r} does not say so"
                where = ("actions", place, "together", number)
                hint = f"add `together: [{action.id}]` to {name!r}"
                yield finding(subject.source, where, message, hint, severity="warning")


def _title_tells(subject: Subject) -> Iterator[Problem]:
    """A title must name the harm: words of the solution that are in neither report nor impact name the cause."""
    scenario = subject.scenario
    fixes = [action.label for action in scenario.actions if action.effect == "fixes"]
    cause = _stems(" ".join([scenario.solution, *fixes]))
    harm = _stems(" ".join([scenario.brief, scenario.report.text, scenario.impact.who, scenario.impact.how]))
    told = [word for word in _content(scenario.title) if word[:_STEM] in cause - harm]
    if len(told) >= _TITLE_TELLS:
        message = f"the title gives the cause away: the solution has the words {', '.join(told)}"
        hint = "name the harm, as those see it who report it"
        yield finding(subject.source, ("title",), message, hint, severity="warning")


def _content(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]{4,}", text.lower()) if word not in _LITTLE]


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _content(text)}


def _unwritten(subject: Subject) -> Iterator[Problem]:
    """A draft from a table marks what somebody still has to write."""
    for number, line in enumerate(subject.source.text.splitlines(), start=1):
        found = _MISSING.search(line)
        if found:
            message = "this is still to be written" + (f": {found[1].strip()[:80]}" if found[1].strip() else "")
            hint = "write it, and take the word MISSING out"
            yield Problem(subject.source.file, number, found.start() + 1, message, hint, "warning")


def _other_numbers(subject: Subject) -> Iterator[Problem]:
    """`1.10` is the number 1.1, and a release of that name would lose its last digit."""
    for name, variable in subject.scenario.vary.items():
        for place, value in enumerate(variable.choose or []):
            if isinstance(value, float):
                path = ("vary", name, "choose", place)
                line, column = subject.source.value_at(path)
                written = re.match(r"[-.\d]*", subject.source.text.splitlines()[line - 1][column - 1 :])
                if written is not None and written[0] != str(value):
                    message = f"{written[0]} is a number, and texts show it as {value}"
                    yield finding(
                        subject.source, path, message, f'put it in quotes: "{written[0]}"', severity="warning"
                    )


def _unreachable_first(subject: Subject) -> Iterator[Problem]:
    """If the first responder is out from the start, all that follows takes longer than the protocol allows."""
    if subject.scenario.report.takes_out is not None and not subject.scenario.targets:
        message = "the first responder is out, and the protocol's targets leave no time for that"
        hint = "write `targets` for what comes first, such as severity_declared"
        yield finding(subject.source, ("report", "takes_out"), message, hint, key=True, severity="warning")


CHECKS = (
    *(
        _late_deadlines,
        _asked_of_others,
        _asked_too_late,
        _same_words,
        _no_consequence,
        _felt,
        _both_ways,
        _title_tells,
    ),
    *(_unwritten, _other_numbers, _unreachable_first),
)
