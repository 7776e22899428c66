# mypy: disable-error-code="no-untyped-call"
# (distributed has types for some of its methods)
"""The Dask cluster that a run uses: one that runs already, or one that this machine starts for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec

import dask
from distributed import Client, LocalCluster
from distributed.security import Security

from autograder.dask_engine.interrupts import held_back
from autograder.errors import KitError

WORKER_SECONDS = 120.0

# A worker holds one flight and no other waits there, so that its death is held against nobody else; the
# third one that a flight causes is its last. Dask's profiler would take a share of every grader's time.
SETTINGS = {
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.scheduler.allowed-failures": 2,
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
}


@contextmanager
def connected(scheduler: str | None, jobs: int) -> Iterator[Client]:
    """A client of the cluster at the address `scheduler`, None for one of this machine's own.

    Args:
        scheduler: such as ``tcp://grader.example:8786``.
        jobs: how many workers a cluster of this machine's own has.

    Raises:
        KitError: nothing answers there, or no worker comes.
    """
    for name in ("asyncio", "distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).handlers = [logging.NullHandler()]  # (the run itself says what is lost)
    if scheduler:
        with _client(scheduler) as client:
            yield client
        return
    with dask.config.set(SETTINGS), _own(jobs) as cluster, Client(cluster) as client:
        yield client


@contextmanager
def _own(jobs: int) -> Iterator[LocalCluster]:
    """Workers of this machine.

    Whoever connects to them can run programs; where ``cryptography`` is installed only this process can.
    """
    security = Security.temporary() if find_spec("cryptography") else None
    with ExitStack() as opened:
        with held_back():
            cluster = LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",
                host="127.0.0.1",
                security=security,
                preload="autograder.dask_engine.interrupts",
                silence_logs=logging.CRITICAL,
            )
            opened.enter_context(cluster)
        yield cluster


@contextmanager
def _client(scheduler: str) -> Iterator[Client]:
    try:
        client = Client(scheduler)
    except (OSError, ValueError, TypeError) as fault:
        raise KitError(
            f"--scheduler {scheduler}: no Dask scheduler answers ({fault}); "
            "start one with dask scheduler, then give the same command"
        ) from fault
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except TimeoutError as fault:
            raise KitError(
                f"--scheduler {scheduler}: no worker came within {WORKER_SECONDS:g} s; "
                f"start one with: dask worker {scheduler} --nthreads 1"
            ) from fault
        yield client
