"""Who did what, by the part that somebody played and without their name."""

from reports.event_sentences import sentence
from reports.format import cut, joined
from reports.story import Story
from simulator import events as ev
from simulator.events import Event

__all__ = ["LONGEST", "by_role", "role_of"]

LONGEST = 180
"""Characters in a sentence; the log has the rest."""


def role_of(story: Story, who: str, at: int) -> str:
    """The part somebody played at a drill time, without their name."""
    held = {one.role for one in story.holdings if one.who == who and one.start <= at <= one.end}
    if held:
        return joined([role.title for role in story.plan.protocol.roles if role.id in held])
    if who in story.plan.facilitators or who in story.plan.evaluators:
        return "Facilitator" if who in story.plan.facilitators else "Evaluator"
    reported = story.facts.reported
    return "First responder" if reported is not None and reported.to == who else "A member"


_IN_A_SENTENCE = {
    "A member": "a member",
    "First responder": "the first responder",
    "Facilitator": "the facilitator",
    "Evaluator": "the evaluator",
}


def _in_a_sentence(role: str) -> str:
    return _IN_A_SENTENCE.get(role, role)


def by_role(story: Story, event: Event) -> str:
    """An event as a sentence that names the part and not the person, at most LONGEST characters long."""
    # Whoever takes a role had another part until then.
    at = event.when - 1 if isinstance(event, ev.RoleTaken | ev.RoleHandedOver) else event.when
    if isinstance(event, ev.RoleHandedOver):  # from whom, the role itself says
        return f"{role_of(story, event.actor or '', at)}: took over as {story.role(event.role)}"
    says = cut(sentence(story, event, lambda who: _in_a_sentence(role_of(story, who, at))), LONGEST)
    return says[:1].upper() + says[1:] if event.actor is None else f"{role_of(story, event.actor, at)}: {says}"
