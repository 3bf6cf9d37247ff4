"""A drill beside those of the database, with the actions that it shows something of."""

from datetime import timedelta

from msgspec.structs import replace

from drills.records.neighbours import earlier_kept
from scoring.history.actions import Handled, Known
from scoring.history.figures import Figures, Meant, figures_of
from scoring.scorecard import grade
from simulator.fields import ERASED
from tests.support import library_plan, play

NAMES = {"ana": "Ana Ruiz"}
MEANT = [Meant(seq=90, obligation="not_silent"), Meant(seq=91), Meant(seq=92, obligation="no_longer_owed")]


def test_an_action_is_shown_by_the_obligation_that_it_names() -> None:
    plan = library_plan("login-outage", 3, "good")
    log = play(plan)
    before = plan.model_copy(update={"drill": "before", "start": plan.start - timedelta(days=30)})
    after = plan.model_copy(update={"drill": "after", "start": plan.start + timedelta(days=30)})

    def of(one: Figures) -> Figures:
        return replace(one, meant=MEANT) if one.drill.drill == "before" else one

    kept = [of(figures_of(play(one))) for one in (after, plan, before)]
    card, texts = grade(log), {"before.90": "Write down what is done.\u202e"}
    known = Known("2026-01-01")
    found = earlier_kept(log, card, NAMES, kept, known, texts)
    assert found is not None
    assert [name for name, _ in found.headings] == ["before", "login-outage-3"], "neither itself nor a later one"
    (action,) = found.actions
    assert (action.text, action.measured_by) == ("Write down what is done.", "No long silence")
    assert action.says == "met once; it has held once 2 retests running meet it"
    assert (action.then, action.now) == ("3 min 6 s, met", "3 min 6 s, met")
    named = known._replace(handled={"before.91": Handled(obligation="no_harm")})
    found = earlier_kept(log, card, NAMES, kept, named, texts)
    assert found is not None
    assert [one.text for one in found.actions] == [ERASED, "Write down what is done."], "its words were erased"
    assert earlier_kept(log, card, NAMES, kept[:2], known, texts) is None
