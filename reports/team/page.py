"""Everything on a team's page, as sentences, charts and tables; the room's page and the file show the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reports.changes import COLUMNS as PERIODS
from reports.changes import WHY as COMPARED
from reports.changes import changes_told
from reports.earlier import earlier_of
from reports.format import clean, joined
from reports.standing import FEWEST, standing
from reports.team.actions import actions_chart
from reports.team.answer_shares import answers_chart
from reports.team.calibration import expected_chart
from reports.team.chart import Cell, Chart, Shown, Table
from reports.team.first_times import times_chart
from reports.team.funnel import funnel_chart
from reports.team.leads import leads_chart, leads_said
from reports.team.level import level_chart
from reports.team.strip import strip_chart, strip_table
from reports.training import COLUMNS, Advice, Suggestion, advice_of
from scoring.history.actions import CorrectiveAction
from scoring.history.changes import changes_of
from scoring.history.charts.leads import leads_of
from scoring.history.charts.strip import strip_of
from scoring.history.earlier import beside_earlier
from scoring.history.exercises import Offer, exercises_for
from scoring.history.figures import DrillFigures
from scoring.history.readiness import READY, Circumstances
from scoring.history.selection import Keys, newcomers_of
from scoring.history.training import training_of
from scoring.history.view import View
from scoring.labels import counted

__all__ = ["Around", "TeamPage", "heading_of", "team_page"]

_KINDS = {
    "drill": ("drill", "drills"),
    "practice": ("practice", "practices"),
    "rehearsal": ("rehearsal", "rehearsals"),
    "simulated": ("simulated drill", "simulated drills"),
    "real": ("real incident", "real incidents"),
    "unknown": ("drill of an older version, of unknown kind", "drills of older versions, of unknown kind"),
}


_COSTS = 10
"""So many obligations the table of costs has, the dearest."""


@dataclass(frozen=True)
class TeamPage:
    """What the templates read."""

    heading: str
    """Which drills these are."""
    advice: Advice
    """What to train next: its first lines."""
    first: tuple[str, ...]
    """What else to read if one reads nothing more, a sentence or two each."""
    about: tuple[str, ...]
    """Which drills are not here, and why."""
    few: Table | None
    """What was owed in the last drills, where there are too few of them for charts."""
    charts: tuple[Chart, ...]
    costs: Table | None = None
    """What each obligation costs, behind the advice."""
    periods: Table | None = None
    """The times of two periods, behind what is said of a change."""
    others: tuple[str, ...] = ()
    """What is never put together with these drills."""
    play: Callable[[Suggestion], str] = lambda _: ""
    """Where a scenario that is suggested can be planned; empty where it can't."""


@dataclass(frozen=True)
class Around:
    """What the page takes from elsewhere than the drills: what cannot be known stays as it is here."""

    link: Callable[[DrillFigures], str] = lambda _: ""
    """The address of a drill; empty if it has none."""
    name: Callable[[str], str] = lambda who: who
    """The names of people for their ids."""
    team: Callable[[str], str] = lambda team: team
    """The names of teams for their ids."""
    ready: Callable[[str], float] = lambda _: READY
    """From which level on a team counts as ready, by its id."""
    unknown: str = ""
    """Why it is not known who was there, if it is not."""
    offers: Callable[[str], Sequence[Offer]] = lambda _: ()
    """The scenarios that could be played next under a protocol; only asked if there is something to train."""
    play: Callable[[Suggestion], str] = lambda _: ""
    difficulties: Callable[[Iterable[str]], Mapping[str, tuple[float, float]]] = lambda _: {}
    """For those of some scenarios that are calibrated, by id, how much harder than the mean they are, and the standard
    error of that."""
    losses: Mapping[str, float] = field(default_factory=dict)
    """For obligations, by id, what simulated teams lose of them, in points a drill that owes it."""
    actions: Sequence[CorrectiveAction] = ()
    """What was meant to be changed after these drills."""
    text: Callable[[CorrectiveAction], str] | None = None
    """What somebody typed of an action."""


def heading_of(keys: Keys, count: int) -> str:
    """Which drills these are: `officeluv: 3 drills, assessed, protocol officeluv`."""
    team = f"{clean(keys.team)} ({keys.group})" if keys.group > 1 else clean(keys.team)
    players = f", players {clean(keys.players)}" if keys.kind == "simulated" else ""
    return f"{team}: {counted(count, *_KINDS[keys.kind])}{players}, {keys.mode}, protocol {clean(keys.protocol)}"


def team_page(view: View, around: Around = Around()) -> TeamPage:
    """The page about some drills."""
    drills = view.drills
    training = training_of(drills, around.losses)
    named = training.named
    rows = [one.drill for one in drills]
    offers = around.offers(view.keys.protocol) if view.keys is not None and named is not None else ()
    scenarios = [*(one.scenario for one in rows), *(one.scenario for one in offers)]
    known = Circumstances(around.difficulties(scenarios), newcomers_of(drills))
    fit = () if named is None else exercises_for(named.obligation, rows, offers, known.difficulties)
    advice = advice_of(training, fit)
    if view.keys is None or not drills:
        return TeamPage("No drills", advice, (_nothing(view),), (), None, ())
    others = tuple(heading_of(key._replace(team=around.team(key.team)), count) for key, count in view.others.items())
    shown = Shown(rows, around.link, around.name)
    heading = heading_of(view.keys._replace(team=around.team(view.keys.team)), view.whole)
    if len(drills) < FEWEST:
        table = strip_table(strip_of(drills), shown, len(drills))
        return TeamPage(heading, advice, _few(view, shown), _about(view, around.team), table, (), others=others)
    charts = (
        strip_chart(drills, shown),
        answers_chart(drills, shown),
        times_chart(drills, shown),
        leads_chart(drills, shown, around.unknown),
        funnel_chart(drills, shown),
        expected_chart(shown, known.difficulties),
        actions_chart(around.actions, shown, around.text),
        level_chart(shown, known, [one.drill for one in view.inherited], around.team),
    )
    told = changes_told(changes_of(drills, difficulties=known.difficulties))
    said = [*standing(rows, known, around.ready(view.keys.team)), *told.limits, *([told.times] if told.times else [])]
    rows_of_times = tuple(tuple(map(Cell, row)) for row in told.rows)
    periods = (
        Table(tuple(Cell(head or "What was timed") for head in PERIODS), rows_of_times, COMPARED) if told.rows else None
    )
    costs = Table(tuple(map(Cell, COLUMNS)), tuple(tuple(map(Cell, row)) for row in advice.rows[:_COSTS]))
    return TeamPage(
        heading, advice, tuple(said), _about(view, around.team), None, charts, costs, periods, others, around.play
    )


def _nothing(view: View) -> str:
    if view.left_out:
        return f"None of these drills can be shown. {_left_out(view)}"
    return "No drill fits what was asked for. A drill comes here when it is closed."


def _few(view: View, shown: Shown) -> tuple[str, ...]:
    """What can be said of one to three drills: no line, no average, no word of a trend."""
    drills = view.drills
    need = counted(FEWEST - len(drills), "more drill", "more drills")
    said = [f"Charts and bands come with {need}."]
    beside = beside_earlier(drills[-1], drills[:-1])
    if beside is not None:
        said.append(earlier_of(beside, shown.name).changed)
    leads = leads_of(drills)
    return (*said, *([leads_said(leads, shown)] if leads else []))


def _about(view: View, team: Callable[[str], str]) -> tuple[str, ...]:
    said = []
    if view.whole > len(view.drills):
        said.append(f"These are the last {len(view.drills)} of {view.whole} drills; choose a period to see others.")
    if view.left_out:
        said.append(_left_out(view))
    if view.inherited:
        teams = joined(sorted({team(one.drill.team) for one in view.inherited}))
        count = counted(len(view.inherited), "drill", "drills")
        said.append(f"{count} of {teams}, in which at least half of this team's first crew played, are shown in grey.")
    again = sum(1 for one in view.drills if one.drill.repeat and one.drill.kind != "simulated")
    if again:
        said.append(f"In {again} of these drills the team had played the scenario before: they say less.")
    return tuple(said)


def _left_out(view: View) -> str:
    reasons = [f"{number} {why}" for why, number in view.left_out.items()]
    return f"Left out: {counted(sum(view.left_out.values()), 'drill', 'drills')} ({joined(reasons)})."
