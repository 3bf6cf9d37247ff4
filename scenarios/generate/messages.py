"""Who says what and when: out of everything that could be said, what fits this incident, and nobody twice."""

from scenarios.generate import models
from scenarios.generate.draft import Draft

__all__ = ["Cast", "Phase"]

Phase = str
"""Where in the incident something is said: first, early, middle, late or last."""

OWN = {"solutioneer": 0.85, "incident_commander": 0.6, "communications": 0.6}
"""How often, by role, what belongs to this incident is preferred to what is said in any."""
OFTEN = 3
"""How often the same sender may speak to one role."""
HAND, OWN_HAND = 5, 4
"""How many general voices, and how many of its own, one incident uses; the next seed begins with others."""

_WISHES: dict[Phase, tuple[set[str], ...]] = {
    "first": ({"first"}, {"early"}),
    "early": ({"early"}, {"early", "middle", "late"}),
    "middle": ({"middle"}, {"early", "middle", "late"}),
    "late": ({"late"}, {"early", "middle", "late"}),
    "last": ({"last"},),
}
"""What may be said when: preferably this, or else that."""
_OTHERS = {
    "second_customer": ("second_customer", "third_customer", "fourth_customer", "fifth_customer"),
    "agent": ("second_agent", "third_agent"),
    "colleague": ("second_colleague", "third_colleague"),
}
"""Who speaks if a general voice names somebody; the fault's own people are never somebody else."""


class Cast:
    """Those who may speak in an incident."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.themes: set[str] = set()
        """What has been spoken of."""
        self.spoken: dict[str, int] = {}
        """How often somebody else has spoken instead of each name."""

    def fits(self, voice: models.Voice) -> bool:
        """Whether it would be true in this incident."""
        kind = self.draft.kind
        return not (voice.alone and kind.spreads) and (not voice.manners or kind.manner in voice.manners)

    def dealt(self, group: str, voices: list[models.Voice]) -> models.Voice | None:
        """One of a group, as said by somebody who has not spoken yet; None if none fits."""
        fitting = [voice for voice in voices if self.fits(voice)]
        return self.as_somebody_else(self.draft.dice.dealt(group, fitting)) if fitting else None

    def heard(self, role: models.Role, phases: list[Phase]) -> dict[int, models.Voice]:
        """What a role hears in each of its slots, by the slot's place. A slot for which nothing is left is left out."""
        pools, heard = self._pools(role), dict[int, models.Voice]()
        for slot in self.draft.dice.shuffled(f"slots {role}", range(len(phases))):
            own_first = self.draft.dice.share(f"own {role} {slot}") < OWN[role]
            pool = [*pools[0], *pools[1]] if own_first else [*pools[1], *pools[0]]
            voice = self._chosen(pool, slot, phases[slot], heard)
            if voice is not None:
                heard[slot] = voice
                self.themes.add(voice.theme or voice.id)
        own = self.draft.fault.voices
        return {
            slot: heard[slot] if heard[slot] in own else self.as_somebody_else(heard[slot]) for slot in sorted(heard)
        }

    def as_somebody_else(self, voice: models.Voice) -> models.Voice:
        """Each time that a customer or a colleague has something to say of their own, let it be another one."""
        said = {"sender": voice.sender, "text": voice.text}
        for name, others in _OTHERS.items():
            place = f"{{{name}}}"
            if any(place in text for text in said.values()):
                count = self.spoken.get(name, 0)
                self.spoken[name] = count + 1
                another = f"{{{others[count % len(others)]}}}"
                said = {key: text.replace(place, another) for key, text in said.items()}
        return voice.model_copy(update=said)

    def _pools(self, role: models.Role) -> tuple[list[models.Voice], list[models.Voice]]:
        """Voices that belong to this incident, and general ones."""
        draft, dice = self.draft, self.draft.dice
        own = {
            "incident_commander": draft.harm.incident_commander,
            "solutioneer": draft.harm.solutioneer,
            "communications": draft.harm.communications,
        }[role]
        general = {
            "incident_commander": draft.talk.incident_commander,
            "solutioneer": draft.talk.solutioneer,
            "communications": draft.talk.communications,
        }[role]
        own = [*own, *(voice for voice in draft.fault.voices if (voice.to or "solutioneer") == role)]
        specific = dice.deck(f"specific {draft.harm.harm} {draft.kind.name} {role}", own, OWN_HAND)
        others = dice.deck(f"general {role}", general, HAND)
        return [voice for voice in specific if self.fits(voice)], [voice for voice in others if self.fits(voice)]

    def _chosen(
        self, pool: list[models.Voice], slot: int, phase: Phase, heard: dict[int, models.Voice]
    ) -> models.Voice | None:
        """The first that fits a slot; nobody twice in a row or too often, as long as there is somebody else."""
        senders = [voice.sender for voice in heard.values()]
        beside = [heard[near].sender for near in (slot - 1, slot + 1) if near in heard]
        for strict in (True, False):
            for wanted in _WISHES[phase]:
                for voice in pool:
                    if voice.phase not in wanted or (voice.theme or voice.id) in self.themes:
                        continue
                    if not strict or (voice.sender not in beside and senders.count(voice.sender) < OFTEN):
                        return voice
        return None
