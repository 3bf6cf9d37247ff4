"""The course of an incident: who says what to whom and when, and what follows from what the team does or does not."""

from typing import NamedTuple

from scenarios.base import format_duration
from scenarios.generate import models
from scenarios.generate.draft import Draft, Node
from scenarios.generate.messages import Cast, Phase
from scenarios.scenario import Inject

__all__ = ["Course", "course"]

SECOND, MINUTE = 1_000, 60_000
_FIRST = {"communications": (5, 6), "solutioneer": (7, 9), "incident_commander": (8, 9)}
"""The range of half minutes of the drill in which each role hears its first."""
_STEPS = (240, 240, 270, 300)
"""Seconds from one to the next: at least every five minutes there is something, and never more than in three."""
_AGAIN = 5 * MINUTE
"""How often the last message is repeated."""
_LAST_FREE = 9 * MINUTE
"""The time before the end in which nothing new is asked for."""
_EARLY, _MIDDLE = 0.36, 0.66
"""Where in the incident the early part ends, and the middle one."""
_ASKED = {
    "reply": ((2, 4), (6, 9)),
    "update": ((3, 4), (8, 9)),
    "publish": ((3, 4), (8, 9)),
    "log": ((3, 4), (8, 9)),
    "delegate": ((2, 3), (6, 8)),
    "take_role": ((1, 2), (4, 6)),
    "declare_severity": ((2, 3), (6, 7)),
}
"""The ranges of minutes for the target and the deadline of what is asked."""
_ROLES: tuple[models.Role, ...] = ("incident_commander", "solutioneer", "communications")


class _Branch(NamedTuple):
    """What comes when the team does something or leaves it out."""

    group: str
    voices: list[models.Voice]
    when: dict[str, Node]
    to: str
    again: tuple[str, int] | None = None
    """How often it comes again, and how many times."""


class Course:
    """The injects, in the order of the file."""

    def __init__(self, draft: Draft, ends: int) -> None:
        self.draft = draft
        self.ends = ends
        self.cast = Cast(draft)
        self.injects: list[dict[str, Node]] = []
        self.watch: list[tuple[int, str]] = []
        """What to watch for when, for the guide."""

    def planned(self, role: models.Role) -> None:
        """Fill a role's time from its first call to the end."""
        times = self._times(role)
        heard = self.cast.heard(role, [self._phase(times, slot) for slot in range(len(times))])
        for slot, voice in heard.items():
            at = times[slot]
            inject: dict[str, Node] = {"id": voice.id, "at": format_duration(at)}
            if slot == len(times) - 1:
                inject["repeat"] = {"every": format_duration(_AGAIN), "times": (self.ends - at - 1) // _AGAIN}
            self._add(inject, voice, role, room=self.ends - at)
            if voice.watch:
                self.watch.append((at, self.draft.say(voice.watch, f"watch {voice.id}")))

    def depending(self, followers: list[tuple[str, models.Voice]]) -> None:
        """What depends on the team."""
        fault = self.draft.fault
        for branch in self._branches():
            voice = self.cast.dealt(branch.group, branch.voices)
            if voice is not None:
                inject: dict[str, Node] = {"id": voice.id, "when": branch.when}
                if branch.again is not None:
                    inject["repeat"] = {"every": branch.again[0], "times": branch.again[1]}
                self._add(inject, voice, branch.to, broken=branch.group == "no_word" or voice.broken)
        own = {fault.fixes.id, fault.eases.id, *(act.id for act in fault.worsens)}
        for action, voice in followers:
            self._after(action, voice if action in own else self.cast.as_somebody_else(voice))
        for group, voices in (("relief", self.draft.harm.relief), ("recovers", self.draft.talk.recovers)):
            voice = self.cast.dealt(group, voices)
            if voice is not None:
                self._after(fault.fixes.id, voice)
        if fault.relapse is not None:
            self._after(fault.eases.id, fault.relapse)

    def _branches(self) -> list[_Branch]:
        talk, dice, grave = self.draft.talk, self.draft.dice, self.draft.severity == 1
        open_for = dice.pick("open for", ["5m", "6m", "7m"] if grave else ["9m", "10m"])
        silent_for = dice.pick("silent for", ["11m", "12m", "13m"] if grave else ["14m", "15m"])
        unsaid_for = dice.pick("unsaid for", ["14m", "15m", "16m"])
        lighter: dict[str, Node] = {"severity_declared": 3}
        if grave:
            lighter = {"any": [{"severity_declared": 2}, {"severity_declared": 3}]}
        open_role: dict[str, Node] = {"role_open": "incident_commander", "for": open_for}
        no_answer: dict[str, Node] = {"not": {"acknowledged": "everyone"}, "for": "8m"}
        return [
            _Branch("no_commander", talk.no_commander, open_role, "everyone", ("6m", 3)),
            _Branch(
                "quiet_channel",
                talk.quiet_channel,
                {"silent": "sitrep", "for": silent_for},
                "incident_commander",
                ("10m", 2),
            ),
            _Branch("no_word", talk.no_word, {"silent": "customers", "for": unsaid_for}, "communications", ("10m", 2)),
            _Branch("not_all_there", talk.not_all_there, no_answer, "first_responder"),
            _Branch("too_grave", talk.too_grave, {"severity_declared": 1}, "first_responder"),
            _Branch("too_light", talk.too_light, lighter, "first_responder"),
        ]

    def _times(self, role: models.Role) -> list[int]:
        low, high = _FIRST[role]
        times = [self.draft.dice.whole(f"first {role}", low, high) * MINUTE // 2]
        last = self.ends - _LAST_FREE - self.draft.dice.whole(f"last {role}", 0, 4) * MINUTE // 2
        while times[-1] < last - 5 * MINUTE:
            step = self.draft.dice.pick(f"step {role} {len(times)}", _STEPS)
            times.append(times[-1] + step * SECOND)
        return [*times, max(times[-1] + 3 * MINUTE, last)]

    def _phase(self, times: list[int], slot: int) -> Phase:
        if slot in (0, len(times) - 1):
            return "last" if slot else "first"
        share = times[slot] / self.ends
        return "early" if share < _EARLY else "middle" if share < _MIDDLE else "late"

    def _after(self, action: str, voice: models.Voice) -> None:
        delay = format_duration(voice.delay or 90 * SECOND)
        self._add({"id": voice.id, "after": action, "delay": delay}, voice, voice.to or "solutioneer")

    def _add(
        self,
        inject: dict[str, Node],
        voice: models.Voice,
        to: str,
        room: int | None = None,
        broken: bool | None = None,
    ) -> None:
        """Write an inject down; `room` is the time until the end, where that is known."""
        say, key = self.draft.say, f"voice {voice.id}"
        inject |= {"to": to, "via": voice.via, "from": say(voice.sender, f"{key} sender"), "text": say(voice.text, key)}
        if voice.asks is not None:
            inject["expects"] = self._expected(voice.asks, voice.id, room)
        if voice.broken if broken is None else broken:
            inject["unless"] = {"impact": "ended"}
        if voice.chance < 1:
            inject["chance"] = voice.chance
        Inject.model_validate(inject)  # what is wrong with a voice is found here, where it is known whose it is
        self.injects.append(inject)

    def _expected(self, act: str, key: str, room: int | None) -> dict[str, Node]:
        (soonest, latest), (least, most) = _ASKED[act]
        target = self.draft.dice.whole(f"target {key}", soonest, latest)
        deadline = self.draft.dice.whole(f"deadline {key}", least, most)
        if room is not None:
            deadline = min(deadline, room // MINUTE)
        return {"act": act, "target": f"{target}m", "deadline": f"{deadline}m"}


def course(draft: Draft, ends: int, followers: list[tuple[str, models.Voice]]) -> Course:
    """Everything that happens to the team; `ends` is when the response ends by itself, in milliseconds.

    `followers` are actions of which somebody has something to say, each with the voice.
    """
    made = Course(draft, ends)
    for role in _ROLES:
        made.planned(role)
    made.depending(followers)
    return made
