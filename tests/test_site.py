"""The site of the documents: built as `make docs-site` builds it, with every warning an error, and on its own feet."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.drills.command_line import ROOT
from tests.support.extent import LONG
from tests.support.site import faults

DOCS = ROOT / "docs"


def built(docs: Path, site: Path) -> "subprocess.CompletedProcess[str]":
    """What the command of `make docs-site` says."""
    [line] = re.findall(r"^\t@\$\(BIN\)/python -m sphinx (.*) docs build/site$", makefile(), re.MULTILINE)
    options = line.replace("build/doctrees", str(site.parent / "doctrees")).split()
    command = [sys.executable, "-W", "ignore", "-m", "sphinx", *options, docs, site]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def linked(page: Path) -> set[Path]:
    """The pages that a page links."""
    links = re.findall(r"\]\(([^)#:]+\.md)[^)]*\)", page.read_text(encoding="utf-8"))
    return {(page.parent / link).resolve() for link in links}


def test_the_index_leads_to_every_page() -> None:
    pages = {file.resolve() for file in DOCS.rglob("*.md")} - {(DOCS / "index.md").resolve()}
    assert linked(DOCS / "index.md") == pages


@LONG
def test_the_site_is_built_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    site = tmp_path / "site"
    done = built(DOCS, site)
    assert done.returncode == 0, done.stderr
    assert list(faults(site)) == []
    assert (site / "how-to" / "drill-room" / "index.html").is_file()
    words = (site / "searchindex.js").read_text(encoding="utf-8")
    assert '"facilit"' in words, "the search finds words by their stems"


@LONG
def test_dead_links_and_pages_without_a_place_stop_the_site(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    shutil.copytree(DOCS, docs)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (docs / "how-to" / "astray.md").write_text("# Astray\n", encoding="utf-8")
    with (docs / "index.md").open("a", encoding="utf-8") as page:
        page.write("\n[a](gone.md), [b](index.md#no-heading-here), [c](how-to/drill-room.md#none-there)\n")
    done = built(docs, tmp_path / "site")
    assert done.returncode != 0
    assert [word for word in ("gone", "no-heading-here", "none-there", "astray.md") if word not in done.stderr] == []


def test_what_a_page_would_load_from_elsewhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        '<link rel="stylesheet" href="https://fonts.example/a.css"><script src="here.js"></script>'
        '<img src="data:image/png;base64,AA"><a href="https://example.org">fine</a><a href="gone/">no</a>',
        encoding="utf-8",
    )
    (tmp_path / "a.css").write_text("@import 'https://fonts.example/b.css'; a {background: url(data:x)}")
    assert list(faults(tmp_path)) == [
        "index.html loads https://fonts.example/a.css",
        "index.html loads here.js, which is not there",
        "index.html links to gone/, which is not there",
        "a.css loads https://fonts.example/b.css",
    ]
