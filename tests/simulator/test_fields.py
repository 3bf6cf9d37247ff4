"""Which text of an event somebody typed, which names a person, and which the program or the scenario says."""

from simulator import events as ev
from simulator.fields import fields_of, people_of, typed_in
from simulator.kinds import EVENTS
from tests.simulator.build import Table, small_plan

TYPED = {
    "IncidentReported": (),
    "IncidentResolved": ("text",),
    "IncidentClosed": ("reason",),
    "DrillEnded": ("reason",),
    "TeamAlerted": ("topic",),
    "Restated": ("topic",),
    "MessagePosted": ("text",),
    "EntryLogged": ("text",),
    "UpdatePosted": ("text",),
    "MessageDrafted": ("text",),
    "MessagePublished": ("text",),
    "InjectAnswered": ("text",),
    "SpokenReported": ("text",),
    "StepFlagged": ("text",),
    "TaskDelegated": ("text",),
    "QuestionAsked": ("text",),
    "QuestionAnswered": ("text",),
    "WorkaroundAnnounced": ("text",),
    "BugFiled": ("text",),
    "InjectDelivered": ("sender", "text"),
    "CustomerWrote": ("sender", "text"),
    "SituationReportFiled": ("solution", "who_impacted", "how_impacted"),
    "PostMortemFiled": ("summary", "went_well", "went_badly", "learnings"),
    "CorrectiveActionAdded": ("text",),
    "DrillPaused": ("reason",),
    "HintGiven": ("text",),
    "MemberExcused": ("reason",),
    "NoteTaken": ("text",),
    "Rated": ("item", "text"),
    "ExpectationJudged": ("text",),
}
PEOPLE = {
    "IncidentReported": ("to",),
    "ReportEscalated": ("to",),
    "TeamAlerted": ("recipients",),
    "HandoverOffered": ("to",),
    "RoleHandedOver": ("giver",),
    "SpokenReported": ("speaker",),
    "TaskDelegated": ("to",),
    "InjectDelivered": ("recipients", "to"),
    "CustomerWrote": ("recipients", "to"),
    "HintGiven": ("to",),
    "MemberExcused": ("member",),
    "ShiftBegan": ("member",),
    "CorrectiveActionAdded": ("owner",),
}
OTHERS = {
    "ToolChanged": ("tool",),
    "MessagePublished": ("by",),
    "DrillStarted": ("values",),
    "IncidentReported": ("via", "sender", "text"),
    "RoleTaken": ("role",),
    "RoleReleased": ("role",),
    "HandoverOffered": ("role",),
    "RoleHandedOver": ("role",),
    "ActionStarted": ("action",),
    "ActionFinished": ("action", "shows"),
    "ImpactChanged": ("cause",),
    "StepDone": ("procedure",),
    "StepFlagged": ("procedure",),
    "QuestionAsked": ("outsider",),
    "InjectDelivered": ("via", "also", "inject"),
    "CustomerWrote": ("via", "also"),
    "FacilitatorTold": ("inject", "via", "sender", "text"),
    "DecisionMade": ("option", "says"),
    "StoryJumped": ("inject",),
    "InjectNotTaken": ("inject",),
    "InjectHeld": ("inject",),
    "CorrectiveActionAdded": ("due_on", "obligation"),
}
"""Ids of what is in the plan, ways, days, and what the scenario says."""
EVERY = ("act",)
"""The id that a client gave; it is compared and never read."""


def test_every_text_of_every_event_is_typed_or_a_person_or_neither() -> None:
    """Each new text field is classified here: typed text is sealed, and the id of a person can be renamed."""
    for kind in EVENTS:
        name = kind.__name__
        assert typed_in(kind) == TYPED.get(name, ()), name
        assert people_of(kind) == ("actor", *PEOPLE.get(name, ())), name
        assert fields_of(kind, None) == (*EVERY, *OTHERS.get(name, ())), name


def test_no_event_is_named_that_is_none() -> None:
    known = {kind.__name__ for kind in EVENTS}
    assert {*TYPED, *PEOPLE, *OTHERS} <= known


def test_what_an_act_says_is_read_where_it_is_typed() -> None:
    """Each message holds what was decided of its words."""
    table = Table(small_plan()).gathered()
    table.says("chloe", "/draft We know that you cannot sign in today.")
    told = table.says("ana", "/publish We know that you cannot sign in today! next 10m")
    assert isinstance(told, ev.MessagePublished)
    assert (told.draft, told.agreed, told.says_over, told.terse) == (1, True, False, False)
    told = table.says("ana", "/publish It is fixed.")
    assert isinstance(told, ev.MessagePublished)
    assert (told.draft, told.says_over, told.terse) == (None, True, True)
