"""Reading a scenario with a place for every node, against PyYAML's C loader that keeps none; and refusing quickly."""

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from pathlib import Path

import yaml

from scenarios.decode import MOST_BYTES
from scenarios.load import load_scenario
from scenarios.problem import LoadError
from scenarios.source import parse

SCENARIO = "login-outage"
ROUNDS = 60
REFUSALS = 5
REFUSED_WITHIN = 0.1
"""Seconds."""


def _filled(start: str, unit: str) -> str:
    """As much text as a file may hold."""
    return start + unit * ((MOST_BYTES - len(start.encode())) // len(unit.encode()))


def hostile() -> dict[str, str]:
    """Files as large as they may be, each of which is refused as late as possible."""
    return {
        "levels": _filled("a: ", "["),
        "levels of mappings": _filled("", "a:\n "),
        "items": _filled("a:\n", "- 1\n"),
        "items in a row": _filled("a: [", "1,"),
        "mappings in a row": _filled("a: [", "{},"),
        "pairs in a row": _filled("a: [", "b: c,"),
        "keys": "".join(f"k{number}: 1\n" for number in range(90_000)),
        "block texts": _filled("a:\n", "- |\n"),
        "directives": "".join(f"%TAG !{number:x}! x\n" for number in range(60_000)),
        "late directives": "a: 1\n...\n" + "".join(f"%TAG !{number:x}! x\n" for number in range(60_000)),
        "late tag": "a:\n" + "- 1\n" * 9_900 + "- !x 1",
        "digits": _filled("a: ", "7"),
        "open quote": _filled('a: "', "x\\n"),
        "comments": _filled("", "#\n")[:-8] + "\n- x: [",
        "wrong everywhere": "scenario: a\ntags:\n" + "- A\n" * 9_900,
        "injects": "scenario: a\ninjects:\n" + "- {id: a, at: 3, txt: x}\n" * 1_400,
        "a chain of injects": _chain(),
    }


def _chain() -> str:
    """As many injects as there may be, each waiting for the next, and the last for the first."""
    text = (files("scenarios") / "library" / "templates" / "scenario.yaml").read_text(encoding="utf-8")
    before, rest = text.split("injects:\n")
    after = rest[rest.index("\n# What mends it") :]
    chain = "".join(f"  - {{id: i{n}, after: i{(n + 1) % 500}, text: 'x {{y}}'}}\n" for n in range(500))
    return f"{before}injects:\n{chain}{after}"


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _refused(path: Path) -> str:
    try:
        load_scenario(path)
    except LoadError as error:
        return error.problems[0].message
    return "accepted"


def _reading() -> list[tuple[str, float, float | None, str]]:
    content = (files("scenarios") / "library" / "incidents" / f"{SCENARIO}.yaml").read_bytes()
    text = content.decode()
    times: dict[str, list[float]] = {"ours": [], "places": [], "whole": [], "peer": []}
    for _ in range(ROUNDS):
        times["ours"].append(_seconds(lambda: parse(content, "x")))
        times["peer"].append(_seconds(lambda: yaml.load(text, Loader=yaml.CSafeLoader)))
        times["places"].append(_seconds(lambda: parse(content, "x").value_at(())))
        times["whole"].append(_seconds(lambda: load_scenario(SCENARIO)))
    median = {name: statistics.median(values) for name, values in times.items()}
    detail = f"{len(text.splitlines())} lines: {median['ours'] * 1e3:.2f} ms against {median['peer'] * 1e3:.2f} ms"
    return [
        ("reading YAML with places against CSafeLoader without", median["ours"] / median["peer"], 1.0, detail),
        (
            "the same, and every place looked up",
            median["places"] / median["peer"],
            1.0,
            f"{median['places'] * 1e3:.2f} ms",
        ),
        (
            "loading it: models, references, protocol, runbook, checks",
            median["whole"] / median["peer"],
            None,
            f"{median['whole'] * 1e3:.1f} ms",
        ),
    ]


def _refusing() -> tuple[str, float, float | None, str]:
    with tempfile.TemporaryDirectory() as folder:
        slowest, longest = "", 0.0
        for name, text in hostile().items():
            path = Path(folder) / "hostile.yaml"
            path.write_text(text, encoding="utf-8")
            assert _refused(path) != "accepted", name
            took = statistics.median(_seconds(partial(_refused, path)) for _ in range(REFUSALS))
            if took > longest:
                slowest, longest = name, took
    detail = f"slowest of {len(hostile())}: {slowest}, {longest * 1e3:.0f} ms of {REFUSED_WITHIN * 1e3:.0f} ms"
    return "refusing hostile files", longest / REFUSED_WITHIN, 1.0, detail


def run() -> list[tuple[str, float, float | None, str]]:
    """Ratios of medians, the peers interleaved in one run: (label, ratio, limit, detail)."""
    return [*_reading(), _refusing()]
