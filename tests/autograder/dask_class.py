"""A class of the small course that is graded on a Dask cluster, by the command or in this process."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from crash_runs import Class, lasting

GREET = "def greet(name):\n    return 'hello ' + name\n"


@dataclass
class DaskClass(Class):
    """The class, graded on the cluster at `address`, or where that is "" on one of the command's own."""

    address: str = ""
    gradebook: bool = True

    def command(self, jobs: int = 2) -> list[str]:
        options = [] if self.gradebook else ["--no-gradebook"]
        command = [*super().command(jobs), *options, "--engine", "dask"]
        return [*command, "--scheduler", self.address] if self.address else command

    def hand_in(self, student: str, **modules: str) -> None:
        """Add a submission."""
        folder = self.root / "class" / student / "mini"
        folder.mkdir(parents=True)
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(text)
        self.students += 1


def locally(folder: Path, students: int) -> dict[str, object]:
    """What the local engine gives such a class, by student."""
    there = Class(folder, students)
    done = autograder(*there.command()[3:], "--no-gradebook")
    assert (done.returncode, done.stderr) == (0, ""), (done.stdout, done.stderr)
    return {name: lasting(text) for name, text in there.written().items()}


def autograder(*arguments: object, **options) -> subprocess.CompletedProcess[str]:
    """The command, to its end."""
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, **options)
