"""`runsheet`: a drill of a scenario on one page, for whoever leads it."""

from pathlib import Path

import click

from drills.cli.help import Command
from drills.cli.outcome import Impossible


@click.command(
    "runsheet",
    cls=Command,
    examples=[
        "drillroom runsheet login-outage",
        "drillroom runsheet my-outage.yaml --team our-team --out tuesday.pdf",
        "drillroom runsheet login-outage --out login-outage.html",
    ],
)
@click.argument("scenario")
@click.option("--team", metavar="NAME", help="The team that plays, by name or file.  [default: one that can play it]")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file to write, .pdf or .html.  [default: NAME-run-sheet.pdf]",
)
@click.option("--force", is_flag=True, help="Replace the file if it already exists.")
def runsheet_command(scenario: str, team: str | None, out: Path | None, force: bool) -> None:
    """Write a scenario's run sheet: one page for the person who leads the drill.

    It says what comes when and to whom, what to say first, word for word, and what to do when it goes wrong. It gives
    everything away. SCENARIO is a name or a file. The lobby of a drill in the room has a run sheet with its links.
    A PDF needs an extra: pip install 'drillroom[pdf]'; an HTML file prints on one page as well.
    """
    from drills.cli.files import write_new_file
    from drills.cli.inputs import loading
    from drills.cli.terminal import say
    from drills.planning.crew import gather_with_crew
    from drills.planning.materials import names_of, plan_drill
    from reports.pdf import PdfError, pdf_of
    from reports.run_sheet import Details, run_sheet
    from scenarios.lookup import referred

    if out is not None and out.suffix.lower() not in (".pdf", ".html"):
        raise click.UsageError(f"--out {out}: the file's name ends in .pdf or .html")
    with loading():
        source = referred("scenario", scenario)
        materials = gather_with_crew(source.path or scenario, team)
    page = run_sheet(plan_drill(materials, 0), Details(names=names_of(materials.team) if team is not None else {}))
    file = out if out is not None else Path(f"{materials.name}-run-sheet.pdf")
    try:
        made = page if file.suffix.lower() == ".html" else pdf_of(page)
    except PdfError as error:
        raise Impossible(f"{error}; or write a page that prints the same: --out {file.with_suffix('.html')}") from None
    write_new_file(file, made, force=force)
    say(f"Wrote {file}. It gives everything away: keep it from those who play.")
