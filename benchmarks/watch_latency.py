"""How long a student who saves a file waits for the answer of ``autograder check --watch``.

    python benchmarks/watch_latency.py [--rounds 3] [ASSIGNMENT]

In a released tree with the reference in place, each task's module is saved again and again: once as it is,
once with each of its first known-wrong solutions. Timed is the wall clock from the save to the task's row on
the screen; beside it, what ``autograder check TASK`` takes for the same, from its start to its end.
"""

from __future__ import annotations

import argparse
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from autograder.registry import Assignment, Task, find_course
from autograder.release.publishing import publish
from autograder.release.stubs import stubs

ROOT = Path(__file__).parent.parent
WANTED_S = 1.0
PATIENCE_S = 120.0
WRONG = 2


class Screen:
    """What a watching check has printed, line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(process,), daemon=True).start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            self._lines.put(line)

    def wait_for(self, start: str) -> str:
        """The next line that begins so."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            if line.strip().startswith(start):
                return line


@contextmanager
def watching(tree: Path, assignment: str) -> Iterator[Screen]:
    """A watching check that has finished its first round."""
    command = [sys.executable, "-u", "-m", "autograder", "check", "--watch", assignment]
    process = subprocess.Popen(
        command, cwd=tree, env=environment(tree), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        screen = Screen(process)
        screen.wait_for("Waiting")
        yield screen
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_S)


def environment(tree: Path) -> dict[str, str]:
    """What a command in a released tree is run with."""
    return os.environ | {"PYTHONPATH": str(tree), "NO_COLOR": "1", "COLUMNS": "120"}


def versions(assignment: Assignment, task: Task) -> list[str]:
    """The module as it is saved: some wrong solutions, then the reference."""
    folder = ROOT / "tests" / "wrong" / assignment.name / task.id
    wrong = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))[:WRONG]]
    return [*wrong, stubs(assignment, frozenset(task.id for task in assignment.tasks))[task.module]]


def saved(screen: Screen, path: Path, text: str, task: Task) -> float:
    """Seconds from the save to the task's row, which must say what the whole round then says."""
    since = time.perf_counter()
    path.write_text(text, encoding="utf-8")
    first = screen.wait_for(f"{task.id}  ").split()
    took = time.perf_counter() - since
    last = screen.wait_for(f"{task.id}  ").split()
    if first != last:
        sys.exit(f"{task.id}: the first answer is {' '.join(first)}, the last {' '.join(last)}")
    screen.wait_for("Waiting")
    return took


def cold(tree: Path, task: Task) -> float:
    """Seconds of a check of the task from its start to its end."""
    since = time.perf_counter()
    command = [sys.executable, "-m", "autograder", "check", task.id]
    subprocess.run(command, cwd=tree, env=environment(tree), stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - since


def main() -> None:
    """Print a line a task."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignment", nargs="?", default="scalar_autodiff")
    parser.add_argument("--rounds", type=int, default=3, help="how often each version is saved (default 3)")
    options = parser.parse_args()
    course = find_course(ROOT)
    assignment = course.assignment(options.assignment)
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("task", "saves", "median s", "slowest s", "a check, s", "times as fast", ""):
        table.add_column(heading, justify="left" if heading == "task" else "right", no_wrap=True)
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name) / "released"
        publish(course, (assignment.name,), tree)
        folder = tree / "assignments" / assignment.name
        for module, text in stubs(assignment, frozenset(task.id for task in assignment.tasks)).items():
            (folder / f"{module}.py").write_text(text, encoding="utf-8")
        fresh = {task.id: cold(tree, task) for task in assignment.tasks}
        with watching(tree, assignment.name) as screen:
            for task in assignment.tasks:
                path, texts = folder / f"{task.module}.py", versions(assignment, task)
                times = sorted(
                    saved(screen, path, text, task) for _ in range(options.rounds) for text in texts
                )
                median = times[len(times) // 2]
                told = [
                    f"{median:.2f}",
                    f"{times[-1]:.2f}",
                    f"{fresh[task.id]:.2f}",
                    f"{fresh[task.id] / median:.0f}",
                ]
                table.add_row(task.id, str(len(times)), *told, "" if times[-1] < WANTED_S else "too slow")
    console = Console()
    console.print(table)
    console.print(f"wanted: below {WANTED_S:g} s")


if __name__ == "__main__":
    main()
