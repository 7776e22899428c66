"""The proof that a course's grades mean something: what must earn everything, nothing, and less.

* The reference earns full marks, for every seed: no test is flaky, none asks for more than is taught.
* The stubs earn nothing, and each test says which task is still to do.
* Each known-wrong solution loses points in its own task, and in no other.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.grader import Grader
from autograder.grading.result import Result, Status
from autograder.grading.submission import Submission
from autograder.registry import Assignment, Course
from autograder.release.stubs import stubs


@dataclass(frozen=True, slots=True)
class Case:
    """One submission whose outcome is known beforehand.

    Attributes:
        kind: ``reference``, ``stub`` or ``wrong``.
        name: for people: the seed, or the mistake.
        task: of a wrong solution, the task that it gets wrong.
    """

    kind: str
    name: str
    submission: Submission
    seed: int = 0
    task: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a case came to: the faults found, none where all is as it must be."""

    case: Case
    faults: tuple[str, ...]


def cases(course: Course, assignment: Assignment, seeds: Sequence[int]) -> Iterator[Case]:
    """The assignment's cases: the reference for each seed, the stubs, each wrong solution."""
    solved = stubs(assignment, frozenset(task.id for task in assignment.tasks))
    for seed in seeds:
        yield Case("reference", f"seed {seed}", _submission(assignment, solved), seed)
    yield Case("stub", "stubs", _submission(assignment, stubs(assignment)))
    for path in wrong_solutions(course, assignment):
        task = assignment.task(path.parent.name)
        wrong = {**solved, task.module: path.read_text(encoding="utf-8")}
        yield Case("wrong", f"{task.id}/{path.stem}", _submission(assignment, wrong), task=task.id)


def wrong_solutions(course: Course, assignment: Assignment) -> list[Path]:
    """The files of the known-wrong solutions, by task and mistake."""
    return sorted((course.root / "tests" / "wrong" / assignment.name).glob("*/*.py"))


def faults(case: Case, result: Result) -> tuple[str, ...]:
    """What is wrong with a case's result, a line each."""
    if not result.complete:
        return tuple(
            f"{task.task}: {task.tests[0].message}" for task in result.tasks if task.status is Status.ERROR
        )
    found = []
    for task in result.tasks:
        full = task.score == task.max_score
        bad = [test for test in task.tests if test.status is not Status.PASSED]
        if case.kind == "stub":
            others = [test for test in task.tests if test.status is not Status.TODO]
            if task.score:
                found.append(f"{task.task}: the stub earns {task.score:g}")
            found += [f"{task.task}: {t.name} is {t.status.value}: {t.message}" for t in others]
        elif case.task == task.task and full:
            found.append(f"{task.task}: the mistake is not caught")
        elif case.task != task.task and not full:
            found += [f"{task.task}: {test.name}: {test.message}" for test in bad]
    return tuple(found)


def validate(
    course: Course,
    assignment: Assignment,
    found: Sequence[Case],
    workers: int,
    seen: Callable[[Finding], None],
) -> list[Finding]:
    """Grade the cases with as many workers as asked; the findings with faults.

    Args:
        seen: called with each finding, in the main thread.
    """
    todo: queue.SimpleQueue[Case] = queue.SimpleQueue()
    done: queue.SimpleQueue[Finding | BaseException] = queue.SimpleQueue()
    for case in found:
        todo.put(case)

    def work() -> None:
        try:
            with Grader(course, assignment) as grader:
                while True:
                    case = todo.get_nowait()
                    done.put(Finding(case, faults(case, grader.grade(case.submission, case.seed))))
        except queue.Empty:
            return
        except BaseException as fault:  # whatever ends a worker ends the validation, in the main thread
            done.put(fault)

    for _ in range(workers):
        threading.Thread(target=work, daemon=True).start()
    failed = []
    for _ in found:
        finding = done.get()
        if isinstance(finding, BaseException):
            raise finding
        seen(finding)
        if finding.faults:
            failed.append(finding)
    return failed


def _submission(assignment: Assignment, modules: dict[str, str]) -> Submission:
    return Submission("validation", assignment.name, modules, "")
