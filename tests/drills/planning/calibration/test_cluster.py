"""A real Dask cluster of two workers here, one of which is killed half-way; and schedulers that are of no use."""

import os
import signal
import socket
from itertools import chain, repeat
from pathlib import Path

import pytest
from distributed import LocalCluster

from drills.planning.calibration import cluster as module
from drills.planning.calibration.campaign import calibrate
from drills.planning.calibration.chunks import CHUNK, brief_of, chunks_of
from drills.planning.calibration.cluster import Cluster
from drills.planning.calibration.results import read_progress
from drills.planning.calibration.workers import WorkersError
from tests.drills.planning.calibration.campaigns import After, alone, made, short
from tests.support.extent import LONG

pytestmark = pytest.mark.filterwarnings("ignore")  # what Dask and what it uses warn of is not ours


@LONG
def test_the_same_bytes_from_a_cluster_through_a_kill_and_who_cannot_play_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = tmp_path / "begun"
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:  # type: ignore[no-untyped-call]  # Dask has no types
        address = cluster.scheduler_address

        def kill() -> None:
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)

        with monkeypatch.context() as change:
            change.setattr(module, "code", lambda: "other")
            with pytest.raises(WorkersError, match=rf"^a worker at {address} has other code than this; install the "):
                made(Cluster(address), begun)
        with monkeypatch.context() as change:
            versions = chain(["Dask 2020.1.0 on Python 3.8"], repeat("Dask 2026.8.0 on Python 3.12"))
            change.setattr(module, "_versions", lambda _: next(versions))
            says = "^a scheduler at tcp.* runs Dask 2026.8.0 on Python 3.12, and this is Dask 2020.1.0 on Python 3.8; "
            with pytest.raises(WorkersError, match=says):
                made(Cluster(address), begun)

        workers = After(Cluster(address), 1, kill)
        assert made(workers, begun) == alone()
        assert sorted(workers.came) == [*chunks_of(short())]

        long = brief_of("slow-report", 40 * CHUNK)
        with pytest.raises(WorkersError, match=rf"^the scheduler at {address} is gone$"):
            calibrate(long, After(Cluster(address), 2, cluster.close), begun, "a command")
    kept = read_progress(begun)
    assert kept is not None
    assert 2 <= len(kept.done) < len(chunks_of(long))


def test_nobody_at_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CONNECT", "1s")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for address in (f"tcp://127.0.0.1:{port}", "nonsense", "foo://1:2"):
        with pytest.raises(WorkersError, match=rf"^no Dask scheduler answers at {address}; `dask sche"):
            made(Cluster(address), tmp_path / "begun")
