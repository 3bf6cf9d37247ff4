"""Two servers hold fifty busy drills while one or the other is killed, stopped or ended: nothing is lost or doubled.

Six drills and three faults every day; with FULL_TESTS=1, as .ci/run sets it, fifty drills and thirty faults; with
PROVE_TESTS=1, as `make prove` sets it, a hundred.
"""

import asyncio
import random
import signal
from collections import Counter
from pathlib import Path

import httpx

from drills.live.drill import DOWN
from simulator import events as ev
from simulator.events import Event
from tests.drills.servers.fleet import Client, Fleet, Listener, Node, until
from tests.support.extent import FULL, PROVE

DRILLS, FAULTS = (50, 30) if FULL else (6, 3)
FAULTS = 100 if PROVE else FAULTS
LEASE = 2.0 if FULL else 1.0
EVERY = 2.0 if FULL else 0.3
"""Seconds between two acts of somebody."""
LISTENERS = 10 if FULL else 3
FAULT = (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM)


def test_whatever_becomes_of_a_server_what_people_were_told_is_what_the_log_holds(
    tmp_path: Path, postgresql: str
) -> None:
    async def played() -> None:
        fleet = Fleet.of(tmp_path, postgresql, lease=LEASE)
        rng = random.Random(7)  # noqa: S311 - moments, no secrets
        drills = await fleet.prepare(DRILLS)
        clients = [Client(fleet, drill, "facilitator", random.Random(place)) for place, drill in enumerate(drills)]  # noqa: S311 - as above
        listeners = [Listener(client) for client in clients[:LISTENERS]]
        faults: Counter[str] = Counter()
        try:
            for node in fleet.nodes:
                await fleet.start(node)
            async with httpx.AsyncClient(limits=httpx.Limits(max_connections=None)) as http:
                for client in clients:
                    await client.come_in(http, rng.choice(fleet.nodes))
                async with asyncio.TaskGroup() as group:
                    for client in clients:
                        group.create_task(client.run(http, EVERY))
                    listening = [group.create_task(listener.run(http)) for listener in listeners]
                    for number in range(FAULTS):
                        await asyncio.sleep(rng.uniform(0.2, 2.0) * LEASE)  # the moment is random, nothing waits for it
                        await fail(fleet, rng.choice(fleet.nodes), FAULT[number % len(FAULT)], rng, faults)
                    await all_are_held(fleet, drills)
                    fleet.over = True
                    for task in listening:
                        task.cancel()
        finally:
            fleet.over = True
            await fleet.close()
        logs = fleet.logs(drills)
        moved = sum(check(logs[client.drill], client) for client in clients)
        for listener in listeners:
            listener.check(logs[listener.client.drill])
        assert sum(listener.came_back for listener in listeners) > LISTENERS
        assert moved >= DRILLS, "the drills did not move from one server to the other"
        acts, again = sum(len(client.done) for client in clients), sum(client.sent_again for client in clients)
        figures = f"{dict(faults)}; {acts} acts, {again} sent again; drills taken up {moved} times\n"
        (tmp_path / "figures.txt").write_text(figures, encoding="utf-8")

    asyncio.run(played())


async def fail(fleet: Fleet, node: Node, number: signal.Signals, rng: random.Random, faults: "Counter[str]") -> None:
    """Let something happen to a server, which comes back."""
    faults[number.name] += 1
    if number == signal.SIGSTOP:
        node.signal(number)
        await asyncio.sleep(rng.uniform(0.2, 3.0) * LEASE)  # for less than its lease, or for more
        node.signal(signal.SIGCONT)
        return
    code = await node.end(number)
    assert code == (0 if number == signal.SIGTERM else -number)
    await asyncio.sleep(rng.uniform(0.0, 2.0) * LEASE)
    await fleet.start(node)


async def all_are_held(fleet: Fleet, drills: list[str]) -> None:
    """Wait until each drill is held by one of the servers that run."""
    urls = {node.url for node in fleet.nodes}
    held: dict[str, str] = {}

    async def look() -> None:
        while set(drills) - set(held):
            held.update({name: one.url for name, one in (await fleet.holders()).items() if one.url in urls})
            await asyncio.sleep(0.1)

    looking = asyncio.create_task(look())
    await until(looking.done)
    await looking


def check(events: list[Event], client: Client) -> int:
    """What somebody was told against what the log holds; how often another server took the drill up."""
    assert [event.seq for event in events] == list(range(len(events)))
    client.check(events)
    shown = Counter(event.inject for event in events if isinstance(event, ev.InjectDelivered))
    assert set(shown.values()) <= {1}, "an inject was shown twice"
    pauses = [event for event in events if isinstance(event, ev.DrillPaused) and event.reason == DOWN]
    for pause in pauses:
        after = events[pause.seq + 1]
        assert isinstance(after, ev.DrillResumed)
        assert after.at == pause.at, "drill time ran on"
    return len(pauses)
