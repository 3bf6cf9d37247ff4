"""Real incidents played again minute by minute: the papers must say what somebody who was there would say."""

import re
from pathlib import Path

import pytest

from tests.drills.command_line import call

HERE = Path(__file__).parent

INCIDENTS = {
    "regex-everywhere": ("utc", "2019-07-02T13:45"),
    "routes-withdrawn": ("utc", "2022-06-21T06:32"),
    "typed-too-many": ("pacific", "2017-02-28T09:37"),
    "first-monday": ("pacific", "2021-01-04T06:00"),
    "wrong-server": ("utc", "2017-01-31T23:27"),
    "split-databases": ("utc", "2018-10-21T22:54"),
}
"""The team of each, and when it began by the clock of that team."""

TRUE = {
    "regex-everywhere": (
        "Customers stopped feeling it 2 min later, before it was declared over.",
        "- 14:07:10 The fix was in: Switch managed rules off everywhere",
        "- 14:09:10 Customers stopped feeling it",
        "for 27 minutes. It lasted 24 min 10 s from the report.",
        "The drill: fixed after 22 min, felt for 24 min, declared over after 1 h 7 min",
        "customers stopped feeling it 24:10",
    ),
    "routes-withdrawn": (
        "Half of all requests fail in the busiest cities. Declared as severity 1, Critical.",  # the alert said so
        "- 07:16:00 It got worse: Revert what was changed last",
        "something that was done made it worse, so that at most 79 was possible.",
    ),
    "typed-too-many": (
        "The object store answers nothing in our largest region. Declared as severity 1, Critical.",
        "4 h 18 min until the impact ended",
        "ended 4 h 18 min after the report; target 2 h",
        "- 11:37:00 The status page works again",
        "told customers (by social media;",
        "Better: a draft approved before each message: +1.3",  # by e-mail while the status page is down
        "Better: 10 min 26 s sooner, as far as people were there: +0.8",  # the work took four hours
    ),
    "first-monday": (
        "Declared at 06:02:00 as severity 2, Moderate and at 07:02:00 as severity 1, Critical.",
        "A drill of severity 2, Moderate, which grew to severity 1, Critical, 1 h after the report: Messages fail",
        "- 07:00:00 It grew to severity 1, Critical",
        "grew to severity 1, Critical 1:00:00",
        "expected at least every 20 min, every 1 h after 2 h",
    ),
    "wrong-server": (
        "Dee Osei: Solutioneer from 23:32:40 to 2017-02-01 18:14:00 and Incident Commander from 2017-02-01 05:28:00",
        "- 05:28:00 Solutioneer: took over as Incident Commander",
        "It lasted 18 h 42 min from the report. Lost for good: What was written from 17:20 to 23:27 UTC",
        "No act in the log: Eli Novak",
    ),
    "split-databases": (
        "Declared at 23:03:00 as severity 2, Moderate and at 23:11:00 as severity 1, Critical.",
        "2018-10-22 23:03:30 (UTC). Declared resolved by Eli Novak",
        "24 h 9 min until the impact ended; 24 h 10 min until it was declared over.",
        "Bo Tran: Incident Commander from 23:07:00 to 2018-10-22 05:00:00",
        "expected at least every 20 min, every 1 h after 2 h, every 2 h after 6 h",
        "a silence lasted 49 min; at most 20 min at that time",  # not the longest, but the one that was too long
        "2:10:00",
        "4 of 4 acknowledged, 2 of them in time, the last 5 h 51 min after the alert; target 60 s",
    ),
}
"""Sentences that must stand in the papers or charts of each."""


def test_the_incidents_lint_without_errors() -> None:
    result = call("lint", HERE)
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("name", INCIDENTS)
def test_the_papers_tell_it_as_it_was(name: str, tmp_path: Path) -> None:
    team, start = INCIDENTS[name]
    folder, out = HERE / name, tmp_path / "drill"
    files: list[str | Path] = ["--team", HERE / f"{team}.yaml", "--acts", folder / "script.yaml", "--out", out]
    result = call("run", folder / "scenario.yaml", *files, "--start", start)
    assert result.exit_code == 0, result.output  # 1 if an act had been refused
    papers = [(out / paper).read_text("utf-8") for paper in ("situation-report.md", "post-mortem.md")]
    charts = [re.sub(r"<[^>]+>", "\n", (out / "charts" / f"{chart}.svg").read_text("utf-8"))
              for chart in ("timeline", "communication")]  # fmt: skip
    told = "\n".join([*papers, *charts])
    assert [line for line in TRUE[name] if line not in told] == []
    assert not re.findall(r"(?:was|were) never", told), "nothing was left out altogether"
