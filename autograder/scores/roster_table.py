"""What closes a run with a roster: who of it handed in nothing, and which submissions are nobody's on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.scores.final import some
from autograder.scores.roster import Absence


def absences_table(absences: Sequence[Absence], out: Path) -> RenderableType:
    """A line an assignment for those without a submission, and one for those who are not on the roster.

    Args:
        absences: of a run.
        out: the folder of the scores, where the whole list is.
    """
    table = Table(title="Against the roster", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("assignment", overflow="fold")
    table.add_column("what", no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("students", overflow="fold")
    for absence in absences:
        missing = [student.id for student in absence.without_submission]
        for what, ids in (("no submission", missing), ("not on the roster", absence.without_student)):
            if ids:
                table.add_row(absence.assignment, what, f"{len(ids):,}", Text(some(ids)))
    where = Text(f"Both lists: {out / 'absences.csv'}", overflow="fold")
    if not table.rows:
        return Text("Every student on the roster has a submission, and every submission a student.")
    return Group(table, where)
