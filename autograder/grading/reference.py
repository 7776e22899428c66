"""What a task's child is given: the student's modules, and in place of all others the course's own.

A task is scored with the reference solutions of the tasks it needs, so that an earlier mistake is
paid for once; modules of all other tasks are there as stubs. So a test that rests on more than the
registry declares fails on the reference too, and no child holds an answer that it does not need.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import autograder
from autograder.grading.remote import Load, compiled
from autograder.grading.submission import Submission
from autograder.registry import Assignment, Course, Task
from autograder.release.stubs import render


class Reference:
    """The course's own modules of one assignment, ready to be sent.

    Raises:
        CourseError: a solution's markers are at fault.
    """

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._assignment = assignment
        self._titles = {task.id: task.title for task in assignment.tasks}
        self._solutions = {name: _read(assignment.folder / f"{name}.py") for name in assignment.task_modules}
        self._given = {
            self._dotted(name): compiled(f"{name}.py", _read(assignment.folder / f"{name}.py"))
            for name in assignment.given_modules
        }
        probes = course.tests / assignment.name / "probes.py"
        if probes.is_file():
            self._given[f"{assignment.name}_probes"] = compiled("probes.py", _read(probes))
        self._modules = {task.id: self._around(task) for task in assignment.tasks}
        self._stubs = {name: self._rendered(name, frozenset()) for name in assignment.task_modules}

    def load(self, submission: Submission, task: Task, seed: int, *, own_tree: bool = False) -> Load:
        """The load of the child in which `task` of `submission` is graded.

        Args:
            own_tree: the submission's own modules stand beside the task's, in place of the reference's.
        """
        own = self._assignment.task_modules if own_tree else (task.module,)
        texts = {name: submission.modules.get(name, self._stubs[name]) for name in own}
        texts |= {
            name: submission.modules[name] for name in self._assignment.helpers if name in submission.modules
        }
        source = {self._dotted(name): (f"{name}.py", text) for name, text in texts.items()}
        trusted = self._given if own_tree else self._modules[task.id]
        return Load(source, trusted, [self._assignment.name], seed)

    def _around(self, task: Task) -> dict[str, bytes]:
        """The modules beside the student's: given, and rendered with the needed tasks solved."""
        solved = self._assignment.prerequisites(task)
        others = [name for name in self._assignment.task_modules if name != task.module]
        return self._given | {
            self._dotted(name): compiled(f"{name}.py", self._rendered(name, solved)) for name in others
        }

    def _rendered(self, name: str, solved: frozenset[str]) -> str:
        file = str(self._assignment.folder / f"{name}.py")
        return render(self._solutions[name], file, self._titles, solved)

    def _dotted(self, name: str) -> str:
        return self._assignment.name if name == "__init__" else f"{self._assignment.name}.{name}"


def course_version(course: Course, assignment: Assignment) -> str:
    """A hash of all that decides an assignment's grades: the kit, the solutions, the registry, the tests."""
    digest = hashlib.sha256(autograder.__version__.encode())
    for folder in (assignment.folder, course.tests / assignment.name):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".toml", ".npz", ".csv"}:
                digest.update(f"\0{path.relative_to(course.root)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
