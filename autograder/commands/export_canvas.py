"""``autograder export canvas``: the scores in the gradebook CSV that Canvas imports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from autograder.commands import CourseFolder, the_course
from autograder.commands.export_options import ScoresDatabase, ScoresFolder, Waiting, say, write_rows
from autograder.registry import Course
from autograder.scores import canvas
from autograder.scores.final import Final, read_finals, sorted_out


def command(  # noqa: PLR0913, PLR0917  (each is an option of the command line)
    export: Annotated[
        Path, typer.Argument(metavar="EXPORT.csv", help="The gradebook as you exported it from Canvas.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE.csv", help="What you import into Canvas.")],
    scores: ScoresFolder = Path("scores"),
    db: ScoresDatabase = None,
    assignment: Annotated[
        list[str] | None, typer.Option(metavar="A", help="Only this one (more than once for more).")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="A=ID", help="Canvas's id of an assignment that has another title there."),
    ] = None,
    scale: Annotated[  # noqa: FBT002  (an option)
        bool, typer.Option("--scale", help="Convert points where Canvas has other full marks.")
    ] = False,
    waiting: Waiting = False,  # noqa: FBT002  (an option)
    course: CourseFolder = None,
) -> None:
    """Write scores into EXPORT.csv's columns, for Canvas: Grades, Import."""
    found = the_course(course)
    exported = canvas.read_export(export)
    finals = read_finals(scores, found, db)
    ids = _ids(column or (), found)
    columns: dict[int, tuple[Sequence[Final], float]] = {}
    for name in assignment or finals.assignments:
        chosen, held_back = sorted_out(finals, found.assignment(name).name, waiting=waiting)
        say(held_back)
        if chosen:
            at = canvas.column_of(exported, found.assignment(name), ids.get(name, ""))
            columns[at] = (chosen, canvas.factor(exported, at, chosen, scale=scale))
    filled = canvas.filled(exported, columns)
    write_rows(out, filled.rows)
    names = [row[0] for row in exported.students]
    for name, one in filled.matched.items():
        say(one.lines(name, names))
    say([f"{student}: is excused in Canvas and stays so" for student in filled.excused])
    print(f"{out}: {len(filled.rows) - 2} students, from {finals.source}")


def _ids(pairs: Sequence[str], course: Course) -> dict[str, str]:
    """Canvas's ids by assignment."""
    ids = {}
    for pair in pairs:
        name, _, key = pair.partition("=")
        if not key.isdecimal():
            raise typer.BadParameter(f"{pair}: is no A=ID, like scalar_autodiff=1234", param_hint="--column")
        ids[course.assignment(name).name] = key
    return ids
