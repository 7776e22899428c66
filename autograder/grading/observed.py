"""The form in which what failing tests saw is kept and sent; see `autograder.grading.observing`.

(By itself, since the process that starts the workers needs no more of it, and nothing of hypothesis.)
"""

from __future__ import annotations

from autograder.grading.result import Status

OBSERVED = frozenset({Status.FAILED, Status.TIMEOUT, Status.CRASHED})
"""How a test comes out that the student's own code fails."""

Observed = dict[str, dict[int, int]]
"""By test, by failing example: what it was answered."""
