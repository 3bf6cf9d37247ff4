"""Folders of earlier drills: what cannot be read is named and left out, and nothing is counted twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import msgspec
import pytest

from drills.records.archive import LeftOut, read_archive
from drills.records.archive_cache import CACHE
from scenarios.problem import LoadError
from simulator.log import VERSION, DrillLog
from tests.support import library_plan, play


@pytest.fixture(scope="module")
def log() -> DrillLog:
    return play(library_plan("login-outage", 3, "good"))


def put(folder: Path, data: bytes) -> Path:
    """A drill's folder with a log of these bytes."""
    folder.mkdir(parents=True)
    (folder / "log.jsonl").write_bytes(data)
    return folder / "log.jsonl"


def broken(log: DrillLog) -> Iterator[tuple[str, bytes, str]]:
    """Names, bytes, and why they are left out."""
    lines = log.data.split(b"\n")
    yield "torn", log.data[:-20], f":{len(lines) - 1}: the line was cut short"
    altered = b"\n".join([*lines[:6], lines[6].replace(b'"at":', b'"at":1'), *lines[7:]])
    yield "altered", altered, ":7: the line, or one before it, was altered after it was written"
    newer = log.data.replace(f'"version":{VERSION}'.encode(), f'"version":{VERSION + 1}'.encode(), 1)
    yield "newer", newer, f":1: the log is of format {VERSION + 1}, and this program reads up to {VERSION}; upgrade it"
    yield "none", b"", ": the log is empty"
    yield "other", b"hello\n", ":1: this is not a drill's log"


def test_what_cannot_be_read_is_named_and_the_rest_is_read(tmp_path: Path, log: DrillLog) -> None:
    put(tmp_path / "years" / "2026" / "it", log.data)
    wrong = list(broken(log))
    for name, data, _ in wrong:
        put(tmp_path / name, data)
    archive = read_archive([tmp_path])
    assert [one.drill.head for one in archive.history.drills] == [log.head]
    said = {f"{one.file}: {one.why}" for one in archive.left_out}
    assert said == {f"{tmp_path / name / 'log.jsonl'}{why}" for name, _, why in wrong}


def test_a_drill_that_is_there_twice_counts_once(tmp_path: Path, log: DrillLog) -> None:
    first, again = put(tmp_path / "a", log.data), put(tmp_path / "b", log.data)
    archive = read_archive([tmp_path, tmp_path / "a", first])
    assert len(archive.history.drills) == 1
    assert archive.left_out == [LeftOut(str(again), f"the same drill as {first}, which counts")]


def test_a_copy_made_while_the_drill_ran_gives_way_to_the_whole(tmp_path: Path, log: DrillLog) -> None:
    lines = log.data.splitlines(keepends=True)
    early, whole = put(tmp_path / "a", b"".join(lines[:20])), put(tmp_path / "b", log.data)
    archive = read_archive([tmp_path])
    assert [one.drill.complete for one in archive.history.drills] == [True]
    assert archive.left_out == [LeftOut(str(early), f"only the beginning of {whole}, which counts")]
    whole.unlink()
    assert [one.drill.complete for one in read_archive([tmp_path]).history.drills] == [False]


def test_two_drills_of_one_id_are_two(tmp_path: Path, log: DrillLog) -> None:
    put(tmp_path / "a", log.data)
    put(tmp_path / "b", play(library_plan("login-outage", 3, "poor")).data)
    archive = read_archive([tmp_path])
    assert len({one.drill.head for one in archive.history.drills}) == 2
    assert {one.drill.drill for one in archive.history.drills} == {log.plan.drill}


def test_a_folder_that_is_still_being_written_is_not_looked_into(tmp_path: Path, log: DrillLog) -> None:
    put(tmp_path / ".it.4711.new", log.data)
    assert read_archive([tmp_path]) == read_archive([])


def test_a_place_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LoadError) as caught:
        read_archive([tmp_path / "nowhere"])
    assert "there is no such file" in str(caught.value)


def test_a_log_that_cannot_be_scored_is_its_own_misfortune(
    tmp_path: Path, log: DrillLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put(tmp_path / "a", log.data)

    def fails(_: DrillLog) -> None:
        raise KeyError("ana")

    monkeypatch.setattr("drills.records.archive.figures_of", fails)
    assert read_archive([tmp_path]).left_out == [LeftOut(str(file), "it cannot be scored (KeyError: 'ana')")]


# -- what is kept beside the folders -----------------------------------------------------------------------------------


def never(*_: object) -> NoReturn:
    raise AssertionError("it was graded again")


def test_a_second_look_grades_nothing_again(tmp_path: Path, log: DrillLog, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a", log.data)
    put(tmp_path / "torn", log.data[:-9])
    assert not (tmp_path / CACHE).exists()
    read_archive([tmp_path])
    assert not (tmp_path / CACHE).exists(), "for a few drills nothing is kept"
    monkeypatch.setattr("drills.records.archive_cache._FEWEST", 1)
    first = read_archive([tmp_path])
    with monkeypatch.context() as patched:
        patched.setattr("drills.records.archive.figures_of", never)
        assert read_archive([tmp_path]) == first
        assert "it was graded again" in read_archive([tmp_path], anew=True).left_out[0].why
        (tmp_path / "a" / "log.jsonl").write_bytes(log.data + b" ")
        assert read_archive([tmp_path]).history.drills == [], "a log that was altered is another"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == [CACHE]


@pytest.mark.parametrize("kept", [b"", b"torn", b"other version", b"other rules"])
def test_what_is_kept_and_does_not_hold_is_made_anew(
    tmp_path: Path, log: DrillLog, monkeypatch: pytest.MonkeyPatch, kept: bytes
) -> None:
    monkeypatch.setattr("drills.records.archive_cache._FEWEST", 1)
    put(tmp_path / "a", log.data)
    first = read_archive([tmp_path])
    whole = (tmp_path / CACHE).read_bytes()
    known = msgspec.msgpack.decode(whole)
    for row in known["figures"].values():
        row["drill"]["score"] = 1.5
    known |= {"version": -1} if kept == b"other version" else {"rules": -1}
    data = {b"torn": whole[:-5], b"": b""}.get(kept, msgspec.msgpack.encode(known))
    (tmp_path / CACHE).write_bytes(data)
    assert read_archive([tmp_path]) == first
    assert (tmp_path / CACHE).read_bytes() == whole


def test_folders_that_nobody_may_write_to_are_read(
    tmp_path: Path, log: DrillLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drills.records.archive_cache._FEWEST", 1)
    put(tmp_path / "a", log.data)
    (tmp_path / CACHE).mkdir()
    assert len(read_archive([tmp_path]).history.drills) == 1
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(CACHE)] == [CACHE]
