"""Folders of earlier drills, read as a history. What cannot be read is named and left out; the rest is shown."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar

from drills.records.archive_cache import load, save
from drills.records.log_file import LOG, log_bytes, log_file
from scenarios.problem import LoadError
from scoring.history.figures import Figures, figures_of
from scoring.history.order import history_of
from scoring.history.selection import History
from simulator.log import DrillLog, LogError

__all__ = ["Archive", "LeftOut", "logs_in", "made_of", "read_archive"]

Made = TypeVar("Made")


class LeftOut(NamedTuple):
    """A log that is not in the history."""

    file: str
    why: str


class Archive(NamedTuple):
    """What was found in some folders."""

    history: History
    left_out: list[LeftOut]
    """The logs that are not in it, in the order in which they were found."""
    files: Mapping[str, Path] = {}
    """Where the log of each drill is, by its last hash."""


class _Read(NamedTuple):
    file: Path
    figures: Figures


def logs_in(places: Iterable[Path]) -> Iterator[Path]:
    """Every log in some folders and the folders in them, each once; a place may also be a log itself.

    Raises LoadError for a place that is not there.
    """
    seen: set[Path] = set()
    for place in places:
        within = sorted(place.rglob(LOG)) if place.is_dir() else [log_file(place)]
        if not place.exists():
            log_bytes(place)  # says why
        for file in within:
            if not _hidden(file, place) and (known := file.resolve()) not in seen:
                seen.add(known)
                yield file


def _hidden(file: Path, place: Path) -> bool:
    """Whether it is in a folder whose name begins with a dot, as a folder's does while it is written."""
    return file != place and any(part.startswith(".") for part in file.relative_to(place).parts[:-1])


def read_archive(
    places: Sequence[Path],
    now: datetime | None = None,
    tell: Callable[[int], None] = lambda _: None,
    *,
    anew: bool = False,
) -> Archive:
    """The history in some folders. `tell` hears how many logs were read.

    What was made of many logs is kept beside them, unless it is to be made `anew`. Raises LoadError for a place that is
    not there.
    """
    known, made = {} if anew else load(places), dict[str, Figures]()
    read: list[_Read] = []
    left_out: list[LeftOut] = []
    first: dict[str, Path] = {}
    for number, file in enumerate(logs_in(places), 1):
        found = _figures(file, known, made)
        if isinstance(found, LeftOut):
            left_out.append(found)
        elif found.drill.head in first:
            left_out.append(LeftOut(str(file), f"the same drill as {first[found.drill.head]}, which counts"))
        else:
            first[found.drill.head] = file
            read.append(_Read(file, found))
        tell(number)
    if anew or made.keys() - known.keys():
        save(places, made)
    beginnings = list(_beginnings(read))
    without = {Path(one.file) for one in beginnings}
    history = history_of((one.figures for one in read if one.file not in without), now)
    return Archive(history, [*left_out, *beginnings], first)


def _figures(file: Path, known: Mapping[str, Figures], made: dict[str, Figures]) -> Figures | LeftOut:
    """What a history keeps of a log; it is made unless it is known, and noted with what was made."""

    def figures(data: bytes) -> Figures:
        key = sha256(data).hexdigest()
        made[key] = known[key] if key in known else figures_of(DrillLog.read(data))
        return made[key]

    return _tried(file, figures)


def made_of(file: Path, make: Callable[[DrillLog], Made]) -> Made | LeftOut:
    """What is made of a log, or why nothing is."""
    return _tried(file, lambda data: make(DrillLog.read(data)))


def _tried(file: Path, make: Callable[[bytes], Made]) -> Made | LeftOut:
    try:
        return make(log_bytes(file))
    except LogError as error:
        return LeftOut(f"{file}:{error.line}" if error.line else str(file), error.why)
    except LoadError as error:
        return LeftOut(str(file), error.problems[0].message)
    except OSError as error:
        return LeftOut(str(file), (error.strerror or type(error).__name__).lower())
    except Exception as error:  # noqa: BLE001 - whoever rebuilt a log's chain can put anything into it; it is this log's alone
        return LeftOut(str(file), f"it cannot be scored ({type(error).__name__}: {error})")


def _beginnings(read: Sequence[_Read]) -> Iterator[LeftOut]:
    """Logs of drills that another log tells to a later point: copies made while the drill ran."""
    alike: defaultdict[tuple[str, str], list[_Read]] = defaultdict(list)
    for one in read:
        alike[one.figures.drill.drill, one.figures.drill.start].append(one)
    for copies in alike.values():
        if len(copies) > 1:
            data = sorted(((log_bytes(one.file), one.file) for one in copies), key=lambda pair: len(pair[0]))
            for place, (short, file) in enumerate(data):
                longer = next((other for whole, other in data[place + 1 :] if whole.startswith(short)), None)
                if longer is not None:
                    yield LeftOut(str(file), f"only the beginning of {longer}, which counts")
