"""What each golden log is worth, and by which version of the rules: no score changes unless the version is raised.

A result is kept in databases as long as RULES is the same. So a log that was noted may be worth something else only
under other RULES; a log that is new is noted beside it.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from scoring.scorecard import RULES, grade, to_json
from simulator.log import DrillLog
from simulator.texts import read_texts

__all__ = ["FILE", "RAISE_RULES", "changed", "found", "kept", "note"]

HERE = Path(__file__).parent
FILE = HERE / "worth.json"
RAISE_RULES = (
    "the score of a log has changed, and databases would go on showing what they kept. Raise RULES in "
    "scoring/scorecard.py, then run `python -m tests.golden` and say in the commit what changed"
)


def found() -> dict[str, str]:
    """By the hash in which each golden log ends: a digest of every number of its scorecard, whatever its words."""
    logs = []
    for path in (*HERE.glob("*.jsonl"), *HERE.glob("format-1/*.jsonl")):
        texts = path.with_suffix(".texts.json")
        logs.append(DrillLog.read(path.read_bytes(), read_texts(texts.read_bytes()) if texts.exists() else ()))
    return {log.head: _digest(log) for log in logs}


def _digest(log: DrillLog) -> str:
    card = json.loads(to_json(grade(log, people=True)))
    return sha256("\n".join(_numbers("", card)).encode()).hexdigest()


def _numbers(place: str, value: object) -> Iterator[str]:
    """Every number with its place."""
    if isinstance(value, dict):
        for name, one in sorted(value.items()):
            yield from _numbers(f"{place}.{name}", one)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _numbers(f"{place}.{number}", one)
    elif not isinstance(value, str):
        yield f"{place} {value}"


def kept() -> dict[str, Any]:
    """What was noted: `rules`, and `worth` by log."""
    noted: dict[str, Any] = json.loads(FILE.read_bytes())
    return noted


def changed(noted: dict[str, Any], now: dict[str, str], rules: int) -> bool:
    """Whether a log that was noted is worth something else by the same rules."""
    same = noted["worth"].keys() & now.keys()
    return bool(noted["rules"] == rules and any(noted["worth"][log] != now[log] for log in same))


def note() -> None:
    """Note what the logs are worth now."""
    now = found()
    if FILE.exists() and changed(kept(), now, RULES):
        raise SystemExit(RAISE_RULES)
    FILE.write_text(json.dumps({"rules": RULES, "worth": now}, indent=2, sort_keys=True) + "\n", encoding="utf-8")
