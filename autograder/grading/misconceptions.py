"""Which known mistake a failing submission most likely makes: the one whose wrong answers are the same.

The known-wrong solutions are graded like a submission, with the same examples, the first time that a
submission fails their task. No score depends on them, and what a student reads is the author's sentence.
"""

from __future__ import annotations

import ast
import os
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from autograder.grading.grader import Grader
from autograder.grading.messages import Manner, Observed
from autograder.grading.reference import WRONG
from autograder.grading.result import Status, TaskScore
from autograder.grading.submission import Submission
from autograder.registry import Assignment, Course, Task

AT_LEAST = 0.6
"""How alike two submissions' failures must be, from 0 to 1, to be thought the same mistake."""

CLEARLY = 2.0
"""The second best mistake must be so many times as far away as the best."""

NEAR = 0.01
"""Two mistakes that are no further apart are not told from one another."""

EXAMPLE_SHARE = 0.25
"""What it counts that an example fails at all; the rest is for the same wrong answer."""

HANGS_SOON = 0.25
"""The share of a task's seconds that a known-wrong solution has: those that hang are known to."""


def wrong_solutions(course: Course, assignment: Assignment) -> list[Path]:
    """The known-wrong solutions, by task and mistake."""
    return sorted((course.root / WRONG / assignment.name).glob("*/*.py"))


def hint(source: str) -> str:
    """The first paragraph of a module's docstring, in one line; "" where the module does not even parse."""
    try:
        text = ast.get_docstring(ast.parse(source)) or ""
    except SyntaxError:
        return ""
    return " ".join(text.split("\n\n")[0].split())


def nearest(seen: Observed, known: Mapping[str, Observed], ran: Collection[str]) -> str | None:
    """The mistake whose failures are clearly most like those seen, None where there is none.

    Args:
        seen: what the submission's failing tests saw.
        known: the same of each mistake.
        ran: names of the tests that tell anything of the submission: those that were not still to do.
    """
    kept = {test: found for test, found in seen.items() if test in ran}
    distances = sorted(
        (1 - similarity(kept, {test: found for test, found in other.items() if test in ran}), mistake)
        for mistake, other in known.items()
    )
    if not distances or distances[0][0] > 1 - AT_LEAST:
        return None
    second = distances[1][0] if distances[1:] else 1.0
    return distances[0][1] if second >= CLEARLY * distances[0][0] + NEAR else None


def similarity(one: Observed, other: Observed) -> float:
    """How alike two submissions' failures are, from 0 to 1: the mean over the tests that either fails."""
    tests = one.keys() | other.keys()
    alike = sum(_alike(one[test], other[test]) for test in one.keys() & other.keys())
    return alike / len(tests) if tests else 0.0


def _alike(one: Mapping[int, int], other: Mapping[int, int]) -> float:
    """The same for one test: the share of failing examples that both fail, most of it for equal answers."""
    both = one.keys() & other.keys()
    same = sum(one[example] == other[example] for example in both)
    return (EXAMPLE_SHARE * len(both) + (1 - EXAMPLE_SHARE) * same) / len(one.keys() | other.keys())


class _LostError(Exception):
    """Worker after worker was lost over a known mistake."""


class _Saved(msgspec.Struct, frozen=True):
    """How one task's mistakes fail, as it is kept on the disk."""

    version: str
    known: dict[str, Observed]


def kept(memory: Path, task: str, seed: int, version: str) -> dict[str, Observed] | None:
    """How a task's mistakes fail, where an earlier run of the same course left it in `memory`."""
    with suppress(OSError, msgspec.DecodeError):
        saved = msgspec.msgpack.decode(_file(memory, task, seed).read_bytes(), type=_Saved)
        if saved.version == version:
            return saved.known
    return None


def keep(memory: Path, task: str, seed: int, version: str, known: dict[str, Observed]) -> None:
    """Leave how a task's mistakes fail to the next run; what cannot be kept is found out again."""
    path = _file(memory, task, seed)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}.tmp")
        beside.write_bytes(msgspec.msgpack.encode(_Saved(version, known)))
        beside.replace(path)


def _file(memory: Path, task: str, seed: int) -> Path:
    return memory / f"{task}.{seed}.msgpack"


class Misconceptions:
    """The known mistakes of an assignment, as they fail with the examples of one seed; for many threads.

    Args:
        memory: a folder that keeps how they fail for the next run, None to find out anew.
    """

    def __init__(self, course: Course, assignment: Assignment, seed: int, memory: Path | None = None) -> None:
        self._seed, self._memory = seed, memory
        self._folder = course.root / WRONG / assignment.name
        self._known: dict[str, dict[str, Observed]] = {}
        self._locks = {task.id: threading.Lock() for task in assignment.tasks}

    def likely(self, task: Task, score: TaskScore, seen: Observed, grader: Grader) -> str:
        """The hint of the mistake that a failing task most likely makes, "" where none is like it."""
        if not seen:
            return ""
        with self._locks[task.id]:
            if task.id not in self._known:
                try:
                    self._known[task.id] = self._recalled(task, grader)
                except _LostError:
                    return ""
        ran = {test.name for test in score.tests if test.status not in {Status.TODO, Status.ERROR}}
        mistake = nearest(seen, self._known[task.id], ran)
        return hint(self._source(task, mistake)) if mistake else ""

    def know(self, task: str, mistakes: Mapping[str, Observed]) -> None:
        """Take how a task's mistakes fail, as `found_out` gave it elsewhere."""
        self._known[task] = dict(mistakes)

    def knows(self, task: str) -> bool:
        """Whether it is known how the task's mistakes fail."""
        return task in self._known

    def _recalled(self, task: Task, grader: Grader) -> dict[str, Observed]:
        """How the task's mistakes fail, from the disk where an earlier run of the same course left it."""
        if not self._memory:
            return self.found_out(task, grader)
        known = kept(self._memory, task.id, self._seed, grader.version)
        if known is None:
            known = self.found_out(task, grader)
            keep(self._memory, task.id, self._seed, grader.version, known)
        return known

    def found_out(self, task: Task, grader: Grader) -> dict[str, Observed]:
        """What the failing tests of each of the task's mistakes see.

        Raises:
            _LostError: it cannot be said now; the next failing submission asks again.
        """
        manner, known = Manner(tasks=(task.id,), patience=HANGS_SOON), {}
        for mistake in sorted(path.stem for path in (self._folder / task.id).glob("*.py")):
            modules = {task.module: self._source(task, mistake)}
            grader.scores(Submission(mistake, grader.assignment, modules, ""), self._seed, manner)
            if grader.last.lost:
                raise _LostError(mistake)
            known[mistake] = grader.last.observed.get(task.id, {})
        return known

    def _source(self, task: Task, mistake: str) -> str:
        return (self._folder / task.id / f"{mistake}.py").read_text(encoding="utf-8")
