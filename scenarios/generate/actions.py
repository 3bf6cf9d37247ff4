"""What responders can do: looks that lead to the cause, looks that do not, what eases, what harms, what fixes."""

from scenarios.base import format_duration
from scenarios.generate import models, stock
from scenarios.generate.company import SERVICES
from scenarios.generate.draft import Draft, Node

__all__ = ["ANYWHERE", "NEEDED", "Actions", "actions"]

ANYWHERE = ("deploy", "dns", "certificates")
"""What every service depends on, so that one may look there whatever fails."""

NEEDED = {"easy": 2, "medium": 3, "hard": 4}
"""How many clues the fix needs, at most."""
_STRAYS = {"easy": (2, 1), "medium": (3, 1), "hard": (4, 2)}
"""How many looks that lead nowhere there are, and how many acts that change nothing."""
_RELEASE_FIRST = 0.7
"""How often the last release is among the false suspects; people think of it first."""
_HAND = 3
"""How many looks further on the next seed begins when it chooses among those that lead nowhere."""
_COMPARED = ("web", "booking", "login", "checkout", "search", "api", "billing", "mail", "storage")


class Actions:
    """The actions of an incident while they are chosen."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.looks: list[dict[str, Node]] = []
        self.acts: list[dict[str, Node]] = []
        self.taken: set[str] = set()
        self.clues: list[str] = []
        """The ids of those that lead to the cause, the most telling first."""
        self.followers: list[tuple[str, models.Voice]] = []
        """What somebody says after an action, with the action's id."""

    def all(self) -> list[dict[str, Node]]:
        """Every action, looks first, each kind in a drawn order."""
        dice = self.draft.dice
        return [*dice.shuffled("looks", self.looks), *dice.shuffled("acts", self.acts)]

    def look(self, look: models.Look, shows: str, **marks: bool) -> None:
        """Add a look."""
        draft, key = self.draft, f"look {look.look}"
        self.taken.add(look.look)
        self.looks.append(
            {
                "id": look.look,
                "label": draft.said(list(look.label), key),
                "also": list(look.also),
                "takes": format_duration(draft.dice.pick(f"{key} takes", look.takes)),
                **marks,
                "shows": shows,
            }
        )

    def follow(self, action: str, voices: list[models.Voice]) -> None:
        """Let one of these be heard after an action."""
        if voices:
            self.followers.append((action, self.draft.dice.pick(f"follow {action}", voices)))


def actions(draft: Draft) -> Actions:
    """Choose them all."""
    made = Actions(draft)
    _clues(made)
    _try_it(made)
    _count(made)
    _go_through(made)
    _innocents(made)
    _reflexes(made)
    _effects(made)
    return made


def _clues(made: Actions) -> None:
    draft = made.draft
    known = {look.look: look for look in stock.looks()}
    for clue in draft.fault.clues:
        plain = clue.plain if draft.difficulty == "easy" else None
        shows = draft.shown(clue.log, list(clue.shows), f"clue {clue.look}", plain)
        made.look(known[clue.look], shows, clue=True)
        made.clues.append(clue.look)


def _try_it(made: Actions) -> None:
    draft = made.draft
    shows = draft.said(list(draft.fault.instead or draft.manner.tries), "tries")
    if draft.fault.tries:
        shows += " " + draft.said(list(draft.fault.tries), "tries besides")
    made.looks.append(
        {
            "id": "try-it",
            "label": draft.said(list(draft.harm.try_it.label), "try it"),
            "also": list(draft.harm.try_it.also),
            "takes": "2m",
            "clue": True,
            "shows": shows,
        }
    )


def _count(made: Actions) -> None:
    draft = made.draft
    made.looks.append(
        {
            "id": "count",
            "label": draft.say("Count <<those who are affected|who is affected, and where>>", "count label"),
            "also": ["how many are affected", "scope", "impact", "who is hit"],
            "takes": "2m",
            "shows": draft.said(list(draft.harm.count), "count"),
        }
    )


def _go_through(made: Actions) -> None:
    """Trying one service after the other shows what the failing ones have in common."""
    draft = made.draft
    if draft.difficulty == "hard" and not draft.kind.spreads:
        return
    others = [name for name in _COMPARED if name != draft.service]
    unwell = [name for name in others if draft.suffers(name)]
    well = [name for name in draft.dice.shuffled("well", others) if name not in unwell]
    chosen = [*unwell[:4], *well[: 2 if len(unwell) > 2 else 3]]
    said = [f"The {SERVICES[name].called}: {_condition(draft, name)}." for name in draft.dice.shuffled("tour", chosen)]
    shows = " ".join(said) + draft.say(
        " The <<service>> itself <<is as bad as reported|does what was reported|has not changed meanwhile>>.", "tour"
    )
    if draft.difficulty == "easy" and draft.kind.spreads:
        shows += f" What is unwell leans on the {SERVICES[draft.seat].called}; what is well does without it."
    marks = {"clue": True} if draft.kind.spreads else {}
    made.looks.append(
        {
            "id": "go-through",
            "label": draft.say(
                "<<Go through the other services one by one|Try the other services, one after the other>>", "tour label"
            ),
            "also": ["what else is broken", "check the others", "smoke test", "which parts work"],
            "takes": "3m",
            **marks,
            "shows": shows,
        }
    )


def _condition(draft: Draft, name: str) -> str:
    return SERVICES[name].poor if draft.suffers(name) else SERVICES[name].fine


def _innocents(made: Actions) -> None:
    """Looks that other faults would call for, and that find nothing here."""
    draft = made.draft
    wanted = _STRAYS[draft.difficulty][0]
    order = [look for look in draft.dice.deck("innocent looks", stock.looks(), _HAND) if _could_be(made, look)]
    if draft.dice.share("release suspected") < _RELEASE_FIRST:
        order.sort(key=lambda look: look.look != "release")
    for look in order:
        fitting = [one for one in look.innocent if _fits(draft, one)]
        if wanted and fitting:
            innocent = draft.dice.dealt(f"innocent {look.look}", fitting)
            draft.innocents.append(innocent)
            if innocent.mistake:
                draft.mistakes.append(innocent.mistake)
            made.look(look, draft.shown(innocent.log, [innocent.shows], f"innocent {look.look}"), herring=True)
            wanted -= 1


def _could_be(made: Actions, look: models.Look) -> bool:
    draft = made.draft
    if look.look in made.taken or look.look in draft.fault.without or not look.innocent:
        return False
    return look.of is None or look.of in ANYWHERE or look.of in draft.reach


def _fits(draft: Draft, one: models.Innocent | models.Reflex) -> bool:
    if one.outside and draft.harm.customers is None:
        return False
    if draft.kind.name in one.unless or (one.harms and draft.harm.harm not in one.harms):
        return False
    return not one.manners or draft.kind.manner in one.manners


def _reflexes(made: Actions) -> None:
    draft = made.draft
    wanted = _STRAYS[draft.difficulty][1]
    for reflex in draft.dice.deck("reflexes", stock.reflexes(), 2):
        possible = reflex.of is None or reflex.of in ANYWHERE or reflex.of in draft.reach
        if not wanted or not possible or reflex.reflex in draft.fault.without or not _fits(draft, reflex):
            continue
        if reflex.needs and not set(reflex.needs) <= made.taken:
            continue
        key = f"reflex {reflex.reflex}"
        act: dict[str, Node] = {
            "id": reflex.reflex,
            "label": draft.said(list(reflex.label), key),
            "also": list(reflex.also),
            "takes": format_duration(draft.dice.pick(f"{key} takes", reflex.takes)),
        }
        if reflex.runbook:
            act["runbook"] = reflex.runbook
        if reflex.needs:
            act["needs"] = list(reflex.needs)
        made.acts.append({**act, "herring": True, "shows": draft.said(list(reflex.shows), f"{key} shows")})
        made.follow(reflex.reflex, list(reflex.follow))
        if reflex.mistake:
            draft.mistakes.append(reflex.mistake)
        wanted -= 1


def _effects(made: Actions) -> None:
    fault = made.draft.fault
    made.acts.append(_act(made, fault.eases, "eases", fault.eases.needs))
    for worse in fault.worsens:
        made.acts.append(_act(made, worse, "worsens", worse.needs))
    needed = NEEDED[made.draft.difficulty]
    needs = fault.fixes.needs or made.clues
    if made.draft.kind.spreads and needed > len(needs):
        needs = [*needs, "go-through"]
    made.acts.append(_act(made, fault.fixes, "fixes", needs[:needed]))


def _act(made: Actions, act: models.Act, effect: str, needs: list[str]) -> dict[str, Node]:
    draft = made.draft
    made.taken.add(act.id)
    made.follow(act.id, list(act.follow))
    found: dict[str, Node] = {
        "id": act.id,
        "label": draft.said(list(act.label), f"act {act.id}"),
        "also": list(act.also),
        "takes": format_duration(act.takes),
    }
    if act.runbook:
        found["runbook"] = act.runbook
    return {
        **found,
        "needs": list(needs),
        "effect": effect,
        "shows": draft.shown(act.log, list(act.shows), f"act {act.id}"),
    }
