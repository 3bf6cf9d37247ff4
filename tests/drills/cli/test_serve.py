"""`serve` and `play` as processes: what they print, what they refuse, and how they end."""

import signal
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from drills.records.schema import SCHEMA
from scenarios.template import new_file, new_workspace
from tests.drills.command_line import refused
from tests.drills.processes import base_of, ends, entered, greeting, link_of, program
from tests.drills.server import Browser, block


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT], ids=lambda by: by.name)
def test_serve_prints_the_link_and_says_where_it_will_go_on(tmp_path: Path, by: signal.Signals) -> None:
    with program(tmp_path, "serve", "--port", "0", "--database", "ours.sqlite") as process:
        link, said = greeting(process)
        with closing(entered(link)) as owner:
            answer = owner.post("/new", data={"scenario": "no-photos", "people": "Ana"})
            made = answer.headers["location"].removeprefix("/d/")
            owner.start(made)
            with owner.stream("GET", f"/api/drills/{made}/stream") as stream:
                lines = stream.iter_lines()  # kept: letting go of it hangs up
                next(lines)
                began = time.monotonic()
                code, _, err = ends(process, by)
                assert time.monotonic() - began < 15, "a stream that is open holds nothing up"
    assert code == 0
    assert "Kept in ours.sqlite. Ctrl-C stops it; running drills go on at the next start." in said
    assert err.splitlines()[-1] == "1 drill will go on at the next start, where it left off."
    assert "Traceback" not in err
    assert link.rpartition("/")[2] not in err
    with program(tmp_path, "serve", "--port", "0", "--database", "ours.sqlite") as process:
        again, said = greeting(process)
        assert again.rpartition("/")[2] == link.rpartition("/")[2]
        with closing(entered(again)) as owner:
            assert owner.data(made)["phase"] == "respond"
    assert "1 drill goes on where it left off." in said


def test_play_begins_by_its_link_and_keeps_nothing(tmp_path: Path) -> None:
    asked = ("play", "no-photos", "--role", "Communications", "--on-call", "asleep", "--no-browser")
    with program(tmp_path, *asked, TZ="Asia/Kathmandu") as process:
        link, said = greeting(process)
        assert link.endswith("?play=no-photos&role=communications&on_call=asleep&timezone=Asia%2FKathmandu")
        assert list(tmp_path.glob("drillroom-*/play.sqlite"))
        with closing(Browser(base_of(link))) as browser:
            there = browser.get(link).headers["location"]
            data = block(browser.get(there).text, "drill-data")["static"]
        assert (data["practice"], data["viewer"]["member"]) == (True, "you")
        with httpx.Client(base_url=base_of(link)) as stranger:
            assert stranger.get(there).status_code == 401
        code, _, err = ends(process, signal.SIGTERM)
    assert code == 0
    assert "Ctrl-C ends it, and nothing is kept." in said
    assert err == "", "it is quiet"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("role", ["", "captain"])
def test_play_and_run_take_a_file_with_its_own_protocol_or_say_where_that_belongs(here: Path, role: str) -> None:
    story, rules = (
        text.replace("incident_commander", "captain")
        for text in (new_workspace()["scenarios/first-drill.yaml"], new_file("protocol", "ours"))
    )
    (here / "story.yaml").write_text(story.replace("topic:", "protocol: ours\ntopic:", 1))
    (here / "ours.yaml").write_text(rules)
    asked = ("play", "story.yaml", "--no-browser", *(["--role", role] if role else []))
    for args in (asked, ("run", "story.yaml")):
        why = refused(*args)
        assert "story.yaml:" in why
        assert (
            "there is no protocol 'ours' (ours.yaml is here, but it is looked for in protocols/: move it there)" in why
        )
        assert len(why.splitlines()) == 1
    (here / "protocols").mkdir()
    (here / "ours.yaml").rename(here / "protocols" / "ours.yaml")
    with program(here, *asked) as process:
        link, _ = greeting(process)
        with closing(Browser(base_of(link))) as browser:
            answer = browser.open(link)
            assert answer.status_code == 200, answer.text
            static = block(answer.text, "drill-data")["static"]
            drill = static["drill"]
            browser.does(drill, "/ack", "/alert 1 search", "/join", *([f"/role {role}"] if role else []))
            assert browser.get(f"/d/{drill}").status_code == 200
        assert (static["practice"], static["commander"]) == (True, "captain")
        code, _, err = ends(process, signal.SIGTERM)
    assert (code, err) == (0, "")


def test_a_port_that_is_used(tmp_path: Path, here: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for args in (["serve", "--database", str(tmp_path / "x.sqlite")], ["play", "no-photos", "--no-browser"]):
            why = refused(*args, "--port", port)
            assert why == (
                f"cannot listen on 127.0.0.1:{port}: address already in use; choose another with --host and --port"
            )
    assert not (here / "x.sqlite").exists()


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "x" * 300])
def test_an_address_that_is_not_ours(tmp_path: Path, host: str) -> None:
    assert "cannot listen on" in refused("serve", "--host", host, "--port", "0", "--database", tmp_path / "x.sqlite")


def test_a_database_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.sqlite").write_text("this is no database, and was never one. " * 40)
    newer = tmp_path / "newer.sqlite"
    with sqlite3.connect(newer) as connection:
        connection.execute("CREATE TABLE meta (key VARCHAR(40) PRIMARY KEY, value TEXT)")
        connection.execute("INSERT INTO meta VALUES ('schema', '99'), ('secret', 'x')")
    connection.close()
    expected = {
        "folder": "",
        "text.sqlite": "the file is not a database; name another",
        "newer.sqlite": f"was written by a newer version (its schema is 99, ours {SCHEMA}); upgrade drillroom",
        "folder/none/../../text.sqlite/x.sqlite": "",
        "nonsense://x/y": "",
        "postgresql+psycopg://nobody@127.0.0.1:1/x": "",
        "postgresql+nothing://x/y": "",
        "://": "",
    }
    for name, why in expected.items():
        database = name if "://" in name else str(tmp_path / name)
        said = refused("serve", "--port", "0", "--database", database)
        assert why in said, name


def test_one_server_owns_a_database(tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0", "--database", "ours.sqlite") as process:
        link_of(process)
        why = refused("serve", "--port", "0", "--database", tmp_path / "ours.sqlite")
        assert "another server uses this database" in why


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("play", "no-photo"), "no-photos"),
        (
            ("play", "no-photos", "--role", "comunications"),
            "there is no role 'comunications'; did you mean 'Communications'?",
        ),
        (("play", "no-photos", "--role", "boss"), "it is one of Incident Commander, Solutioneer, Communications"),
        (("play", "nothing.yaml"), "nothing.yaml"),
        (("serve", "--public-url", "drills"), "--public-url must be the address that people type"),
    ],
)
def test_what_cannot_be_done_is_said_at_once(here: Path, args: tuple[str, ...], why: str) -> None:
    assert why in refused(*args)
    assert not list(here.iterdir()), "nothing is left behind"


def test_settings_are_read_by_serve_and_none_of_them_by_play(here: Path) -> None:
    (here / "drillroom.toml").write_text("port = 99999")
    assert "drillroom.toml: port must be from 0 to 65535" in refused("serve")
    (here / "drillroom.toml").write_text('public_url = "https://drills.example.com"\ndatabase = "ours.sqlite"')
    with program(here, "play", "no-photos", "--no-browser") as process:
        assert link_of(process).startswith("http://127.0.0.1:")
    assert not (here / "ours.sqlite").exists()
