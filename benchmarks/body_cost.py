"""What each graded test's body costs, the solutions' code included, without any isolation.

    python benchmarks/body_cost.py

A property test runs on the examples that grading draws, its questions answered by plain calls in this
process; the best of several runs counts. `bare_bodies` gives the sum that a grading is measured against.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from bare_bodies import NAME, DirectSession

from autograder.grading.collected import GradedTest, Marks, collected
from autograder.grading.worker import LEFT_OUT
from autograder.registry import find_course
from autograder.testing.asking import use
from autograder.testing.examples import PropertyTest

RUNS = 5
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Cost:
    """One test's best time; `examples` is 0 for a plain test."""

    task: str
    test: str
    examples: int
    seconds: float


class Stopwatch:
    """The pytest plugin that times in place of running."""

    def __init__(self) -> None:
        self.costs: list[Cost] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Time every test."""
        assignment = find_course(ROOT).assignment(NAME)
        direct = DirectSession()
        use(direct)  # type: ignore[arg-type]
        for task, tests in collected(session.items, assignment).items():
            self.costs += [_cost(task, test, direct) for test in tests]
        return True


def _cost(task: str, test: GradedTest, direct: DirectSession) -> Cost:
    fault = test.fault()
    if fault:
        raise fault
    seconds = min(_timed(test) for _ in range(RUNS))
    function: object = test.function
    count = len(direct.examples[function.property_name]) if isinstance(function, PropertyTest) else 0
    parameters = ", ".join(map(str, test.arguments.values()))
    return Cost(
        task,
        f"{test.function.__name__}[{parameters}]" if parameters else test.function.__name__,
        count,
        seconds,
    )


def _timed(test: GradedTest) -> float:
    start = time.perf_counter()
    test.fault()
    return time.perf_counter() - start


def print_table(costs: Sequence[Cost]) -> None:
    """Each property test's cost, dearest first, then the sums of each task."""
    for c in sorted(costs, key=lambda c: (c.task, -c.seconds)):
        each = (
            f"{c.seconds / c.examples * 1e6:6.1f} us x {c.examples:3d}" if c.examples else "plain".rjust(15)
        )
        print(f"{c.task}  {each} = {c.seconds * 1e3:6.2f} ms  {c.test}")
    print("\ntask     properties  examples  us/example  properties ms  plain tests  plain ms")
    for task in (*sorted({c.task for c in costs}), "all"):
        drawn = [c for c in costs if task in (c.task, "all") and c.examples]
        plain = [c for c in costs if task in (c.task, "all") and not c.examples]
        examples, seconds = sum(c.examples for c in drawn), sum(c.seconds for c in drawn)
        print(
            f"{task:8} {len(drawn):10d} {examples:9d} {seconds / max(examples, 1) * 1e6:11.1f} "
            f"{seconds * 1e3:14.1f} {len(plain):12d} {sum(c.seconds for c in plain) * 1e3:9.1f}"
        )


def main() -> int:
    """Collect, time and print; 1 where the tests do not run."""
    watch, log = Stopwatch(), io.StringIO()
    arguments = [
        "-c",
        os.devnull,
        "--rootdir",
        str(ROOT),
        "--strict-markers",
        "-p",
        "autograder.testing.plugin",
    ]
    arguments += [word for name in LEFT_OUT for word in ("-p", f"no:{name}")]
    with contextlib.redirect_stdout(log):
        failed = pytest.main([*arguments, str(ROOT / "tests" / "tasks" / NAME)], plugins=[watch, Marks()])
    if failed:
        print(log.getvalue())
        return 1
    print_table(watch.costs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
