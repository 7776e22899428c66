"""What a task's child is given: the student's modules, and in place of all others the course's own.

A task is scored with the reference solutions of the tasks it needs, so that an earlier mistake is
paid for once; modules of all other tasks are there as stubs. So a test that rests on more than the
registry declares fails on the reference too, and no child holds an answer that it does not need. What
hidden tests alone need is sent when all public ones are done.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import autograder
from autograder.deadlines import DATES
from autograder.grading.early import Known, independent, libraries
from autograder.grading.load import Load, compiled
from autograder.grading.submission import Submission
from autograder.registry import Assignment, Course, Task
from autograder.release.public_tests import public_probes, public_tests
from autograder.release.stubs import render

WRONG = "tests/wrong"
"""Where the known-wrong solutions lie in a course, as ``<assignment>/<task>/<mistake>.py``."""

PROBES = "probes.py"

PLAIN = frozenset("set frozenset dict bytes range map filter zip generator function type ndarray".split())


class Reference:
    """The course's own modules of one assignment, ready to be sent.

    Attributes:
        known: what every child may know: the given modules and the probes of public tests.
        types: names of the classes that everyone sees: in what is given and in the stubs.

    Raises:
        CourseError: a solution's markers are at fault.
    """

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._assignment = assignment
        self._titles = {task.id: task.title for task in assignment.tasks}
        self._solutions = {name: _read(assignment.folder / f"{name}.py") for name in assignment.task_modules}
        given = {self._dotted(n): _read(assignment.folder / f"{n}.py") for n in assignment.given_modules}
        public, every = _probes(course.tests / assignment.name)
        self.known = Known(
            {self._dotted(n): compiled(f"{n}.py", given[self._dotted(n)]) for n in assignment.given_modules}
            | _compiled_probes(public),
            (assignment.name,),
            [
                *libraries([*(given | every).values(), *self._solutions.values()]),
                *independent(given | public, (assignment.name,)),
            ],
        )
        self._hidden = _compiled_probes(every) if every != public else {}
        self._rendered: dict[tuple[str, frozenset[str]], str] = {}
        self._modules = {task.id: self._around(task) for task in assignment.tasks}
        self._stubs = {name: self._render(name, frozenset()) for name in assignment.task_modules}

        seen = [
            *self._stubs.values(),
            *(_read(assignment.folder / f"{n}.py") for n in assignment.given_modules),
        ]
        self.types = PLAIN | {
            name for text in seen for name in re.findall(r"^class (\w+)", text, re.MULTILINE)
        }

    def load(self, submission: Submission, task: Task, seed: int, *, own_tree: bool = False) -> Load:
        """The load of the child in which `task` of `submission` is graded.

        Args:
            own_tree: the submission's own modules stand beside the task's, in place of the reference's.
        """
        own = self._assignment.task_modules if own_tree else (task.module,)
        texts = {name: submission.modules.get(name, self._stubs[name]) for name in own}
        helpers = [name for name in self._assignment.helpers if name in submission.modules]
        texts |= {name: submission.modules[name] for name in helpers}
        source = {self._dotted(name): (f"{name}.py", text) for name, text in texts.items()}
        beside = {} if own_tree else self._modules[task.id]
        return Load(source, beside, [self._assignment.name], seed, self._hidden)

    def _around(self, task: Task) -> dict[str, bytes]:
        """The other tasks' modules, rendered with the needed tasks solved."""
        solved = self._assignment.prerequisites(task)
        others = [name for name in self._assignment.task_modules if name != task.module]
        return {self._dotted(name): compiled(f"{name}.py", self._render(name, solved)) for name in others}

    def _render(self, name: str, solved: frozenset[str]) -> str:
        """The module `name` with those of its tasks that are among `solved`, the others taken out."""
        here = solved & {task.id for task in self._assignment.tasks if task.module == name}
        if (name, here) not in self._rendered:
            file = str(self._assignment.folder / f"{name}.py")
            self._rendered[name, here] = render(self._solutions[name], file, self._titles, here)
        return self._rendered[name, here]

    def _dotted(self, name: str) -> str:
        return self._assignment.name if name == "__init__" else f"{self._assignment.name}.{name}"


def _probes(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """An assignment's probes, those of its public tests and all of them: module name to text."""
    file = folder / PROBES
    if not file.is_file():
        return {}, {}
    every = _read(file)
    tests = [public_tests(_read(path), path.name) for path in sorted(folder.glob("test_*.py"))]
    name = f"{folder.name}_probes"
    return {name: public_probes(every, PROBES, [text for text in tests if text])}, {name: every}


def _compiled_probes(sources: dict[str, str]) -> dict[str, bytes]:
    return {name: compiled(PROBES, text) for name, text in sources.items()}


def course_version(course: Course, assignment: Assignment) -> str:
    """A hash of all that decides an assignment's results: kit, solutions, registry, tests, known mistakes."""
    digest = hashlib.sha256(autograder.__version__.encode())
    wrong = course.root / WRONG / assignment.name
    for folder in (assignment.folder, course.tests / assignment.name, wrong):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".toml", ".npz", ".csv"}:
                digest.update(f"\0{path.relative_to(course.root)}\0".encode() + _deciding(path))
    return digest.hexdigest()


def _deciding(path: Path) -> bytes:
    """What of a file decides results: of a registry all but its dates, which a new term changes."""
    content = path.read_bytes()
    if path.name != "assignment.toml":
        return content
    registry = tomllib.loads(content.decode())
    return repr(sorted((key, value) for key, value in registry.items() if key not in DATES)).encode()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
