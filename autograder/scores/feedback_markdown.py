"""A student's feedback as Markdown, for a terminal, a pull request or a learning management system."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.grading.result import Status
from autograder.scores.feedback import Check, Page, Problem, TaskPage

_MARKS = re.compile(r"([\\`*_\[\]<>#|~&$])")
_TICKS = re.compile(r"`+")


def markdown(page: Page) -> str:
    """The page; what a student may have brought in stands in code spans, the rest is escaped."""
    lines = [f"# {_plain(page.title)}", "", f"{_code(page.student)}: **{page.points} points**", ""]
    lines += [f"- {_code(note)}" for note in page.notes]
    lines += ["", "| task | | result | points |", "|---|---|---|---:|"]
    lines += [f"| {t.task} | {_plain(t.title)} | {t.word} | {t.points} |" for t in page.tasks]
    for task in page.tasks:
        lines += ["", *_task(task)]
    if page.written:
        lines += ["", "## Answers in words", "", *(f"- {_plain(line)}" for line in page.written)]
    lines += ["", f"Graded from {page.made_from}."]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def _task(task: TaskPage) -> Iterator[str]:
    yield f"## {task.task} {_plain(task.title)}: {task.word}, {task.points} points"
    yield ""
    yield from map(_problem, task.problems)
    if task.more:
        yield f"- {task.further}"
    yield from (f"- **A hidden test**: {_plain(found)}" for found in task.hidden_problems)
    for name, text in (("Likely", task.likely), ("In your own tree", task.broken_by), ("Hint", task.hint)):
        if text:
            yield f"- **{name}**: {_plain(text)}"
    if task.status is not Status.PASSED:
        yield f"- **Read**: {_code(task.read)}"
        yield f"- **Run just this**: {' or '.join(map(_code, task.run))}"
    yield ""
    yield "What was checked:"
    yield ""
    yield from (_check(check) for check in task.checks)
    if task.hidden:
        tick = _tick(task.hidden == task.hidden_passed)
        yield f"- {tick} hidden tests: {task.hidden_passed} of {task.hidden} passed"


def _problem(problem: Problem) -> str:
    return f"- **Found**: {_code(problem.found)}{f' ({_plain(problem.by)})' if problem.by else ''}"


def _check(check: Check) -> str:
    wrong = f": not for {', '.join(map(_code, check.wrong_cases))}" if check.wrong_cases else ""
    count = f" ({len(check.cases)} cases)" if len(check.cases) > 1 else ""
    return f"- {_tick(check.passed)} {_plain(check.words)}{count}{wrong}"


def _tick(passed: bool) -> str:  # noqa: FBT001  (it is what is shown)
    return "✓" if passed else "✗"


def _plain(text: str) -> str:
    """Text in which nothing is markup, on one line."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    """Text as a code span, which it cannot end: the fence is longer than any run of ticks in it."""
    line = " ".join(text.split())
    fence = "`" * (1 + max((len(run) for run in _TICKS.findall(line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{fence}{pad}{line}{pad}{fence}"
