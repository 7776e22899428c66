"""The examples of a run, drawn once by whichever workers are free and shared by all.

Drawing them takes hypothesis seconds, as long as grading a dozen submissions.
"""

from __future__ import annotations

import threading

from autograder.errors import KitError
from autograder.grading.grader import Grader, WorkerLost

TRIES = 12


class Drawing:
    """The examples of all property tests of one assignment for one seed; used by one thread a worker."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._changed = threading.Condition()
        self._todo: list[str] | None = None
        self._pending = 0
        self._examples: dict[str, bytes] = {}

    def share(self, grader: Grader) -> None:
        """Have the grader's worker draw its part, then give it what all have drawn.

        A worker that is lost is replaced; what it was drawing falls to whichever is free first.

        Raises:
            WorkerLost: the grader was stopped on purpose.
            KitError: worker after worker is lost, or does not start.
        """
        for left in reversed(range(TRIES)):
            try:
                self._draw(grader)
                grader.take(self.seed, self._examples)
            except WorkerLost as loss:
                if not left:
                    raise KitError(
                        f"drawing the tests' examples ended {TRIES} workers ({loss}); run autograder validate"
                    ) from loss
                grader.replace()
            else:
                return

    def _draw(self, grader: Grader) -> None:
        while name := self._next(grader.ready.properties):
            examples = None
            try:
                examples = grader.draw(self.seed, name)
            except BaseException:
                self._done(name, examples, again=True)
                raise
            self._done(name, examples)

    def _next(self, properties: tuple[str, ...]) -> str | None:
        """A property test to draw, None when all are drawn; waits for what others are drawing."""
        with self._changed:
            if self._todo is None:
                self._todo = list(properties)
            while not self._todo and self._pending:
                self._changed.wait()
            if not self._todo:
                return None
            self._pending += 1
            return self._todo.pop()

    def _done(self, name: str, examples: bytes | None, *, again: bool = False) -> None:
        with self._changed:
            self._pending -= 1
            if again and self._todo is not None:
                self._todo.append(name)
            if examples is not None:
                self._examples[name] = examples
            self._changed.notify_all()
