"""`evidence` and `sign-off`: what an auditor is shown of a period's drills."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drills.cli.help import Command
from drills.cli.history import Day
from drills.cli.outcome import Impossible

if TYPE_CHECKING:  # for the types alone
    from drills.records.evidence import Before
    from reports.evidence.period import Evidence
    from scoring.history.selection import Filters

_DIR = click.Path(path_type=Path)


@click.command(
    "evidence",
    cls=Command,
    examples=[
        "drillroom evidence --from 2026-07-01 --to 2026-09-30",
        "drillroom evidence drills-run --from 2026-10-01 --to 2026-12-31 --after evidence-2026-07-01 --pdf",
    ],
)
@click.argument("places", metavar="[DIR]...", nargs=-1, type=_DIR)
@click.option("--from", "since", required=True, type=Day(), metavar="DAY", help="The first day of the period.")
@click.option("--to", "until", required=True, type=Day(), metavar="DAY", help="The last day of the period.")
@click.option("--team", metavar="TEAM", help="Only the drills of this team, by its id.")
@click.option("--database", metavar="DB", help="A file, or the address of a database, instead of folders.")
@click.option(
    "--after",
    type=_DIR,
    metavar="DIR",
    help="The evidence of the period before: the chain goes on from it, and what changed in it is told.",
)
@click.option("--trust", type=_DIR, metavar="FILE", help="Certificates of time stamping authorities, in PEM form.")
@click.option("--out", type=_DIR, metavar="DIR", help="The folder to write.  [default: evidence- and the first day]")
@click.option("--pdf", is_flag=True, help="Also write evidence.pdf; needs `pip install 'drillroom[pdf]'` and Pango.")
@click.option("--force", is_flag=True, help="Replace the folder if it already exists.")
def evidence_command(
    places: tuple[Path, ...],
    since: str,
    until: str,
    team: str | None,
    database: str | None,
    after: Path | None,
    trust: Path | None,
    out: Path | None,
    pdf: bool,
    force: bool,
) -> None:
    """Put together the evidence of a period for an auditor.

    It says what was drilled, by whom, what was decided and what came of it.

    DIR is a folder with drills' folders in it, at any depth.  [default: the database here, if there is one; else
    drills-run]

    The folder holds a page to read, a table of everybody who was there, the sealed logs, and a page that checks all of
    it in a browser without a network. It has no points of any person. Every drill that was found is accounted for.
    """
    from drills.cli.terminal import say
    from drills.records.folder import FolderError, write_files
    from reports.evidence.period import says
    from scoring.history.selection import Filters

    if until < since:
        raise click.UsageError("--to is before --from")
    if places and database is not None:
        raise click.UsageError("use either folders or --database")
    folder = out or Path(f"evidence-{since}")
    asked = Filters(team=team, since=since, until=until)
    _refuse(folder, force=force)
    evidence = _gathered(list(places), database, asked, _before(after), trust)
    if not evidence.kept and not evidence.others:
        why = evidence.notes[-1] if evidence.notes else "`drillroom history` shows when there were some"
        raise Impossible(f"no drill that is evidence began from {since} to {until}; {why}")
    files = _files(evidence, pdf=pdf)
    try:
        write_files(folder, files, force=force, ours=_ours)
    except FolderError as error:
        raise Impossible(str(error)) from None
    from reports.evidence.chain import CHAIN, last_seal

    say(says(evidence))
    for one in evidence.changed:
        say(one)
    say(f"\nEvidence: {folder / 'index.html'}\nLast seal: {last_seal(files[CHAIN])}")
    say("Send the last seal to somebody outside, or commit and push chain.txt: it stands for all of it.")


def _gathered(
    places: list[Path], database: str | None, asked: "Filters", before: "Before", trust: Path | None
) -> "Evidence":
    from drills.cli.inputs import loading, read_settings
    from drills.cli.terminal import progress
    from drills.planning.materials import version
    from drills.records.database import url_of
    from drills.records.evidence import evidence_of
    from drills.records.server_address import glance
    from drills.records.witness import WitnessError, certificates

    settings = read_settings(database=database)
    if database is not None or (not places and glance(url_of(settings.database)) is not None):
        return _kept(settings, asked, before)
    try:
        trusted = [] if trust is None else certificates(trust)
        with loading(), progress(quiet=False) as tell:
            where = places or [Path("drills-run")]
            now = datetime.now(UTC)
            return evidence_of(
                where, asked, now, version(), before, trusted=trusted, tell=lambda number: tell(f"{number} logs read")
            )
    except WitnessError as error:
        raise Impossible(str(error)) from None


def _kept(settings: Any, asked: "Filters", before: "Before") -> "Evidence":  # noqa: ANN401 - imported where it is used
    import msgspec

    from drills.cli.server_client import database as opened
    from reports.evidence.period import Evidence

    body = {"since": asked.since, "until": asked.until, "team": asked.team, "seal": before.seal, "heads": before.heads}
    with opened(settings) as place:
        return msgspec.convert(place.post("/api/evidence", body), Evidence)


def _before(after: Path | None) -> "Before":
    from drills.cli.inputs import loading
    from drills.records.evidence import Before, read_before

    with loading():
        return Before() if after is None else read_before(after)


def _files(evidence: "Evidence", *, pdf: bool) -> dict[str, bytes]:
    from reports.evidence.chain import CHAIN
    from reports.evidence.pages import check_page, evidence_page
    from reports.evidence.period import evidence_files
    from reports.pdf import PdfError, pdf_of

    files = evidence_files(evidence)
    files["index.html"] = evidence_page(evidence, files[CHAIN]).encode()
    files["check.html"] = check_page(evidence).encode()
    if pdf:
        try:
            files["evidence.pdf"] = pdf_of(evidence_page(evidence, files[CHAIN], paper_only=True))
        except PdfError as error:
            raise Impossible(str(error)) from None
    return files


def _ours(name: str) -> bool:
    return name in _OURS or name.startswith(("logs/", "records/"))


_OURS = {
    "index.html", "check.html", "chain.txt", "evidence.json", "evidence.pdf",
    "attendance.csv", "decisions.csv", "findings.csv",
}  # fmt: skip


def _refuse(folder: Path, *, force: bool) -> None:
    from drills.records.folder import FolderError, check_folder

    try:
        check_folder(folder, force=force, ours=_ours)
    except FolderError as error:
        raise Impossible(str(error)) from None


@click.command(
    "sign-off",
    cls=Command,
    examples=["drillroom sign-off drills-run/login-outage-10 --by 'Ana Ruiz'"],
)
@click.argument("log", type=_DIR)
@click.option("--by", required=True, metavar="NAME", help="Who signs.")
def sign_off_command(log: Path, by: str) -> None:
    """Sign a drill's record: somebody read it and stands by it.

    LOG is a drill's folder or the log.jsonl in it. The signature holds for the log as it is; what comes later stands
    beside it. Who ran the drill, or where nobody else is known to have run it, signs for themselves, and evidence says
    so.
    """
    from drills.cli.files import write_new_file
    from drills.cli.inputs import loading
    from drills.cli.terminal import say
    from drills.records.log_file import log_file, names_beside, read_log
    from drills.records.sign_off import SIGNED, sign_off_json
    from reports.evidence.signature import Signature
    from reports.format import clean

    with loading():
        drill, names = read_log(log), names_beside(log)
    if not drill.complete:
        raise Impossible(f"{log}: the drill was not played to its end, so there is nothing to sign yet")
    name = clean(by)
    if not name:
        raise click.UsageError("--by needs a name")
    ran = {word for who in drill.plan.facilitators for word in (who, names.get(who, who))}
    own = not ran or name in ran
    signature = Signature(by=name, at=datetime.now(UTC).isoformat(timespec="seconds"), head=drill.head, own=own)
    file = log_file(log).with_name(SIGNED)
    write_new_file(file, sign_off_json(signature), force=False)
    say(f"Signed: {file}" + (" (self-signed: nobody else is known to have run it)" if own else ""))
