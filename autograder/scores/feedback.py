"""What a student reads about a graded submission: a pure function of the result and the registry.

The pages, in Markdown and in HTML, lay this out and add nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.grading.result import Result, Status, TaskScore, TestOutcome
from autograder.registry import Assignment, Task
from autograder.scores.files import points_text

WORDS = {Status.TODO: "to do", Status.TIMEOUT: "timed out", Status.ERROR: "not graded"}
HIDDEN = re.compile(r"hidden test \d+")
MOST_PROBLEMS = 4
"""Messages shown of a task's public tests; those further on seldom say anything new."""


@dataclass(frozen=True, slots=True)
class Check:
    """One public test in words.

    Attributes:
        cases: each of its parametrizations and how it came out; one with the name "" where there are none.
    """

    words: str
    cases: tuple[tuple[str, Status], ...]

    @property
    def passed(self) -> bool:
        """Whether all of it passed."""
        return all(status is Status.PASSED for _, status in self.cases)

    @property
    def wrong_cases(self) -> tuple[str, ...]:
        """The parametrizations that did not pass, where others did."""
        wrong = tuple(case for case, status in self.cases if status is not Status.PASSED)
        return wrong if len(wrong) < len(self.cases) else ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What public tests found.

    Attributes:
        found: a line for the student, with the call, what it gave and what was expected.
        check: what the first of the tests that found it looks at.
        count: how many tests found it.
    """

    found: str
    check: str
    status: Status
    count: int = 1

    @property
    def by(self) -> str:
        """Which tests found it: "order of a chain, and 2 more", "" where it is a TODO."""
        more = f", and {self.count - 1} more" if self.count > 1 else ""
        return "" if self.status is Status.TODO else f"{self.check}{more}"


@dataclass(frozen=True, slots=True)
class TaskPage:
    """What a student reads about one task.

    Attributes:
        points: "7.5 of 10".
        share: of the task's points, from 0 to 1.
        hidden_passed: how many of the `hidden` tests passed.
        problems: of the public tests, the smallest counterexample first.
        more: how many further messages there are.
        hidden_problems: of the hidden tests, in what their author wrote for students.
        likely: the mistake that it looks like, "" where none is recognised.
        broken_by: why it fails in the student's own tree though it is right by itself, "" where it does not.
        read: where the handout speaks of it.
        run: the commands that run just this task.
    """

    task: str
    title: str
    status: Status
    points: str
    share: float
    checks: tuple[Check, ...]
    hidden: int
    hidden_passed: int
    problems: tuple[Problem, ...]
    more: int
    hidden_problems: tuple[str, ...]
    likely: str
    broken_by: str
    hint: str
    read: str
    run: tuple[str, ...]

    @property
    def further(self) -> str:
        """How many messages are not shown, in words."""
        return f"and {self.more} further message{'s' if self.more > 1 else ''}"

    @property
    def word(self) -> str:
        """How the task came out, as it is shown."""
        return WORDS.get(self.status, self.status.value)


@dataclass(frozen=True, slots=True)
class Page:
    """What a student reads about a submission.

    Attributes:
        written: a line for each answer in words.
        made_from: which files and which examples were graded.
    """

    title: str
    student: str
    points: str
    notes: tuple[str, ...]
    tasks: tuple[TaskPage, ...]
    written: tuple[str, ...]
    made_from: str


def page(result: Result, assignment: Assignment) -> Page:
    """The page of a result.

    Args:
        assignment: the result's, which knows the hints and the handout's sections.
    """
    known = {task.id: task for task in assignment.tasks}
    scores = [score for score in result.tasks if score.task in known]
    return Page(
        title=assignment.title,
        student=result.student_id,
        points=_points(result.score, result.max_score),
        notes=result.notes,
        tasks=tuple(_task_page(score, known[score.task], assignment) for score in scores),
        written=tuple(
            f"{answer.title} ({answer.file}): {'handed in' if answer.text else 'not handed in'}; "
            f"staff give up to {points_text(answer.max_score)} further points for it"
            for answer in result.written or ()
        ),
        made_from=f"modules {result.submission_sha256[:12]}, examples of seed {result.seed}",
    )


def _task_page(score: TaskScore, task: Task, assignment: Assignment) -> TaskPage:
    hidden = [test for test in score.tests if HIDDEN.fullmatch(test.name)]
    public = [test for test in score.tests if not HIDDEN.fullmatch(test.name)]
    problems = _problems(public, score.status)
    return TaskPage(
        task=score.task,
        title=score.title,
        status=score.status,
        points=_points(score.score, score.max_score),
        share=(score.score or 0.0) / score.max_score,
        checks=_checks(public),
        hidden=len(hidden),
        hidden_passed=sum(test.status is Status.PASSED for test in hidden),
        problems=problems[:MOST_PROBLEMS],
        more=len(problems[MOST_PROBLEMS:]),
        hidden_problems=_hidden_problems(hidden, problems),
        likely=score.likely,
        broken_by=_broken(score.broken_by),
        hint="" if score.status is Status.PASSED else task.hint,
        read=f"assignments/{assignment.name}/README.md#{task.section}",
        run=(f"autograder check {task.id}", f"pytest -m {task.id}"),
    )


def _points(score: float | None, of: float) -> str:
    return f"{'-' if score is None else points_text(score)} of {points_text(of)}"


def _checks(tests: Sequence[TestOutcome]) -> tuple[Check, ...]:
    found: dict[str, list[tuple[str, Status]]] = {}
    for test in tests:
        case = test.name.partition("[")[2].removesuffix("]")
        found.setdefault(_words(test), []).append((case, test.status))
    return tuple(Check(words, tuple(cases)) for words, cases in found.items())


def _words(test: TestOutcome) -> str:
    """What a test checks, as its name says it."""
    return test.name.partition("[")[0].removeprefix("test_").replace("_", " ")


def _problems(tests: Sequence[TestOutcome], status: Status) -> tuple[Problem, ...]:
    """What the tests found: what gave the task its status first, of that the shortest message."""
    found: dict[str, Problem] = {}
    for test in tests:
        if test.status is not Status.PASSED:
            message = test.message or "did not pass"
            before = found.get(message, Problem(message, _words(test), test.status, 0))
            found[message] = replace(before, count=before.count + 1)
    return tuple(sorted(found.values(), key=lambda p: (p.status is not status, len(p.found))))


def _hidden_problems(tests: Sequence[TestOutcome], told: Sequence[Problem]) -> tuple[str, ...]:
    """What hidden tests say that the public ones have not told."""
    known = {"", *(problem.found for problem in told)}
    said = dict.fromkeys(test.message for test in tests if test.status is not Status.PASSED)
    return tuple(message for message in said if message not in known)


def _broken(earlier: Sequence[str]) -> str:
    """Which earlier tasks break a right one, as a sentence."""
    verb = "breaks" if len(earlier) == 1 else "break"
    return f"right by itself; your own {' and '.join(earlier)} {verb} it: mend that first" if earlier else ""
