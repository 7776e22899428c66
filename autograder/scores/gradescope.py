"""A result as Gradescope's ``results.json``, by its published specification of autograder output.

A task is a test with points; what it rests on follows as tests without points of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from autograder.grading.result import Result, Status, TaskScore, TestOutcome
from autograder.registry import Assignment, number_of
from autograder.scores.feedback import HIDDEN, Page, TaskPage, page

NOT_GRADED = "Not fully graded, by no fault of yours: staff grade it again."

Field = str | float | bool | list[str] | dict[str, object]


class Visibility(StrEnum):
    """When students see a test, in Gradescope's words."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


def gradescope(result: Result, assignment: Assignment, hidden: Visibility = Visibility.VISIBLE) -> str:
    """The document; it has no points at all where our own fault kept a task from being graded.

    Gradescope would add up the points of the other tests, and so show the ungraded ones as zeros.

    Args:
        hidden: who sees the hidden tests. They have but a number and their author's sentence for
            students, so they may be seen; with any other choice Gradescope shows no student a total.
    """
    said = page(result, assignment)
    pages = {task.task: task for task in said.tasks}
    tests = [
        test
        for score in result.tasks
        if score.task in pages
        for test in _tests(score, pages[score.task], graded=result.complete, hidden=hidden)
    ]
    whole: dict[str, object] = {
        "output": _output(said, complete=result.complete),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "execution_time": result.duration_s,
        "visibility": Visibility.VISIBLE,
        "stdout_visibility": Visibility.HIDDEN,
        "extra_data": {
            "rung": result.sandbox.rung,
            "seed": result.seed,
            "course_version": result.course_version,
            "submission_sha256": result.submission_sha256,
        },
        "tests": tests,
    }
    if result.score is not None:
        whole["score"] = result.score
    return document(whole)


def document(whole: dict[str, object]) -> str:
    """The text of a ``results.json``."""
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"


def _output(said: Page, *, complete: bool) -> str:
    """What is said of the submission as a whole."""
    lines = [*said.notes, *said.written, f"Graded from {said.made_from}."]
    return "\n".join(lines if complete else [NOT_GRADED, *lines])


def _tests(
    score: TaskScore, said: TaskPage, *, graded: bool, hidden: Visibility
) -> Iterator[dict[str, Field]]:
    number = ".".join(map(str, number_of(score.task)))
    own: dict[str, Field] = {
        "name": f"{score.task} {score.title}",
        "number": number,
        "output": "\n".join(_lines(said, hidden)),
        "output_format": "text",
        "tags": [score.task],
        "visibility": Visibility.VISIBLE,
        **_status(score.status),
    }
    if graded and score.score is not None:
        own |= {"score": score.score, "max_score": score.max_score}
    yield own
    for count, test in enumerate(score.tests, start=1):
        yield _test(score.task, f"{number}.{count}", test, hidden)


def _lines(said: TaskPage, hidden: Visibility) -> Iterator[str]:
    """What a student reads of a task, as on the feedback's page."""
    yield f"{said.word}, {said.points} points"
    yield from (f"Found: {problem.found}" for problem in said.problems)
    if said.more:
        yield said.further
    if hidden is Visibility.VISIBLE and said.hidden:
        yield from (f"A hidden test: {found}" for found in said.hidden_problems)
        yield f"Hidden tests: {said.hidden_passed} of {said.hidden} passed"
    for name, text in (("Likely", said.likely), ("In your own tree", said.broken_by), ("Hint", said.hint)):
        if text:
            yield f"{name}: {text}"
    if said.status is not Status.PASSED:
        yield f"Read: {said.read}"
        yield f"Run just this: {' or '.join(said.run)}"


def _test(task: str, number: str, test: TestOutcome, hidden: Visibility) -> dict[str, Field]:
    return {
        "name": test.name,
        "number": number,
        "output": test.message,
        "output_format": "text",
        "tags": [task],
        "visibility": hidden if HIDDEN.fullmatch(test.name) else Visibility.VISIBLE,
        **_status(test.status),
    }


def _status(status: Status) -> dict[str, Field]:
    """A test is shown as passed or failed; one that we could not run is neither."""
    if status is Status.ERROR:
        return {}
    return {"status": "passed" if status is Status.PASSED else "failed"}
