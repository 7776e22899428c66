"""``autograder doctor``: what this machine offers, and how to get what is missing."""

from __future__ import annotations

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.checking.diagnosis import Finding, findings
from autograder.commands import CourseFolder


def command(course: CourseFolder = None) -> None:
    """Look at Python, the packages, the course and the sandbox; fail where something needed is missing."""
    found = findings(course)
    console = Console(highlight=False)
    console.print(_table(found))
    lacking = [finding for finding in found if finding.needed and not finding.good]
    if lacking:
        console.print(f"Missing: {', '.join(finding.what for finding in lacking)}. The cures stand above.")
        raise typer.Exit(1)
    console.print("Everything that is needed is here.")


def _table(found: list[Finding]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("what", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("found, and what to do", overflow="fold")
    for finding in found:
        state = (
            ("ok", "green")
            if finding.good
            else ("missing", "red")
            if finding.needed
            else ("without", "yellow")
        )
        said = Text(finding.seen)
        if not finding.good:
            said.append(f"\n{finding.cure}", style="bold")
        table.add_row(finding.what, Text(*state), said)
    return table
