"""The table that closes a run: a line a submission in a small class, a line a task in a large one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.grading.result import Result, Status, TaskScore, WrittenAnswer
from autograder.registry import number_of
from autograder.scores.files import points_text

SMALL_CLASS = 40
"""Submissions that are still shown one by one."""

_STYLES = {
    Status.PASSED: "green",
    Status.FAILED: "red",
    Status.TODO: "yellow",
    Status.TIMEOUT: "magenta",
    Status.CRASHED: "magenta",
    Status.ERROR: "bold red",
}
_SHORT = {Status.FAILED: "fail", Status.TIMEOUT: "time", Status.CRASHED: "crash"}


@dataclass(slots=True)
class _TaskTally:
    title: str
    max_score: float
    points: float = 0.0
    statuses: Counter[Status] = field(default_factory=Counter)

    def add(self, score: TaskScore) -> None:
        self.statuses[score.status] += 1
        self.points += score.score or 0.0

    def mean(self) -> float | None:
        return _mean(self.points, self.statuses.total() - self.statuses[Status.ERROR])


@dataclass(slots=True)
class _Tally:
    """What one assignment's results came to; the results themselves are kept of a small class only."""

    name: str
    submissions: int = 0
    complete: int = 0
    points: float = 0.0
    max_score: float = 0.0
    tasks: dict[str, _TaskTally] = field(default_factory=dict)
    first: list[Result] = field(default_factory=list)
    written: dict[str, WrittenAnswer] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)

    def add(self, result: Result) -> None:
        self.submissions += 1
        self.complete += result.complete
        self.points += result.score or 0.0
        self.max_score = result.max_score
        for score in result.tasks:
            self.tasks.setdefault(score.task, _TaskTally(score.title, score.max_score)).add(score)
        for answer in result.written or ():
            self.written[answer.written] = answer
            self.answered[answer.written] += bool(answer.text)
        if self.submissions <= SMALL_CLASS:
            self.first.append(result)

    def mean(self) -> float | None:
        return _mean(self.points, self.complete)


def closing_table(results: Iterable[Result], out: Path) -> RenderableType:
    """What a run came to, and where its scores are.

    Args:
        results: by student; they are gone through once, and those of a large class are not kept.
        out: the folder of the scores.
    """
    tallies: dict[str, _Tally] = {}
    for result in results:
        tallies.setdefault(result.assignment, _Tally(result.assignment)).add(result)
    ordered = sorted(tallies.values(), key=lambda tally: number_of(next(iter(tally.tasks), "")))
    tables = [_students(tally) if tally.submissions <= SMALL_CLASS else _tasks(tally) for tally in ordered]
    return Group(*tables, *_closing_lines(ordered, out))


def _students(tally: _Tally) -> Table:
    """A line a student, a column a task."""
    table = _table(tally)
    table.add_column("student", overflow="fold")
    for task_id, task in tally.tasks.items():
        table.add_column(f"{task_id}\nof {points_text(task.max_score)}", justify="right", no_wrap=True)
    table.add_column(f"score\nof {points_text(tally.max_score)}", justify="right", no_wrap=True)
    for result in tally.first:
        name = Text(result.student_id) + Text(" *" if result.notes else "", style="dim")
        name += Text(" !" if result.tampering else "", style="bold red")
        table.add_row(name, *(_cell(score) for score in result.tasks), points_text(result.score) or "-")
    table.add_section()
    means = [*(task.mean() for task in tally.tasks.values()), tally.mean()]
    table.add_row("mean", *(points_text(mean) or "-" for mean in means), style="dim")
    return table


def _tasks(tally: _Tally) -> Table:
    """A line a task, a column a status."""
    table = _table(tally)
    shown = [status for status in Status if any(task.statuses[status] for task in tally.tasks.values())]
    table.add_column("task", no_wrap=True)
    table.add_column("title", overflow="fold")
    table.add_column("mean", justify="right", no_wrap=True)
    for status in shown:
        table.add_column(status.value, justify="right", no_wrap=True, style=_STYLES[status])
    for name, task in tally.tasks.items():
        counts = [f"{task.statuses[status]:,}" if task.statuses[status] else "" for status in shown]
        table.add_row(name, task.title, _total(task.mean(), task.max_score), *counts)
    table.add_section()
    table.add_row("all", "", _total(tally.mean(), tally.max_score), style="dim")
    return table


def _table(tally: _Tally) -> Table:
    count = "1 submission" if tally.submissions == 1 else f"{tally.submissions:,} submissions"
    return Table(
        title=f"{tally.name}: {count}", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )


def _cell(score: TaskScore) -> Text:
    style = _STYLES[score.status]
    if score.score is None:
        return Text("ungraded", style=style)
    word = "" if score.status is Status.PASSED else f" {_SHORT.get(score.status, score.status.value)}"
    return Text(f"{points_text(score.score)}{word}", style=style)


def _total(points: float | None, of: float) -> str:
    return f"{'-' if points is None else points_text(points)}/{points_text(of)}"


def _mean(points: float, count: int) -> float | None:
    return round(points / count, 2) if count else None


def _closing_lines(tallies: Sequence[_Tally], out: Path) -> list[Text]:
    lines = []
    if any(result.notes for tally in tallies if tally.submissions <= SMALL_CLASS for result in tally.first):
        lines.append(Text("* has notes on its files, in the student's result"))
    if any(result.tampering for tally in tallies for result in tally.first):
        lines.append(Text("! did what can only be meant to influence its grading, in the student's result"))
    ungraded = sum(tally.submissions - tally.complete for tally in tallies)
    if ungraded:
        were = "submission was" if ungraded == 1 else "submissions were"
        lines.append(
            Text(f"{ungraded:,} {were} not fully graded, by our own fault: run the command again", "bold red")
        )
    for tally in tallies:
        lines += [
            Text(
                f"{name}, of {points_text(written.max_score)}, is graded by hand: {tally.answered[name]:,} "
                f"of {tally.submissions:,} wrote {out / tally.name / f'<student>.{written.file}'}"
            )
            for name, written in tally.written.items()
        ]
    files = "<assignment>" if len(tallies) > 1 else next((tally.name for tally in tallies), "<assignment>")
    lines.append(Text(f"Scores: {out / 'scores.csv'}, {out / files / '<student>.json'}"))
    return [Text(line.plain, line.style, overflow="fold") for line in lines]
