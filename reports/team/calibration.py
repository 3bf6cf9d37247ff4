"""Chart 6: what calibration expects of a team like this, against what it got."""

from reports.team.chart import Chart

__all__ = ["expected_chart"]

_WHY = (
    "A hard scenario lowers everybody's total; calibration plays it with simulated teams and says by how much.",
    "Simulated teams know the scenario as it was written, so what they say of how hard it is goes in a circle.",
    "So it is shown beside what people got, and given up for that as soon as there is enough of it.",
)


def expected_chart() -> Chart:
    """The chart. No calibration says yet what to expect of these drills."""
    says = "Nothing is expected yet: none of these scenarios is calibrated."
    return Chart("expected", "Expected by calibration, and got", says, _WHY)
