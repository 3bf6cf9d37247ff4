"""A tunnel by which people far away reach a server here: an installed tool that we start, read and end."""

import os
import re
import shutil
import signal
import subprocess
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["TOOLS", "Tunnel", "TunnelError", "open_tunnel"]

PATIENCE = 45.0
"""Seconds within which a tool has its link; they take three to ten."""
GRACE = 5.0
"""Seconds that a tool has to end in good order."""
_KEPT = 8
"""So many of its last lines are told if it fails."""
_KEEPER = '"$@" & tool=$!; exec >/dev/null 2>&1; cat >/dev/null; kill "$tool"; wait "$tool"'
"""Runs a tool until our end of its standard input closes, as it does however our process ends."""


class TunnelError(Exception):
    """There is no tunnel; the message says why, and the way out, in one line."""


class Tool(NamedTuple):
    """A program that makes a tunnel."""

    name: str
    """As it is named after `--share`."""
    program: str
    reaches: str
    """Who can open the link, and who could read along."""
    link: re.Pattern[str]
    """The line of its output that holds the link, as its first group."""

    def command(self, address: str, host: str, given: str) -> list[str]:
        """How it is started for a server at an address of this machine; `given` is a public one of its other end."""
        if self.program == "cloudflared":
            return ["cloudflared", "tunnel", "--no-autoupdate", "--url", f"http://{address}"]
        if self.program == "tailscale":
            return ["tailscale", "funnel" if self.name == "tailscale" else "serve", f"http://{address}"]
        # BatchMode: it would ask for a password, or whether to trust a host, where nobody can answer.
        to = f"{address.rpartition(':')[2] if given else 80}:{address}"
        options = ["ExitOnForwardFailure=yes", "ServerAliveInterval=30", "BatchMode=yes"]
        how = ["-v", "-N"] if given else ["-T"]  # -v says when the other end listens; -N: a host of ours, no shell
        return ["ssh", *how, *(part for option in options for part in ("-o", option)), "-R", to, host]


_EVERYBODY = "everybody on the internet who has a link"
# What the tools print, as their documents and users show it. cloudflared, in a box on standard error:
#   2026-03-02T10:30:46Z INF |  Your quick Tunnel has been created! Visit it at (it may take some time …): |
#   2026-03-02T10:30:46Z INF |  https://purple-rain-4d7f.trycloudflare.com                                 |
# (github.com/Shopify/shopify-app-template-node/pull/1164). It names https://api.trycloudflare.com where it fails
# (github.com/cloudflare/cloudflared/issues/555). tailscale, of `funnel` and of `serve` (tailscale.com/kb/1223/funnel):
#   Available on the internet:          Available within your tailnet:
#   https://box.tail737e71.ts.net/      |-- proxy http://127.0.0.1:8484
# ssh to localhost.run (localhost.run/docs), to serveo.net, and with -v to any OpenSSH server of one's own:
#   8beaa541ba3dc2.lhr.life tunneled with tls termination, https://8beaa541ba3dc2.lhr.life
#   Forwarding HTTP traffic from https://015b541d.serveousercontent.com
#   debug1: remote forward success for: listen 8484, connect 127.0.0.1:8484
TOOLS = (
    Tool(
        "tailscale",
        "tailscale",
        f"{_EVERYBODY}; Tailscale passes it on and cannot read it",
        re.compile(r"^\s*(https://[\w.-]+\.ts\.net(?::\d+)?)/?\s*$"),
    ),
    Tool(
        "cloudflared",
        "cloudflared",
        f"{_EVERYBODY}; Cloudflare passes it on and could read it",
        re.compile(r"(https://(?!api\.)[a-z0-9-]+\.trycloudflare\.com)\b"),
    ),
    Tool(
        "tailnet",
        "tailscale",
        "everybody in your tailnet who has a link, and nobody else",
        re.compile(r"^\s*(https://[\w.-]+\.ts\.net(?::\d+)?)/?\s*$"),
    ),
    Tool(
        "ssh",
        "ssh",
        f"{_EVERYBODY}; the host at the other end passes it on and could read it",
        re.compile(
            r"(?:tunneled with tls termination, |Forwarding HTTP traffic from )(https://[\w.-]+)"
            r"|debug1: remote (forward success) for: listen "
        ),
    ),
)
_BY_THEMSELVES = ("tailscale", "cloudflared")
"""Those that `--share` alone looks for, in this order; the others want to be asked for."""


@dataclass
class Tunnel:
    """A tunnel that is open, or was."""

    tool: Tool
    process: "subprocess.Popen[str]" = field(repr=False)
    url: str = ""
    """The public address of the server."""
    ended: Future[None] = field(default_factory=Future, repr=False)
    """Done when the tool has ended by itself, so that nobody outside reaches the server any more."""
    said: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT), repr=False)
    """The last lines that the tool has printed."""

    @property
    def open(self) -> bool:
        """Whether people outside can reach the server."""
        return not self.ended.done()

    def close(self) -> None:
        """End the tool; it has a few seconds to say goodbye."""
        if self.process.stdin is not None:
            self.process.stdin.close()  # its keeper ends it
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)  # its session is a group of its own
            self.process.wait()


def open_tunnel(wanted: str, address: str, given: str = "", patience: float = PATIENCE) -> Tunnel:
    """Start a tool for the server at an address, such as 127.0.0.1:8484, and wait for its link. Raises TunnelError.

    `wanted` is a tool's name, `ssh:HOST`, or nothing for one that is installed; `given` is the public address that
    leads to the other end of an ssh tunnel to a host of one's own.
    """
    tool, host = _chosen(wanted)
    if given and tool.program != "ssh":
        raise TunnelError(f"{tool.name} makes an address of its own; leave --public-url away, or --share")
    process = subprocess.Popen(  # noqa: S603 - a tool that the user asked for, without a shell's reading of its words
        ["/bin/sh", "-c", _KEEPER, "sh", *tool.command(address, host, given)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,  # Ctrl-C is for us: we end the tool last
    )
    tunnel, link = Tunnel(tool, process), Future[str]()
    threading.Thread(target=_listen, args=(tunnel, link), name="drillroom-tunnel", daemon=True).start()
    try:
        found = link.result(patience)
    except TimeoutError:
        tunnel.close()
        raise TunnelError(f"{tool.name} has had no link for {patience:.0f} seconds{_last(tunnel)}") from None
    if not found:
        tunnel.close()
        raise TunnelError(f"{tool.name} ended without a link{_last(tunnel)}")
    tunnel.url = found if found.startswith("https://") else given
    return tunnel


def _chosen(wanted: str) -> tuple[Tool, str]:
    """The tool that is meant, and the host that it is to connect to. Raises TunnelError."""
    name, _, host = wanted.partition(":")
    if not wanted:
        installed = [tool for tool in TOOLS if tool.name in _BY_THEMSELVES and shutil.which(tool.program)]
        if not installed:
            raise TunnelError(
                f"no tunnel is installed ({' or '.join(_BY_THEMSELVES)}); install one, name a host to reach by ssh "
                "(--share ssh:HOST), or listen on your network (--host 0.0.0.0)"
            )
        return installed[0], ""
    tool = next((tool for tool in TOOLS if tool.name == name), None)
    if tool is None:
        raise TunnelError(f"{name!r} is no tunnel that we know; there are {', '.join(tool.name for tool in TOOLS)}")
    if (tool.name == "ssh") != bool(host) or host.startswith("-"):
        way = "name its host: --share ssh:HOST" if tool.name == "ssh" else f"write --share {name}, without a host"
        raise TunnelError(f"{wanted!r} cannot be used; {way}")
    if shutil.which(tool.program) is None:
        raise TunnelError(f"{tool.program} is not installed, or not in PATH")
    return tool, host


def _listen(tunnel: Tunnel, link: "Future[str]") -> None:
    """Read what a tool prints until it ends; nothing that it prints may block it."""
    output = tunnel.process.stdout
    for line in output or ():
        if line.strip():
            tunnel.said.append(line.strip())
        found = tunnel.tool.link.search(line)
        if found is not None and not link.done():
            link.set_result(next(filter(None, found.groups())))
    if output is not None:
        output.close()
    if not link.done():
        link.set_result("")
    tunnel.ended.set_result(None)


def _last(tunnel: Tunnel) -> str:
    """What a tool said last, as the end of a sentence."""
    printable = " / ".join("".join(sign for sign in line if sign.isprintable())[:200] for line in tunnel.said)
    return f"; it said: {printable}" if printable else ", and said nothing"
