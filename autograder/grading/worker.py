"""A grading worker: a warm pytest process that runs an assignment's tests on one submission after another.

It collects the tests once, draws their examples once a seed, and lives in pytest's run loop, where it
answers jobs until its channel closes. `autograder.grading.grader` starts it and talks to it.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from autograder.errors import CourseError
from autograder.grading.collected import GradedTest, Marks, collected
from autograder.grading.forkserver import ForkServer, ServerLost
from autograder.grading.reference import Reference
from autograder.grading.remote import RemoteSession, limit_own_memory, seed_of
from autograder.grading.result import Sandbox, Status, TaskScore, TestOutcome
from autograder.grading.scoring import score_task
from autograder.grading.submission import Submission
from autograder.grading.verdict import verdict
from autograder.registry import Assignment, Course, Task, load_course
from autograder.sandbox.frames import BlockingChannel, Closed
from autograder.testing.asking import use

# pytest's own plugins that a grading run does not need, each of which costs time on every test.
LEFT_OUT = (
    "cacheprovider doctest faulthandler junitxml logging pastebin terminal threadexception timeout "
    "unraisableexception warnings"
).split()


class Job(msgspec.Struct, frozen=True):
    """One submission to grade."""

    submission: Submission
    seed: int


class Graded(msgspec.Struct, frozen=True):
    """A graded job.

    Attributes:
        children: how many sandboxed processes it took.
        cpu_s: processor seconds that they used.
        peak_bytes: the most memory that one of them held.
    """

    tasks: tuple[TaskScore, ...]
    children: int
    cpu_s: float
    peak_bytes: int


class Ready(msgspec.Struct, frozen=True, tag=True):
    """What a worker says when it can take jobs: its sandbox, and how many tests each task has."""

    sandbox: Sandbox
    tests: dict[str, int]


class Fault(msgspec.Struct, frozen=True, tag=True):
    """What a worker says when it cannot start: a fault of the course, in one line."""

    message: str


class Worker:
    """The pytest plugin that grades.

    Args:
        channel: brings jobs, takes what became of them.
    """

    def __init__(
        self, channel: BlockingChannel, course: Course, assignment: Assignment, server: ForkServer
    ) -> None:
        self._channel, self._course, self._assignment, self._server = channel, course, assignment, server
        self._session = RemoteSession(server)
        self._reference = Reference(course, assignment)
        self._uncollected: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what kept a test module from being collected."""
        if report.failed:
            self._uncollected.append(f"{report.nodeid}: {str(report.longrepr).strip().splitlines()[-1]}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Answer jobs until the channel closes."""
        try:
            if self._uncollected:
                raise CourseError(f"{self._uncollected[0]}; mend the test module")
            tests = collected(session.items, self._assignment)
        except CourseError as fault:
            self.send(Fault(str(fault)))
            return True
        use(self._session)
        limit_own_memory()
        self.send(Ready(self._server.sandbox, {task: len(found) for task, found in tests.items()}))
        try:
            while True:
                self.send(self._graded(msgspec.msgpack.decode(self._channel.receive(), type=Job), tests))
        except (Closed, ServerLost):  # without its server a worker is of no use: the grader starts another
            return True

    def send(self, message: msgspec.Struct) -> None:
        """Send a message to the grader; one that was killed is found gone when its next job is waited for."""
        with suppress(Closed):
            self._channel.send(msgspec.msgpack.encode(message))

    def _graded(self, job: Job, tests: dict[str, list[GradedTest]]) -> Graded:
        if self._session.begin_submission(job.seed):
            for test in (test for found in tests.values() for test in found):
                test.draw(self._session)
            gc.collect()
            gc.freeze()  # pytest, hypothesis and the examples stay: no collection need look at them again
        scores = [self._score(job, task, tests[task.id]) for task in self._assignment.tasks]
        self._session.close()
        usage = self._session.usage
        return Graded(tuple(scores), usage.children, usage.cpu_s, usage.peak_bytes)

    def _score(self, job: Job, task: Task, tests: list[GradedTest]) -> TaskScore:
        """Run the task's tests on the submission; a module that could not be taken fails them all."""
        refused = job.submission.faults.get(task.module)
        if refused:
            outcomes = [(Status.FAILED, refused)] * len(tests)
        else:
            self._session.open(
                self._reference.load(job.submission, task, seed_of(job.seed, task.id) % 2**32), task.timeout_s
            )
            outcomes = [self._run(task, test) for test in tests]
        weighed = [
            (TestOutcome(name=test.name, status=status, message=message), test.weight)
            for test, (status, message) in zip(tests, outcomes, strict=True)
        ]
        return score_task(task, weighed)

    def _run(self, task: Task, test: GradedTest) -> tuple[Status, str]:
        self._session.begin_test()
        fault = test.fault()
        if isinstance(fault, ServerLost):
            raise fault
        status, message = verdict(fault, task)
        if test.hidden and status in {Status.FAILED, Status.TIMEOUT, Status.CRASHED}:
            return status, message if self._session.refused else test.hidden
        return status, message


def run(  # noqa: PLR0913, PLR0917  (a program's arguments)
    descriptor: int, root: str, modules: str, assignment: str, highest: int, processor: int | None
) -> None:
    """Be a worker on the channel `descriptor`; a course that cannot be graded is reported there.

    A worker and its child take turns: on one `processor` they share its caches, which saves a quarter
    of the time that two processors would take to wake each other.
    """
    if processor is not None:
        os.sched_setaffinity(0, {processor})
    channel = BlockingChannel(descriptor)
    course = load_course(Path(root), Path(modules))
    sys.dont_write_bytecode = True
    with ForkServer(highest) as server:
        try:
            worker = Worker(channel, course, course.assignment(assignment), server)
        except CourseError as fault:
            with suppress(Closed):
                channel.send(msgspec.msgpack.encode(Fault(str(fault))))
        else:
            pytest.main(_arguments(course, assignment), plugins=[worker, Marks()])


def _arguments(course: Course, assignment: str) -> list[str]:
    """The arguments of pytest: the course's tests, no configuration file, none of the plugins left out."""
    return [
        *("-c", os.devnull, "--rootdir", str(course.root), "--strict-markers", "--capture=no"),
        *("-p", "autograder.testing.plugin", "--against", str(course.modules)),
        *(word for name in LEFT_OUT for word in ("-p", f"no:{name}")),
        str(course.tests / assignment),
    ]
