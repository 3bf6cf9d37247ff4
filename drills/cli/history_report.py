"""`history --report`: drills together as one file, from folders or from a database."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from drills.cli.files import write_new_file
from drills.cli.outcome import Impossible

if TYPE_CHECKING:  # for the types alone
    from drills.records.archive import Archive
    from drills.settings import Settings
    from scoring.history.figures import DrillFigures

__all__ = ["KINDS", "refuse_report", "report_of_archive", "report_of_database", "write_report"]

KINDS = (".html", ".pdf")
"""How a report's name may end."""
_REPORT = "report.html"


def refuse_report(file: Path, *, force: bool) -> None:
    """Raises Impossible if a report cannot be written there; checked early, before any work is wasted."""
    if file.suffix.lower() not in KINDS:
        raise Impossible(f"{file}: a report is a page or a PDF; let its name end in {' or '.join(KINDS)}")
    if not force and file.exists():
        raise Impossible(f"{file} already exists and was left as it is; choose another name or add --force")


def report_of_archive(archive: "Archive", file: Path) -> str:
    """The report of the drills in some folders, as HTML. A drill leads to the report in its folder, if there is one."""
    from datetime import UTC, datetime

    from drills.planning.calibration.kept import difficulties, losses
    from drills.planning.crew import ready_level
    from drills.planning.materials import version
    from drills.planning.offers import offers_under
    from reports.team.page import Around, team_page
    from reports.team.team_file import team_html
    from scoring.history.actions import Known, actions_of
    from scoring.history.view import view_of

    view = view_of(archive.history.drills)
    names: dict[str, str] = {}
    for one in view.drills:
        names |= _names(archive.files, one.drill)
    paper = _on_paper(file)
    around = Around(
        link=(lambda _: "") if paper else lambda one: _address(archive.files, one, file),
        name=lambda who: names.get(who, who),
        ready=ready_level,
        offers=offers_under,
        difficulties=difficulties,
        losses=losses(one.drill.scenario for one in view.drills),
        actions=actions_of(view.drills, Known(datetime.now(UTC).date().isoformat())),
    )
    return team_html(team_page(view, around), version(), paper_only=paper)


def report_of_database(settings: "Settings", file: Path, filters: Mapping[str, str | None]) -> str:
    """The report of the drills in a database, as HTML. Raises Impossible."""
    from drills.cli.server_client import database as opened

    asked = {name: said for name, said in filters.items() if said is not None}
    paper = {"paper": "yes"} if _on_paper(file) else {}
    with opened(settings) as place:
        return place.page("/team/report.html", **asked, **paper)


def write_report(page: str, file: Path, *, force: bool) -> None:
    """Write a report. Raises Impossible."""
    content: str | bytes = page
    if _on_paper(file):
        from reports.pdf import PdfError, pdf_of

        try:
            content = pdf_of(page)
        except PdfError as error:
            raise Impossible(f"{error}; or write a page and print it: --report {file.with_suffix('.html')}") from None
    write_new_file(file, content, force=force, folders=True)


def _on_paper(file: Path) -> bool:
    return file.suffix.lower() == ".pdf"


def _names(files: Mapping[str, Path], one: "DrillFigures") -> dict[str, str]:
    """The names beside a drill's log; none if they cannot be read."""
    from drills.records.log_file import names_beside
    from scenarios.problem import LoadError

    with suppress(LoadError, OSError):
        if one.head in files:
            return names_beside(files[one.head])
    return {}


def _address(files: Mapping[str, Path], one: "DrillFigures", file: Path) -> str:
    """From the file to the report in a drill's folder; empty if there is none."""
    if one.head not in files:
        return ""
    report = files[one.head].parent / _REPORT
    return quote(Path(os.path.relpath(report, file.parent)).as_posix()) if report.is_file() else ""
