"""Grading on a Dask cluster behind the interface of every engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from distributed import Client

from autograder.dask_engine.cluster import connected
from autograder.dask_engine.flights import LOST, Flights
from autograder.dask_engine.run import Wanted
from autograder.grading.collecting import read_submission
from autograder.grading.engine import Finished, Progress, Step
from autograder.grading.reference import course_version
from autograder.grading.submission import Place, Submission
from autograder.registry import Assignment, Course


class DaskEngine:
    """Grades with the workers of a Dask cluster; a context manager that lets go of it.

    Args:
        scheduler: the address of a running cluster, None for one on this machine.
        workers: how many the cluster on this machine has.
        require_rung: workers below this sandbox rung are refused.
        memory: a folder that keeps how known mistakes fail for the next run.
    """

    def __init__(
        self,
        course: Course,
        *,
        scheduler: str | None = None,
        workers: int = 1,
        require_rung: int = 1,
        memory: Path | None = None,
    ) -> None:
        self._course, self._require, self._memory = course, require_rung, memory
        self._scheduler, self._workers = scheduler, workers
        self._open = ExitStack()
        self._client: Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def grade(
        self, assignment: Assignment, places: Sequence[Place], seed: int, finished: Finished
    ) -> Iterator[Progress]:
        """See `autograder.grading.engine.Engine.grade`.

        Raises:
            KitError: the cluster cannot be used, a worker is refused, or the course is at fault.
        """
        version = course_version(self._course, assignment)

        def sorted_out() -> Iterator[Submission | Progress]:
            for place in places:
                submission = read_submission(place, assignment)
                earlier = finished(place, (submission.sha256, version, seed))
                yield Progress(Step.SKIPPED, earlier) if earlier else submission

        wanted = Wanted(self._course, assignment, seed, self._require, self._memory)
        yield from Flights(self.client, self.again, wanted).progress(sorted_out(), len(places))

    def client(self) -> Client:
        """The client of the cluster, connected when it is first asked for."""
        if not self._client:
            self._client = self._open.enter_context(connected(self._scheduler, self._workers))
        return self._client

    def again(self) -> Client:
        """A new client of the cluster, whose scheduler went away and may come back."""
        self._close()
        return self.client()

    def _close(self) -> None:
        self._client = None
        with suppress(*LOST):
            self._open.close()
