"""Warm grading workers side by side, which grade trials."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from autograder.grading.engine import own_processor
from autograder.grading.grader import Grader
from autograder.grading.messages import AS_A_STUDENTS, Manner, Observed
from autograder.grading.result import Status, TaskScore, TestOutcome
from autograder.grading.submission import Submission
from autograder.registry import Assignment, Course

IN_ITS_OWN_TREE = Manner(own_tree=True)


@dataclass(frozen=True, slots=True)
class Trial:
    """One submission whose outcome is known beforehand.

    Attributes:
        name: for people.
        task: the task that it is about, "" for all.
        modules: module name to source text.
    """

    name: str
    task: str
    modules: dict[str, str]
    seed: int = 0
    manner: Manner = AS_A_STUDENTS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial came to.

    Attributes:
        observed: by task, what its failing tests saw.
    """

    trial: Trial
    tasks: tuple[TaskScore, ...]
    observed: Mapping[str, Observed]

    @property
    def unsettled(self) -> tuple[str, ...]:
        """What kept it from being graded, which is no fault of the trial's, a line each."""
        return tuple(
            f"{self.trial.name}: {task.task}: {test.name}: {test.message}"
            for task in self.tasks
            for test in task.tests
            if test.status is Status.ERROR
        )

    def score(self, task: str) -> TaskScore:
        """How this task came out."""
        return next(score for score in self.tasks if score.task == task)


def not_passed(score: TaskScore) -> tuple[TestOutcome, ...]:
    """The tests of a task that did not pass."""
    return tuple(test for test in score.tests if test.status is not Status.PASSED)


def said(test: TestOutcome) -> str:
    """What a test did, in words."""
    if test.status is Status.PASSED:
        return "passes"
    return f"is {test.status.value} ({test.message})"


class Pool:
    """Graders of one assignment; a context manager that stops them.

    Args:
        workers: how many trials are graded at once.
    """

    def __init__(self, course: Course, assignment: Assignment, workers: int) -> None:
        self._course, self._assignment, self._workers = course, assignment, workers
        self._todo: queue.SimpleQueue[tuple[int, Trial] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[int, Outcome] | BaseException] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(number,), daemon=True) for number in range(workers)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for _thread in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join()

    def outcomes(self, trials: Sequence[Trial], seen: Callable[[], None]) -> list[Outcome]:
        """What the trials came to, in their order.

        Args:
            seen: called after each, in this thread.

        Raises:
            KitError: the course cannot be graded at all.
        """
        for entry in enumerate(trials):
            self._todo.put(entry)
        found: dict[int, Outcome] = {}
        while len(found) < len(trials):
            event = self._done.get()
            if isinstance(event, BaseException):
                raise event
            found[event[0]] = event[1]
            seen()
        return [found[number] for number in range(len(trials))]

    def _work(self, number: int) -> None:
        try:
            processor = own_processor(number, self._workers)
            with Grader(self._course, self._assignment, processor=processor) as grader:
                while (entry := self._todo.get()) and not self._stopped.is_set():
                    place, trial = entry
                    submission = Submission("validation", self._assignment.name, trial.modules, "")
                    scores = grader.scores(submission, trial.seed, trial.manner)
                    self._done.put((place, Outcome(trial, scores, grader.last.observed)))
        except BaseException as fault:  # whatever ends a worker ends the validation, in the main thread
            self._done.put(fault)


class Stopwatch:
    """Wall clock of named stretches, in seconds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.monotonic()

    def lap(self, name: str) -> None:
        """Say what the time since the last lap went to."""
        now = time.monotonic()
        self.seconds[name], self._since = round(now - self._since, 2), now
