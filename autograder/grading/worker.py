"""A grading worker: a warm pytest process that runs an assignment's tests on one submission after another.

It collects the tests once, draws their examples once a seed, and lives in pytest's run loop, where it
answers jobs until its channel closes. `autograder.grading.grader` starts it and talks to it.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from itertools import groupby
from pathlib import Path

import msgspec
import pytest

from autograder.errors import CourseError
from autograder.grading.collected import GradedTest, Marks, collected, properties
from autograder.grading.forkserver import ForkServer, ServerLost
from autograder.grading.messages import Draw, Drawn, Fault, Graded, Job, Manner, Observed, Ready, Take
from autograder.grading.observing import observed
from autograder.grading.reference import Reference
from autograder.grading.remote import RemoteSession, seed_of
from autograder.grading.result import OBSERVED, Status, TaskScore, TestOutcome
from autograder.grading.scoring import score_task
from autograder.grading.verdict import verdict
from autograder.memory import grow_at_most
from autograder.registry import Assignment, Course, Task, load_course
from autograder.sandbox.frames import BlockingChannel, Closed
from autograder.testing.asking import use
from autograder.testing.bodies import Run
from autograder.testing.discretion import Discretion, hold
from autograder.testing.examples import PropertyTest, packed, unpacked

GROWTH_BYTES = 2**30
"""How much memory a worker may take beyond what it holds when its tests are collected."""

# pytest's own plugins that a grading run does not need, each of which costs time on every test.
LEFT_OUT = (
    "cacheprovider doctest faulthandler junitxml logging pastebin terminal threadexception timeout "
    "unraisableexception warnings"
).split()


class Worker:
    """The pytest plugin that grades.

    Args:
        channel: brings jobs, takes what became of them.
    """

    def __init__(
        self, channel: BlockingChannel, assignment: Assignment, reference: Reference, server: ForkServer
    ) -> None:
        self._channel, self._assignment, self._server = channel, assignment, server
        self._session = RemoteSession(server)
        self._reference = reference
        self._uncollected: list[str] = []
        self._properties: dict[str, PropertyTest] = {}
        self._warm: int | None = None
        self._tasks = frozenset(task.id for task in assignment.tasks)
        self._observed: dict[str, Observed] = {}

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
        grow_at_most(GROWTH_BYTES)  # (the budget of a batch keeps far below: this saves the machine)
        self._properties = properties(tests)
        counts = {task: len(found) for task, found in tests.items()}
        self.send(Ready(self._server.sandbox, counts, tuple(self._properties)))
        try:
            while True:
                self._heed(msgspec.msgpack.decode(self._channel.receive(), type=Job | Draw | Take), tests)
        except (Closed, ServerLost):  # without its server a worker is of no use: the grader starts another
            return True

    def _heed(self, order: Job | Draw | Take, tests: dict[str, list[GradedTest]]) -> None:
        match order:
            case Job():
                self.send(self._graded(order, tests))
            case Draw(seed, name):
                self.send(Drawn(packed(self._session.examples(seed, name, self._properties[name]))))
            case Take(seed, examples):
                self._session.take(seed, {name: unpacked(drawn) for name, drawn in examples.items()})

    def send(self, message: msgspec.Struct) -> None:
        """Send a message to the grader; one that was killed is found gone when its next job is waited for."""
        with suppress(Closed):
            self._channel.send(msgspec.msgpack.encode(message))

    def _graded(self, job: Job, tests: dict[str, list[GradedTest]]) -> Graded:
        self._session.begin_submission()
        if job.seed != self._warm:
            for name, test in self._properties.items():
                self._session.examples(job.seed, name, test)
            gc.collect()
            gc.freeze()  # pytest, hypothesis and the examples stay: no collection need look at them again
            gc.disable()  # a thousand bodies at once are no garbage to look for; see below
            self._warm = job.seed
        wanted = [t for t in self._assignment.tasks if not job.manner.tasks or t.id in job.manner.tasks]
        scores, tampered, usage, self._observed = [], [], self._session.usage, {}
        for task in wanted:
            before = usage.broke_protocol
            scores.append(self._score(job, task, tests[task.id]))
            if usage.broke_protocol > before:
                tampered.append(task.id)
        self._session.close()
        gc.collect()
        return Graded(
            tasks=tuple(scores),
            children=usage.children,
            cpu_s=usage.cpu_s,
            peak_bytes=usage.peak_bytes,
            waited_s=usage.waited_s,
            tampered=tuple(tampered),
            observed=self._observed,
        )

    def _score(self, job: Job, task: Task, tests: list[GradedTest]) -> TaskScore:
        """Run the task's tests on the submission; a module that could not be taken fails them all."""
        refused = job.submission.faults.get(task.module)
        hold(self._discretion(job, task))
        if refused:
            ran = dict.fromkeys(range(len(tests)), (Status.FAILED, refused))
        else:
            seed = seed_of(job.seed, task.id) % 2**32
            load = self._reference.load(job.submission, task, seed, own_tree=job.manner.own_tree)
            self._session.open(load, task.timeout_s * job.manner.patience)
            ran = self._ran(task, tests, job.manner)
        weighed = [
            (TestOutcome(name=test.name, status=ran[number][0], message=ran[number][1]), test.weight)
            for number, test in enumerate(tests)
            if number in ran
        ]
        return score_task(task, weighed)

    def _discretion(self, job: Job, task: Task) -> Discretion | None:
        """How to speak of a task's answers: freely where no reference lies beside the student's code."""
        if job.manner.own_tree or not task.needs:
            return None
        lines = {f"{name}.py": text.count("\n") + 1 for name, text in job.submission.modules.items()}
        return Discretion(self._reference.types, lines)

    def _ran(self, task: Task, tests: list[GradedTest], manner: Manner) -> dict[int, tuple[Status, str]]:
        """What became of the tests; the hidden ones run last, after which nothing of a child is shown."""
        ran: dict[int, tuple[Status, str]] = {}
        order = sorted(range(len(tests)), key=lambda number: tests[number].hidden is not None)
        for _, group in groupby(order, key=lambda number: (tests[number].function, tests[number].hidden)):
            numbers = list(group)
            runs = self._session.side_by_side([tests[number] for number in numbers])
            for number, run in zip(numbers, runs, strict=True):
                ran[number] = self._run(tests[number], run)
                if ran[number][0] in OBSERVED and not self._session.refused:
                    self._observe(task, tests[number], ran[number][0])
                if manner.first_failure and ran[number][0] is not Status.PASSED:
                    return ran
        return ran

    def _observe(self, task: Task, test: GradedTest, status: Status) -> None:
        hidden = test.hidden is not None
        seen = observed(status, self._session.failing, self._session.last, hidden=hidden)
        self._observed.setdefault(task.id, {})[test.name] = seen

    def _run(self, test: GradedTest, run: Run | None) -> tuple[Status, str]:
        """What became of a test, which is run now if it has not been."""
        if run:
            fault: BaseException | None = run.fault
            self._session.failing, self._session.last = run.failing, run.last
        else:
            self._session.begin_test(hidden=test.hidden is not None)
            fault = test.fault()
        if isinstance(fault, ServerLost):
            raise fault
        status, message = verdict(fault, self._tasks)
        if test.hidden and status in OBSERVED:
            return status, message if self._session.refused else test.hidden
        return status, message


def run(descriptor: int, root: str, modules: str, assignment: str, server: ForkServer) -> None:
    """Be a worker on the channel `descriptor`; a course that cannot be graded is reported there.

    Raises:
        ServerLost: the server has ended as it started.
    """
    channel = BlockingChannel(descriptor)
    course = load_course(Path(root), Path(modules))
    sys.dont_write_bytecode = True
    try:
        found = course.assignment(assignment)
        reference = Reference(course, found)
    except CourseError as fault:
        with suppress(Closed):
            channel.send(msgspec.msgpack.encode(Fault(str(fault))))
        return
    server.tell(reference.known)
    worker = Worker(channel, found, reference, server)
    pytest.main(_arguments(course, assignment), plugins=[worker, Marks()])


def _arguments(course: Course, assignment: str) -> list[str]:
    """The arguments of pytest: the course's tests, no configuration file, none of the plugins left out."""
    return [
        *("-c", os.devnull, "--rootdir", str(course.root), "--strict-markers", "--capture=no"),
        *("-p", "autograder.testing.plugin", "--against", str(course.modules)),
        *(word for name in LEFT_OUT for word in ("-p", f"no:{name}")),
        str(course.tests / assignment),
    ]
