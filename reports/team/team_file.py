"""A team's page as one file, to send and to print; and its middle, for the room's page."""

from markupsafe import Markup

from reports.charts.palette import GROUND, TONES, themed
from reports.render import html_environment
from reports.team.page import TeamPage

__all__ = ["team_html", "team_parts"]


class _Palette:
    """What the style sheet of reports reads."""

    def __init__(self, *, paper_only: bool) -> None:
        self.paper_only = paper_only
        self.tones = [(name, light, dark) for light, (name, dark) in TONES.items()]
        self.ground = GROUND


def team_parts(team: TeamPage) -> Markup:
    """The sentences, charts and tables, for a page that has the tones of charts as variables of its style sheet."""
    return Markup(_rendered("team-parts.html", team, paper_only=False))  # noqa: S704 - its template escapes


def team_html(team: TeamPage, version: str, *, paper_only: bool = False) -> str:
    """The whole page as one file: no script, nothing loaded from elsewhere. `paper_only` if it is only printed."""
    return _rendered("team.html", team, paper_only=paper_only, version=version, page=_Palette(paper_only=paper_only))


def _rendered(template: str, team: TeamPage, *, paper_only: bool, **values: object) -> str:
    def drawn(svg: str) -> Markup:
        """A picture of ours: everything that is written in it was escaped where it was drawn."""
        return Markup(svg if paper_only else themed(svg))  # noqa: S704

    made = html_environment().get_template(template)
    return made.render(team=team, paper_only=paper_only, drawn=drawn, **values)
