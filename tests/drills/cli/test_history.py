"""`history`: what it prints, what it writes, and what it says if it cannot."""

import csv
import io
import json
import sys
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from drills.cli.history_page import history_page
from reports.history_export import TABLES, csv_files, parquet_files
from scoring.history.figures import figures_of
from simulator.plan import Profile
from tests.drills.command_line import ROOT, call, refused
from tests.support import library_plan, play


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four drills: two of good players, one of poor ones, and one that was altered."""
    place = tmp_path_factory.mktemp("drills")
    data = b""
    wanted: list[tuple[str, int, Profile]]
    wanted = [("login-outage", 1, "good"), ("billing-outage", 2, "good"), ("login-outage", 3, "poor")]
    for scenario, seed, players in wanted:
        (place / f"{scenario}-{seed}").mkdir()
        data = play(library_plan(scenario, seed, players)).data
        (place / f"{scenario}-{seed}" / "log.jsonl").write_bytes(data)
    (place / "altered").mkdir()
    (place / "altered" / "log.jsonl").write_bytes(data.replace(b'"at":0', b'"at":1', 1))
    return place


def test_each_kind_has_a_table_of_its_own_and_what_is_left_out_is_named(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    found = call("history", folders)
    assert found.exit_code == 0
    lines = found.stdout.splitlines()
    headings = [line for line in lines if line.startswith("officeluv: ")]
    assert sorted(headings) == [
        "officeluv: 1 simulated drill, players poor, assessed, protocol officeluv",
        "officeluv: 2 simulated drills, players good, assessed, protocol officeluv",
    ]
    assert sum("login-outage-1 " in line for line in lines) == 1
    assert f"Left out: {folders / 'altered' / 'log.jsonl'}:2: the line, or one before it, was" in found.stderr


def test_filters_leave_what_was_asked_for(folders: Path) -> None:
    def left(*args: str) -> list[str]:
        return [one["drill"] for one in json.loads(call("history", folders, *args, "--json").stdout)["drills"]]

    everything = left()
    assert len(everything) == 3
    assert left("--scenario", "billing-outage") == ["billing-outage-2"]
    assert left("--tag", "authentication") == left("--scenario", "login-outage")
    assert left("--team", "nobody") == left("--until", "2020-01-01") == left("--tag", "none") == []
    assert left("--since", "2020-01-01") == everything


def test_json_has_both_tables_and_what_is_not_in_them(folders: Path) -> None:
    found = call("history", folders, "--json")
    shown = json.loads(found.stdout)
    assert found.stderr == ""
    assert list(shown) == ["drills", "obligations", "notes", "left_out"]
    assert [one["file"] for one in shown["left_out"]] == [f"{folders / 'altered' / 'log.jsonl'}:2"]
    heads = {one["head"] for one in shown["drills"]}
    assert {one["head"] for one in shown["obligations"]} == heads
    assert len(heads) == 3


def test_csv_and_parquet_hold_what_the_rows_hold(folders: Path, tmp_path: Path) -> None:
    result = call("history", folders, "--out", tmp_path / "out", "--parquet")
    assert result.exit_code == 0, result.output
    shown = json.loads(call("history", folders, "--json").stdout)
    for table, kind in TABLES.items():
        rows = pq.read_table(tmp_path / "out" / f"{table}.parquet").to_pylist()
        assert rows == shown[table]
        read = list(csv.DictReader(io.StringIO((tmp_path / "out" / f"{table}.csv").read_text())))
        assert list(read[0]) == list(kind.__struct_fields__)
        for row, cells in zip(rows, read, strict=True):
            assert {name: as_cell(row[name]) for name in cells} == cells
    again = refused("history", folders, "--out", tmp_path / "out")
    assert again.endswith("drills.csv already exists and was left as it is; choose another folder or add --force")
    assert call("history", folders, "--out", tmp_path / "out", "--force").exit_code == 0


def as_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_a_table_of_no_drills_has_its_columns() -> None:
    assert csv_files([])["drills.csv"].decode().count("\n") == 1
    assert parquet_files([])["drills.parquet"][:4] == b"PAR1"


def test_a_title_that_a_spreadsheet_would_run_is_a_text() -> None:
    found = figures_of(play(library_plan("login-outage", 1, "good")))
    mean = msgspec.structs.replace(found, drill=msgspec.structs.replace(found.drill, title="=1+1"))
    assert ",'=1+1," in csv_files([mean])["drills.csv"].decode()


def test_what_cannot_be_done_is_said_in_a_line(folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "drills-run: there is no such file" in refused("history")
    assert "'March' is not a day; write it like 2026-03-31" in refused("history", folders, "--since", "March")
    assert "--parquet needs a folder to write to" in refused("history", folders, "--parquet")
    (tmp_path / "empty").mkdir()
    assert refused("history", "empty").startswith("there are no drills there, or none that were asked for")
    assert "altered/log.jsonl:2 was left out: the line" in refused("history", folders / "altered")
    said = refused("history", folders, "--programme")
    assert said == "there are no drills that people played, or none that were asked for"
    assert "leave out --out and --report" in refused("history", folders, "--programme", "--out", "out")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "pip install 'drillroom[parquet]'" in refused("history", folders, "--out", "out", "--parquet")
    assert not (tmp_path / "out").exists()


def test_the_reference_of_the_history_is_current_and_explains_every_column() -> None:
    """Make it again with `make docs`."""
    page = history_page()
    assert (ROOT / "docs/reference/history.md").read_text(encoding="utf-8") == page
    for kind in TABLES.values():
        for name in kind.__struct_fields__:
            assert f"| `{name}` | " in page
    assert "` |  |" not in page
