"""A calibration on screen."""

from pathlib import Path

from drills.cli.terminal import columns, show, styled
from drills.planning.calibration.kept import Known, library_mean
from drills.planning.calibration.results import Calibration
from reports.calibration import in_short, named, percent, told
from scoring.calibration.counts import PROFILES
from scoring.calibration.findings import Findings, findings
from simulator.plan import DrillPlan

__all__ = ["show_calibration", "show_known"]


def show_calibration(made: Calibration, plan: DrillPlan, place: Path, *, in_full: bool) -> None:
    """Print what was found; in full with how often each inject came."""
    found = findings(made.counts, plan.scenario)
    show(styled(f"{made.scenario}: {made.drills:,} drills of simulated teams", "bold"))
    show(*(styled(said) for said in in_short(found, library_mean())), "")
    show_profiles(found, plan)
    if in_full:
        show_shares(found)
    show(styled(f"Kept in {place}.", "dim"), "")


def show_known(known: Known, plan: DrillPlan, *, answers: bool) -> None:
    """Print it below the scenario; what gives it away only with the answers."""
    made, name = known.calibration, known.calibration.scenario
    show("", styled(f"Calibrated with {made.drills:,} drills of simulated teams", "bold"))
    if not known.fits:
        show(styled(f"It has changed since. `drillroom calibrate {name}` measures it again.", "dim"))
        return
    found = findings(made.counts, plan.scenario)
    show(*(styled(said) for said in in_short(found, library_mean())))
    if answers:
        show("")
        show_profiles(found, plan)
        show_shares(found)


def show_profiles(found: Findings, plan: DrillPlan) -> None:
    """Print what each profile made of it, and what an author should know."""
    table = columns("Team", "Score", "Luck", "Good end", "Where points are lost", right=(1, 2, 3))
    for place, row in enumerate(found.profiles):
        figures = (f"{row.score:.0f}", f"{row.luck:.0f}", percent(row.won))
        table.add_row(*map(styled, (row.profile, *figures, named(found, plan.protocol, place))))
    show(table, "")
    facts = columns("", "")
    for one in told(found, plan.protocol):
        facts.add_row(styled(one.label, "bold"), styled(one.says))
    show(facts, "")


def show_shares(found: Findings) -> None:
    """Print in what share of each profile's drills every inject came, and every action was finished."""
    for title, shares in (("Inject", found.injects), ("Finished", found.looks)):
        if shares:
            table = columns(title, *PROFILES, right=tuple(range(1, len(PROFILES) + 1)))
            for name, row in shares.items():
                table.add_row(styled(name), *(styled(percent(share)) for share in row))
            show(table, "")
