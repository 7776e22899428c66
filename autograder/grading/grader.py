"""The hold on one grading worker: starts it, gives it submissions, replaces it when it is lost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Self

import msgspec

from autograder.errors import CourseError, KitError
from autograder.grading.forkserver import ENVIRONMENT, SERVER_KILLED
from autograder.grading.messages import (
    AS_A_STUDENTS,
    BUDGET_TIMES,
    Draw,
    Drawn,
    Fault,
    Graded,
    Job,
    Manner,
    Ready,
    Take,
)
from autograder.grading.reference import course_version
from autograder.grading.result import Result, Status, TaskScore
from autograder.grading.scoring import result_of, unscored
from autograder.grading.submission import Submission
from autograder.notebooks.assembling import located
from autograder.registry import Assignment, Course
from autograder.sandbox.frames import Closed, DeadlineChannel, TooLate
from autograder.wire.limits import WireError

START_SECONDS = 120.0
SPARE_SECONDS = 60.0
# A task's tests have BUDGET_TIMES its seconds; on a busy machine, or where a test computes much itself, more.
LONGEST_TIMES = 4 * BUDGET_TIMES
# Code in the sandbox can kill neither the worker nor its server: somebody else did.
TRIES, TRIES_IF_KILLED = 3, 12
# A worker that is lost before it can take jobs is no submission's doing; one that is killed is not ours.
STARTS, STARTS_IF_KILLED = 4, 12


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
        """The submission's result; where our own process is lost again and again, see `scores`."""
        started, since = datetime.now(UTC), time.monotonic()
        tasks = tuple(_pointing(score, submission) for score in self.scores(submission, seed))
        return result_of(
            submission,
            self._assignment,
            tasks,
            seed=seed,
            sandbox=self.ready.sandbox,
            course_version=self._version,
            started=started.isoformat(timespec="seconds"),
            duration_s=round(time.monotonic() - since, 3),
            waited_s=round(self.last.waited_s, 3),
            tampering=_tampering(self.last),
        )

    def scores(
        self, submission: Submission, seed: int, manner: Manner = AS_A_STUDENTS
    ) -> tuple[TaskScore, ...]:
        """The tasks that `manner` asks for, graded so.

        A submission with which worker after worker is lost has crashed, if an empty one can then be graded;
        if not, the fault is ours, and there is no score.
        """
        job, lost = Job(submission, seed, manner), ""
        for losses in count(1):
            try:
                self.last = self._graded(job)
            except WorkerLost as loss:
                lost = str(loss)
                self.close()
                tries = TRIES_IF_KILLED if self._was_killed() else TRIES
                self.replace()
                if losses >= tries:
                    break
            else:
                return self.last.tasks
        status, why = (
            Status.CRASHED,
            f"grading this ended the grader {losses} times; ask the course's staff",
        )
        try:
            self._graded(Job(Submission(submission.student_id, submission.assignment, {}, ""), seed))
        except WorkerLost as loss:
            self.replace()
            status, why = Status.ERROR, f"the kit's fault, not yours: {lost}, then {loss}"
        wanted = [task for task in self._assignment.tasks if not manner.tasks or task.id in manner.tasks]
        tasks = tuple(unscored(task, status, why) for task in wanted)
        tampered = tuple(task.id for task in wanted) if status is Status.CRASHED else ()
        self.last = Graded(tasks, 0, 0.0, 0, 0.0, tampered, lost=True)
        return tasks

    def replace(self) -> None:
        """Start another worker in place of the one that was lost.

        Raises:
            WorkerLost: it was stopped on purpose.
        """
        if self._killed:
            raise WorkerLost("the grading worker was stopped")
        self.close()
        self._start()

    def _was_killed(self) -> bool:
        """Whether the worker, which has ended, or its fork server was killed."""
        return self._process.returncode in {-signal.SIGKILL, SERVER_KILLED}

    @property
    def version(self) -> str:
        """The hash of all that decides this assignment's grades."""
        return self._version

    @property
    def assignment(self) -> str:
        """The name of the assignment that it grades."""
        return self._assignment.name

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    def _start(self) -> None:
        """Start a worker, and another where it is lost before it can take jobs."""
        for start in count(1):
            try:
                self._launch()
                reply = msgspec.msgpack.decode(self._receive(START_SECONDS), type=Ready | Fault)
                break
            except WorkerLost as loss:
                self.close()
                if self._killed or start >= (STARTS_IF_KILLED if self._was_killed() else STARTS):
                    raise KitError(
                        f"a grading worker did not start ({loss}); run autograder doctor"
                    ) from loss
        if isinstance(reply, Fault):
            self.close()
            raise CourseError(reply.message)
        self.ready: Ready = reply

    def _launch(self) -> None:
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
                [sys.executable, "-c", f"from autograder.grading.starting import start; start{order!r}"],
                env={**os.environ, **ENVIRONMENT},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # an interrupt at the terminal is for us to handle
            )
        self._channel = DeadlineChannel(ours.detach())
        if self._drawn:
            self._send(self._drawn)

    def _graded(self, job: Job) -> Graded:
        limit = SPARE_SECONDS + sum(LONGEST_TIMES * task.timeout_s for task in self._assignment.tasks)
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


def _pointing(score: TaskScore, submission: Submission) -> TaskScore:
    """The score with messages that point to a notebook's cells, where the modules were cells."""
    if not submission.places:
        return score
    tests = (
        msgspec.structs.replace(test, message=located(test.message, submission.places))
        for test in score.tests
    )
    return msgspec.structs.replace(score, tests=tuple(tests))


def _tampering(graded: Graded) -> list[str]:
    return [f"{task}: wrote to the grader's channel, or ended the grader" for task in graded.tampered]
