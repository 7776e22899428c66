"""Scores into a gradebook CSV that Canvas imports, made from the one that the instructor exported there.

Canvas takes a row's student and a column's assignment by the ids in it (its ``gradebook_importer.rb``), so
both are the export's own. A blank cell would take an earlier grade away: who has no score has no row,
and what else a row holds is as it was exported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import KitError
from autograder.registry import Assignment
from autograder.scores.files import no_formula, points_text
from autograder.scores.final import Final, Matched, matched
from autograder.scores.roster import read_table

IDENTITY = ("SIS Login ID", "SIS User ID", "ID")
"""Columns that can hold the names of the submissions' folders."""

_ASSIGNMENT = re.compile(r"(.*)\s\((\d+)\)", re.DOTALL)
_WANTED = "export it in Canvas: Grades, Export, Export Entire Gradebook"
_EXCUSED = "EX"


@dataclass(frozen=True, slots=True)
class CanvasExport:
    """A gradebook as Canvas exports it.

    Attributes:
        headings: of all columns.
        points: the row "Points Possible".
        students: the other rows.
        own: how many columns say who the student is, "Section" the last of them.
    """

    headings: list[str]
    points: list[str]
    students: list[list[str]]
    own: int

    def assignments(self) -> dict[int, tuple[str, str]]:
        """Title and Canvas's id by column."""
        found = {at: _ASSIGNMENT.fullmatch(name) for at, name in enumerate(self.headings) if at >= self.own}
        return {at: (one[1], one[2]) for at, one in found.items() if one}


def read_export(path: Path) -> CanvasExport:
    """The export in a file.

    Raises:
        KitError: it is none.
    """
    headings, *rows = read_table(path)
    named = headings[0] == "Student" or headings[:2] == ["LastName", "FirstName"]
    if not named or "ID" not in headings or "Section" not in headings:
        raise KitError(
            f"{path}: no gradebook of Canvas (its columns are Student, ID, ..., Section); {_WANTED}"
        )
    points = next((row for row in rows if row[0].startswith("Points Possible")), None)
    if points is None:
        raise KitError(f"{path}: no row of Points Possible; {_WANTED}")
    width, at = len(headings), headings.index("ID")
    students = [row for row in rows if len(row) > at and row[at].isdecimal()]
    if ragged := next((row for row in [points, *students] if len(row) != width), None):
        raise KitError(f"{path}: {ragged[0]!r} has {len(ragged)} cells under {width} headings; {_WANTED}")
    return CanvasExport(headings, points, students, headings.index("Section") + 1)


def column_of(export: CanvasExport, assignment: Assignment, wanted: str) -> int:
    """The column of an assignment: the one with the id `wanted`, or else with its title or name.

    Raises:
        KitError: there is none, or more than one.
    """
    there = export.assignments()
    plain = assignment.name.casefold()
    names = {assignment.title.casefold(), plain, plain.replace("_", " ")}
    found = [
        at
        for at, (title, key) in there.items()
        if (key == wanted if wanted else title.strip().casefold() in names)
    ]
    if len(found) == 1:
        return found[0]
    columns = ", ".join(f"{title} ({key})" for title, key in there.values()) or "none"
    what = f"with the id {wanted}" if wanted else f'titled "{assignment.title}" or "{assignment.name}"'
    raise KitError(
        f"{assignment.name}: {len(found) or 'no'} columns {what} in Canvas's export (there are: {columns}); "
        f"say which with --column {assignment.name}=ID"
    )


def factor(export: CanvasExport, at: int, scores: Sequence[Final], *, scale: bool) -> float:
    """What points are multiplied with: 1, or to what Canvas has as full marks.

    Raises:
        KitError: Canvas has other full marks, and nobody said that points are to be converted.
    """
    there, ours = export.points[at].replace(",", "."), scores[0].max_points
    try:
        possible = float(there)
    except ValueError:
        possible = 0.0
    if possible == ours:
        return 1.0
    if not scale or possible <= 0:
        raise KitError(
            f"{export.headings[at]}: Canvas has {there or 'no'} points possible, full marks are "
            f"{points_text(ours)}; set them in Canvas and export again, or convert with --scale"
        )
    return possible / ours


@dataclass(frozen=True, slots=True)
class Filled:
    """A file for Canvas, and what of each assignment went into it."""

    rows: list[list[str]]
    matched: Mapping[str, Matched]
    excused: tuple[str, ...]


def filled(export: CanvasExport, columns: Mapping[int, tuple[Sequence[Final], float]]) -> Filled:
    """The rows of a CSV for Canvas.

    Args:
        export: the instructor's.
        columns: scores of an assignment, and what they are multiplied with, by column of the export.
    """
    students, excused, found = [list(row) for row in export.students], [], {}
    given: set[int] = set()
    for at, (scores, times) in columns.items():
        found[scores[0].assignment] = matched(scores, export.headings, export.students, IDENTITY)
        for number, score in found[scores[0].assignment].rows.items():
            if students[number][at].upper() == _EXCUSED:
                excused.append(score.student_id)
            else:
                students[number][at] = points_text(round(score.points * times, 2))
                given.add(number)
    own = [at for at in range(export.own) if export.headings[at] in _OWN]
    kept = [*own, *sorted(columns)]
    # The id tells who it is; no other cell has to be as it was, and names are their owners' choice.
    safe = [[_safe(export.headings[at], students[number][at]) for at in kept] for number in sorted(given)]
    heads = [export.headings[at] for at in kept]
    points = ["    Points Possible", *(export.points[at] for at in kept[1:])]
    return Filled([heads, points, *safe], found, tuple(excused))


_OWN = frozenset(
    (*"Student LastName FirstName ID Section".split(), *IDENTITY, "Integration ID", "Root Account")
)


def _safe(heading: str, cell: str) -> str:
    return no_formula(cell) if heading in _OWN - {"ID"} else cell
