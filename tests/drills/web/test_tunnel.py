"""Tunnels, by small programs that print what the real tools print; the real ones are not run here."""

import os
from pathlib import Path

import pytest

from drills.settings import Settings
from drills.web.reach import reach_of, ways_of
from drills.web.tunnel import TunnelError, open_tunnel
from tests.drills.processes import SLOW, gone, until
from tests.drills.tunnels import SAYS, installed, pid_of

HERE = "127.0.0.1:8484"


@pytest.mark.parametrize(
    ("wanted", "link", "args"),
    [
        ("cloudflared", "https://purple-rain-4d7f.trycloudflare.com", "tunnel --no-autoupdate --url http://" + HERE),
        ("tailscale", "https://box.tail737e71.ts.net", "funnel http://" + HERE),
        ("tailnet", "https://box.tail737e71.ts.net:8443", "serve http://" + HERE),
        (
            "ssh:nokey@localhost.run",
            "https://8beaa541ba3dc2.lhr.life",
            "-T -o ExitOnForwardFailure=yes -o ServerAliveInterval=30 -o BatchMode=yes "
            "-R 80:127.0.0.1:8484 nokey@localhost.run",
        ),
        (
            "ssh:serveo.net",
            "https://015b541d-61.serveousercontent.com",
            "-T -o ExitOnForwardFailure=yes -o ServerAliveInterval=30 -o BatchMode=yes -R 80:127.0.0.1:8484 serveo.net",
        ),
    ],
)
def test_each_tool_is_started_read_and_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str, link: str, args: str
) -> None:
    installed(tmp_path, monkeypatch, wanted)
    tunnel = open_tunnel(wanted, HERE)
    assert tunnel.url == link
    assert tunnel.open
    assert (tmp_path / "args").read_text().strip() == args
    pid = pid_of(tmp_path)
    assert not gone(pid)
    tunnel.close()
    until(lambda: gone(pid))


def test_a_host_of_ones_own_is_reached_by_ssh_and_has_its_own_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path, monkeypatch, "ssh:ours")
    tunnel = open_tunnel("ssh:ours", HERE, "https://drills.example.com")
    assert tunnel.url == "https://drills.example.com"
    said = (tmp_path / "args").read_text()
    assert said.startswith("-v -N ")
    assert said.strip().endswith("-R 8484:127.0.0.1:8484 ours")
    tunnel.close()


def test_without_a_name_the_first_that_is_installed_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch, "cloudflared")
    tunnel = open_tunnel("", HERE)
    assert tunnel.tool.name == "cloudflared"
    tunnel.close()


@pytest.mark.parametrize(
    ("wanted", "given", "why"),
    [
        ("", "", "no tunnel is installed (tailscale or cloudflared); install one, name a host to reach by ssh "),
        ("cloudflared", "", "cloudflared is not installed, or not in PATH"),
        ("ngrok", "", "'ngrok' is no tunnel that we know; there are tailscale, cloudflared, tailnet, ssh"),
        ("ssh", "", "'ssh' cannot be used; name its host: --share ssh:HOST"),
        ("ssh:-oProxyCommand=true", "", "cannot be used; name its host"),
        ("cloudflared:x", "", "write --share cloudflared, without a host"),
    ],
)
def test_what_cannot_be_started_is_said_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str, given: str, why: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TunnelError) as refused:
        open_tunnel(wanted, HERE, given)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_own_address_goes_with_ssh_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch, "cloudflared")
    with pytest.raises(TunnelError, match="cloudflared makes an address of its own; leave --public-url away"):
        open_tunnel("cloudflared", HERE, "https://drills.example.com")


@pytest.mark.parametrize("how", ["refused", "unknown-host"])
def test_a_tool_that_fails_is_quoted_and_its_error_is_no_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    wanted = "cloudflared" if how == "refused" else "ssh:ours"
    installed(tmp_path, monkeypatch, wanted, how)
    with pytest.raises(TunnelError) as failed:
        open_tunnel(wanted, HERE)
    assert "ended without a link; it said: " in str(failed.value)
    assert SAYS[how].split("\n")[-1] in str(failed.value)
    assert "\n" not in str(failed.value)


def test_a_tool_that_waits_for_somebody_is_given_up_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch, "tailscale", "asks")
    with pytest.raises(TunnelError) as late:
        open_tunnel("tailscale", HERE, patience=1.5)
    assert "tailscale has had no link for 2 seconds" in str(late.value)
    assert "https://login.tailscale.com/f/funnel?node=n1" in str(late.value)
    until(lambda: gone(pid_of(tmp_path)))


def test_a_tunnel_that_dies_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch, "cloudflared")
    tunnel = open_tunnel("cloudflared", HERE)
    settings = Settings(database="x")
    assert "Shared by cloudflared until the server ends" in reach_of(settings, tunnel).says
    assert "Cloudflare passes it on and could read it" in reach_of(settings, tunnel).says
    os.kill(pid_of(tmp_path), 9)
    tunnel.ended.result(SLOW)
    assert not tunnel.open
    assert "nobody outside can open a link now" in reach_of(settings, tunnel).says
    tunnel.close()


@pytest.mark.parametrize(
    ("settings", "alone"),
    [
        ({}, True),
        ({"host": "::1"}, True),
        ({"host": "localhost"}, True),
        ({"host": "127.0.0.2"}, True),
        ({"host": "0.0.0.0"}, False),  # noqa: S104 - looked at
        ({"host": "10.0.0.5"}, False),
        ({"public_url": "https://drills.example.com"}, False),
    ],
)
def test_a_server_that_nobody_else_reaches_says_so(settings: dict[str, str], alone: bool) -> None:
    known = Settings.model_validate(settings)
    reach, ways = reach_of(known, None), ways_of(known)
    assert (reach.says, reach.ways) == (
        ("Nobody but you can open this link: the server listens on this machine alone.", ways) if alone else ("", ())
    )
