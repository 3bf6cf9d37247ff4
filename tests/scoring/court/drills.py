"""The drills that the court compares, each as a change of a careful team."""

from dataclasses import replace
from functools import cache

from scenarios.scenario import Scenario
from tests.scoring.build import altered, scenario_of
from tests.scoring.court.builder import Crew, Drill, Line, Pace, careful, line, message, perfect

PAPERS = ("file_situation_report", "email", "attach", "file_post_mortem", "corrective_action")
GATHERING = ("declare_severity", "alert", "acknowledge", "join", "restate", "take_role")
MENDED = 695
"""When the careful team's fix is in: 11:35."""
NEVER = Pace(mends=None)
DAY = 86_400


def mended_at(size: int, fixed: float, **pace: float) -> Drill:
    """The careful team with its fix at another time."""
    return careful(size, Pace(mends=fixed - 300, **pace))


# -- outcome and ritual ------------------------------------------------------------------------------------------------


def heroes(size: int) -> Drill:
    """They look, mend, and tell customers twice. No roles, no drafts, no papers."""
    drill = careful(size).without("take_role", "draft", "approve", *PAPERS)
    return drill.but(lambda one: one.do not in ("log", "update") or one.at < 400)


def ritual(size: int) -> Drill:
    """Everybody comes and takes a role, then nothing for 44 minutes, then all the papers."""
    return careful(size, NEVER).but(lambda one: one.do in (*GATHERING, *PAPERS)).unanswered()


def unmended(size: int) -> Drill:
    """Led and told as by the book for 45 minutes, and not fixed."""
    return careful(size, NEVER)


def guessed(size: int) -> Drill:
    """Rolled back at once, which happens to be right; fixed at 7:30."""
    return careful(size, Pace(looks=None, mends=150))


def careless(size: int) -> Drill:
    """A guess within seven minutes; nothing agreed, nobody answered, no papers, over in the same instant."""
    drill = careful(size, Pace(looks=None, mends=100, watches=0))
    return drill.without("draft", "approve", *PAPERS).unanswered()


def slow(size: int) -> Drill:
    """Everything is done, later than it should be; fixed at 20:00."""
    return careful(
        size, Pace(declares=100, alerts=110, answers=230, joins=300, roles=330, looks=420, mends=900, tells=400)
    )


def broken_again(size: int) -> Drill:
    """Fixed, then the sessions deleted to be on the safe side, then declared over."""
    drill = mended_at(size, MENDED, watches=300)
    return drill.plus(line(MENDED + 60, drill.crew.cast.solver, "start_action", action="clear-sessions"))


def eased(size: int, *, first: bool) -> Drill:
    """A fix at 12:40, with or without letting customers in by a stopgap before."""
    drill = mended_at(size, 760)
    ease = line(395, drill.crew.cast.solver, "start_action", action="evict-oldest")
    return drill.plus(ease) if first else drill


def walked_away(size: int) -> Drill:
    """Declared over at ten minutes and left, though it was broken."""
    drill = careful(size, NEVER)
    return drill.but(lambda one: one.at < 600 or one.do in PAPERS).plus(
        line(600, drill.crew.cast.commander, "resolve", text="It will pass.")
    )


# -- harm --------------------------------------------------------------------------------------------------------------


def harmful(size: int, at: float, fixed: float = MENDED, *, needs: bool = True) -> Drill:
    """Every session deleted at some time, and the fix later."""
    story = scenario_of("login-outage") if needs else _without_needs("clear-sessions")
    drill = careful(size, Pace(mends=fixed - 300), scenario=story)
    return drill.plus(line(at, drill.crew.cast.solver, "start_action", action="clear-sessions"))


def unlooked(size: int, at: float, fixed: float) -> Drill:
    """The same, and the looks come only after it."""
    return harmful(size, at, fixed).changed(lambda one: later(one, 330))


def later(one: Line, by: float) -> Line:
    """A look that comes later; any other line as it is."""
    return replace(one, at=one.at + by) if _looks(one) else one


def _looks(one: Line) -> bool:
    return one.do == "start_action" and one.fields["action"] in ("check-session-store", "read-release")


@cache
def _without_needs(name: str) -> Scenario:
    story = scenario_of("login-outage")
    actions = [one.model_copy(update={"needs": []}) if one.id == name else one for one in story.actions]
    return altered(story, actions=actions)


# -- telling -----------------------------------------------------------------------------------------------------------


def never_told_over(size: int) -> Drill:
    """Customers hear of the outage and never that it is over."""
    return careful(size).but(lambda one: one.do not in ("draft", "approve", "publish") or one.at < MENDED)


def told_nothing(size: int) -> Drill:
    """Not a word to customers."""
    return mended_at(size, 1200).without("draft", "approve", "publish").unanswered()


def told_in_time(size: int) -> Drill:
    """Customers told from the second minute on; nobody answers questions."""
    return mended_at(size, 1200).unanswered()


def told_late(size: int) -> Drill:
    """The first word to customers after a quarter of an hour."""
    return mended_at(size, 1200, tells=900).unanswered()


def told_wrongly(size: int) -> Drill:
    """At five minutes customers read that it works again; it does not."""
    drill = mended_at(size, 1200)
    early = message(drill.crew, 300, "It works again.", 0)
    return drill.plus(*early)


def told_rightly(size: int) -> Drill:
    """The same with a true message at five minutes."""
    drill = mended_at(size, 1200)
    return drill.plus(*message(drill.crew, 300, "We are still working on it.", 1200))


def quiet_end(size: int, watches: float, *, told: bool = True) -> Drill:
    """The last entry stands ten minutes before the fix; then they watch for a while and declare it over."""
    drill = careful(size, Pace(watches=watches), scenario=_uneventful())
    if not told:
        late = message(drill.crew, MENDED + watches - 15, "It works again.", 0)
        drill = drill.but(lambda one: one.do not in ("draft", "approve", "publish") or one.at < MENDED).plus(*late)
    return drill.but(lambda one: one.do not in ("log", "update") or one.at < MENDED - 590)


@cache
def _uneventful() -> Scenario:
    """Nobody writes or calls."""
    return altered(scenario_of("login-outage"), injects=[])


def silent(size: int) -> Drill:
    """They work for half an hour and write nothing down."""
    return mended_at(size, 1800).without("log", "update").unanswered()


def spoken(size: int) -> Drill:
    """The same half hour with a log and updates, and nobody answered either."""
    return mended_at(size, 1800).unanswered()


def spam(size: int) -> Drill:
    """A careful team that also posts every ten seconds."""
    drill = careful(size)
    who = drill.crew.cast.commander
    extra = [line(100 + 10 * n, who, "log" if n % 2 else "update", text=f"Note {n}.") for n in range(50)]
    return drill.plus(*extra)


def fixes_and_forgets(size: int) -> Drill:
    """The commander mends it in person; nobody hears a word until it is over."""
    drill = careful(size).without("log", "update", "draft", "approve", "publish").unanswered()
    return drill.changed(
        lambda one: (
            replace(one, who=drill.crew.cast.commander)
            if one.do == "start_action" and one.fields["action"] != "read-release"
            else one
        )
    )


# -- people and roles --------------------------------------------------------------------------------------------------


def called_away(size: int, *, handed_over: bool) -> Drill:
    """The commander leaves at eight minutes, with or without a handover."""
    drill = mended_at(size, 1500)
    crew = drill.crew
    leaves, follows = crew.cast.commander, _successor(crew)
    drill = drill.changed(lambda one: replace(one, who=follows) if one.who == leaves and one.at > 480 else one)
    if handed_over:
        drill = drill.plus(
            line(465, leaves, "hand_over", role="incident_commander", to=follows),
            line(470, follows, "accept"),
        )
    return drill.plus(line(480, "fay", "excuse", member=leaves, reason="Called away."))


def _successor(crew: Crew) -> str:
    able = [
        player.id
        for player in crew.plan.players
        if player.id != crew.cast.commander and (player.roles is None or "incident_commander" in player.roles)
    ]
    return next((one for one in able if one not in (crew.cast.solver, crew.cast.speaker)), able[0])


def uncommanded(size: int) -> Drill:
    """Everybody comes and works, and nobody is in command."""
    return careful(size).but(lambda one: one.fields.get("role") != "incident_commander")


def one_in_all_roles(size: int) -> Drill:
    """The commander takes every role they may; the others take none."""
    drill = careful(size).without("take_role")
    roles = ("incident_commander", "solutioneer", "communications")
    return drill.plus(*(line(80, drill.crew.cast.commander, "take_role", role=role) for role in roles))


def alone(size: int) -> Drill:
    """One member does everything that one may; nobody else comes."""
    drill = mended_at(size, 1500)
    me = drill.crew.plan.first_responder
    mine = drill.but(lambda one: one.do not in ("acknowledge", "take_role", "start_action"))
    mine = mine.but(lambda one: one.do != "join" or one.who == me).changed(lambda one: replace(one, who=me))
    roles = [line(80, me, "take_role", role=role) for role in ("incident_commander", "solutioneer", "communications")]
    work = [(150, "check-session-store"), (400, "read-release"), (1200, "roll-back")]
    return mine.plus(*roles, *(line(at, me, "start_action", action=action) for at, action in work)).unanswered()


def the_pair(size: int) -> Drill:  # noqa: ARG001 - against teams of any size
    """Two people who do everything."""
    return careful(2)


def communications_open(size: int) -> Drill:
    """Nobody takes the role that speaks to customers, and nobody speaks to them."""
    return told_nothing(size).but(lambda one: one.fields.get("role") != "communications")


def one_asleep(size: int) -> Drill:
    """One member answers nothing until the facilitator excuses them at six minutes."""
    drill = careful(size)
    asleep = drill.crew.others[-1]
    if asleep in (drill.crew.cast.commander, drill.crew.cast.speaker, drill.crew.cast.solver, drill.crew.helper):
        asleep = drill.crew.others[-2]
    return drill.but(lambda one: one.who != asleep).plus(line(360, "fay", "excuse", member=asleep, reason="Asleep."))


def late_alert(size: int) -> Drill:
    """Nobody is called for ten minutes; from then on all goes as it should."""
    return careful(
        size, Pace(declares=20, alerts=600, answers=620, joins=640, roles=650, looks=720, mends=965, tells=690)
    )


def skilled(size: int) -> Drill:
    """A decent team on a middling day."""
    return careful(
        size,
        Pace(declares=60, alerts=90, answers=190, joins=260, roles=290, looks=420, mends=1000, tells=420, watches=90),
    )


def skilled_six(size: int) -> Drill:  # noqa: ARG001 - against teams of any size
    """Six people on that day."""
    return skilled(6)


def resolved_by_solver(size: int) -> Drill:
    """Somebody else than the commander declares it resolved."""
    drill = careful(size)
    return drill.changed(lambda one: replace(one, who=drill.crew.cast.solver) if one.do == "resolve" else one)


# -- how grave it is ---------------------------------------------------------------------------------------------------


def said(drill: Drill, severity: int) -> Drill:
    """The same with another severity declared, alerted and restated."""
    for kind in ("declare_severity", "alert", "restate"):
        drill = drill.with_fields(kind, severity=severity)
    return drill


def corrected(size: int) -> Drill:
    """Taken for a severity 2, and corrected after ten minutes."""
    drill = said(careful(size), 2)
    return drill.plus(line(600, drill.crew.cast.commander, "declare_severity", severity=1))


def never_noticed(size: int) -> Drill:
    """It grows to severity 1 and nobody says so."""
    return perfect("grows", size).but(lambda one: one.do != "declare_severity" or one.at < 180)


def resolved_instead(scenario: str, size: int) -> Drill:
    """Looked into and judged rightly, then resolved where it should be closed."""
    drill = perfect(scenario, size)
    return drill.changed(
        lambda one: replace(one, do="resolve", fields={"text": "Nothing more to do."}) if one.do == "close" else one
    )


def all_hands(scenario: str, size: int) -> Drill:
    """Everybody is called for what one person could have dealt with."""
    drill = perfect(scenario, size)
    me = drill.crew.plan.first_responder
    came = [line(60, who, "acknowledge") for who in drill.crew.others]
    return drill.plus(line(30, me, "alert", severity=1, topic=drill.crew.plan.scenario.topic), *came)


def closed_blind(size: int) -> Drill:
    """A false alarm closed at once, before anybody had looked."""
    return perfect("alarm-at-noon", size).without("start_action")


# -- long ones ---------------------------------------------------------------------------------------------------------


@cache
def _long() -> Scenario:
    story = scenario_of("login-outage")
    return altered(story, ends=story.ends.model_copy(update={"after": (DAY + 3600) * 1000}))


def day_long(size: int, gaps: tuple[float, float] | None) -> Drill:
    """Fixed after 23 hours. Messages every 18 minutes for two hours; then by the two gaps given."""
    drill = careful(size, Pace(mends=DAY - 3600 - 300), scenario=_long())
    words = ("log", "update", "draft", "approve", "publish")
    drill = drill.but(lambda one: one.do not in words or one.at > DAY - 3600)
    crew, at, lines = drill.crew, 120.0, list[Line]()
    while at < DAY - 3600 - 60 and (gaps is not None or at < 7200):
        gap = 1080 if at < 7200 or gaps is None else gaps[0] if at < 6 * 3600 else gaps[1]
        lines += [line(at + 10, crew.cast.commander, "update", text="How it stands.")]
        lines += message(crew, at, "We are still working on it.", gap + 120)
        at += gap
    return drill.plus(*lines).unanswered()


# -- cut short ---------------------------------------------------------------------------------------------------------


def cut_short(size: int, at: float) -> Drill:
    """Ended by the facilitator."""
    return careful(size, NEVER).plus(line(at, "fay", "end"))
