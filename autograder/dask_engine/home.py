"""A run's home on a Dask worker: the course, unpacked once, and warm graders."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, LifoQueue

from distributed import Reschedule, Worker, WorkerPlugin

from autograder.dask_engine.bundle import Bundle, unpack
from autograder.dask_engine.processors import OwnProcessor
from autograder.dask_engine.surroundings import differences
from autograder.errors import KitError
from autograder.grading.feedback import Feedback
from autograder.grading.grader import Grader
from autograder.grading.result import Sandbox
from autograder.registry import Assignment, Course

REFUSED = "autograder-refused"
"""The topic on which the scheduler tells clients of workers that came and were refused."""

LEAVE_SECONDS = 0.5
"""So long a refused worker stays, for the scheduler to hear why it goes."""

LOGGER = logging.getLogger("distributed.worker.autograder")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a run asks of every worker.

    Attributes:
        course_version: of the course as the client has it.
        require_rung: a worker whose sandbox is below it grades nothing.
        versions: of Python, the kit and the packages at the client.
    """

    seed: int
    course_version: str
    require_rung: int
    versions: Mapping[str, str]


class Home(WorkerPlugin):
    """One run on one Dask worker; Dask gives it to each worker once, also to those that come later.

    Args:
        run: the run's name.
        bundled: the course.
        terms: what the run asks of a worker.

    Attributes:
        fault: why this worker must not grade, "" where it may.
    """

    def __init__(self, run: str, bundled: Bundle, terms: Terms) -> None:
        self.name = run
        self.terms = terms
        self._bundle = bundled
        self._graders: Graders | None = None
        self.fault = ""

    async def setup(self, worker: Worker) -> None:
        """Make the home.

        Of the workers that are there when the run begins, the client refuses those on which that fails. One
        that comes later leaves the cluster: Dask would use it all the same.
        """
        try:
            self._graders = await asyncio.to_thread(Graders, self._bundle, self.terms)
        except KitError as fault:
            self.fault = str(fault)
            LOGGER.error("worker %s (%s) is refused: %s", worker.name, worker.address, fault)  # noqa: TRY400
            if not worker.periodic_callbacks["heartbeat"].is_running():  # it has not quite arrived
                worker.log_event(REFUSED, f"{worker.name} ({worker.address}): {fault}")
                worker.loop.call_later(LEAVE_SECONDS, worker.close, reason="autograder-refused")

    async def teardown(self, worker: Worker) -> None:  # noqa: ARG002  (Dask's signature)
        """Stop the graders and remove the course."""
        if self._graders:
            await asyncio.to_thread(self._graders.close)

    @property
    def graders(self) -> Graders:
        """This worker's graders.

        Raises:
            Reschedule: the worker was refused, and is on its way out.
        """
        if not self._graders:
            raise Reschedule
        return self._graders


class Graders:
    """Warm graders of one assignment, as many as are used at once.

    Raises:
        KitError: the machine does not meet the terms, or the course is at fault.
    """

    def __init__(self, bundled: Bundle, terms: Terms) -> None:
        if others := differences(terms.versions):
            raise KitError(others)
        self.seed = terms.seed
        self._folder = Path(tempfile.mkdtemp(prefix="autograder-course-"))
        self.course: Course = unpack(bundled, self._folder)
        self.assignment: Assignment = self.course.assignment(bundled.assignment)
        self.feedback = Feedback(self.course, self.assignment, terms.seed)
        self._idle: LifoQueue[_Kept] = LifoQueue()
        self._all: list[_Kept] = []
        try:
            with self.lent() as first:
                if first.version != terms.course_version:
                    raise KitError("the course that arrived is not the one that was sent")
                _require(terms.require_rung, first.ready.sandbox)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def lent(self, examples: Mapping[str, bytes] | None = None) -> Iterator[Grader]:
        """A grader of one's own, which has the examples.

        Args:
            examples: drawn for the run's seed, by property test; None where they are not drawn yet.
        """
        try:
            kept = self._idle.get_nowait()
        except Empty:
            kept = _Kept(self.course, self.assignment)
            self._all.append(kept)
        try:
            if examples is not None and not kept.has_examples:
                kept.grader.take(self.seed, examples)
                kept.has_examples = True
            yield kept.grader
        finally:
            self._idle.put(kept)

    def close(self) -> None:
        """Stop all of them and remove the course; one that is at work is killed, and its work is lost."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()
        for kept in self._all:
            kept.close(at_work=True)
        shutil.rmtree(self._folder, ignore_errors=True)


class _Kept:
    """A grader that is kept, with the processor that it keeps to."""

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._processor = OwnProcessor()
        try:
            self.grader = Grader(course, assignment, processor=self._processor.number)
        except BaseException:
            self._processor.release()
            raise
        self.has_examples = False

    def close(self, *, at_work: bool = False) -> None:
        """Stop the grader; once more is no fault."""
        with suppress(OSError):
            if at_work:
                self.grader.kill()
            self.grader.close()
        self._processor.release()


def _require(rung: int, sandbox: Sandbox) -> None:
    if sandbox.rung < rung:
        missing = "; ".join(sandbox.missing) or "nothing is missing for it"
        raise KitError(f"the sandbox reaches rung {sandbox.rung}, rung {rung} is required ({missing})")
