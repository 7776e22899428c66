"""What the benchmarks of the Dask engine share: a course of fewer tasks, a class, a cluster, a run."""

from __future__ import annotations

import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from autograder.registry import Course, find_course
from autograder.release.stubs import stubs

ROOT = Path(__file__).parent.parent
NAME = "scalar_autodiff"
MODULES = ("central_difference", "scalar_functions", "chain_rule", "backpropagation", "training")
SETTINGS = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2",
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION": "1.0",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
}


def write_course(folder: Path, tasks: int) -> Course:
    """The course with the first so many tasks of `scalar_autodiff` alone, written to `folder`."""
    for part in (f"solutions/{NAME}", f"tests/tasks/{NAME}"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    registry = folder / "solutions" / NAME / "assignment.toml"
    registry.write_text(registry.read_text().partition(f"[tasks.task1_{tasks + 1}]")[0])
    for module in MODULES[tasks:]:
        (folder / f"tests/tasks/{NAME}/test_{module}.py").unlink()
        (registry.parent / f"{module}.py").unlink()
    return find_course(folder)


def write_class(folder: Path, course: Course, numbers: Sequence[int]) -> Path:
    """Right submissions with a comment of their own each."""
    assignment = course.assignment(NAME)
    modules = stubs(assignment, frozenset(task.id for task in assignment.tasks))
    for number in numbers:
        place = folder / f"student{number:07}" / NAME
        place.mkdir(parents=True)
        for name, text in modules.items():
            (place / f"{name}.py").write_text(f"{text}\n# student {number}\n")
    return folder


@dataclass(frozen=True)
class Ran:
    """One whole command.

    Attributes:
        wall_s: from its start to its end.
        cpu_s: processor seconds of all its processes, those of a running cluster not counted.
        rate: submissions a second once all workers grade: without the first tenth.
        counts: the last line of its log.
        memory_mb: by process, what it held a tenth, two tenths, ... of the way.
    """

    wall_s: float
    cpu_s: float
    rate: float
    counts: dict[str, object]
    memory_mb: dict[str, list[float]]


def run(
    course: Course, submitted: Path, out: Path, *options: str, watched: dict[str, int] | None = None
) -> Ran:
    """Grade; `watched` are processes whose memory is looked at, besides the command's own."""
    log = out.with_suffix(".jsonl")
    log.unlink(missing_ok=True)
    command = [sys.executable, "-m", "autograder", "grade", str(submitted), "--out", str(out)]
    since, before, held = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN), []
    process = subprocess.Popen(
        [*command, "--log-json", str(log), *options], cwd=course.root, stdout=subprocess.DEVNULL
    )
    pids = {"client": process.pid, **(watched or {})}
    while process.poll() is None:
        held.append({name: resident_mb(pid) for name, pid in pids.items()})
        time.sleep(0.2)
    wall, after = time.perf_counter() - since, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if process.returncode:
        raise SystemExit(f"the command failed: {process.returncode}")
    events = [json.loads(line) for line in log.read_text().splitlines()]
    tenths = [held[len(held) * tenth // 10] for tenth in range(1, 10)]
    memory = {name: [at[name] for at in tenths] for name in pids}
    return Ran(wall, cpu, _rate(events), events[-1], memory)


def _rate(events: list[dict[str, object]]) -> float:
    times = [
        datetime.fromisoformat(str(event["time"])).timestamp()
        for event in events
        if event["event"] == "submission" and event["step"] == "graded"
    ][len(events) // 10 :]
    return sum(1 for _ in pairwise(times)) / (times[-1] - times[0]) if len(times) > 1 else 0.0


def resident_mb(pid: int) -> float:
    """Memory that a process and all it started hold, in megabytes; what they share counts for each."""
    return sum(map(_resident, [pid, *descendants(pid)])) / 1e6


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return 0.0


def descendants(pid: int) -> list[int]:
    """The processes that a process has started, and theirs."""
    found = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *descendants(child)]
    except OSError:
        return found
    return found


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, dict[str, int]]]:
    """A scheduler and so many workers of one thread; its address, and the processes by name."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address, processes = f"tcp://127.0.0.1:{port}", {}
    folder.mkdir(parents=True, exist_ok=True)
    common = ["--no-dashboard"]
    orders = {"scheduler": ["scheduler", "--host", "127.0.0.1", "--port", str(port), *common]}
    for number in range(workers):
        own = ["--nthreads", "1", "--name", f"w{number}", "--local-directory", str(folder)]
        orders[f"worker {number}"] = ["worker", address, *own, *common]
    try:
        for name, order in orders.items():
            with (folder / f"{name}.log").open("w") as log:
                processes[name] = subprocess.Popen(
                    [sys.executable, "-m", "dask", *order],
                    stdout=log,
                    stderr=log,
                    env={**os.environ, **SETTINGS},
                )
        yield address, {name: process.pid for name, process in processes.items()}
    finally:
        for process in reversed(processes.values()):
            process.terminate()
            process.wait()
