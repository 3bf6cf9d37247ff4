"""What is told about an incident: to players before it begins, and to the facilitator."""

from scenarios.base import format_duration
from scenarios.generate.actions import NEEDED, Actions
from scenarios.generate.draft import Draft, Node
from scenarios.generate.timeline import Course

__all__ = ["brief", "guide", "impact", "note", "report", "teaches"]


def brief(draft: Draft) -> str:
    """What the team knows beforehand: an hour of an ordinary day, and a few things of which most mean nothing."""
    told = [draft.say(one.brief, f"brief {place}") for place, one in enumerate(draft.innocents) if one.brief]
    wanted = {"easy": 1, "medium": 2, "hard": 3}[draft.difficulty]
    told = draft.dice.shuffled("told beforehand", told)[:wanted]
    if draft.fault.brief:
        told.append(draft.said(list(draft.fault.brief), "brief fault"))
    if not any("{release}" in one for one in told):
        told.append(draft.said(_NO_RELEASE, "brief release"))
    opening = draft.said(list(draft.harm.openings), "opening")
    return " ".join([opening, *draft.dice.shuffled("brief", told)])


_QUESTIONS = 6
"""How many questions there are for the talk right after."""
_NO_RELEASE = [
    "Nothing has been released since {release}, <<two|three>> days ago.",
    "The last release, {release}, is from <<yesterday|the day before yesterday>>.",
    "{release} went out <<yesterday|last night>> and has been quiet since.",
]


def report(draft: Draft) -> dict[str, Node]:
    """How the first responder hears about it."""
    fitting = [one for one in draft.manner.report if draft.kind.share == "most" or not one.most]
    opening = draft.dice.pick("report", fitting)
    return {
        "via": opening.via,
        "from": draft.say(opening.sender, "report sender"),
        "text": draft.say(opening.text, "report text"),
    }


def impact(draft: Draft) -> dict[str, Node]:
    """The harm, as the situation report should state it."""
    who = draft.fault.some or draft.harm.who
    return {"who": draft.said(list(who), "who"), "how": draft.said(list(draft.manner.how), "how")}


def teaches(draft: Draft) -> list[Node]:
    """What a team does better afterwards."""
    chosen = draft.dice.shuffled("teaches fault", draft.fault.teaches)[:2]
    chosen += draft.dice.shuffled("teaches harm", draft.harm.teaches)[:1]
    chosen.append(draft.dice.pick("teaches any", draft.talk.teaches))
    return [draft.say(one, f"teaches {place}") for place, one in enumerate(chosen)]


def guide(draft: Draft, made: Actions, happens: Course) -> dict[str, Node]:
    """How to lead it."""
    hints: dict[str, Node] = {
        name: draft.say(text, f"hint {name}") for name, text in draft.fault.hints.model_dump().items()
    }
    return {
        "watch": list(_watch(draft, made, happens)),
        "mistakes": list(_mistakes(draft)),
        "hints": hints,
        "hot_wash": list(_questions(draft)),
    }


def _watch(draft: Draft, made: Actions, happens: Course) -> list[str]:
    dice = draft.dice
    told = [draft.say(one, f"watch fault {place}") for place, one in enumerate(draft.fault.watch)]
    told = dice.shuffled("watch fault", told)[:2]
    timed = sorted(dice.shuffled("watch voices", happens.watch)[:2])
    told += [f"At {format_duration(at)}: {text}" for at, text in timed]
    told.append(draft.said(list(draft.harm.watch), "watch harm"))
    told.append(draft.said(list(draft.talk.watch), "watch any"))
    told.insert(dice.whole("watch place", 0, 2), _places(draft, made))
    return told[:6]


def _mistakes(draft: Draft) -> list[str]:
    told = [draft.say(one, f"mistake fault {place}") for place, one in enumerate(draft.fault.mistakes)][:3]
    if draft.mistakes:
        told.append(draft.said(draft.mistakes, "mistake stray"))
    told.append(draft.said([*draft.harm.mistakes, *draft.talk.mistakes], "mistake any"))
    return draft.dice.shuffled("mistakes", told)


def _questions(draft: Draft) -> list[str]:
    told = [draft.say(one, f"question fault {place}") for place, one in enumerate(draft.fault.hot_wash)][:3]
    told.append(draft.said(list(draft.harm.hot_wash), "question harm"))
    general = draft.dice.deck("questions", draft.talk.hot_wash, _QUESTIONS // 2)[: _QUESTIONS - len(told)]
    told += [draft.say(one, f"question any {place}") for place, one in enumerate(general)]
    return draft.dice.shuffled("hot wash", told)


def _places(draft: Draft, made: Actions) -> str:
    """Where the parts of the cause are, so that the facilitator sees who puts them together."""
    labels = {str(look["id"]): str(look["label"]) for look in made.looks}
    needs = draft.fault.fixes.needs
    leads = needs if len(needs) > 1 else made.clues  # a fix that may come early needs less than the cause
    named = [f'"{labels[lead]}"' for lead in leads[: NEEDED[draft.difficulty]]]
    listed = f"{', '.join(named[:-1])} and {named[-1]}"
    return draft.said(
        [
            f"Who puts together what {listed} show. No one of them is enough.",
            f"The cause lies in {listed}. Who has seen all of them, and does that person hear of the others?",
            f"When {listed} have been done, and by whom. From then on the cause can be known.",
        ],
        "places",
    )


def note(draft: Draft, made: Actions) -> str:
    """The comment above the file, for the facilitator."""
    strays = [str(one["label"]) for one in [*made.looks, *made.acts] if one.get("herring")]
    called = {"easy": "an easy one", "medium": "neither easy nor hard", "hard": "a hard one"}[draft.difficulty]
    about = draft.say(draft.fault.about, "about")
    return (
        f"Made at random from seed {draft.dice.seed}: severity {draft.severity}, {called}.\n\n"
        f"For the facilitator: {about[:1].lower()}{about[1:]} What leads nowhere here: {'; '.join(strays)}."
    )
