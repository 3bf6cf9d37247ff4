"""A Dask cluster as workers. What it plays comes back as JSON, and what is lost with a worker is played again.

A cluster has no authentication unless it uses TLS: whoever reaches its scheduler can run anything on its workers.
"""

import logging
import secrets
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import msgspec
from distributed import Client, KilledWorker, WorkerPlugin

from drills.planning.calibration.chunks import Brief, encoded, play_chunk, prepared
from drills.planning.calibration.workers import ATTEMPTS, Played, WorkersError
from scoring.calibration.counts import Counts

__all__ = ["Cluster"]

_CONNECT = "10s"
_LOOK_EVERY = 1.0
_PATIENCE = 30
"""So many looks in a row may find no worker at all."""
_LEAST = 8
_PACKAGES = ("scenarios", "simulator", "scoring", "drills/planning")
"""Where the code is that decides what a drill is and what it is worth."""

_plans: dict[str, str] = {}
"""On a worker: the plans that it was sent, by the names under which chunks ask for them."""


class OtherCodeError(Exception):
    """A worker has other code than we do, or was never told what to play."""


@cache
def code() -> str:
    """A hash of the code that plays and scores drills, as it is on this machine."""
    root = Path(__file__).parents[3]
    found = sha256()
    for package in _PACKAGES:
        for file in sorted((root / package).rglob("*.py")):
            found.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


class _Plan(WorkerPlugin):
    """Brings a plan to each worker, once, also to those that start later. Raises OtherCodeError there."""

    def __init__(self, key: str, plan: str, wanted: str) -> None:
        self.key, self.plan, self.wanted = key, plan, wanted

    def setup(self, worker: object) -> None:  # noqa: ARG002 - Dask's signature
        if code() != self.wanted:
            raise OtherCodeError
        _plans[self.key] = self.plan

    def teardown(self, worker: object) -> None:  # noqa: ARG002 - Dask's signature
        _plans.pop(self.key, None)


def play_there(key: str, drills: int, chunk: int) -> bytes:
    """Play a chunk, on a worker that was sent the plan. Raises OtherCodeError if it was not."""
    if key not in _plans:
        raise OtherCodeError
    return encoded(play_chunk(prepared(_plans[key]), drills, chunk))


class _Client(Client):
    """A client that is closed by whoever made it; else one that never connected would wait when it is collected."""

    def __del__(self) -> None:
        """Nothing is left to do."""


class Cluster:
    """The workers of the Dask scheduler at an address, such as `tcp://10.0.0.5:8786`; `tls://` where it has TLS."""

    def __init__(self, address: str) -> None:
        self._address = address

    def play(self, brief: Brief, chunks: Iterable[int]) -> Iterator[Played]:
        """The chunks, in the order in which they are done. Raises WorkersError."""
        with _silent(), self._connected() as client:
            key = f"drillroom-{brief.scenario}-{secrets.token_hex(8)}"  # others may calibrate the same one there
            try:
                client.register_plugin(_Plan(key, brief.plan, code()), name=key)
            except Exception as error:  # noqa: BLE001 - whatever a worker raised there
                raise self._wrong(error) from None
            try:
                yield from self._played(client, key, brief, list(chunks))
            finally:
                with suppress(Exception):
                    client.unregister_worker_plugin(key)

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        connected: Any = _Client  # Dask has no types
        try:
            client = connected(self._address, timeout=_CONNECT, set_as_default=False)
        except (OSError, ValueError, ImportError, TypeError) as error:
            if isinstance(error, ImportError):
                raise WorkersError(f"{self._address}: {_first(error)}") from None
            raise WorkersError(
                f"no Dask scheduler answers at {self._address}; `dask scheduler` starts one, and says its address"
            ) from None
        try:
            self._check(client)
            yield client
        finally:
            with suppress(Exception):
                client.close(timeout=5)

    def _check(self, client: Any) -> None:  # noqa: ANN401 - Dask has no types
        """Raises WorkersError if there is nobody to play, or the others run another Dask or Python."""
        found = client.get_versions()
        if not found["workers"]:
            raise WorkersError(
                f"the scheduler at {self._address} has no workers; `dask worker {self._address}` starts one"
            )
        ours = _versions(found["client"])
        for who, theirs in (("scheduler", found["scheduler"]), *(("worker", one) for one in found["workers"].values())):
            if _versions(theirs) != ours:
                raise WorkersError(
                    f"a {who} at {self._address} runs {_versions(theirs)}, and this is {ours}; install the same on all"
                )

    def _played(self, client: Any, key: str, brief: Brief, waiting: list[int]) -> Iterator[Played]:  # noqa: ANN401
        done: Queue[Any] = Queue()
        running: dict[Any, int] = {}
        tried: dict[int, int] = {}
        most = max(_LEAST, 3 * sum(client.nthreads().values()))
        waiting.reverse()
        idle = 0
        try:
            while waiting or running:
                while waiting and len(running) < most:
                    chunk = waiting.pop()
                    tried[chunk] = tried.get(chunk, 0) + 1
                    future = client.submit(play_there, key, brief.drills, chunk, key=f"{key}-{chunk}-{tried[chunk]}")
                    running[future] = chunk
                    future.add_done_callback(done.put)
                future = self._next(client, done)
                idle = idle + 1 if future is None and not client.nthreads() else 0
                if idle > _PATIENCE:
                    raise WorkersError(f"{self._address} has no workers any more")
                if future is None or future not in running:
                    continue
                chunk = running.pop(future)
                counts = self._result(future)
                if counts is not None:
                    yield chunk, counts
                elif tried[chunk] < ATTEMPTS:
                    waiting.append(chunk)
                else:
                    raise WorkersError(f"workers of {self._address} ended {ATTEMPTS} times over the same drills")
        finally:
            with suppress(Exception):
                client.cancel(list(running))

    def _next(self, client: Any, done: "Queue[Any]") -> Any:  # noqa: ANN401
        """A future that is done; None if there is none for now. Raises WorkersError if the scheduler is gone."""
        try:
            future = done.get(timeout=_LOOK_EVERY)
        except Empty:
            future = None
        if client.status != "running":
            raise WorkersError(f"the scheduler at {self._address} is gone")
        return future

    def _result(self, future: Any) -> Counts | None:  # noqa: ANN401 - Dask has no types
        """What a chunk brought; None if it was lost with its workers. Raises WorkersError for anything else."""
        if future.status == "cancelled":
            return None
        error = future.exception()
        if error is None:
            return msgspec.json.decode(future.result(), type=Counts)
        if isinstance(error, KilledWorker):
            return None
        raise self._wrong(error)

    def _wrong(self, error: BaseException) -> WorkersError:
        if isinstance(error, OtherCodeError | ModuleNotFoundError | AttributeError):
            return WorkersError(
                f"a worker at {self._address} has other code than this; install the same drillroom on all of them, and "
                "start them again"
            )
        return WorkersError(f"{self._address}: {_first(error)}")


def _versions(of: Any) -> str:  # noqa: ANN401 - what Dask says of a process
    python = ".".join(str(of["host"]["python"]).split(".")[:2])
    return f"Dask {of['packages']['distributed']} on Python {python}"


def _first(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), "") or type(error).__name__


@contextmanager
def _silent() -> Iterator[None]:
    """Dask says much on standard error of what we say in a sentence."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in ("distributed", "tornado")]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
