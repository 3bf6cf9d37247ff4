"""Who can open a server's links: nobody but this machine, a network, or everybody through a tunnel."""

from typing import NamedTuple

from drills.settings import Settings
from drills.web.tunnel import Tunnel

__all__ = ["Reach", "reach_of", "ways_of"]


def ways_of(settings: Settings) -> tuple[str, ...]:
    """The ways out for somebody whose server nobody else can reach, with the port that they chose."""
    port = settings.port
    chosen = "" if port in (0, Settings.model_fields["port"].default) else f" --port {port}"
    return (
        f"drillroom serve{chosen} --host 0.0.0.0 --public-url http://NAME:{port}, for people on your network; "
        "NAME is what they call this machine",
        f"drillroom serve{chosen} --share, for people anywhere, through a tunnel that is installed here",
        "a web server in front, with its address as --public-url; the documents have one for nginx",
    )


class Reach(NamedTuple):
    """Who can open the links."""

    says: str
    """In a sentence or two; empty if there is nothing to say."""
    ways: tuple[str, ...] = ()
    """What to do so that others can."""


def reach_of(settings: Settings, tunnel: Tunnel | None) -> Reach:
    """Who can open the links of a server that has these settings, and perhaps a tunnel."""
    if tunnel is not None and tunnel.open:
        return Reach(
            f"Shared by {tunnel.tool.name} until the server ends. Who can open a link: {tunnel.tool.reaches}. "
            "Nothing else of this machine can be reached by it."
        )
    if tunnel is not None:
        return Reach(
            f"The tunnel has ended: {tunnel.tool.name} went away, and nobody outside can open a link now.",
            ("Start the server again with --share, and send everybody the new link. Running drills go on.",),
        )
    if settings.public_url or not _is_loopback(settings.host):
        return Reach("")
    return Reach("Nobody but you can open this link: the server listens on this machine alone.", ways_of(settings))


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
