"""The same bytes whoever plays, in whichever order, through kills and restarts."""

import multiprocessing
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from drills.planning.calibration import workers as module
from drills.planning.calibration.campaign import Far, calibrate
from drills.planning.calibration.chunks import CHUNK, Brief, chunks_of
from drills.planning.calibration.results import Calibration, read, read_progress, to_json
from drills.planning.calibration.workers import Here, Played, Pool, WorkersError
from scoring.calibration.counts import PROFILES, SIZES, Counts
from tests.drills.planning.calibration.campaigns import After, alone, kill_a_child, made, short


class Backwards:
    """One process, from the last chunk to the first."""

    def play(self, brief: Brief, chunks: Iterable[int]) -> Iterator[Played]:
        yield from Here().play(brief, sorted(chunks, reverse=True))


class Idle:
    """Nobody: chunks in which nothing was played."""

    def play(self, brief: Brief, chunks: Iterable[int]) -> Iterator[Played]:  # noqa: ARG002 - nothing of it is played
        yield from ((chunk, Counts()) for chunk in chunks)


def test_two_processes_and_another_order_make_the_same_bytes(tmp_path: Path) -> None:
    assert made(Pool(2), tmp_path / "pool") == alone()
    assert made(Backwards(), tmp_path / "backwards") == alone()


def test_a_process_that_is_killed_is_replaced_and_what_it_had_is_played_again(tmp_path: Path) -> None:
    workers = After(Pool(2), 1, kill_a_child)
    assert made(workers, tmp_path / "begun") == alone()
    assert sorted(workers.came) == [*chunks_of(short())]


def test_one_that_is_stopped_goes_on_from_there(tmp_path: Path) -> None:
    begun = tmp_path / "begun"

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(After(Pool(2), 2, stop), begun)
    kept = read_progress(begun)
    assert kept is not None
    done = [*kept.done]
    assert len(done) == 1  # the second had not been handed over
    assert multiprocessing.active_children() == []
    said: list[Far] = []
    after = After(Here(), 1, lambda: None)
    calibration = calibrate(short(), after, begun, "a command", said.append)
    assert to_json(calibration) == alone()
    assert sorted([*done, *after.asked]) == [*chunks_of(short())]
    assert said[0] == Far(_drills(done), short().drills, None)
    assert (said[-1].done, said[-1].left_s) == (short().drills, 0.0)


def _drills(done: list[int]) -> int:
    return min(short().drills, CHUNK * len(done))


@pytest.mark.parametrize("text", ["", "{", '{"identity": "of another", "drills": 160}'])
def test_what_was_begun_of_something_else_or_is_broken_is_passed_over(tmp_path: Path, text: str) -> None:
    begun = tmp_path / "begun"
    begun.write_text(text)
    workers = After(Idle(), 1, lambda: None)
    made(workers, begun)
    assert workers.asked == [*chunks_of(short())]


def test_processes_that_always_end_are_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("a process that is started anew does not know of the change")
    monkeypatch.setattr(module, "play_chunk", lambda *_: os._exit(9))
    with pytest.raises(WorkersError, match=r"^the processes that play ended 5 times without a result; is there enough"):
        made(Pool(2), tmp_path / "begun")


def test_a_result_reads_back_and_each_profile_and_size_played_as_often() -> None:
    found = read(alone())
    assert isinstance(found, Calibration)
    assert to_json(found) == alone()
    assert found.counts.drills == found.drills == 2 * CHUNK + 10
    sizes = {(one, size): found.counts.cell(one, size).drills for one in PROFILES for size in SIZES}
    assert sum(sizes.values()) == found.drills
    assert set(sizes.values()) == {10, 11}
    assert alone().startswith(b'{\n"format": 1,\n"scenario": "slow-report",\n')
    assert read(b"{}") is None
    assert read(alone().replace(b'"format": 1', b'"format": 2')) is None
