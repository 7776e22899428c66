"""What one command costs, and the end of it and all that it started when its time is up."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.class_speed import Cost, descendants

POLL_S = 0.02
LINES_OF_OUTPUT = 3


@dataclass(frozen=True)
class Ran:
    """One command that has ended.

    Attributes:
        cost: seconds; on the processors, what the command and those of its children that it waited for used.
        exit_code: None where its time was up.
        said: the last lines of its standard error.
    """

    cost: Cost
    exit_code: int | None
    said: str


def run(command: Sequence[str], *, cwd: Path, variables: dict[str, str], limit_s: float, log: Path) -> Ran:
    """Run a command, its output to the file `log`; after `limit_s` seconds it and its children are killed."""
    since = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    in_time = _wait(process.pid, since + limit_s)
    if not in_time:
        _kill(process.pid)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)  # (so that Popen does not wait for it again)
    wall_s = time.perf_counter() - since
    cost = Cost(wall_s, used.ru_utime + used.ru_stime)
    last = log.read_text(errors="replace").strip().splitlines()[-LINES_OF_OUTPUT:]
    return Ran(cost, process.returncode if in_time else None, "\n".join(last))


def _wait(pid: int, until: float) -> bool:
    """Whether the process ended in time; it is left to be waited for, since that tells what it used."""
    while time.perf_counter() < until:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return True
        time.sleep(POLL_S)
    return False


def _kill(pid: int) -> None:
    """End a process and all that it started: a notebook's kernel has a session of its own."""
    for one in [pid, *descendants(pid)]:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
