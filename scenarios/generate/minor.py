"""A random incident that nobody is called for: a bug for the sprint, or a false alarm. It takes ten minutes."""

from collections.abc import Sequence

from scenarios.base import format_duration
from scenarios.generate import models, stock
from scenarios.generate.company import severity_of
from scenarios.generate.draft import Node, common_words, people, plain, shown, used_names
from scenarios.generate.draws import Dice, Difficulty
from scenarios.generate.phrases import Phrases
from scenarios.generate.signals import Drawn, between, levels, signals_of

__all__ = ["quiet"]

MINUTE = 60_000
_FILES = {0: "false-alarms", 3: "for-the-sprint"}
_TARGETS: dict[int, dict[str, Node]] = {
    0: {
        "severity_declared": {"target": "5m", "deadline": "9m"},
        "closed": {"target": "7m", "deadline": "10m"},
    },
    3: {
        "severity_declared": {"target": "3m", "deadline": "8m"},
        "bug_filed": {"target": "7m", "deadline": "10m"},
    },
}
_LOUD = {"easy": 0.7, "medium": 1.0, "hard": 1.5}
_TARGET = (60_000, 90_000, 120_000)
_DEADLINES = (3 * MINUTE, 4 * MINUTE, 5 * MINUTE)

Made = tuple[dict[str, Node], str]


class _Draft:
    """What has been drawn so far."""

    def __init__(self, dice: Dice, severity: int, difficulty: Difficulty, before: Sequence[int]) -> None:
        self.dice = dice
        self.difficulty = difficulty
        self.common = stock.alarms(_FILES[severity])
        alarms = [one for one in self.common.alarms if severity_of(one.hit) == severity]
        self.alarm = dice.for_the_round("alarm", alarms)[before.count(severity) % len(alarms)]
        self.phrases = Phrases(dice, common_words(dice))
        self.phrases.learn({word: dice.pick(f"word {word}", options) for word, options in self.alarm.words.items()})
        if self.alarm.sets:
            self.phrases.learn(dice.pick("alarm set", self.alarm.sets))

    def say(self, text: str, key: str) -> str:
        return self.phrases.say(text, key)

    def said(self, texts: list[str], key: str) -> str:
        return self.say(self.dice.pick(f"text {key}", texts), key)


def quiet(name: str, dice: Dice, severity: int, difficulty: Difficulty, before: Sequence[int]) -> Made:
    """An incident of severity 3 or 0; `name` is its id, and `before` the severities of the round's earlier seeds."""
    draft = _Draft(dice, severity, difficulty, before)
    alarm, minutes = draft.alarm, dice.whole("ends", 10, 11)
    opening = dice.pick("report", alarm.report)
    drawn = {key: _drawn(draft, key, gauge) for key, gauge in alarm.signals.items()}
    data: dict[str, Node] = {
        "scenario": name,
        "title": draft.said(list(alarm.titles), "title"),
        "severity": severity,
        "topic": draft.say(alarm.topic, "topic"),
        "tags": ["random", *alarm.tags],
        "teaches": _teaches(draft),
        "length": f"{minutes + 3}m",
        "difficulty": difficulty,
        "suits": draft.said(list(alarm.suits), "suits"),
        "brief": draft.said(list(alarm.brief), "brief"),
        "vary": {},
        "report": {
            "via": opening.via,
            "from": draft.say(opening.sender, "sender"),
            "text": draft.say(opening.text, "report"),
        },
        "impact": {"who": draft.say(alarm.who, "who"), "how": draft.say(alarm.how, "how")},
        "signals": signals_of(draft, drawn),
        "actions": _actions(draft, drawn),
        "injects": _injects(draft, minutes * MINUTE),
        "solution": draft.say(alarm.solution, "solution"),
        "targets": _TARGETS[severity],
        "guide": _guide(draft),
        "ends": {"after": f"{minutes}m", "papers": "1m", "hot_wash": "2m"},
    }
    if alarm.workaround is not None:
        data["workaround"] = draft.say(alarm.workaround, "workaround")
    used = used_names(data)
    known = people(dice) | {key: plain(variable) for key, variable in alarm.vary.items()}
    data["vary"] = {key: dict(one) for key, one in known.items() if key in used}
    kind = "a false alarm" if severity == 0 else "a bug for the sprint"
    about = draft.say(alarm.about, "about")
    note = f"Made at random from seed {dice.seed}: {kind}. Ten minutes, for a lunch break or alone."
    return data, f"{note}\n\nFor the facilitator: {about[:1].lower()}{about[1:]}"


def _teaches(draft: _Draft) -> list[Node]:
    own = [draft.say(one, f"teaches {place}") for place, one in enumerate(draft.alarm.teaches)]
    return [*own, draft.said(list(draft.common.teaches), "teaches any")]


def _drawn(draft: _Draft, key: str, gauge: models.Gauge) -> Drawn:
    normal = between(draft.dice, f"normal {key}", gauge.normal)
    same = isinstance(gauge.incident, str)
    incident = normal if isinstance(gauge.incident, str) else between(draft.dice, f"incident {key}", gauge.incident)
    return Drawn(gauge, normal, normal if same else incident, varies=False, loud=_LOUD[draft.difficulty])


def _actions(draft: _Draft, drawn: dict[str, Drawn]) -> list[Node]:
    dice, alarm = draft.dice, draft.alarm
    strays = [peek.id for peek in dice.shuffled("strays", alarm.looks) if not peek.clue]
    left_out = set(strays[2:] if draft.difficulty == "easy" else [])
    found: list[Node] = []
    for peek in dice.shuffled("looks", alarm.looks):
        if peek.id not in left_out:
            said = draft.said(list(peek.shows), f"look {peek.id}")
            if peek.plain and draft.difficulty == "easy":
                said += " " + draft.say(peek.plain, f"plain {peek.id}")
            log = None if peek.log is None else draft.say(peek.log, f"log {peek.id}")
            marks: dict[str, Node] = {"clue": True} if peek.clue else {"herring": True}
            found.append(
                {
                    "id": peek.id,
                    "label": draft.say(peek.label, f"label {peek.id}"),
                    "also": list(peek.also),
                    "takes": format_duration(peek.takes),
                    **marks,
                    "shows": shown(log, said),
                }
            )
    worse = alarm.worsens
    needs = [need for need in worse.needs if need not in left_out] or [next(one.id for one in alarm.looks if one.clue)]
    act: dict[str, Node] = {
        "id": worse.id,
        "label": draft.said(list(worse.label), "worse"),
        "also": list(worse.also),
        "takes": format_duration(worse.takes),
        "needs": list(needs),
        "effect": "worsens",
        "shows": draft.said(list(worse.shows), "worse shows"),
        "signals": levels(dice, drawn, worse.model_copy(update={"felt": 1.2})),
    }
    if worse.runbook:
        act["runbook"] = worse.runbook
    return [*found, act]


def _injects(draft: _Draft, ends: int) -> list[Node]:
    dice, common = draft.dice, draft.common
    found: list[Node] = []
    for voice in draft.alarm.voices:
        at = voice.at + dice.whole(f"at {voice.id}", 0, 2) * 15_000
        inject: dict[str, Node] = {
            "id": voice.id,
            "at": format_duration(at),
            "to": "first_responder",
            "via": voice.via,
            "from": draft.say(voice.sender, f"{voice.id} from"),
            "text": draft.say(voice.text, voice.id),
        }
        if voice.asks is not None:
            deadline = min(dice.pick(f"deadline {voice.id}", _DEADLINES), ends - at)
            target = min(dice.pick(f"target {voice.id}", _TARGET), deadline // 2)
            inject["expects"] = {
                "act": voice.asks,
                "target": format_duration(target),
                "deadline": format_duration(deadline),
            }
        found.append(inject)
    grave: list[Node] = [{"severity_declared": 1}, {"severity_declared": 2}]
    found.append(_told(draft, dice.dealt("called", common.called), {"when": {"acknowledged": "anyone"}}))
    found.append(_told(draft, dice.dealt("too grave", common.too_grave), {"when": {"any": grave}}))
    if common.too_light:
        found.append(_told(draft, dice.pick("too light", common.too_light), {"when": {"severity_declared": 0}}))
    worse = draft.alarm.worsens
    for seen in worse.follow[:1]:
        delay = format_duration(seen.delay or 45_000)
        found.append(_told(draft, seen, {"after": worse.id, "delay": delay}))
    return found


def _told(draft: _Draft, voice: models.Voice, trigger: dict[str, Node]) -> dict[str, Node]:
    inject: dict[str, Node] = {
        "id": voice.id,
        **trigger,
        "to": voice.to or "first_responder",
        "via": voice.via,
        "from": draft.say(voice.sender, f"{voice.id} from"),
        "text": draft.say(voice.text, voice.id),
    }
    if voice.asks is not None:
        inject["expects"] = {"act": voice.asks, "target": "90s", "deadline": "4m"}
    return inject


def _guide(draft: _Draft) -> dict[str, Node]:
    alarm, common, dice = draft.alarm, draft.common, draft.dice
    watch = [draft.say(one, f"watch {place}") for place, one in enumerate(alarm.watch)]
    mistakes = [draft.say(one, f"mistake {place}") for place, one in enumerate(alarm.mistakes)]
    questions = [draft.say(one, f"question {place}") for place, one in enumerate(alarm.hot_wash)]
    questions += [draft.say(one, f"more {place}") for place, one in enumerate(dice.shuffled("more", common.hot_wash))]
    return {
        "watch": [*watch, draft.said(list(common.watch), "watch any")],
        "mistakes": [*mistakes, draft.said(list(common.mistakes), "mistake any")],
        "hints": {name: draft.say(text, f"hint {name}") for name, text in alarm.hints.model_dump().items()},
        "hot_wash": list(questions[:6]),
    }
