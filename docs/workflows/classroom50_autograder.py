#!/usr/bin/env python3
"""An ``autograder.py`` for Classroom 50: grades the student's checkout, leaves ``result.json`` in it.

COURSE names the author's course, with the autograder installed in its ``.venv``; KIT_ASSIGNMENT the
assignment, where Classroom 50's own name for it is another.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory


def grade(course: Path, assignment: str, scores: Path) -> None:
    """Grade the checkout in the current folder."""
    command = [str(course / ".venv" / "bin" / "autograder"), "grade", ".", "--course", str(course)]
    options = ["--assignment", assignment, "--out", str(scores), "--no-gradebook", "--require-rung", "2"]
    formats = ["--format", "classroom50,markdown"]
    # Python is not to look for modules in the submission.
    subprocess.run([*command, *options, *formats], check=True, env=os.environ | {"PYTHONSAFEPATH": "1"})  # noqa: S603


def main() -> int:
    """Leave the result and the student's page where the runner looks for them; its exit code."""
    course = Path(os.environ.get("COURSE", "/srv/course"))
    assignment = os.environ.get("KIT_ASSIGNMENT") or os.environ["ASSIGNMENT"]
    with TemporaryDirectory() as folder:
        grade(course, assignment, Path(folder))
        results = list(Path(folder, "classroom50").glob("*/*.json"))
        if not results:
            print("::error::not fully graded, by no fault of the student's; run it again")
            return 1
        shutil.copyfile(results[0], "result.json")
        shutil.copyfile(next(Path(folder, "markdown").glob("*/*.md")), "release-body.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
