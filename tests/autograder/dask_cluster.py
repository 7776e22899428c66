"""Real ``dask scheduler`` and ``dask worker`` processes on loopback or in network namespaces, for tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from distributed import Client

SETTINGS = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2",
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION": "1.0",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
}
WAIT_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """A scheduler and workers, each a process of its own; a context manager that ends them all.

    Args:
        folder: for their logs and scratch files.
        workers: how many to start with, one thread each.
        within: by the name of a process (``scheduler``, ``w0``, ...), a command that it is run by, such as
            ``ip netns exec HOST``.
    """

    def __init__(self, folder: Path, workers: int = 2, host: str = "127.0.0.1", within=None) -> None:
        self.folder, self._count, self._host, self._within = folder, workers, host, within or {}
        self.address = f"tcp://{host}:{free_port()}"
        self.processes: dict[str, subprocess.Popen] = {}

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.start_scheduler()
        for number in range(self._count):
            self.start_worker(f"w{number}")
        return self

    def __exit__(self, *_):
        for name in reversed(list(self.processes)):
            self.end(name)

    def start_scheduler(self) -> None:
        port = self.address.rpartition(":")[2]
        self._start("scheduler", "scheduler", ["--host", self._host, "--port", port, "--no-dashboard"])

    def start_worker(self, name: str, *options: str, prefix: Sequence[str] = ()) -> None:
        common = ["--nthreads", "1", "--no-dashboard", "--name", name, "--local-directory", str(self.folder)]
        self._start(name, "worker", [self.address, *common, *options], prefix)

    def end(self, name: str, how: int = signal.SIGTERM) -> None:
        """End a process and all that it started."""
        process = self.processes.pop(name)
        for pid in [process.pid, *descendants(process.pid)] if how == signal.SIGKILL else [process.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, how)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def client(self) -> Client:
        return Client(self.address, timeout=WAIT_SECONDS)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def _start(self, name: str, what: str, options: Sequence[str], prefix: Sequence[str] = ()) -> None:
        command = [*prefix, *self._within.get(name, ()), sys.executable, "-m", "dask", what, *options]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, stdout=log, stderr=log, env={**os.environ, **SETTINGS}, start_new_session=True
            )


def descendants(pid: int) -> list[int]:
    found = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *descendants(child)]
    return found


def wait_until(true, what: str, seconds: float = WAIT_SECONDS):
    deadline = time.monotonic() + seconds
    while not (got := true()):
        assert time.monotonic() < deadline, what
        time.sleep(0.02)
    return got
