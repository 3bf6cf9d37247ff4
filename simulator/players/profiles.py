"""How simulated players differ: every figure in one table, each with its source or the word *assumed*.

Sources: *design range* is what the project's design allows for people under alarm: a lognormal spread between 0.6 and
0.9, and 5 to 10 % of people who cannot be reached at any one time. *assumed* means that we know of no measurement.

What public practice asks for: Google's SRE book (chapter 11) has a page answered within 5 minutes where users notice
and 30 elsewhere; PagerDuty's response guide escalates after 5. Those are limits for people who are anywhere. LATENCIES
are of people at their desks, who look up quickly; ON_CALL says what it adds to be somewhere else.
"""

from typing import NamedTuple, get_args

from scenarios.team import OnCall
from simulator.plan import Profile

__all__ = ["FIGURES", "LATENCIES", "ON_CALL", "Figure", "Figures", "Whereabouts", "figures"]


class Figure(NamedTuple):
    """One figure for each profile, from expert to absent."""

    name: str
    means: str
    values: tuple[float, float, float, float, float]
    source: str


FIGURES = (
    Figure("pace", "factor on every latency's median", (0.7, 1.0, 1.7, 2.8, 5.0), "assumed"),
    Figure("spread", "standard deviation of a latency's logarithm", (0.60, 0.65, 0.75, 0.90, 0.90), "design range"),
    Figure(
        "own", "standard deviation of the logarithm of a player's own speed", (0.10, 0.15, 0.20, 0.25, 0.25), "assumed"
    ),
    Figure("common", "the same for what the whole team shares that day", (0.10, 0.15, 0.20, 0.25, 0.25), "assumed"),
    Figure("fatigue", "growth of latencies in an hour, as a share", (0.10, 0.15, 0.25, 0.40, 0.40), "assumed"),
    Figure("load", "growth of latencies for each thing one is busy with", (0.10, 0.20, 0.30, 0.40, 0.40), "assumed"),
    Figure(
        "unreachable",
        "chance of not being reachable at all",
        (0.05, 0.06, 0.08, 0.10, 0.93),
        "design range; absent assumed",
    ),
    Figure("misjudge", "chance of judging the severity wrongly at first", (0.02, 0.06, 0.20, 0.40, 0.80), "assumed"),
    Figure("corrects", "chance of correcting a wrong severity", (0.95, 0.90, 0.70, 0.40, 0.10), "assumed"),
    Figure("skips", "chance of leaving out one step of the protocol", (0.02, 0.06, 0.18, 0.38, 0.92), "assumed"),
    Figure("strays", "chance of following a red herring next", (0.05, 0.15, 0.30, 0.45, 0.60), "assumed"),
    Figure("mistakes", "chance of taking the wrong cure for the right one", (0.00, 0.02, 0.10, 0.25, 0.60), "assumed"),
    Figure("rushes", "chance of trying the cure before its clues are there", (0.00, 0.02, 0.08, 0.20, 0.20), "assumed"),
    Figure(
        "premature",
        "chance of declaring it resolved when it is merely eased",
        (0.00, 0.01, 0.06, 0.20, 0.30),
        "assumed",
    ),
    Figure("writes", "chance of logging what one has found", (0.98, 0.90, 0.70, 0.40, 0.10), "assumed"),
    Figure("follows", "chance of ticking off the runbook's steps", (0.95, 0.80, 0.50, 0.20, 0.00), "assumed"),
    Figure("answers", "chance of filling in each answer of a paper", (0.99, 0.95, 0.80, 0.50, 0.10), "assumed"),
)
"""The table. Columns: expert, good, average, poor, absent."""

LATENCIES = {
    # kind of intention: (shift, median) in seconds, for a good player; the shift is what nobody can do faster. Assumed,
    # but for `acknowledge`: at their desks, 70 % of people turned to a new message within 6 s of its notice, and most
    # of the others within 2 min (Jackson, Dawson and Wilson, Communications of the ACM 46(8), 2003).
    "judge": (8, 22),
    "reconsider": (60, 300),
    "alert": (5, 12),
    "acknowledge": (4, 18),
    "join": (4, 15),
    "restate": (5, 12),
    "take_role": (3, 14),
    "cover": (150, 60),
    "step_in": (15, 40),
    "hand_over": (10, 30),
    "accept": (4, 15),
    "open_log": (6, 20),
    "report": (6, 20),
    "delegate": (8, 25),
    "update": (0, 30),
    "workaround": (30, 120),
    "draft": (20, 55),
    "approve": (6, 20),
    "publish": (5, 15),
    "answer": (10, 45),
    "choose": (10, 45),
    "contact": (10, 45),
    "work": (6, 22),
    "step": (0, 1),
    "done": (4, 12),
    "look": (6, 20),
    "bug": (30, 90),
    "close": (15, 45),
    "resolve": (40, 60),
    "situation": (60, 150),
    "email": (10, 30),
    "attach": (8, 25),
    "post_mortem": (120, 400),
    "corrective": (30, 90),
}
"""How long it takes from the reason for an intention to the act: a shift plus a lognormal with this median."""


class Whereabouts(NamedTuple):
    """What it adds to latencies to be somewhere when called."""

    notices: float
    """Median of seconds until a call is noticed."""
    arrives: float
    """Median of further seconds until they sit at a keyboard; by phone they judge, alert and acknowledge before."""
    drowsy: float
    """Growth of latencies right after they noticed, as a share; it fades within DROWSY."""


ON_CALL: dict[OnCall, Whereabouts] = {
    "desk": Whereabouts(0, 0, 0),
    # Phones are looked at within minutes, silent or not (Pielot, Church and de Oliveira, MobileHCI 2014); the figures
    # are assumed.
    "meeting": Whereabouts(75, 60, 0),
    # Awakened people are slow for 15 to 60 min, more in speed than in accuracy (Hilditch and McHill, Nature and Science
    # of Sleep 11, 2019); how slow, and how long it takes to wake up and to open a computer, is assumed.
    "asleep": Whereabouts(110, 180, 0.5),
}
"""What each whereabouts adds, for a good player."""
DROWSY = 30 * 60_000
"""How long it takes to be fully awake, in milliseconds."""


class Figures(NamedTuple):
    """The figures of one profile; FIGURES says what each means."""

    pace: float
    spread: float
    own: float
    common: float
    fatigue: float
    load: float
    unreachable: float
    misjudge: float
    corrects: float
    skips: float
    strays: float
    mistakes: float
    rushes: float
    premature: float
    writes: float
    follows: float
    answers: float


def figures(profile: Profile) -> Figures:
    """The column of a profile."""
    column = get_args(Profile).index(profile)
    return Figures(**{figure.name: figure.values[column] for figure in FIGURES})
