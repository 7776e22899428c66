"""Runs of ``autograder grade`` over a class of the small course that are killed, starved or robbed of a worker."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from attack_watch import adopt_orphans, descendants, parent, reaped
from minicourse import write_course

DOUBLES = (
    "def double(x):\n    return 2 * x\n",
    "def double(x):\n    return 3 * x\n",
    "def double(x):\n    return x + x if x < 1e6 else 0.0\n",
    "def double(x):\n    raise ValueError(x)\n",
    "import os\ndef double(x):\n    os._exit(0)\n",
    "def double(x:\n",
    "def double(x):\n    raise NotImplementedError('task9_1: Double')\n",
)
QUADRUPLE = "from mini.double import double\ndef quadruple(x):\n    return double(double(x))\n"
WRITTEN = {".json", ".csv", ".db", ".md", ".html", ".msgpack"}
OF_THE_RUN = {"started", "duration_s", "waited_s"}
LONGEST_SECONDS = 240.0


@dataclass
class Class:
    """A course, a class of so many students, and a folder for its scores.

    Attributes:
        kept: each result's bytes when it was first seen.
    """

    root: Path
    students: int
    kept: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        write_course(self.root / "course")
        for number in range(self.students):
            folder = self.root / "class" / f"student{number:03}" / "mini"
            folder.mkdir(parents=True)
            (folder / "double.py").write_text(DOUBLES[number % len(DOUBLES)])
            (folder / "quadruple.py").write_text(QUADRUPLE)
            (folder / "greet.py").write_text(f"def greet(name):\n    return 'hello ' + name  # {number}\n")
        self.out = self.root / "scores"
        adopt_orphans()
        self._before = descendants(os.getpid())

    def command(self, jobs: int = 2) -> list[str]:
        """The command of a run."""
        command = [sys.executable, "-m", "autograder", "grade", str(self.root / "class"), "-j", str(jobs)]
        return [*command, "--course", str(self.root / "course"), "--out", str(self.out)]

    def start(self) -> subprocess.Popen[str]:
        """A run of it."""
        return subprocess.Popen(self.command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self) -> tuple[int, str, str]:
        """A run to its end: exit code, output and errors."""
        run = self.start()
        said, errors = run.communicate(timeout=LONGEST_SECONDS)
        return run.returncode, said, errors

    def written(self) -> dict[str, bytes]:
        """The results on the disk, each whole, by student."""
        folder = self.out / "mini"
        names = sorted(folder.glob("*.json")) if folder.is_dir() else []
        return {path.stem: path.read_bytes() for path in names}

    def look(self) -> None:
        """Check that nothing is torn or changed of what was written, and keep what is new."""
        now = self.written()
        for student, text in now.items():
            json.loads(text)
            assert self.kept.setdefault(student, text) == text, f"{student} was changed"
        assert self.kept.keys() == now.keys(), "a result is lost"

    def kill(self, rng: random.Random) -> bool:
        """Start a run and kill it at a random moment; whether it was still at work."""
        run = self.start()
        begun, wanted = time.monotonic(), -1
        if rng.random() < 0.75:  # a moment of grading: so many results, and a little more
            wanted = len(self.kept) + rng.randrange(1, max(2, (self.students - len(self.kept)) // 3))
            while run.poll() is None and len(self.written_names()) < wanted:
                time.sleep(0.003)
            time.sleep(rng.random() * 0.05)
        else:  # any moment: at the start, and where little is left while the summaries are written
            time.sleep(rng.uniform(0.1, 4.0))
        at_work = run.poll() is None
        run.kill()
        _, errors = run.communicate(timeout=LONGEST_SECONDS)
        assert not errors, errors
        assert time.monotonic() - begun < LONGEST_SECONDS
        self.settle()
        return at_work

    def written_names(self) -> list[str]:
        """The names of the results on the disk."""
        folder = self.out / "mini"
        return [name for name in os.listdir(folder) if name[0] != "."] if folder.is_dir() else []  # noqa: PTH208

    def _workers(self) -> list[int]:
        """Every process that bears this class's folder in its command line."""
        mark, found = str(self.root).encode(), []
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and int(entry.name) != os.getpid():
                try:
                    command = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                found += [int(entry.name)] if mark in command else []
        return found

    def settle(self) -> None:
        """Wait until all processes of a killed run have ended by themselves, which must be soon."""
        deadline = time.monotonic() + 30.0
        while left := [pid for pid in descendants(os.getpid()) - self._before if not reaped(pid)]:
            assert time.monotonic() < deadline, f"left running: {left}"
            time.sleep(0.02)

    def helpers(self, run: subprocess.Popen[str]) -> list[int]:
        """The grading workers of the run and their fork servers, as far as there are any yet.

        Not the servers' own children: the kit cannot tell who killed one in which a student's code runs.
        """
        workers = [pid for pid in self._workers() if pid != run.pid]
        return workers + [pid for pid in descendants(os.getpid()) if parent(pid) in workers]

    def check(self, control: dict[str, object]) -> None:
        """Everything graded once, as in an undisturbed run, and files, table and database of one mind."""
        self.look()
        got = {student: lasting(text) for student, text in self.written().items()}
        other = [
            (got.get(student), wanted) for student, wanted in control.items() if got.get(student) != wanted
        ]
        assert got.keys() == control.keys()
        assert not other, other[:2]
        beside = {path.name for path in self.out.rglob("*") if path.suffix not in WRITTEN}
        assert beside <= {"mini", ".mistakes", ".ledger"}
        for suffix in (".md", ".html"):
            assert {path.stem for path in self.out.glob(f"mini/*{suffix}")} == set(control)
        lines = (self.out / "scores.csv").read_text().splitlines()
        table = {line.split(",")[0]: float(line.split(",")[-2]) for line in lines[1:]}
        assert len(lines) == 1 + self.students
        scores = {student: json.loads(text)["score"] for student, text in self.written().items()}
        assert table == scores
        assert in_the_gradebook(self.out / "gradebook.db") == scores


def lasting(text: bytes) -> object:
    """A result without what another run gives otherwise."""
    return {key: value for key, value in json.loads(text).items() if key not in OF_THE_RUN}


def in_the_gradebook(database: Path) -> dict[str, float]:
    """Each student's points in nbgrader's database, which holds each cell of each student once."""
    with sqlite3.connect(database) as opened:
        assert opened.execute("pragma integrity_check").fetchone() == ("ok",)
        rows = opened.execute(
            "select submitted_assignment.student_id, grade.auto_score from grade "
            "join submitted_notebook on grade.notebook_id = submitted_notebook.id "
            "join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id"
        ).fetchall()
    cells = Counter(student for student, _ in rows)
    assert set(cells.values()) == {3}
    return {student: sum(score for name, score in rows if name == student) for student in cells}


def counts(said: str) -> dict[str, int]:
    """How many submissions a run graded and skipped, from its closing line."""
    words = said.strip().splitlines()[-1].replace(",", "").split()
    return {step: int(count) for count, step in zip(words[::2], words[1::2], strict=True)}


def kill_now(pid: int) -> None:
    """Kill a process that may have ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
