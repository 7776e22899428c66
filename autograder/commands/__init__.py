"""The commands, one module each: ``command`` parses, calls and prints; its docstring is its help.

`NAMES` is the order in which the help lists those that are there; a student's tree holds fewer.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated

import typer

from autograder.registry import Course, find_course

NAMES = ("release", "check", "grade", "export", "validate", "doctor")

CourseFolder = Annotated[
    Path | None,
    typer.Option(
        "--course",
        metavar="DIR",
        help="The course's folder (default: around the current one).",
        show_default=False,
    ),
]


def present() -> list[str]:
    """The commands that this installation holds."""
    return [name for name in NAMES if importlib.util.find_spec(f"autograder.commands.{name}")]


def the_course(folder: Path | None) -> Course:
    """The course in `folder`, or around the current folder.

    Raises:
        CourseError: there is none, or its registry is at fault.
    """
    return find_course(folder or Path.cwd())
