"""Cases about what people were told, and for how long."""

from tests.scoring.court import drills as of
from tests.scoring.court.builder import Pace, careful
from tests.scoring.court.case import Case

__all__ = ["CASES"]

CASES = [
    # -- telling
    Case(
        "told that it is over",
        "Customers told that it works again",
        "Customers never told",
        "Until they hear it, it is not over for them",
        (careful, of.never_told_over),
        least=3,
    ),
    Case(
        "over in the same instant",
        "Watched the signals for a minute, then declared it over",
        "Declared it over in the instant of the fix",
        "A fix is a guess until a signal has moved",
        (careful, lambda n: careful(n, Pace(watches=0))),
        least=0.5,
        most=5,
    ),
    Case(
        "watching",
        "Watched quietly for ten minutes after the fix",
        "Watched quietly for one minute",
        "Watching is what one should do; nobody is waiting any more",
        (lambda n: of.quiet_end(n, 600), lambda n: of.quiet_end(n, 65)),
        least=0,
        most=0,
    ),
    Case(
        "told after watching",
        "Told customers that it is over, after ten minutes of watching",
        "Told customers at once",
        "Telling them before one is sure is no better",
        (lambda n: of.quiet_end(n, 600, told=False), lambda n: of.quiet_end(n, 600)),
        least=-0.5,
        most=0.5,
    ),
    Case(
        "customers in the dark",
        "Customers told from the second minute on",
        "Customers told nothing at all",
        "They find out anyway, from each other",
        (of.told_in_time, of.told_nothing),
        least=8,
    ),
    Case(
        "first word late",
        "Customers told after two minutes",
        "Customers told after a quarter of an hour",
        "By then they have called",
        (of.told_in_time, of.told_late),
        least=2,
        most=15,
    ),
    Case(
        "too early a relief",
        "Told customers at five minutes that it is still broken",
        "Told them at five minutes that it works again, which was not so",
        "The next message will not be believed",
        (of.told_rightly, of.told_wrongly),
        least=1,
    ),
    Case(
        "nothing written down",
        "Half an hour with a log and updates",
        "The same half hour, and nothing written down",
        "Who joins late, or writes the report, has nothing to go by",
        (of.spoken, of.silent),
        least=5,
    ),
    Case(
        "posting more",
        "A careful team that posts every ten seconds",
        "A careful team",
        "More posts are not more information",
        (of.spam, careful),
        least=0,
        most=0,
    ),
    Case(
        "questions",
        "Answered those who asked",
        "Answered nobody",
        "Who gets no answer asks again, and louder",
        (lambda n: of.mended_at(n, 1800), of.spoken),
        least=1.5,
        most=12,
    ),
    Case(
        "fixes and forgets",
        "A commander who leads while others fix",
        "A commander who fixes it in person, and nobody hears a word",
        "An incident that nobody commands and nobody hears of is a private affair",
        (careful, of.fixes_and_forgets),
        least=12,
    ),
    Case(
        "fixed in silence",
        "A commander who fixes it in person, and nobody hears a word",
        "Roles and papers only, silent, never fixed",
        "It is at least fixed",
        (of.fixes_and_forgets, of.ritual),
        least=10,
    ),
    # -- long ones
    Case(
        "a day of updates",
        "23 hours: every 20 minutes at first, hourly from the second hour, two-hourly from the sixth, as promised",
        "23 hours: every 20 minutes for two hours, then silence",
        "They knew when the next word would come, and it came",
        (lambda n: of.day_long(n, (3600, 7200)), lambda n: of.day_long(n, None)),
        least=10,
        sizes=(6,),
    ),
    Case(
        "a day of every 20 minutes",
        "23 hours: every 20 minutes throughout",
        "23 hours: every 20 minutes at first, then hourly, then two-hourly, as promised",
        "After a few hours more words say nothing more",
        (lambda n: of.day_long(n, (1080, 1080)), lambda n: of.day_long(n, (3600, 7200))),
        least=0,
        most=2,
        sizes=(6,),
    ),
]
