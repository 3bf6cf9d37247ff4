"""The page about Python and the notebook, run as a reader would run them."""

import doctest
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import drillroom
from tests.support.extent import LONG

DOCS = Path(drillroom.__file__).parent.parent / "docs"
NOTEBOOK = DOCS / "notebooks" / "drills-in-pandas.ipynb"


def test_every_block_of_the_page_gives_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = DOCS / "reference" / "python.md"
    said: list[str] = []
    test = doctest.DocTestParser().get_doctest(page.read_text(encoding="utf-8"), {}, page.name, str(page), 0)
    result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=said.append)
    assert (result.failed, result.attempted > 15) == (0, True), "".join(said)


@LONG
def test_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(DOCS.parent))
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    last = notebook.cells[-1]
    assert last.cell_type == "code"
    assert "login-outage" in str(last.outputs)


def test_the_notebook_is_kept_without_what_it_printed() -> None:
    """So that a change in it can be read; a reader runs it."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    kept = [cell for cell in notebook.cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)]
    assert kept == []
