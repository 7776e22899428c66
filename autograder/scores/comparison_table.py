"""Two folders of scores side by side, as a table: what `autograder grade --compare` shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.errors import OutputError
from autograder.scores.comparison import Change, changes
from autograder.scores.files import points_text, read_result, read_results

MOST_TESTS = 4
"""Tests that are named of one task of one student."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two folders of scores.

    Attributes:
        compared: submissions with a result in both.
        only_old: submissions of the same assignments that have no new result.
        only_new: submissions without an earlier one.
    """

    changes: tuple[Change, ...]
    compared: int
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]


def earlier_scores(old: Path, out: Path) -> Path:
    """`old`, if it is a folder of scores that grading into `out` leaves as they are.

    Raises:
        OutputError: there are no scores, or the new ones would take their place.
    """
    if old.resolve() == out.resolve():
        raise OutputError(
            f"--compare {old}: the new scores would take the place of these; name another --out"
        )
    if next(old.glob("*/*.json"), None) is None:
        raise OutputError(f"--compare {old}: no scores here; name the folder that an earlier --out named")
    return old


def compare(old: Path, new: Path, assignment: str | None = None) -> Comparison:
    """Compare the results in two folders.

    Args:
        assignment: the only one to compare; without it, all that the new folder holds.
    """
    found: list[Change] = []
    only_new: list[str] = []
    assignments, compared = set(), 0
    for result in read_results(new, lambda _: None):
        if assignment in (None, result.assignment):
            assignments.add(result.assignment)
            try:
                before = read_result(old / result.assignment / f"{result.student_id}.json")
            except (OSError, ValueError):
                only_new.append(f"{result.assignment}/{result.student_id}")
            else:
                compared += 1
                found += changes(before, result)
    paths = sorted(path for name in sorted(assignments) for path in (old / name).glob("*.json"))
    missing = [p for p in paths if not (new / p.parent.name / p.name).is_file()]
    only_old = tuple(f"{path.parent.name}/{path.stem}" for path in missing)
    return Comparison(tuple(found), compared, only_old, tuple(only_new))


def comparison_table(found: Comparison, old: Path) -> RenderableType:
    """The table, and in lines what it comes to."""
    return Group(*([_table(found.changes)] if found.changes else []), *_lines(found, old))


def _table(listed: Sequence[Change]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("student", overflow="fold")
    table.add_column("task", no_wrap=True)
    for name in ("old", "new", "change"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("through", overflow="fold", ratio=1)
    previous = ""
    for change in listed:
        name = "" if change.student_id == previous else change.student_id
        mark = " *" if change.resubmitted else ""
        table.add_row(
            Text(name and f"{name}{mark}"),
            change.task,
            points_text(change.old) or "-",
            points_text(change.new) or "-",
            _difference(change.difference),
            Text("\n".join(_few(change.tests))),
        )
        previous = change.student_id
    return table


def _few(tests: Sequence[str]) -> Iterator[str]:
    yield from tests[:MOST_TESTS]
    if len(tests) > MOST_TESTS:
        yield f"and {len(tests) - MOST_TESTS} more"


def _difference(points: float | None) -> Text:
    if points is None:
        return Text("")
    sign, style = ("+", "green") if points > 0 else ("", "red" if points < 0 else "dim")
    return Text(f"{sign}{points_text(points)}", style=style)


def _lines(found: Comparison, old: Path) -> Iterator[Text]:
    students = {(change.assignment, change.student_id): 0.0 for change in found.changes}
    for change in found.changes:
        students[change.assignment, change.student_id] += change.difference or 0.0
    gained = sum(points > 0 for points in students.values())
    lost = sum(points < 0 for points in students.values())
    of = f"of {found.compared} submissions compared with {old}"
    yield Text(
        f"{len(students)} {of} change: {gained} gain points, {lost} lose points"
        if students
        else f"none {of} changes"
    )
    if any(change.resubmitted for change in found.changes):
        yield Text("* handed in other files since: not the tests alone made the difference")
    if any(change.reseeded for change in found.changes):
        yield Text("the earlier scores have another --seed: some of the difference may be its examples'")
    for names, what in ((found.only_old, "have no new result"), (found.only_new, "have no earlier result")):
        if names:
            yield Text(f"{len(names)} {what}: {', '.join(names)}")
