"""What a class of ten thousand or a million takes on one, eight or a hundred nodes, and what breaks first.

    python benchmarks/capacity.py                    # writes docs/capacity.md from docs/capacity.json
    python benchmarks/capacity.py --measure [--size 2000] [--tasks 4]    # measures first: 3 minutes

Measured, on this machine with a scheduler and two workers of their own processes: what one more submission
costs in processor time at a worker (the sandboxed children included), at the scheduler and at the command, in
memory there and on the disk. These are differences between half and nine tenths of the way, so that no start
is in them, and without what scheduler and workers spend when they do nothing. Everything else on the page is
computed from that.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec
from dask_cluster_of import ROOT, cluster, descendants, resident_mb, write_class, write_course

PAGE, NUMBERS = ROOT / "docs" / "capacity.md", ROOT / "docs" / "capacity.json"
CLASSES, NODES, PROCESSORS = (10_000, 1_000_000), (1, 8, 100), 16
WAIT_S = 5.0
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class Costs(msgspec.Struct, frozen=True):
    """What one more submission costs.

    Attributes:
        submissions: so many were graded to find out, with so many `tasks`.
        worker_s: processor seconds at a worker, its graders and their children.
        scheduler_s: at the scheduler.
        client_s: at the command, which writes the books.
        client_bytes: memory that it keeps.
        disk_bytes: result, pages and table.
        files: of those.
        start_s: from the command's start to the first result.
    """

    submissions: int
    tasks: int
    worker_s: float
    scheduler_s: float
    client_s: float
    client_bytes: float
    disk_bytes: float
    files: float
    start_s: float


@dataclass(frozen=True)
class _Look:
    done: int
    cpu_s: dict[str, float]
    client_mb: float


def cpu_s(pid: int) -> float:
    """Processor seconds of a process, all it started and those of them that have ended."""
    total = 0.0
    for one in [pid, *descendants(pid)]:
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15])) * TICK_S
    return total


def measure(size: int, tasks: int) -> Costs:
    """Grade a class of right submissions on two workers, and look at every process on the way."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        course, out = write_course(folder / "course", tasks), folder / "scores"
        submitted = write_class(folder / "class", course, range(size))
        with cluster(folder / "cluster", 2) as (address, processes):
            command = [sys.executable, "-m", "autograder", "grade", str(submitted), "--out", str(out)]
            options = ["--engine", "dask", "--scheduler", address, "--no-gradebook"]
            idle = _idle(processes)
            since = time.perf_counter()
            running = subprocess.Popen([*command, *options], cwd=course.root, stdout=subprocess.DEVNULL)
            looks, first_s = [], 0.0
            while running.poll() is None:
                looks.append(_look(out, {"client": running.pid, **processes}, idle, since))
                first_s = first_s or (time.perf_counter() - since if looks[-1].done else 0.0)
                time.sleep(0.2)
        if running.returncode:
            raise SystemExit(f"the command failed: {running.returncode}")
        return _costs(looks, (size, tasks, first_s), out)


def _idle(processes: dict[str, int]) -> dict[str, float]:
    """Processor seconds that each process spends a second when there is nothing to do."""
    time.sleep(WAIT_S)
    before = {name: cpu_s(pid) for name, pid in processes.items()}
    time.sleep(WAIT_S)
    return {name: (cpu_s(pid) - before[name]) / WAIT_S for name, pid in processes.items()}


def _look(out: Path, processes: dict[str, int], idle: dict[str, float], since: float) -> _Look:
    done, now = sum(1 for _ in out.glob("*/*.json")), time.perf_counter() - since
    spent = {name: cpu_s(pid) - now * idle.get(name, 0.0) for name, pid in processes.items()}
    return _Look(done, spent, resident_mb(processes["client"]))


def _costs(looks: list[_Look], asked: tuple[int, int, float], out: Path) -> Costs:
    size, tasks, start_s = asked
    early = next(look for look in looks if look.done >= size // 2)
    late = [look for look in looks if look.done <= size * 9 // 10][-1]
    count = late.done - early.done
    spent = {name: (late.cpu_s[name] - early.cpu_s[name]) / count for name in late.cpu_s}
    files = [path for path in out.rglob("*") if path.is_file()]
    return Costs(
        submissions=size,
        tasks=tasks,
        worker_s=round(sum(each for name, each in spent.items() if name.startswith("worker")), 4),
        scheduler_s=round(spent["scheduler"], 5),
        client_s=round(spent["client"], 5),
        client_bytes=max(0, round((late.client_mb - early.client_mb) * 1e6 / count)),
        disk_bytes=round(sum(path.stat().st_blocks * 512 for path in files) / size),
        files=round(len(files) / size, 2),
        start_s=round(start_s, 1),
    )


def taken(costs: Costs, students: int, nodes: int) -> tuple[float, str]:
    """Seconds that a class takes, and what it waits for."""
    parts = {
        "the workers": students * costs.worker_s / (nodes * PROCESSORS),
        "the scheduler": students * costs.scheduler_s,
        "the command": students * costs.client_s,
    }
    slowest = max(parts, key=parts.__getitem__)
    return costs.start_s + parts[slowest], slowest


def page(costs: Costs) -> str:
    """The page, in Markdown."""
    rows = [
        f"| {students:,} | {nodes} | {words(seconds)} | {waited_for} |"
        for students in CLASSES
        for nodes in NODES
        for seconds, waited_for in [taken(costs, students, nodes)]
    ]
    most = max(costs.client_s, costs.scheduler_s)
    busy = int(costs.worker_s / most)
    first = "the command, which writes every book" if most == costs.client_s else "Dask's scheduler"
    nodes_busy, million = busy / PROCESSORS, CLASSES[-1]
    files, disk = million * costs.files / 1e6, million * costs.disk_bytes / 1e9
    memory = million * costs.client_bytes / 1e9
    return f"""# How large a class can be

Computed by `python benchmarks/capacity.py` from costs measured on one machine with two processors.
One more right submission to {costs.tasks} tasks of `scalar_autodiff` costs (of {costs.submissions:,} graded):

| where | cost |
|---|---|
| a worker, its graders and their sandboxed children | {costs.worker_s * 1e3:.1f} ms of a processor |
| the scheduler | {costs.scheduler_s * 1e3:.2f} ms of its one processor |
| the command, which writes results, pages and tables | {costs.client_s * 1e3:.2f} ms of its one processor |
| the command's memory | {costs.client_bytes / 1e3:.1f} kB |
| the command's disk | {costs.disk_bytes / 1e3:.0f} kB in {costs.files:g} files |

A run's start takes {costs.start_s:g} s. So a class takes, on nodes of {
        PROCESSORS
    } processors like that machine's:

| submissions | nodes | time | what it waits for |
|---|---|---|---|
{chr(10).join(rows)}

**What breaks first is {first}:** it is one thread, and from
{busy:,} workers on ({nodes_busy:.1f} nodes) more of them change nothing. Beyond that, divide the class:
`--assignment`, or a folder of students each, with an `--out` and a command and a scheduler of its own; a
student's result depends on nothing else.

Next is the disk: a million submissions are {files:.1f} million files, {
        disk:.0f} GB. Then the command's memory,
which grows by {memory:.1f} GB at most: a part of what grows is full after some thousand submissions, as
`benchmarks/large_class.py --tasks 4` shows.

Submissions that fail are asked more questions for their feedback, and cost more; measure your own class with
`--log-json`.
"""


def words(seconds: float) -> str:
    """A time as people say it."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def main() -> None:
    """Measure where that is asked for, and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--tasks", type=int, default=4, choices=range(1, 6))
    options = parser.parse_args()
    if options.measure:
        costs = measure(options.size, options.tasks)
        NUMBERS.write_bytes(msgspec.json.format(msgspec.json.encode(costs), indent=2) + b"\n")
    PAGE.write_text(page(msgspec.json.decode(NUMBERS.read_bytes(), type=Costs)))


if __name__ == "__main__":
    main()
