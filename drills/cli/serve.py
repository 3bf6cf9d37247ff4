"""`serve` and `play`: the drill room for a team, and the same for one."""

from typing import TYPE_CHECKING

import click

from drills.cli.completion import known
from drills.cli.help import Command, OneOf, WholeNumber
from drills.cli.outcome import Impossible

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from drills.settings import Settings
    from drills.web.process import Ready
    from drills.web.server import Server

MOST_PROBLEMS = 20
"""So many problems in the workspace's files are named at the start."""


@click.command(
    "serve",
    cls=Command,
    examples=[
        "drillroom serve",
        "drillroom serve --port 9000 --database drills.sqlite",
        "drillroom serve --host 0.0.0.0 --public-url https://drills.example.com",
        "drillroom serve --share",
        "drillroom serve --share ssh:nokey@localhost.run",
        "drillroom serve --database postgresql://drills@db/drills --internal-url http://10.0.0.5:8484",
    ],
)
@click.option("--host", help="The address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=WholeNumber(0, 65535), help="The port to listen on; 0 takes a free one.  [default: 8484]")
@click.option("--public-url", metavar="URL", help="The address that people type, behind a proxy.")
@click.option("--database", metavar="DB", help="A file, or the address of a database.  [default: drillroom.sqlite]")
@click.option(
    "--share",
    is_flag=False,
    flag_value="",
    metavar="[TUNNEL]",
    help="Let people outside in, through an installed tunnel: tailscale, cloudflared, tailnet (yours alone) or "
    "ssh:HOST.  [default: the first of these two that is installed]",
)
@click.option(
    "--internal-url",
    metavar="URL",
    help="The address at which other servers on the same PostgreSQL database reach this one.  "
    "[default: http://HOST:PORT]",
)
@click.option(
    "--lease",
    type=float,
    metavar="SECONDS",
    help="How long this server may be silent before another takes over its drills, from 0.5 to 5.  [default: 5]",
)
def serve_command(
    host: str | None,
    port: int | None,
    public_url: str | None,
    database: str | None,
    internal_url: str | None,
    lease: float | None,
    share: str | None,
) -> None:
    """Serve the drill room for a team.

    Prints the link for the people who run drills. Everything can also be set in drillroom.toml and the environment
    (DRILLROOM_DATABASE and so on). After a restart, running drills go on where they left off.

    Without --host or --share, nobody but this machine can open the links. --share starts a tunnel, prints the public
    link and who can open it, and ends the tunnel with the server. With ssh:HOST, the host prints the link, as
    localhost.run does; or it is a host of yours, whose web server passes --public-url on to the same port there.

    Several servers may share a PostgreSQL database, behind a proxy: give all of them the same --database and
    --public-url, and each an --internal-url that the others can reach. Each drill runs in one of them; the others pass
    its requests on. If a server stops, another goes on with its drills within seconds.
    """
    from drills.cli.inputs import read_settings
    from drills.cli.terminal import note, say
    from drills.planning import catalogue

    settings = read_settings(
        host=host, port=port, public_url=public_url, database=database, internal_url=internal_url, lease=lease
    )

    def ready(server: "Server", link: str) -> None:
        running = len(server.rooms.running)
        say("The drill room is open. To run drills, open this link:")
        say(f"  {link}")
        if running:
            say(f"{running} {'drill goes on where it' if running == 1 else 'drills go on where they'} left off.")
        _say_reach(server)
        later = "at the next start" if server.heartbeat is None else "in another server, or at the next start"
        say(f"Kept in {server.store.shown}. Ctrl-C stops it; running drills go on {later}.")
        _flush()
        if settings.host in ("0.0.0.0", "::") and not settings.public_url:  # noqa: S104 - compared
            note("Others reach it at this machine's address; say which one they type: --public-url http://…")
        for problem in catalogue.problems()[:MOST_PROBLEMS]:
            note(str(problem))

    catalogue.look()  # before anybody comes in: with many files it takes a moment
    left = _serve(settings, ready, share=share)
    if left:
        drills, they = ("drill", "it") if left == 1 else ("drills", "they")
        note(f"{left} {drills} will go on at the next start, where {they} left off.")


@click.command(
    "play",
    cls=Command,
    examples=["drillroom play no-photos", "drillroom play login-outage --role Communications"],
)
@click.argument("scenario", shell_complete=known("scenario", "random"))
@click.option("--role", help="The role you want to hold, by its title, such as Communications.")
@click.option(
    "--on-call",
    type=OneOf(("desk", "meeting", "asleep")),
    help="Where a call finds your teammates.  [default: desk]",
)
@click.option("--port", type=WholeNumber(0, 65535), default=0, help="The port to listen on.  [default: a free one]")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def play_command(scenario: str, role: str | None, on_call: str | None, port: int, no_browser: bool) -> None:
    """Play alone, in the browser, with simulated teammates.

    SCENARIO is a name from the library, `random`, or a file. It goes into nobody's history: nothing is kept once
    the server stops.
    """
    import tempfile
    from pathlib import Path
    from urllib.parse import urlencode

    from drills.cli.inputs import loading, read_settings
    from drills.cli.terminal import say
    from drills.planning.materials import Incident, incident
    from scenarios.load import protocol_for

    with loading():
        story, file = incident(Incident(scenario))
        protocol = protocol_for(story, file)
    wants = protocol.role_called(role) if role is not None else None
    if role is not None and wants is None:
        raise Impossible(f"there is no role {role!r}; {protocol.roles_like(role)}")
    offered = frozenset({str(Path(scenario).resolve())}) if file is not None else frozenset[str]()
    wanted = {"play": next(iter(offered), scenario)} | ({"role": wants} if wants else {})
    wanted |= ({"on_call": on_call} if on_call else {}) | _zone()
    with tempfile.TemporaryDirectory(prefix="drillroom-") as folder:
        settings = read_settings(host="127.0.0.1", port=port, public_url="", database=f"{folder}/play.sqlite")

        def ready(_: "Server", link: str) -> None:
            address = f"{link}?{urlencode(wanted)}"
            say("Your drill is ready in the browser:")
            say(f"  {address}")
            say("Ctrl-C ends it, and nothing is kept.")
            _flush()
            if not no_browser:
                _open(address)

        _serve(settings, ready, quiet=True, offered=offered)


def _zone() -> dict[str, str]:
    """The machine's time zone, where it says its name: as most do, by where /etc/localtime points."""
    import os
    from pathlib import Path

    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        _, found, name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")
        name = name if found else ""
    return {"timezone": name} if name else {}


def _open(address: str) -> None:
    """Open the browser, in a thread of its own: some do not come back before they are closed."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _say_reach(server: "Server") -> None:
    """Say who can open the link; and at once if a tunnel ends before the server."""
    from drills.cli.terminal import note, say

    reach = server.desk.reach()
    for line in (*([reach.says] if reach.says else []), *(f"  {way}" for way in reach.ways)):
        say(line)

    def ended(_: object) -> None:
        if not server.draining:
            now = server.desk.reach()
            note(" ".join((now.says, *now.ways)))

    if server.desk.tunnel is not None:
        server.desk.tunnel.ended.add_done_callback(ended)


def _serve(
    settings: "Settings",
    ready: "Ready",
    *,
    quiet: bool = False,
    offered: frozenset[str] = frozenset(),
    share: str | None = None,
) -> int:
    from drills.records.store import StoreError
    from drills.web.process import ServingError, serve

    try:
        return serve(settings, ready, quiet, offered=offered, share=share)
    except (ServingError, StoreError) as error:
        raise Impossible(str(error)) from None


def _flush() -> None:
    import sys

    sys.stdout.flush()
