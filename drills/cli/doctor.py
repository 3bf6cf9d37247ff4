"""`doctor`: whether everything that the program needs is here, and what to do if not."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from drills.cli.help import Command
from drills.cli.outcome import FELL_SHORT

OLDEST = (3, 11)
MODULES = {
    "alembic": "alembic",
    "click": "click",
    "fastapi": "fastapi",
    "holidays": "holidays",
    "httptools": "httptools",
    "itsdangerous": "itsdangerous",
    "jinja2": "jinja2",
    "markdown-it-py": "markdown_it",
    "markupsafe": "markupsafe",
    "matplotlib": "matplotlib",
    "msgspec": "msgspec",
    "nh3": "nh3",
    "numpy": "numpy",
    "openpyxl": "openpyxl",
    "pydantic": "pydantic",
    "python-dateutil": "dateutil",
    "python-multipart": "python_multipart",
    "pyyaml": "yaml",
    "rapidfuzz": "rapidfuzz",
    "rich": "rich",
    "segno": "segno",
    "sqlalchemy": "sqlalchemy",
    "starlette": "starlette",
    "tzdata": "tzdata",
    "uvicorn": "uvicorn",
    "uvloop": "uvloop",
}
"""Each distribution that is needed and the module it brings; a test keeps this in step with pyproject.toml."""


class Finding(NamedTuple):
    """One thing that was checked."""

    what: str
    state: str
    """`ok`, `missing`, or `optional` for what is missing but only some commands need."""
    says: str
    way_out: str = ""


@click.command("doctor", cls=Command, examples=["drillroom doctor"])
def doctor_command() -> None:
    """Check that everything needed is installed.

    Checks Python, the program's own files, each dependency, the built-in library, this folder, PDF and the terminal.
    Exit code 1 means that something is missing; a missing optional part leaves it at 0.
    """
    from drills.cli.terminal import columns, show, styled

    findings = [*_python(), *_own_files(), *_dependencies(), *_library(), *_folder(), *_pdf(), *_terminal()]
    table = columns("", "", "")
    colours = {"ok": "green", "missing": "bold red", "optional": "yellow"}
    for found in findings:
        said = styled(found.says)
        if found.way_out:
            said.append(f"\n{found.way_out}", style="dim")
        table.add_row(styled(found.what), styled(found.state, colours[found.state]), said)
    show(table)
    if any(found.state == "missing" for found in findings):
        click.get_current_context().exit(FELL_SHORT)


def _python() -> Iterator[Finding]:
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST:
        yield Finding("Python", "ok", running)
    else:
        yield Finding("Python", "missing", running, "install Python 3.11 or newer, then: make PYTHON=python3.11")


def _own_files() -> Iterator[Finding]:
    """Whether the files of the program are as they were installed, if whoever started it can tell."""
    altered_files = click.get_current_context().obj
    if altered_files is None:
        return
    altered = altered_files()
    for sentence in altered:
        says, _, way_out = sentence.partition("; ")
        yield Finding("drillroom", "missing", says, way_out)
    if not altered:
        yield Finding("drillroom", "ok", "its files are as they were installed")


def _dependencies() -> Iterator[Finding]:
    from importlib import import_module
    from importlib.metadata import PackageNotFoundError, version

    for name, module in MODULES.items():
        try:
            import_module(module)
            yield Finding(name, "ok", version(name))
        except (ImportError, OSError, PackageNotFoundError) as error:
            yield Finding(name, "missing", str(error), f"pip install '{name}'")


def _library() -> Iterator[Finding]:
    import scenarios
    from scenarios.lint import lint

    folder = Path(scenarios.__file__).parent / "library"
    problems = lint(folder)
    count = len(list(folder.rglob("*.yaml")))
    if problems:
        yield Finding("library", "missing", str(problems[0]), "reinstall drillroom: pip install --force-reinstall")
    else:
        yield Finding("library", "ok", f"{count} files, no problems")


def _folder() -> Iterator[Finding]:
    import tempfile

    try:
        here = Path.cwd()
        with tempfile.TemporaryFile(dir=here) as file:
            file.write(b"drillroom")
            file.flush()
    except OSError as error:
        says = error.strerror or type(error).__name__
        yield Finding("this folder", "missing", says, "go to a folder you can write to, or name one with --out")
    else:
        yield Finding("this folder", "ok", f"{here} is writable")
    yield from _names()


def _names() -> Iterator[Finding]:
    """Whether the names file that would be used here is one."""
    from scenarios.load import is_ours, load_names
    from scenarios.lookup import names_file
    from scenarios.problem import LoadError

    file = names_file(None)
    if file is None:
        return
    if not is_ours(file):
        way_out = "nothing to do; ours begins with `names:` (drillroom new names NAME)"
        yield Finding("names", "optional", f"{file} is of another tool, and passed over", way_out)
        return
    try:
        load_names()
    except LoadError as error:
        way_out = "fix it, or move it away: every scenario that is played here takes its names from it"
        yield Finding("names", "missing", str(error.problems[0]), way_out)
    else:
        yield Finding("names", "ok", f"{file} is read")


def _pdf() -> Iterator[Finding]:
    from reports.pdf import PdfError, pdf_of

    try:
        pdf_of("<p>drillroom</p>")
    except PdfError as error:
        yield Finding("PDF", "optional", "only run --pdf and report --pdf need it", str(error))
    else:
        yield Finding("PDF", "ok", "WeasyPrint and Pango are installed")


def _terminal() -> Iterator[Finding]:
    from drills.cli.terminal import width

    encoding = (sys.stdout.encoding or "unknown").lower()
    if encoding.replace("-", "").startswith("utf"):
        yield Finding("terminal", "ok", f"{encoding}, {width()} columns")
    else:
        says = f"{encoding}: characters it lacks are replaced"
        yield Finding("terminal", "optional", says, "for all characters: export PYTHONUTF8=1")
