# mypy: disable-error-code="no-untyped-call"
# (distributed has types for some of its methods)
"""What a run has with Dask: hands submissions out as there is room, takes results as they land."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, replace

from distributed import Client, Future
from distributed.client import ClosedClientError
from distributed.comm.core import CommClosedError
from distributed.scheduler import KilledWorker

from autograder.dask_engine import losses
from autograder.dask_engine.run import Run, Wanted
from autograder.dask_engine.tasks import Answer
from autograder.errors import KitError
from autograder.grading.engine import Progress, Step
from autograder.grading.result import Result
from autograder.grading.submission import Submission

AHEAD = 2
"""Flights that Dask has for each thread of the cluster, so that none waits for the client."""

FLIGHT_SECONDS = 0.5
"""About so long a flight takes: what Dask does for each, some 14 ms of processor time, is divided by as many
submissions as fit."""

MOST_TOGETHER = 32
"""Submissions of one flight."""

ROUNDS = 3
"""How often a submission is handed out that only waited where another one ended the worker."""

LOOK_SECONDS = 2.0
"""How often it is looked how large the cluster is."""

LOST = (CancelledError, ClosedClientError, CommClosedError, OSError, TimeoutError)
"""What is raised when the scheduler has gone."""


@dataclass(frozen=True, slots=True)
class _Flight:
    """What Dask has: submissions that one worker grades one after the other.

    Only as long as nothing is known of them are they several: what has ended a worker goes on alone.

    Attributes:
        rounds: how often it has been handed out.
        answer: of the grading, while the explanation of the failures is awaited.
        deaths: of the workers that began with it, while an empty one is graded to tell whose fault they were.
    """

    submissions: tuple[Submission, ...]
    rounds: int = 1
    answer: Answer | None = None
    deaths: int = 0


class Flights:
    """The submissions of one run that Dask has.

    Args:
        client: connects to the cluster; called when there is something to grade.
        again: connects anew, after the scheduler was lost.
    """

    def __init__(self, client: Callable[[], Client], again: Callable[[], Client], wanted: Wanted) -> None:
        self._connect, self._connect_again, self._wanted = client, again, wanted
        self._run: Run | None = None
        self._flying: dict[Future[bytes], _Flight] = {}
        self._done: queue.SimpleQueue[Future[bytes]] = queue.SimpleQueue()
        self._looked, self._room_for = -LOOK_SECONDS, 1
        self._graded, self._graded_s = 0, 0.0

    def progress(self, todo: Iterator[Submission | Progress], count: int) -> Iterator[Progress]:
        """Grade what is to be graded, pass on what is done already.

        Args:
            count: how many there are to do, at most.

        Raises:
            KitError: the cluster cannot be used, or the course is at fault.
        """
        together: list[Submission] = []
        try:
            for number, item in enumerate(todo):
                if isinstance(item, Progress):
                    yield item
                    continue
                together.append(item)
                if len(together) >= self._together(count - number):
                    self._launch(_Flight(tuple(together)))
                    together.clear()
                    while len(self._flying) >= self._room():
                        yield from self._landed()
            if together:
                self._launch(_Flight(tuple(together)))
            while self._flying:
                yield from self._landed()
        finally:
            self._close()

    def _together(self, left: int) -> float:
        """How many submissions fly together: fewer where one takes long, and towards the end.

        At first it is one, since nothing is known of the time that they take.
        """
        if not self._graded_s:
            return 1
        share = left * AHEAD / (2 * self._room_for)  # (as many are left for each thread, halved)
        return min(MOST_TOGETHER, FLIGHT_SECONDS * self._graded / self._graded_s, share)

    def _room(self) -> int:
        """How many flights Dask should have; the cluster may grow and shrink."""
        assert self._run
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._looked = time.monotonic()
            with suppress(*LOST):
                self._room_for = AHEAD * max(1, self._run.threads())
        return self._room_for

    def _launch(self, flight: _Flight) -> None:
        """Hand submissions out; where the scheduler is gone, when it is back."""
        try:
            self._run = self._run or Run(self._connect(), self._wanted)
            future = self._submitted(self._run, flight)
        except LOST:
            self._launch_again(flight)
        else:
            self._flying[future] = flight
            future.add_done_callback(self._done.put)

    def _submitted(self, run: Run, flight: _Flight) -> Future[bytes]:
        if flight.deaths:
            return run.grade(tuple(map(losses.empty, flight.submissions)))
        if flight.answer:
            (one,) = flight.submissions
            return run.explain(one, flight.answer)
        return run.grade(flight.submissions)

    def _launch_again(self, *flights: _Flight) -> None:
        """Hand out everything once more, to a scheduler that has come back and knows of nothing."""
        flights = (*flights, *self._flying.values())
        self._flying.clear()
        self._run, self._done = None, queue.SimpleQueue()
        try:
            self._run = Run(self._connect_again(), self._wanted)
        except LOST as fault:
            raise KitError(f"the Dask scheduler was lost ({fault}); the same command continues") from fault
        for flight in flights:
            self._launch(replace(flight, answer=None))

    def _landed(self) -> Iterator[Progress]:
        """What has come back since, one at least; nothing where the scheduler was lost instead."""
        assert self._run
        futures = [self._done.get()]
        while not self._done.empty():
            futures.append(self._done.get())
        try:
            if any(future.status in {"cancelled", "lost"} for future in futures):
                raise CancelledError
            answers = self._run.answers([future for future in futures if future.status == "finished"])
        except LOST:
            self._launch_again()
            return
        landed = [(future, self._flying.pop(future)) for future in futures]
        for future, flight in landed:
            if future in answers:
                taken = zip(flight.submissions, answers[future], strict=True)
                results = [self._taken(replace(flight, submissions=(one,)), answer) for one, answer in taken]
            else:
                results = [self._judged(flight, future, future.exception())]
            yield from (Progress(Step.GRADED, result) for result in results if result)

    def _taken(self, flight: _Flight, answer: Answer) -> Result | None:
        """The result, None where more must be asked for first."""
        if flight.deaths:
            (one,) = flight.submissions
            return losses.crashed(one, self._wanted.assignment, flight.deaths, answer.result)
        self._graded, self._graded_s = self._graded + 1, self._graded_s + answer.result.duration_s
        if not answer.unknown:
            return answer.result
        self._launch(replace(flight, answer=answer))
        return None

    def _judged(self, flight: _Flight, future: Future[bytes], fault: BaseException) -> Result | None:
        """The result where worker after worker died, None where more must be tried first.

        Raises:
            BaseException: `fault`, where it is another.
        """
        assert self._run
        if not isinstance(fault, KilledWorker):
            if flight.answer:  # (the known mistakes could not be found out)
                return flight.answer.result
            raise fault
        if len(flight.submissions) > 1:  # (one of them did it, or none)
            for submission in flight.submissions:
                self._launch(_Flight((submission,)))
            return None
        culprit = fault.task == future.key and self._run.begun(future) > fault.allowed_failures
        if not culprit and flight.rounds < ROUNDS:
            self._launch(replace(flight, rounds=flight.rounds + 1))
            return None
        if flight.answer:  # without what feedback would have added, which costs no points
            return flight.answer.result
        if culprit and not flight.deaths:
            self._launch(replace(flight, rounds=1, deaths=fault.allowed_failures + 1))
            return None
        wanted, (one,) = self._wanted, flight.submissions
        return losses.ungraded(one, wanted.assignment, wanted.seed, self._run.version)

    def _close(self) -> None:
        if self._run:
            self._run.close(list(self._flying))
        self._flying.clear()
