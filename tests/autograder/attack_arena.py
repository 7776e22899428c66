"""Grades the attacks of the corpus one by one and finds what must not be: see `Arena.run`."""

from __future__ import annotations

import importlib.util
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec
from attack_corpus import Attack
from attack_course import CANARIES, ENVIRONMENT, leaked, neighbour, write_baited_course
from attack_watch import adopt_orphans, changes, descendants, files, forget_peak, peak, reaped, traces

import autograder
from autograder.grading.collecting import read_submission, survey
from autograder.grading.grader import Grader
from autograder.grading.result import Result, Status
from autograder.grading.submission import Place, Submission
from autograder.registry import find_course
from autograder.scores.files import read_results, write_csv, write_result

SEED = 20
SETTLE_SECONDS = 2.0
GROWTH_BYTES = 400 << 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attack.

    Attributes:
        score: what it got, None where nothing was graded.
        forged: it got more than it earns.
        leaks: the secrets that reached the results.
        disturbed: the neighbour graded after it got something else than usual.
        left: files and processes that it left behind.
        blamed: the kit took a fault of the submission's for one of its own, and graded nothing.
        grown: by how many bytes the trusted process's memory rose above what it held before, at the most.
        said: the messages of its tests, each once.
    """

    attack: Attack
    rung: int
    score: float | None
    seconds: float
    forged: bool
    leaks: tuple[str, ...]
    disturbed: bool
    left: tuple[str, ...]
    blamed: bool
    grown: int
    said: tuple[str, ...]

    @property
    def faults(self) -> list[str]:
        """What must not be, in words; empty where the attack was stopped."""
        wrong = [f"leaked {what}" for what in self.leaks] + [f"left {what}" for what in self.left]
        if self.forged:
            wrong.append(f"forged: {self.score} points, {self.attack.earns} without the attack")
        if self.disturbed:
            wrong.append("the neighbour's result changed")
        if self.blamed:
            wrong.append("taken for a fault of the kit's")
        if self.grown > GROWTH_BYTES:
            wrong.append(f"cost the grader {self.grown >> 20} MB")
        if self.seconds > self.attack.seconds:
            wrong.append(f"took {self.seconds:.1f} s of at most {self.attack.seconds:g}")
        return wrong


class Arena:
    """A baited course and one worker that grades on a rung; a context manager that removes all of it.

    Args:
        folder: empty; the course, the submissions and the scores go there.
        rung: no higher rung is applied.
    """

    def __init__(self, folder: Path, rung: int) -> None:
        adopt_orphans()
        os.environ[ENVIRONMENT] = CANARIES["the environment"]
        self._since, self._before = time.time(), descendants(os.getpid())
        self._submitted, self._scores = folder / "submitted", folder / "scores"
        self._course = find_course(write_baited_course(folder / "course"))
        self._assignment = self._course.assignment("mini")
        self._highest = rung
        self._grader = Grader(self._course, self._assignment, rung)
        self.rung = self._grader.ready.sandbox.rung
        self._neighbour = neighbour(self._course.root)
        self._usual = self._tasks(self._neighbour)
        self._usual_processes = len(self._processes())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._grader.close()
        del os.environ[ENVIRONMENT]

    def run(self, attack: Attack) -> Outcome:
        """Grade the attack, then the neighbour, and look at what was written and what is left."""
        submitted = self._submission(attack)
        shutil.rmtree(self._scores, ignore_errors=True)
        before = files([self._course.root])
        held = forget_peak(self._grader.pid)
        since = time.monotonic()
        result = self._graded(attack, submitted)
        seconds = time.monotonic() - since
        grown = peak(self._grader.pid) - held
        left = changes(before, files([self._course.root])) + self._strays()
        left += sorted(traces([Path(autograder.__file__).parent], self._since))
        written = b"".join(path.read_bytes() for path in self._scores.rglob("*") if path.is_file())
        return Outcome(
            attack=attack,
            rung=self.rung,
            score=result.score,
            seconds=seconds,
            forged=(result.score or 0.0) > attack.earns,
            leaks=tuple(leaked(written)),
            disturbed=self._tasks(self._neighbour) != self._usual,
            left=tuple(left),
            blamed=any(task.status is Status.ERROR for task in result.tasks),
            grown=grown,
            said=tuple(dict.fromkeys(t.message for task in result.tasks for t in task.tests if t.message)),
        )

    def _submission(self, attack: Attack) -> Path | None:
        """The folder that an attack of the family ``archives`` hands in."""
        if not attack.packed:
            return None
        shutil.rmtree(self._submitted, ignore_errors=True)
        folder = self._submitted / "mallory"
        folder.mkdir(parents=True)
        spec = importlib.util.spec_from_file_location("attack_packing", attack.path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.pack(folder, self._course.root)
        return folder

    def _graded(self, attack: Attack, submitted: Path | None) -> Result:
        if attack.assignment != "mini":
            return self._graded_in_the_real_course(attack)
        if submitted is None:
            found = Submission("mallory", "mini", {attack.module: attack.text}, "0" * 64)
        else:
            places = survey(submitted.parent, self._course, "mini").places if _any(submitted) else ()
            place = places[0] if places else Place("mallory", "mini", submitted)
            found = read_submission(place, self._assignment)
        result = self._grader.grade(found, SEED)
        write_result(self._scores, result)
        write_csv(self._scores, self._course, read_results(self._scores))
        return result

    def _graded_in_the_real_course(self, attack: Attack) -> Result:
        course = find_course(Path(__file__).parents[2])
        with Grader(course, course.assignment(attack.assignment), self._highest) as grader:
            submission = Submission("mallory", attack.assignment, {attack.module: attack.text}, "0" * 64)
            result = grader.grade(submission, SEED)
        write_result(self._scores, result)
        return result

    def _tasks(self, submission: Submission) -> bytes:
        """What a submission got, all that depends on the clock left out."""
        return msgspec.json.encode(self._grader.grade(submission, SEED).tasks)

    def _processes(self) -> set[int]:
        """The processes below ours; what fell to us to reap is reaped."""
        return {pid for pid in descendants(os.getpid()) - self._before if not reaped(pid)}

    def _strays(self) -> list[str]:
        """How many processes more there are than the worker and its fork server, after a moment to end."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while more := len(self._processes()) - self._usual_processes:
            if time.monotonic() > deadline:
                return [f"{more} processes"]
            time.sleep(0.01)
        return []


def _any(folder: Path) -> bool:
    return any(folder.iterdir())
