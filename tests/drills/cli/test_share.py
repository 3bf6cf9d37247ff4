"""`serve` for people far away: it says when nobody can come, and what a tunnel opens and for how long."""

import os
import signal
from contextlib import closing
from pathlib import Path

import pytest

from drills.settings import Settings
from drills.web.reach import reach_of
from tests.drills.command_line import refused
from tests.drills.processes import base_of, ends, entered, gone, greeting, program, until
from tests.drills.server import Browser
from tests.drills.tunnels import pid_of, write_tool

LINK = "https://purple-rain-4d7f.trycloudflare.com"


def path(folder: Path) -> str:
    return f"{write_tool(folder, 'cloudflared')}{os.pathsep}{os.environ['PATH']}"


def test_alone_on_a_machine_it_says_that_nobody_else_can_come_and_names_the_ways_out(tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0") as process:
        link, said = greeting(process)
        assert "Nobody but you can open this link" in said
        here = f"drillroom serve --port {base_of(link).rpartition(':')[2]}"
        for way in (
            f"{here} --host 0.0.0.0 --public-url http://NAME:",
            f"{here} --share",
            "--public-url; the documents",
        ):
            assert way in " ".join(said.split())
        with closing(entered(link)) as owner:
            drill = made(owner)
            page = owner.get(f"/d/{drill}").text
            assert "Nobody but you can open this link" in page
            assert f"{here} --share" in page
            with closing(Browser(base_of(link))) as ana:
                ana.get(owner.data(drill, "/lobby")["personal"][0]["link"])
                assert "Nobody but you" not in ana.get(f"/d/{drill}").text
                assert ana.data(drill, "/lobby")["reach"] is None


def test_the_ways_out_have_the_port_that_was_chosen() -> None:
    said = [reach_of(Settings(database="x.sqlite", port=port), None).ways[0] for port in (8611, 8484)]
    assert said[0].startswith("drillroom serve --port 8611 --host 0.0.0.0 --public-url http://NAME:8611, for people")
    assert said[1].startswith("drillroom serve --host 0.0.0.0 --public-url http://NAME:8484, for people")


def made(owner: Browser) -> str:
    answer = owner.post("/new", data={"scenario": "no-photos", "people": "Ana\nBen"})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/d/")


def test_a_tunnel_gives_links_that_work_outside_and_ends_with_the_server(tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0", "--share", "cloudflared", PATH=path(tmp_path)) as process:
        link, said = greeting(process)
        assert link.startswith(f"{LINK}/join/")
        assert "Shared by cloudflared until the server ends" in said
        assert "everybody on the internet who has a link" in said
        base = (tmp_path / "args").read_text().split()[-1]
        outside = {"host": LINK.removeprefix("https://"), "origin": LINK, "sec-fetch-site": "same-origin"}
        with closing(Browser(base)) as owner:
            answer = owner.get(link.removeprefix(LINK), headers=outside)
            assert answer.status_code == 303
            cookie = answer.headers["set-cookie"]
            assert "; Secure" in cookie
            seen = {"cookie": cookie.partition(";")[0], **outside}
            assert owner.post("/me/name", data={"name": "Olga"}, headers=seen).status_code == 303
            form = {"scenario": "no-photos", "people": "Ana\nBen"}
            assert owner.post("/new", data=form, headers=seen | {"origin": "https://evil.example"}).status_code == 403
            answer = owner.post("/new", data=form, headers=seen)
            assert answer.status_code == 303
            lobby = owner.get(f"/api/drills{answer.headers['location'].removeprefix('/d')}/lobby", headers=seen).json()
            assert lobby["link"].startswith(f"{LINK}/join/")
            assert all(one["link"].startswith(f"{LINK}/join/") for one in lobby["personal"])
            assert lobby["reach"]["ways"] == []
        code, _, err = ends(process, signal.SIGTERM)
        assert code == 0
        assert "The tunnel has ended" not in err
    until(lambda: gone(pid_of(tmp_path)))


def test_a_tunnel_that_dies_is_said_at_once_and_drills_go_on(tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0", "--share", PATH=path(tmp_path)) as process:
        link, _ = greeting(process)
        base = (tmp_path / "args").read_text().split()[-1]
        with closing(Browser(base)) as owner:
            cookie = owner.get(link.removeprefix(LINK)).headers["set-cookie"].partition(";")[0]
            seen = {"cookie": cookie}
            owner.post("/me/name", data={"name": "Olga"}, headers=seen)
            form = {"scenario": "no-photos", "people": "Ana\nBen"}
            there = owner.post("/new", data=form, headers=seen).headers["location"]
            os.kill(pid_of(tmp_path), signal.SIGKILL)
            assert process.stderr is not None
            line = ""
            while "The tunnel has ended" not in line:
                line = process.stderr.readline()
                assert line
            assert "Start the server again with --share" in line
            lobby = owner.get(f"/api/drills{there.removeprefix('/d')}/lobby", headers=seen).json()
            assert "nobody outside can open a link now" in lobby["reach"]["says"]
            assert owner.get("/health").json()["ok"]


def test_a_tunnel_does_not_outlive_a_server_that_is_killed(tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0", "--share", "cloudflared", PATH=path(tmp_path)) as process:
        greeting(process)
        process.kill()
        until(lambda: gone(pid_of(tmp_path)))


def test_without_a_tunnel_it_does_not_start(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(here))
    assert "no tunnel is installed" in refused("serve", "--port", "0", "--share")
    assert "'ngrok' is no tunnel that we know" in refused("serve", "--port", "0", "--share", "ngrok")
    assert not (here / "drillroom.sqlite").exists()
