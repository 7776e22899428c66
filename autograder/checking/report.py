"""What the tests' outcomes say about each task: a pure function of the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.checking.events import Outcome, Status, Test
from autograder.checking.running import Run
from autograder.registry import Assignment, Task

WORST_FIRST = (Status.CRASHED, Status.TIMEOUT, Status.ERROR, Status.FAILED, Status.TODO)


@dataclass(frozen=True, slots=True)
class TaskReport:
    """One task's state.

    Attributes:
        tests: its tests with their outcomes, in pytest's order; skipped ones are left out.
        rests_on: why it cannot pass yet, where that is another task's doing: "task1_3, which is still to do".
    """

    assignment: Assignment
    task: Task
    status: Status
    tests: tuple[tuple[Test, Outcome], ...]
    rests_on: str = ""

    @property
    def passed(self) -> int:
        """How many of its tests pass."""
        return sum(outcome.status is Status.PASSED for _, outcome in self.tests)

    @property
    def first_problem(self) -> tuple[Test, Outcome] | None:
        """The first test that says why the task is in its state, None where all pass."""
        for status in (self.status, *WORST_FIRST):
            for test, outcome in self.tests:
                if outcome.status is status is not Status.PASSED:
                    return test, outcome
        return None


def reports(wanted: Sequence[tuple[Assignment, Task]], run: Run) -> list[TaskReport]:
    """The state of each wanted task, in order."""
    found: dict[str, TaskReport] = {}
    for assignment, task in wanted:
        names = {task.id, *task.aliases}
        pairs = [(t, run.outcomes[t.node]) for t in run.tests.values() if not names.isdisjoint(t.marks)]
        tests = tuple((t, o) for t, o in pairs if o.status is not Status.SKIPPED)
        found[task.id] = _blamed(TaskReport(assignment, task, Status.UNTESTED, tests), found)
    return list(found.values())


def _blamed(report: TaskReport, earlier: Mapping[str, TaskReport]) -> TaskReport:
    """The report with its status, and with the task that it rests on where that is not done."""
    outcomes = [outcome for _, outcome in report.tests]
    if not outcomes:
        return report
    wrong = [o for o in outcomes if o.status is not Status.PASSED]
    if not wrong:
        return replace(report, status=Status.PASSED)
    if any(o.task == report.task.id for o in wrong):
        return replace(report, status=Status.TODO)
    elsewhere = [reason for o in wrong if (reason := _elsewhere(o, report))]
    if len(elsewhere) == len(wrong):
        return replace(report, status=Status.WAITING, rests_on=min(elsewhere))
    status = next(s for s in WORST_FIRST if any(o.status is s for o in wrong))
    return replace(report, status=status, rests_on=next(iter(elsewhere), "") or _unfinished(report, earlier))


def _elsewhere(outcome: Outcome, report: TaskReport) -> str:
    """What of another task stopped this test, "" where nothing did."""
    if outcome.task:
        return f"{outcome.task}, which is still to do"
    broken = Path(outcome.file).stem
    for task in report.assignment.tasks:
        if outcome.file and task.module == broken != report.task.module:
            return f"{task.id}, whose module {broken}.py does not parse"
    return ""


def _unfinished(report: TaskReport, earlier: Mapping[str, TaskReport]) -> str:
    """The first task that this one needs and that does not pass, of those that ran."""
    needed = report.assignment.prerequisites(report.task)
    for task_id, other in earlier.items():
        if task_id in needed and other.status not in (Status.PASSED, Status.UNTESTED):
            return f"{task_id}, which does not pass yet"
    return ""
