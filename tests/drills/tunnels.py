"""Small programs that behave as the tools for tunnels do: they print what those print, and stay until ended."""

import os
from pathlib import Path

import pytest

__all__ = ["SAYS", "installed", "pid_of", "write_tool"]

SAYS = {
    "cloudflared": """\
2026-03-02T10:30:44Z INF Thank you for trying Cloudflare Tunnel. It is a quick way to try it out,\
 as said at https://developers.cloudflare.com/cloudflare-one/connections/connect-apps
2026-03-02T10:30:44Z INF Requesting new quick Tunnel on trycloudflare.com...
2026-03-02T10:30:46Z INF +--------------------------------------------------------------------------------------------+
2026-03-02T10:30:46Z INF |  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):  |
2026-03-02T10:30:46Z INF |  https://purple-rain-4d7f.trycloudflare.com                                                |
2026-03-02T10:30:46Z INF +--------------------------------------------------------------------------------------------+
2026-03-02T10:30:46Z INF Version 2026.2.0""",
    "refused": """\
2026-03-02T10:30:44Z INF Requesting new quick Tunnel on trycloudflare.com...
failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": dial tcp: no such host""",
    "tailscale": """\
Available on the internet:

https://box.tail737e71.ts.net/
|-- proxy http://127.0.0.1:8484

Press Ctrl+C to exit.""",
    "asks": """\
Funnel is not enabled on your tailnet.
To enable, visit:

         https://login.tailscale.com/f/funnel?node=n1
""",
    "tailnet": """\
Available within your tailnet:

https://box.tail737e71.ts.net:8443/
|-- proxy http://127.0.0.1:8484

Press Ctrl+C to exit.""",
    "ssh:nokey@localhost.run": """\
Welcome to localhost.run! Follow your favourite reverse tunnel at https://twitter.com/localhost_run.
** your connection id is 1a2b, please mention it if you send me a message about an issue. **
8beaa541ba3dc2.lhr.life tunneled with tls termination, https://8beaa541ba3dc2.lhr.life
create an account for a longer lasting domain name. see https://localhost.run/docs/forever-free/""",
    "ssh:serveo.net": """\
Forwarding HTTP traffic from https://015b541d-61.serveousercontent.com
Tip (1): https://console.serveo.net/settings?n=1""",
    "ssh:ours": """\
OpenSSH_9.6p1, OpenSSL 3.0.13
debug1: Connecting to ours [10.0.0.9] port 22.
debug1: Remote connections from LOCALHOST:8484 forwarded to local address 127.0.0.1:8484
debug1: remote forward success for: listen 8484, connect 127.0.0.1:8484""",
    "unknown-host": """\
No ED25519 host key is known for ours and you have requested strict checking.
Host key verification failed.""",
}
_ENDS = ("refused", "unknown-host")


def write_tool(folder: Path, wanted: str, how: str = "") -> Path:
    """A folder with the program that a `--share` starts; it notes its arguments and its process."""
    program = {"tailnet": "tailscale"}.get(wanted, wanted.partition(":")[0])
    (folder / "says").write_text(SAYS[how or wanted] + "\n", encoding="utf-8")
    made = folder / "bin" / program
    made.parent.mkdir(exist_ok=True)
    last = "exit 1" if how in _ENDS else "exec sleep 600"
    made.write_text(
        f"#!/bin/sh\necho \"$@\" > '{folder}/args'\necho $$ > '{folder}/pid'\ncat '{folder}/says' >&2\n{last}\n"
    )
    made.chmod(0o755)
    return made.parent


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, wanted: str, how: str = "") -> None:
    """Put such a program first on the path."""
    monkeypatch.setenv("PATH", f"{write_tool(folder, wanted, how)}{os.pathsep}{os.environ['PATH']}")


def pid_of(folder: Path) -> int:
    """The process of the program that was started."""
    return int((folder / "pid").read_text())
