"""``autograder release``: what students get, made from ``solutions/``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands import CourseFolder, the_course
from autograder.notebooks import course as notebooks_course
from autograder.release import publishing


def command(
    assignment: Annotated[
        list[str] | None, typer.Option(metavar="A", help="Only this assignment; may be given again.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write a tree for students, complete in itself, to DIR."),
    ] = None,
    notebooks: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write an nbgrader course of notebooks to DIR."),
    ] = None,
    check: Annotated[  # noqa: FBT002  (an option)
        bool, typer.Option("--check", help="Write nothing; fail if assignments/ is not up to date.")
    ] = False,
    course: CourseFolder = None,
) -> None:
    """Make assignments/ from solutions/: the same modules with the solutions taken out."""
    if check and (out or notebooks):
        raise typer.BadParameter(
            "compares assignments/ and writes nothing; leave out --out and --notebooks", param_hint="--check"
        )
    if out and notebooks:
        raise typer.BadParameter("makes a tree of its own; leave out --out", param_hint="--notebooks")
    found = the_course(course)
    if notebooks:
        count = notebooks_course.release(found, assignment or (), notebooks)
        print(f"{notebooks}: {count} files; run nbgrader generate_assignment there")
    elif out:
        count = publishing.publish(found, assignment or (), out)
        print(f"{out}: {count} files for students; hand out this folder")
    elif check:
        lines = publishing.outdated(found, assignment or ())
        for line in lines:
            print(line)
        if lines:
            files = "1 file differs" if len(lines) == 1 else f"{len(lines)} files differ"
            print(f"{files} from what solutions/ generate; run autograder release")
            raise typer.Exit(1)
        print("assignments/ is what solutions/ generate")
    else:
        count = publishing.regenerate(found, assignment or ())
        print(f"assignments/: {count} files, made from solutions/")
