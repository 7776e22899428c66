"""The outcomes as Markdown, for the summary that a CI shows beside a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.checking.events import Status
from autograder.checking.report import TaskReport
from autograder.checking.showing import WORDS
from autograder.errors import OutputError
from autograder.markdown import code, plain

SHOWN = 300
"""Letters of a message that are shown; GitHub takes a summary of 1 MiB."""


def append_summary(path: Path, reports: Sequence[TaskReport]) -> None:
    """Append the summary to `path`, which a CI's earlier steps may have written to.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write("\n".join(_lines(reports)) + "\n")
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror}); choose another --markdown"
        ) from error


def _lines(reports: Sequence[TaskReport]) -> Iterator[str]:
    done = sum(report.status is Status.PASSED for report in reports)
    yield f"## {done} of {len(reports)} tasks pass their public tests"
    yield ""
    yield "| task | | status | tests | points |"
    yield "|---|---|---|---:|---:|"
    for report in reports:
        counted = f"{report.passed}/{len(report.tests)}"
        task, said = report.task, WORDS.get(report.status, report.status.value)
        yield f"| {task.id} | {plain(task.title)} | {said} | {counted} | {task.points} |"
    yield ""
    yield from (line for report in reports for line in _problem(report))


def _problem(report: TaskReport) -> Iterator[str]:
    """What is wrong with a task that was begun; one that is still to do says so in the table."""
    found = report.first_problem
    if found is None or report.status in (Status.PASSED, Status.TODO, Status.WAITING):
        return
    test, outcome = found
    yield f"- **{report.task.id}**: {code((outcome.message or 'did not pass')[:SHOWN])} ({code(test.name)})"
    if report.task.hint:
        yield f"  - {plain(report.task.hint)}"
