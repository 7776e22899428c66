"""``autograder export gradescope``: an assignment's autograder, as a zip."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands import CourseFolder, the_course
from autograder.gradescope.bundle import write_bundle
from autograder.gradescope.container import Settings
from autograder.scores.gradescope import Visibility


def command(  # noqa: PLR0913, PLR0917  (each is an option of the command line)
    assignment: Annotated[str, typer.Option(metavar="A", help="The assignment that it grades.")],
    out: Annotated[Path, typer.Option(metavar="FILE.zip", help="Where the zip goes.")],
    seed: Annotated[int, typer.Option(help="Draws the examples of the property tests.")] = 0,
    hidden_tests: Annotated[
        Visibility,
        typer.Option(help="Who sees the hidden tests' results; all but 'visible' hide students' totals too."),
    ] = Visibility.VISIBLE,
    require_rung: Annotated[
        int, typer.Option(min=1, max=4, help="Refuse to grade on a lower sandbox rung.")
    ] = 2,
    course: CourseFolder = None,
) -> None:
    """Write the autograder that Gradescope runs; it holds the solutions and all tests: never hand it out."""
    settings = Settings(assignment=assignment, seed=seed, hidden=hidden_tests, require_rung=require_rung)
    count = write_bundle(the_course(course), settings, out)
    print(f"{out}: {count} files, with solutions and hidden tests; it is for Gradescope alone")
