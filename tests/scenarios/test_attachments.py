"""Attachments: from beside the scenario alone, what their names say, and not too large."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios.attachments import MOST_BYTES, MOST_IN_ALL
from scenarios.lint import lint
from scenarios.load import load_scenario

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
PLACE = "via: alert\n"
Write = Callable[..., Path]
Change = Callable[..., str]


def said(path: Path) -> list[str]:
    """What lint says, without the folder."""
    return [str(problem).replace(f"{path.parent}/", "") for problem in lint(path)]


@pytest.fixture
def with_file(written: Write, changed: Change) -> Callable[[str], Path]:
    """A scenario whose report comes with these attachments."""
    return lambda attach: written(changed((PLACE, f"{PLACE}  attach: [{attach}]\n")), "scenarios/drill.yaml")


def beside(path: Path, name: str, data: bytes) -> Path:
    file = path.parent / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def test_pictures_logs_and_pages_are_accepted(with_file: Callable[[str], Path]) -> None:
    path = with_file("files/a.log, files/b.html, {file: files/c.png, alt: Orders fall}")
    beside(path, "files/a.log", "Größe 0\n".encode())
    beside(path, "files/b.html", b"<script>alert(1)</script>")
    beside(path, "files/c.png", PNG)
    assert said(path) == []
    attached = load_scenario(path).report.attach or []
    assert [(one.file, one.alt) for one in attached][1:] == [("files/b.html", None), ("files/c.png", "Orders fall")]


@pytest.mark.parametrize(
    ("attach", "says"),
    [
        ("../secret.log", "an attachment lies beside its scenario: write its way from there, such as files/app.log"),
        ("a/../../secret.log", "an attachment lies beside its scenario"),
        ("/etc/hosts.log", "an attachment lies beside its scenario"),
        (r'"C:\\x.log"', "an attachment lies beside its scenario"),
        ("run.sh", "an attachment is a picture (png, jpg, gif, webp), a text"),
        ("draw.svg", "an attachment is a picture (png, jpg, gif, webp), a text"),
        ("graph.png", "a picture needs words for those who do not see it: {file: graph.png, alt: what it shows}"),
        ("files/none.log", "there is no file files/none.log beside the scenario (write its way from the scenario's"),
        ("{file: files/x.png, alt: A graph}", "files/x.png is not what its name says: it holds text"),
        ("files/p.log", "files/p.log is not what its name says: it holds a picture (image/png)"),
        ("files/bin.txt", "files/bin.txt is not what its name says: it holds neither a picture nor text in UTF-8"),
        ("files/out.log", "files/out.log is a link that leads out of scenarios (put the file itself there)"),
        ("files/pipe.log", "there is no file files/pipe.log beside the scenario"),
        ("files/big.log", f"files/big.log has 100.0 MB, and an attachment has at most {MOST_BYTES / 1e6:g} MB"),
    ],
)
def test_what_cannot_be_attached_is_said_at_its_place(with_file: Callable[[str], Path], attach: str, says: str) -> None:
    path = with_file(attach)
    beside(path, "files/x.png", b"#!/bin/sh\nrm -rf /\n")
    beside(path, "files/p.log", PNG)
    beside(path, "files/bin.txt", b"\x00\x01\xff")
    (path.parent / "files" / "out.log").symlink_to(beside(path, "../secret.log", b"secret"))
    os.mkfifo(path.parent / "files" / "pipe.log")
    with beside(path, "files/big.log", b"").open("wb") as big:
        big.truncate(100_000_000)  # a hole: it takes no room, and reading it would take a second
    (found,) = said(path)
    line, _, rest = found.partition(": ")
    assert rest.startswith(says) or says in rest
    assert line.startswith("drill.yaml:")
    text = path.read_text().splitlines()[int(line.split(":")[1]) - 1]
    assert "attach" in text


def test_all_together_have_a_limit(with_file: Callable[[str], Path]) -> None:
    path = with_file(", ".join(f"{number}.log" for number in range(7)))
    for number in range(7):
        beside(path, f"{number}.log", b"%d" % number * 1_900_000)
    (found,) = said(path)
    assert f"up to here the attachments have 11.4 MB (a scenario has at most {MOST_IN_ALL / 1e6:g} MB of them)" in found


def test_in_a_workspace_a_link_may_lead_to_anywhere_in_it(with_file: Callable[[str], Path]) -> None:
    path = with_file("files/shared.log")
    shared = beside(path, "../shared/app.log", b"ok\n")
    (path.parent.parent / "drillroom.toml").write_text("")
    (path.parent / "files").mkdir()
    (path.parent / "files" / "shared.log").symlink_to(shared)
    assert [one for one in said(path) if "link" in one] == []
