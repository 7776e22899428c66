"""A class of the small course that is graded on a Dask cluster, by the command or in this process."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from crash_runs import Class, lasting

ROOT = Path(__file__).parents[2]
GREET = "def greet(name):\n    return 'hello ' + name\n"


@dataclass
class DaskClass(Class):
    """The class, graded on the cluster at `address`, or where that is "" on one of the command's own."""

    address: str = ""

    def command(self, jobs: int = 2) -> list[str]:
        command = [*super().command(jobs), "--engine", "dask"]
        return [*command, "--scheduler", self.address] if self.address else command

    def hand_in(self, student: str, **modules: str) -> None:
        """Add a submission."""
        folder = self.root / "class" / student / "mini"
        folder.mkdir(parents=True)
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(text)
        self.students += 1


def locally(folder: Path, students: int, *also) -> dict[str, object]:
    """What the local engine gives such a class, by student; `also` hand more in."""
    there = Class(folder, students)
    for hand_in in also:
        hand_in(there)
    code, said, errors = there.finish()
    assert (code, errors) == (0, ""), (said, errors)
    return {name: lasting(text) for name, text in there.written().items()}


def autograder(*arguments: object, **options) -> subprocess.CompletedProcess[str]:
    """The command, to its end."""
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, **options)
