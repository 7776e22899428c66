"""How long a student waits for the public tests of each assignment, and an instructor for one grade.

    python benchmarks/assignment_times.py [--rounds 3] [ASSIGNMENT...]

For every assignment in the course: ``autograder check`` in a released tree, with the stubs as they are and
with the reference in their place; ``autograder grade`` on one right submission, without nbgrader's gradebook
and with a new one, as is the default. Whole commands are timed, from their start to their end: seconds on
the wall clock, of several rounds the best, and in brackets what the processors spent in that round, which
counts on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from autograder.registry import Assignment, Course, find_course
from autograder.release.publishing import publish
from autograder.release.stubs import stubs

ROOT = Path(__file__).parent.parent
CHECK_S, GRADE_S = 10.0, 3.0


def solutions(assignment: Assignment) -> dict[str, str]:
    """The reference's task modules by name, as a student would hand them in."""
    return stubs(assignment, frozenset(task.id for task in assignment.tasks))


def write(modules: dict[str, str], folder: Path) -> None:
    """Write modules to a folder, over what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")


@dataclass(frozen=True, order=True)
class Cost:
    """Seconds that a command took, by the clock and of the processors."""

    wall_s: float
    cpu_s: float

    def __str__(self) -> str:
        """``2.44 (2.53)``."""
        return f"{self.wall_s:.2f} ({self.cpu_s:.2f})"


def cost(arguments: Sequence[str], cwd: Path) -> Cost:
    """What the command ``autograder`` in a folder costs; it must succeed."""
    environment = os.environ | {"PYTHONPATH": str(cwd), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "autograder", *arguments]
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run(command, cwd=cwd, env=environment, check=False, capture_output=True, text=True)
    wall, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ran.returncode != 0:
        sys.exit(f"autograder {' '.join(arguments)}: exit code {ran.returncode}\n{ran.stdout}{ran.stderr}")
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def checked(course: Course, assignment: Assignment, folder: Path, rounds: int) -> list[Cost]:
    """What ``autograder check`` costs in a released tree: on the stubs, and on the reference."""
    publish(course, (assignment.name,), folder)
    untouched = min(cost(["check"], folder) for _ in range(rounds))
    write(solutions(assignment), folder / "assignments" / assignment.name)
    return [untouched, min(cost(["check"], folder) for _ in range(rounds))]


def graded(assignment: Assignment, folder: Path, rounds: int) -> list[Cost]:
    """What ``autograder grade`` costs on one right submission: without the gradebook, and with it."""
    write(solutions(assignment), folder / "submitted" / "student" / assignment.name)
    costs = []
    for option in ("--no-gradebook", "--gradebook"):
        times = []
        for number in range(rounds):  # (a submission is graded once only into the same folder)
            out = folder / f"scores{option}{number}"
            times.append(cost(["grade", str(folder / "submitted"), "--out", str(out), option], ROOT))
            result = json.loads((out / assignment.name / "student.json").read_text(encoding="utf-8"))
            if result["score"] != result["max_score"]:
                sys.exit(f"{assignment.name}: the reference got {result['score']} of {result['max_score']}")
        costs.append(min(times))
    return costs


def main() -> None:
    """Print a line an assignment."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="(default: all of the course)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed (default 3)")
    options = parser.parse_args()
    course = find_course(ROOT)
    chosen = [course.assignment(name) for name in options.assignments] or course.assignments
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("seconds", "check: stubs", "check: right", "no gradebook", "grade", ""):
        table.add_column(heading, no_wrap=True)
    for assignment in chosen:
        with tempfile.TemporaryDirectory() as name:
            checks = checked(course, assignment, Path(name) / "released", options.rounds)
            grades = graded(assignment, Path(name), options.rounds)
        kept = max(checks).wall_s < CHECK_S and max(grades).wall_s < GRADE_S
        table.add_row(assignment.name, *map(str, checks + grades), "" if kept else "too slow")
    console = Console()
    console.print(table)
    console.print(f"wanted: a check below {CHECK_S:g} s, a grade below {GRADE_S:g} s")


if __name__ == "__main__":
    main()
