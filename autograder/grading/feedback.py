"""What a student is told beyond the verdicts: the likely mistake, and which earlier task breaks a right one.

Only a submission that fails somewhere costs anything here, and no score is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from autograder.grading.grader import Grader
from autograder.grading.messages import Manner, Observed
from autograder.grading.misconceptions import Misconceptions
from autograder.grading.result import OBSERVED, Result, Status, TaskScore
from autograder.grading.submission import Submission
from autograder.registry import Assignment, Course, Task
from autograder.release.stubs import stubs

UNDONE = OBSERVED | {Status.TODO}


class Feedback:
    """Adds to the results of one assignment, for one seed; used by many threads, each with its grader.

    Args:
        memory: see `Misconceptions`.
    """

    def __init__(self, course: Course, assignment: Assignment, seed: int, memory: Path | None = None) -> None:
        self._assignment, self._seed = assignment, seed
        self._misconceptions = Misconceptions(course, assignment, seed, memory)

    def on(self, result: Result, submission: Submission, grader: Grader) -> Result:
        """The result of the submission that `grader` graded last, with what can be said of its failures."""
        return self.explained(result, grader.last.observed, submission, grader)

    def know(self, task: str, mistakes: Mapping[str, Observed]) -> None:
        """Take how a task's known mistakes fail from where it was found out."""
        self._misconceptions.know(task, mistakes)

    def unknown(self, observed: Mapping[str, Observed]) -> list[str]:
        """The failing tasks of whose known mistakes it must yet be found out how they fail."""
        return [task for task, seen in observed.items() if seen and not self._misconceptions.knows(task)]

    def explained(
        self, result: Result, observed: Mapping[str, Observed], submission: Submission, grader: Grader
    ) -> Result:
        """The result with what can be said of its failures, in which `observed` was seen, by task."""
        scores = {score.task: score for score in result.tasks}
        if not any(score.status in UNDONE for score in result.tasks):
            return result
        told = [
            msgspec.structs.replace(
                score,
                likely=self._misconceptions.likely(task, score, observed.get(task.id, {}), grader),
                broken_by=self._broken_by(task, scores, submission, grader),
            )
            for task, score in zip(self._assignment.tasks, result.tasks, strict=True)
        ]
        return msgspec.structs.replace(result, tasks=tuple(told))

    def _broken_by(
        self, task: Task, scores: Mapping[str, TaskScore], submission: Submission, grader: Grader
    ) -> tuple[str, ...]:
        """Of a task that passes, the earlier ones with which, as they were handed in, it would not."""
        if scores[task.id].status is not Status.PASSED:
            return ()
        needed = self._assignment.prerequisites(task)
        suspects = [
            other
            for other in self._assignment.tasks
            if other.id in needed and other.module != task.module and scores[other.id].status in UNDONE
        ]
        return tuple(other.id for other in suspects if self._breaks(other, task, submission, grader))

    def _breaks(self, other: Task, task: Task, submission: Submission, grader: Grader) -> bool:
        """Whether the task fails on the student's own module of one other, the rest of what it needs solved.

        What is said in that run is not passed on: the reference lies beside the student's code.
        """
        own = {task.module, other.module, *self._assignment.helpers}
        solved = stubs(self._assignment, self._assignment.prerequisites(task) - {other.id})
        modules = {name: text for name, text in solved.items() if name not in own}
        modules |= {name: text for name, text in submission.modules.items() if name in own}
        tree = Submission(submission.student_id, submission.assignment, modules, "")
        manner = Manner(tasks=(task.id,), own_tree=True, first_failure=True)
        (score,) = grader.scores(tree, self._seed, manner)
        return score.status in UNDONE
