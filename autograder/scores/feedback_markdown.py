"""A student's feedback as Markdown, for a terminal, a pull request or a learning management system."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.grading.result import Status
from autograder.markdown import code, plain
from autograder.scores.feedback import Check, Page, Problem, TaskPage


def markdown(page: Page) -> str:
    """The page; what a student may have brought in stands in code spans, the rest is escaped."""
    lines = [f"# {plain(page.title)}", "", f"{code(page.student)}: **{page.points} points**", ""]
    lines += [f"- {code(note)}" for note in page.notes]
    lines += ["", "| task | | result | points |", "|---|---|---|---:|"]
    lines += [f"| {t.task} | {plain(t.title)} | {t.word} | {t.points} |" for t in page.tasks]
    for task in page.tasks:
        lines += ["", *_task(task)]
    if page.written:
        lines += ["", "## Answers in words", "", *(f"- {plain(line)}" for line in page.written)]
    lines += ["", f"Graded from {page.made_from}."]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def _task(task: TaskPage) -> Iterator[str]:
    yield f"## {task.task} {plain(task.title)}: {task.word}, {task.points} points"
    yield ""
    yield from map(_problem, task.problems)
    if task.more:
        yield f"- {task.further}"
    yield from (f"- **A hidden test**: {plain(found)}" for found in task.hidden_problems)
    for name, text in (("Likely", task.likely), ("In your own tree", task.broken_by), ("Hint", task.hint)):
        if text:
            yield f"- **{name}**: {plain(text)}"
    if task.status is not Status.PASSED:
        yield f"- **Read**: {code(task.read)}"
        yield f"- **Run just this**: {' or '.join(map(code, task.run))}"
    yield ""
    yield "What was checked:"
    yield ""
    yield from (_check(check) for check in task.checks)
    if task.hidden:
        tick = _tick(task.hidden == task.hidden_passed)
        yield f"- {tick} hidden tests: {task.hidden_passed} of {task.hidden} passed"


def _problem(problem: Problem) -> str:
    return f"- **Found**: {code(problem.found)}{f' ({plain(problem.by)})' if problem.by else ''}"


def _check(check: Check) -> str:
    wrong = f": not for {', '.join(map(code, check.wrong_cases))}" if check.wrong_cases else ""
    count = f" ({len(check.cases)} cases)" if len(check.cases) > 1 else ""
    return f"- {_tick(check.passed)} {plain(check.words)}{count}{wrong}"


def _tick(passed: bool) -> str:  # noqa: FBT001  (it is what is shown)
    return "✓" if passed else "✗"
