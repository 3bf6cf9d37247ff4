"""A random incident for which the team is called: a fault, the harm it does, and all that follows, put together."""

from collections import Counter
from collections.abc import Sequence

from scenarios.base import parse_duration
from scenarios.generate import brief, stock
from scenarios.generate.actions import Actions, actions
from scenarios.generate.company import HARMS, severity_of
from scenarios.generate.draft import RATES, Draft, Node, cast, common_words, used_names
from scenarios.generate.draws import Dice, Difficulty
from scenarios.generate.faults import FAULTS, Kind
from scenarios.generate.phrases import Phrases
from scenarios.generate.signals import drawn_gauges, levels, signals_of
from scenarios.generate.timeline import course

__all__ = ["Made", "built", "draft_of", "put_together"]

MINUTE = 60_000
_ENDS = {"easy": (42, 44), "medium": (44, 47), "hard": (46, 49)}
"""The range of minutes in which the response ends by itself."""
_TOGETHER = 3 * MINUTE
"""When a team has gathered and begins to look."""

Made = tuple[dict[str, Node], str]
"""What the scenario's file holds, and the comment above it."""


def built(name: str, dice: Dice, severity: int, difficulty: Difficulty, before: Sequence[int]) -> Made:
    """An incident of severity 1 or 2; `name` is its id, and `before` the severities of the round's earlier seeds."""
    kind, harm = _what_happens(dice, severity, before)
    return put_together(name, draft_of(dice, difficulty, kind, harm))


def draft_of(dice: Dice, difficulty: Difficulty, kind: Kind, harm: str) -> Draft:
    """A fault that does a harm, and the words for both."""
    fault, harmed = stock.fault(kind.name), stock.harm(harm)
    phrases = Phrases(dice, common_words(dice))
    phrases.learn({**harmed.words, "of_six": "two" if kind.share == "some" else dice.pick("of six", ["four", "five"])})
    phrases.learn({word: dice.pick(f"word {word}", options) for word, options in fault.words.items()})
    if fault.sets:
        phrases.learn(dice.pick("fault set", fault.sets))
    if fault.cases:
        phrases.learn(dice.pick("case", fault.cases[harm]))
    lowest, highest = RATES[kind.share]
    return Draft(
        dice=dice,
        severity=severity_of(HARMS[harm].hit),
        difficulty=difficulty,
        kind=kind,
        fault=fault,
        harm=harmed,
        manner=harmed.manners[kind.manner],
        phrases=phrases,
        rate=dice.whole("rate", lowest, highest),
    )


def put_together(name: str, draft: Draft) -> Made:
    """The incident of a draft: what can be done, what happens, what is shown and told."""
    dice, difficulty = draft.dice, draft.difficulty
    made = actions(draft)
    ends = dice.whole("ends", *_ENDS[difficulty])
    happens = course(draft, ends * MINUTE, made.followers)
    drawn = drawn_gauges(draft)
    acts = {act.id: act for act in (draft.fault.eases, *draft.fault.worsens)}
    for action in made.acts:
        if str(action["id"]) in acts:
            action["signals"] = levels(dice, drawn, acts[str(action["id"])])
    target = _target(made)
    data: dict[str, Node] = {
        "scenario": name,
        "title": draft.said(list(draft.manner.titles), "title"),
        "severity": draft.severity,
        "topic": draft.said(list(draft.harm.topic), "topic"),
        "tags": list(dict.fromkeys(["random", *draft.harm.tags, *draft.fault.tags])),
        "teaches": brief.teaches(draft),
        "length": "60m" if ends <= 45 else "65m",
        "difficulty": difficulty,
        "suits": draft.said(list(draft.fault.suits), "suits"),
        "brief": brief.brief(draft),
        "vary": {},
        "report": brief.report(draft),
        "impact": brief.impact(draft),
        "signals": signals_of(draft, drawn),
        "actions": list(made.all()),
        "injects": list(happens.injects),
        "solution": draft.say(draft.fault.solution, "solution"),
        "targets": {"impact_ended": {"target": f"{target}m", "deadline": f"{min(target + 16, ends - 3)}m"}},
        "guide": brief.guide(draft, made, happens),
        "ends": {"after": f"{ends}m"},
    }
    outside = draft.harm.customers
    if outside is not None:
        every = dice.pick("every", outside.every)
        data["customers"] = {
            "affected": "{accounts}",
            "every": f"{every // 1000}s",
            "cannot": outside.cannot,
            "again": outside.again,
            "starts": dice.pick("customers start", ["45s", "1m", "90s"]),
        }
    if draft.harm.workaround:
        data["workaround"] = draft.said(list(draft.harm.workaround), "workaround")
    _vary(draft, data)
    return data, brief.note(draft, made)


def _what_happens(dice: Dice, severity: int, before: Sequence[int]) -> tuple[Kind, str]:
    """A fault and the harm that it does: in each round the fault that came least, and the harm that was done least."""
    faults, harms = dice.for_the_round("fault", FAULTS), dice.for_the_round("harm", list(HARMS))
    came: Counter[str] = Counter()
    done: Counter[str] = Counter()

    def drawn(level: int) -> tuple[Kind, str]:
        kind = min((kind for kind in faults if _harms(kind, level)), key=lambda kind: came[kind.name])
        return kind, _least_done(kind, level, harms, done)

    for level in (level for level in before if level in (1, 2)):
        kind, harm = drawn(level)
        came[kind.name] += 1
        done[harm] += 1
    return drawn(severity)


def _least_done(kind: Kind, severity: int, harms: list[str], done: Counter[str]) -> str:
    possible = _harms(kind, severity)
    return min((name for name in harms if name in possible), key=lambda name: done[name])


def _harms(kind: Kind, severity: int) -> list[str]:
    return [name for name in kind.harms if severity_of(HARMS[name].hit) == severity]


def _target(made: Actions) -> int:
    """The minute by which the impact should have ended, for two people who look around before they act."""
    takes = {str(action["id"]): parse_duration(str(action["takes"])) for action in made.all()}
    looking = sum(takes[str(one["id"])] for one in made.all() if one.get("clue"))
    looking += sum(takes[str(one["id"])] for one in made.all() if one.get("herring")) // 2
    fixing = sum(takes[str(one["id"])] for one in made.acts if one.get("effect") == "fixes")
    needed = _TOGETHER + looking // 2 + fixing
    return max(18, min(28, -(-needed // MINUTE) + 2))


def _vary(draft: Draft, data: dict[str, Node]) -> None:
    """Have what its texts name drawn at the start of the drill."""
    used = used_names(data)
    data["vary"] = {name: dict(one) for name, one in cast(draft).items() if name in used}
