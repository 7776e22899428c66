"""What the commands that export scores share: options, what they write, what they say."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from autograder.scores.files import written_whole

ScoresFolder = Annotated[
    Path, typer.Option("--scores", metavar="DIR", help="The folder that autograder grade wrote.")
]
ScoresDatabase = Annotated[
    str | None, typer.Option("--db", help="nbgrader's database, an SQLAlchemy URL [SCORES/gradebook.db].")
]
Waiting = Annotated[
    bool,
    typer.Option(
        "--waiting", help="Also the scores of submissions of which something waits for staff to grade it."
    ),
]


def write_rows(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV in UTF-8, whole or not at all.

    Raises:
        OutputError: it cannot be written; an earlier one is as it was.
    """
    with written_whole(path) as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def say(lines: Iterable[str]) -> None:
    """Print lines for staff."""
    for line in lines:
        print(line)
