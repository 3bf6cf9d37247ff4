"""`doctor`: whether everything that Drillroom needs is here, and what to do where it is not."""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module, metadata
from typing import NamedTuple

import click

from drills.cli.command import Command
from drills.cli.outcome import FellShort

_NEEDED = {
    "click": "click",
    "faker": "faker",
    "jinja2": "jinja2",
    "markdown-it-py": "markdown_it",
    "matplotlib": "matplotlib",
    "msgspec": "msgspec",
    "nh3": "nh3",
    "pydantic": "pydantic",
    "pyyaml": "yaml",
    "rapidfuzz": "rapidfuzz",
    "rich": "rich",
    "tzdata": "tzdata",
}
"""Distributions, and the module of each that must import."""
_OLDEST = (3, 11)


class Finding(NamedTuple):
    """One thing that was looked at."""

    what: str
    fine: bool
    found: str
    way_out: str = ""
    needed: bool = True


@click.command("doctor", cls=Command, examples=["drillroom doctor"])
def doctor_command() -> None:
    """Check that everything needed is here: Python, the libraries, the library of scenarios, the disk, the terminal."""
    from drills.cli.terminal import columns, show, styled

    table = columns("", "", "", "")
    failed = 0
    for finding in _findings():
        failed += finding.needed and not finding.fine
        mark = ("ok", "green") if finding.fine else ("missing", "red") if finding.needed else ("optional", "yellow")
        table.add_row(styled(*mark), styled(finding.what), styled(finding.found), styled(finding.way_out))
    show(table)
    if failed:
        raise FellShort(f"{failed} thing{'s' if failed > 1 else ''} must be put right; the last column says how")


def _findings() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(
        "Python", sys.version_info >= _OLDEST, version, "" if sys.version_info >= _OLDEST else "install 3.11 or newer"
    )
    for name, module in _NEEDED.items():
        yield _library(name, module)
    for look in (_scenarios, _disk, _terminal, _pdf):
        yield look()


def _library(name: str, module: str) -> Finding:
    broken = _broken(lambda: import_module(module))
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        version = "not installed"
    return Finding(name, not broken, broken or version, f"pip install {name}" if broken else "")


def _broken(work: Callable[[], object]) -> str:
    """Why it does not work, in a line; nothing if it does."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - whatever keeps a library from loading is what is looked for
        return (str(error).splitlines() or [type(error).__name__])[0]
    return ""


def _scenarios() -> Finding:
    from scenarios.load import load_scenario
    from scenarios.shelf import names

    known = names("scenario")
    broken = next((why for name in known if (why := _broken(lambda name=name: load_scenario(name)))), "")  # type: ignore[misc]
    fine = bool(known) and not broken
    return Finding("library", fine, broken or f"{len(known)} scenarios", "" if fine else "install drillroom again")


def _disk() -> Finding:
    import tempfile
    from pathlib import Path

    def write() -> None:
        with tempfile.TemporaryFile(dir=Path()) as file:
            file.write(b"drill")

    broken = _broken(write)
    return Finding(
        "this folder", not broken, broken or "can be written", "go to another folder, or use --out" if broken else ""
    )


def _terminal() -> Finding:
    encoding = (sys.stdout.encoding or "ascii").lower()
    fine = encoding.replace("-", "").startswith("utf")
    return Finding("terminal", fine, encoding, "" if fine else "set PYTHONUTF8=1 to see all signs", needed=False)


def _pdf() -> Finding:
    broken = _broken(lambda: import_module("weasyprint"))
    way_out = "for --pdf: pip install 'drillroom[pdf]', and Pango from your system" if broken else ""
    return Finding(
        "weasyprint", not broken, "not here" if broken else metadata.version("weasyprint"), way_out, needed=False
    )
