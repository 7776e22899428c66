"""The hold on one grading worker: starts it, gives it submissions, replaces it when it is lost."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Self

import msgspec

from autograder.errors import CourseError, KitError
from autograder.grading.forkserver import ENVIRONMENT
from autograder.grading.messages import AS_A_STUDENTS, Draw, Drawn, Fault, Graded, Job, Manner, Ready, Take
from autograder.grading.reference import course_version
from autograder.grading.result import Result, Status, TaskScore, TestOutcome
from autograder.grading.scoring import result_of
from autograder.grading.submission import Submission
from autograder.registry import Assignment, Course
from autograder.sandbox.frames import Closed, DeadlineChannel, TooLate
from autograder.wire.codec import WireError

START_SECONDS = 120.0
SPARE_SECONDS = 60.0
TRIES = 2


class WorkerLost(Exception):  # noqa: N818  (a fault of ours, told apart from every other)
    """The worker died or hung; what it was grading must be graded again."""


class Grader:
    """Grades submissions to one assignment in a worker process; a context manager that stops it.

    Args:
        highest: no sandbox rung above this one is applied.
        processor: the one processor that the worker and its children keep to, None for any.

    Raises:
        CourseError: the course's tests or solutions are at fault.
    """

    def __init__(
        self, course: Course, assignment: Assignment, highest: int = 4, processor: int | None = None
    ) -> None:
        self._processor = processor
        self._course, self._assignment, self._highest = course, assignment, highest
        self._version, self._killed = course_version(course, assignment), False
        self._drawn: Take | None = None
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the worker, its fork server and every child."""
        self._channel.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """Stop the worker at once, from any thread; what it was grading raises `WorkerLost`."""
        self._killed = True
        self._process.kill()

    def grade(self, submission: Submission, seed: int) -> Result:
        """The submission's result; where our own process is lost twice, one without a score."""
        started, since = datetime.now(UTC), time.monotonic()
        return result_of(
            submission,
            self._assignment,
            self.scores(submission, seed),
            seed=seed,
            sandbox=self.ready.sandbox,
            course_version=self._version,
            started=started.isoformat(timespec="seconds"),
            duration_s=round(time.monotonic() - since, 3),
        )

    def scores(
        self, submission: Submission, seed: int, manner: Manner = AS_A_STUDENTS
    ) -> tuple[TaskScore, ...]:
        """The tasks that `manner` asks for, graded so; without a score where our process is lost twice."""
        tasks: tuple[TaskScore, ...] = ()
        for _ in range(TRIES):
            try:
                self.last = self._graded(Job(submission, seed, manner))
            except WorkerLost as loss:
                if self._killed:
                    raise
                tasks = self._ungraded(str(loss))
                self.close()
                self._start()
            else:
                return self.last.tasks
        return tasks

    @property
    def version(self) -> str:
        """The hash of all that decides this assignment's grades."""
        return self._version

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        order = (
            theirs.fileno(),
            str(self._course.root),
            str(self._course.modules),
            self._assignment.name,
            self._highest,
            self._processor,
        )
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and program)
                [sys.executable, "-c", f"from autograder.grading.worker import run; run{order!r}"],
                env={**os.environ, **ENVIRONMENT},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # an interrupt at the terminal is for us to handle
            )
        self._channel = DeadlineChannel(ours.detach())
        try:
            reply = msgspec.msgpack.decode(self._receive(START_SECONDS), type=Ready | Fault)
        except WorkerLost as loss:
            raise KitError(f"a grading worker did not start ({loss}); run autograder doctor") from loss
        if isinstance(reply, Fault):
            self.close()
            raise CourseError(reply.message)
        self.ready: Ready = reply
        if self._drawn:
            self._send(self._drawn)

    def _graded(self, job: Job) -> Graded:
        limit = SPARE_SECONDS + sum(
            task.timeout_s * self.ready.tests[task.id] for task in self._assignment.tasks
        )
        self._send(job)
        return msgspec.msgpack.decode(self._receive(limit), type=Graded)

    def draw(self, seed: int, name: str) -> bytes | None:
        """The examples of a property test, encoded; None where they are no plain data.

        Raises:
            WorkerLost: the worker died.
        """
        self._send(Draw(seed, name))
        return msgspec.msgpack.decode(self._receive(SPARE_SECONDS), type=Drawn).examples

    def take(self, seed: int, examples: Mapping[str, bytes]) -> None:
        """Give the worker, and one that replaces it, examples that have been drawn.

        Raises:
            WorkerLost: the worker died.
        """
        self._drawn = Take(seed, dict(examples))
        self._send(self._drawn)

    def _send(self, message: msgspec.Struct) -> None:
        try:
            self._channel.send(msgspec.msgpack.encode(message), time.monotonic() + SPARE_SECONDS)
        except (Closed, TooLate) as loss:
            raise WorkerLost("the grading worker is gone") from loss

    def _receive(self, seconds: float) -> bytes:
        try:
            return self._channel.receive(time.monotonic() + seconds)
        except Closed:
            raise WorkerLost("the grading worker died") from None
        except TooLate:
            raise WorkerLost(f"the grading worker gave no answer within {seconds:g} s") from None
        except WireError as fault:
            raise WorkerLost(str(fault)) from None

    def _ungraded(self, why: str) -> tuple[TaskScore, ...]:
        """Every task of the assignment as our own fault, without a score."""
        outcome = TestOutcome(
            name="grading", status=Status.ERROR, message=f"the kit's fault, not yours: {why}"
        )
        return tuple(
            TaskScore(
                task=task.id,
                title=task.title,
                status=Status.ERROR,
                score=None,
                max_score=float(task.points),
                tests=(outcome,),
            )
            for task in self._assignment.tasks
        )
