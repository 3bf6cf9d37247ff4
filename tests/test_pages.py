"""Every code block of the documents is run, in the order of its page, or says why it is not."""

from pathlib import Path

import pytest

from tests.drills.command_line import ROOT
from tests.support.extent import LONG
from tests.support.pages import Block, Reader, blocks

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUNNING = [page for page in PAGES if any(block.what == "run" for block in blocks(page))]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_block_of_a_page_is_run_or_says_why_not(page: Path) -> None:
    unsaid = [block.place for block in blocks(page) if not block.what or _typed_in_without_a_fence(block)]
    assert unsaid == [], "see tests/support/pages.py for what can be said above a block"
    for block in blocks(page):
        if block.what == "tested":
            test = ROOT / block.marks["tested"]
            assert test.is_file(), block.place
            assert page.name in test.read_text(encoding="utf-8"), f"{block.place}: {test.name} does not read this page"
        assert "not run" not in block.marks or len(block.marks["not run"]) > len("because"), block.place


def _typed_in_without_a_fence(block: Block) -> bool:
    return block.language == "text" and block.text.startswith(("drillroom ", "make "))


@LONG
@pytest.mark.parametrize("page", RUNNING, ids=name)
def test_what_a_page_tells_one_to_type_works(page: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    try:
        for block in blocks(page):
            reader.does(block)
    finally:
        reader.leaves()


def test_a_block_that_does_not_work_is_named(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A\n\n<!-- file: a/b.yaml -->\n```yaml\na: 1\n```\n\n```sh\ncat a/b.yaml; false\n```\n")
    written, wrong = blocks(page)
    reader = Reader(tmp_path / "reader")
    reader.does(written)
    with pytest.raises(AssertionError, match=r"page\.md:8 ended with 1, not 0:\n(.|\n)*a: 1"):
        reader.does(wrong)
