"""How fast a class is graded: ours against a fresh pytest a submission, and against no isolation at all.

Prints, from one run on one machine: seconds a submission for a fresh ``pytest`` process each and for
``autograder grade`` over a class (its start included) with one and two workers; the processor time of
a graded submission against the bare test bodies replayed on the same examples in a warm process; and
the memory of a worker over many submissions.

On a machine that others use too, the same loop takes a third longer from one minute to the next. So
what is compared is measured in turns, round after round, and the fastest of each is taken, as
`timeit` does: the rest is the machine's other work, not ours. The rounds are printed too.

    python benchmarks/class_speed.py [--size 200] [--fresh 5] [--rounds 3] [--memory 500]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.grading.grader import Grader
from autograder.grading.submission import Submission
from autograder.registry import Assignment, Course, find_course
from autograder.release.stubs import stubs

ROOT = Path(__file__).parent.parent
NAME = "scalar_autodiff"
LEFT_OUT = "task1_5"
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """Seconds for one submission: on the wall clock and on the processors."""

    wall_s: float
    cpu_s: float


def measured(work: Callable[[], object], count: int) -> Cost:
    """The cost of each of the `count` submissions that `work` handles in child processes."""
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost((time.perf_counter() - wall) / count, cpu / count)


def run(*command: str, cwd: Path) -> None:
    """Run a command that must succeed."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, cwd=cwd, env=environment, check=True, stdout=subprocess.DEVNULL)


def write_course(folder: Path) -> Course:
    """The course with tasks 1.1 to 1.4 of `scalar_autodiff` alone, written to `folder`."""
    for part in (f"solutions/{NAME}", f"tests/tasks/{NAME}"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    registry = folder / "solutions" / NAME / "assignment.toml"
    registry.write_text(registry.read_text().partition(f"[tasks.{LEFT_OUT}]")[0])
    (folder / "tests" / "tasks" / NAME / "test_training.py").unlink()
    (registry.parent / "training.py").unlink()
    return find_course(folder)


def submission_of(assignment: Assignment) -> dict[str, str]:
    """The reference's task modules, as a student would hand them in."""
    return stubs(assignment, frozenset(task.id for task in assignment.tasks))


def write_class(folder: Path, modules: dict[str, str], size: int) -> Path:
    """A class of right submissions, each with a comment of its own."""
    for number in range(size):
        place = folder / f"student{number:04}" / NAME
        place.mkdir(parents=True)
        for name, text in modules.items():
            (place / f"{name}.py").write_text(f"{text}\n# student {number}\n")
    return folder


def fresh_pytest(course: Course, count: int) -> Cost:
    """A fresh pytest process each, hypothesis drawing its examples in each."""
    command = [sys.executable, "-m", "pytest", f"tests/tasks/{NAME}", "-q", "-p", "no:cacheprovider"]
    run(*command, cwd=course.root)  # writes the bytecode
    return measured(lambda: [run(*command, cwd=course.root) for _ in range(count)], count)


def graded(course: Course, submitted: Path, out: Path, size: int, jobs: int) -> Cost:
    """The whole command over a class, its start included."""
    command = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        str(submitted),
        "--out",
        str(out),
        "-j",
        str(jobs),
    ]
    return measured(lambda: run(*command, "--no-gradebook", cwd=course.root), size)


def bare_bodies(course: Course, passes: int) -> dict[str, float]:
    """Processor seconds of the test bodies alone, and how many tests and examples that are."""
    command = [sys.executable, str(ROOT / "benchmarks" / "bare_bodies.py"), str(course.root), str(passes)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(said.splitlines()[-1]))


def processor_s(pid: int) -> float:
    """Processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_S


def resident_mb(pid: int) -> float:
    """Memory that a process holds, in megabytes, what it shares with others included."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def descendants(pid: int) -> list[int]:
    """The processes that a process has started, and theirs."""
    found = []
    for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        found += [child, *descendants(child)]
    return found


@dataclass(frozen=True)
class Worker:
    """One worker beside the bare bodies: a number for each round, processor times in seconds."""

    graded_s: list[float]
    bare_s: list[float]
    memory_mb: list[float]
    children: int
    tests: int
    examples: int


def worker(course: Course, modules: dict[str, str], rounds: int, count: int) -> Worker:
    """Grade `count` submissions in one worker, in rounds, with the bare bodies between them."""
    assignment = course.assignment(NAME)
    submission = Submission("student", NAME, modules, "0" * 64)
    graded_s, bare, memory_mb = [], [], []
    with Grader(course, assignment, processor=min(os.sched_getaffinity(0))) as grader:
        assert grader.grade(submission, 0).score == assignment.max_score
        processes = [grader.pid, *descendants(grader.pid)]
        each = count // rounds
        for _ in range(rounds):
            before, sandboxed = sum(map(processor_s, processes)), 0.0
            for _ in range(each):
                grader.grade(submission, 0)
                sandboxed += grader.last.cpu_s
            graded_s.append((sum(map(processor_s, processes)) - before + sandboxed) / each)
            memory_mb.append(sum(map(resident_mb, processes)) + grader.last.peak_bytes / 1e6)
            bare.append(bare_bodies(course, each))
        children = grader.last.children
    bare_s = [found["cpu_s"] for found in bare]
    return Worker(graded_s, bare_s, memory_mb, children, int(bare[0]["tests"]), int(bare[0]["examples"]))


def each_round(values: list[float], digits: int, scale: float = 1.0) -> str:
    """The rounds' numbers, in their order."""
    return ", ".join(f"{value * scale:.{digits}f}" for value in values)


def fastest(costs: list[Cost]) -> Cost:
    """The round that took the least time."""
    return min(costs, key=lambda cost: cost.wall_s)


def report(size: int, fresh: int, rounds: int, memory: int) -> None:
    """Measure and print."""
    alone, one, two = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        course = write_course(folder / "course")
        modules = submission_of(course.assignment(NAME))
        submitted = write_class(folder / "submitted", modules, size)
        for number in range(rounds):
            alone.append(fresh_pytest(course, fresh))
            one.append(graded(course, submitted, folder / f"one{number}", size, 1))
            two.append(graded(course, submitted, folder / f"two{number}", size, 2))
        alike = worker(course, modules, 5, memory)
    table = Table("", "s each", "processor s", "a minute", "times as fast", "s each, round by round")
    slowest = fastest(alone)
    for label, costs in (("fresh pytest each", alone), ("ours, 1 worker", one), ("ours, 2 workers", two)):
        cost = fastest(costs)
        table.add_row(
            label,
            f"{cost.wall_s:.3f}",
            f"{cost.cpu_s:.3f}",
            f"{60 / cost.wall_s:.0f}",
            f"{slowest.wall_s / cost.wall_s:.1f}",
            each_round([cost.wall_s for cost in costs], 3),
        )
    console = Console(width=110)
    console.print(table)
    graded_s, bare_s = min(alike.graded_s), min(alike.bare_s)
    console.print(
        f"ours: a class of {size}, start included; fresh pytest: the mean of {fresh}; "
        f"the fastest of {rounds} rounds\n"
        f"{alike.tests} tests, {alike.examples} examples; {alike.children} sandboxed processes a submission\n"
        f"two workers against one: {fastest(one).wall_s / fastest(two).wall_s:.2f} times "
        "(at least 1.8 wanted)\n"
        f"processor time: {graded_s * 1e3:.0f} ms graded, {bare_s * 1e3:.0f} ms bare bodies: "
        f"{graded_s / bare_s:.2f} times (at most 2 wanted)\n"
        f"    rounds: {each_round(alike.graded_s, 0, 1e3)} ms and {each_round(alike.bare_s, 0, 1e3)} ms\n"
        f"memory of a worker, its fork server and its largest child over {memory} submissions: "
        f"{alike.memory_mb[0]:.0f} MB at the start, {alike.memory_mb[-1]:.0f} MB at the end "
        f"(below 200 wanted)",
        highlight=False,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--fresh", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, default=500)
    options = parser.parse_args()
    report(options.size, options.fresh, options.rounds, options.memory)
