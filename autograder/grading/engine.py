"""Grades a class on this machine: warm workers side by side, each result written as soon as it is there."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import cycle
from pathlib import Path
from typing import Protocol

from autograder.errors import KitError
from autograder.grading.collecting import read_submission
from autograder.grading.drawing import Drawing
from autograder.grading.feedback import Feedback
from autograder.grading.grader import Grader, WorkerLost
from autograder.grading.reference import course_version
from autograder.grading.result import Result
from autograder.grading.submission import Place
from autograder.registry import Assignment, Course

Finished = Callable[[Place, tuple[str, str, int]], Result | None]


class Step(StrEnum):
    """What became of one submission in this run."""

    GRADED = "graded"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Progress:
    """One submission done: graded now, or skipped because its result was there already."""

    step: Step
    result: Result


@dataclass(frozen=True, slots=True)
class _Run:
    """What the workers of one run share."""

    drawing: Drawing
    feedback: Feedback
    finished: Finished
    todo: queue.SimpleQueue[Place] = field(default_factory=queue.SimpleQueue)
    done: queue.SimpleQueue[Progress | BaseException | None] = field(default_factory=queue.SimpleQueue)


class Engine(Protocol):
    """What grades a class, here or on a cluster."""

    def grade(
        self, assignment: Assignment, places: Sequence[Place], seed: int, finished: Finished
    ) -> Iterator[Progress]:
        """Grade each place's submission; results come in the order in which they are done.

        Args:
            finished: the earlier result with a certain `Result.key`, if there is one; such a submission
                is not graded again.

        Raises:
            KitError: the sandbox is below the required rung, or the course is at fault.
        """
        ...


class LocalEngine:
    """Grades with the workers of one machine.

    Args:
        workers: how many submissions are graded at once.
        highest: no sandbox rung above this one is applied.
        require_rung: refuse to grade on a lower rung.
        memory: a folder that keeps how known mistakes fail for the next run.
    """

    def __init__(
        self,
        course: Course,
        *,
        workers: int = 1,
        highest: int = 4,
        require_rung: int = 1,
        memory: Path | None = None,
    ) -> None:
        self._course, self._workers = course, workers
        self._highest, self._require, self._memory = highest, require_rung, memory
        self._stop = threading.Event()
        self._graders: list[Grader] = []
        self._started = cycle(range(workers))

    def grade(
        self, assignment: Assignment, places: Sequence[Place], seed: int, finished: Finished
    ) -> Iterator[Progress]:
        """See `Engine.grade`."""
        feedback = Feedback(self._course, assignment, seed, self._memory)
        run = _Run(Drawing(seed), feedback, finished)
        for place in places:
            run.todo.put(place)
        with self._threads(lambda: self._work(assignment, run), run.done, len(places)) as count:
            running = count
            while running:
                event = run.done.get()
                if event is None:
                    running -= 1
                elif isinstance(event, BaseException):
                    raise event
                else:
                    yield event

    @contextmanager
    def _threads(
        self, work: Callable[[], None], done: queue.SimpleQueue[Progress | BaseException | None], places: int
    ) -> Iterator[int]:
        """Run `work` in as many threads as there are workers; on leaving, all are told to stop."""
        self._stop.clear()

        def guarded() -> None:
            try:
                work()
            except BaseException as fault:  # whatever ends a worker ends the run, in the main thread
                done.put(fault)
            finally:
                done.put(None)

        threads = [threading.Thread(target=guarded) for _ in range(max(1, min(self._workers, places)))]
        for thread in threads:
            thread.start()
        try:
            yield len(threads)
        finally:
            self._stop.set()
            for grader in self._graders:
                grader.kill()
            for thread in threads:
                thread.join()

    def _work(self, assignment: Assignment, run: _Run) -> None:
        grader: Grader | None = None
        version = course_version(self._course, assignment)
        try:
            while not self._stop.is_set():
                place = run.todo.get_nowait()
                submission = read_submission(place, assignment)
                earlier = run.finished(place, (submission.sha256, version, run.drawing.seed))
                if earlier:
                    run.done.put(Progress(Step.SKIPPED, earlier))
                    continue
                if not grader:
                    grader = self._grader(assignment)
                    run.drawing.share(grader)
                result = grader.grade(submission, run.drawing.seed)
                run.done.put(Progress(Step.GRADED, run.feedback.on(result, submission, grader)))
        except queue.Empty:
            return
        except WorkerLost:
            if not self._stop.is_set():
                raise
        finally:
            if grader:
                self._graders.remove(grader)
                grader.close()

    def _grader(self, assignment: Assignment) -> Grader:
        processor = own_processor(next(self._started), self._workers)
        grader = Grader(self._course, assignment, self._highest, processor)
        sandbox = grader.ready.sandbox
        if sandbox.rung < self._require:
            grader.close()
            missing = "; ".join(sandbox.missing) or "nothing is missing for it"
            raise KitError(
                f"the sandbox reaches rung {sandbox.rung}, rung {self._require} is required ({missing}); "
                "see autograder doctor"
            )
        self._graders.append(grader)
        return grader


def own_processor(number: int, workers: int) -> int | None:
    """The processor that worker `number`, counted from 0, keeps to, where there is one for each."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    processors = sorted(os.sched_getaffinity(0))
    return processors[number] if workers <= len(processors) else None
