"""The 20 submissions: right ones with small differences, unfinished, wrong, and five that cheat.

What honest students hand in is taken from the example class in ``tests/submitted``. A cheat is the starter
code, with the same lines at the end of every module; those that aim at a harness have a text for each.
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.registry import Assignment
from autograder.release.stubs import stubs
from benchmarks.class_speed import NAME, ROOT, submission_of

CHEATS = Path(__file__).parent / "cheats"
CLASS = ROOT / "tests" / "submitted"
HARNESSES = ("ours", "pytest", "gradescope-utils", "nbgrader", "otter-grader")


class Kind(enum.Enum):
    """What a submission deserves."""

    RIGHT = "full marks"
    UNTOUCHED = "nothing"
    UNFINISHED = "a part"
    CHEAT = "what the starter code gets"


@dataclass(frozen=True)
class Entry:
    """One submission.

    Attributes:
        modules: the text of each task module by its name, as handed in to all harnesses.
        for_harness: what is appended to each module, by the harness that it aims at.
    """

    name: str
    kind: Kind
    about: str
    modules: Mapping[str, str]
    for_harness: Mapping[str, str]

    def handed_in(self, harness: str) -> dict[str, str]:
        """The modules' texts by name, as this harness gets them."""
        cheat = self.for_harness.get(harness, "")
        return {name: text + cheat for name, text in self.modules.items()}


def entries(assignment: Assignment) -> list[Entry]:
    """All 20, the right ones first."""
    return [*right(assignment), *_unfinished(assignment), *_cheats(assignment)]


def right(assignment: Assignment) -> list[Entry]:
    """The right ones."""
    reference = submission_of(assignment)
    commented = {name: f"{text}\n# Done at last.\n" for name, text in reference.items()}
    reprinted = {name: ast.unparse(ast.parse(text)) + "\n" for name, text in reference.items()}
    first_two = {**reference, **_of_student("ada", ("central_difference", "chain_rule"))}
    found = {
        "reference": ("the reference solution", reference),
        "commented": ("the same with a comment more", commented),
        "reprinted": ("the same without comments, in another layout", reprinted),
        "mixed": ("two modules of the reference, two of a student", first_two),
        **{
            name: (about, _of_student(name, assignment.task_modules))
            for name, about in _RIGHT_STUDENTS.items()
        },
    }
    return [Entry(name, Kind.RIGHT, about, modules, {}) for name, (about, modules) in found.items()]


_RIGHT_STUDENTS = {
    "ada": "short and tidy",
    "ivan": "prints at every step",
    "mateo": "brings a changed given module along, which nobody takes",
    "nora": "right in another way",
}
_OTHER_STUDENTS = {
    "bruno": "half done",
    "dana": "one wrong derivative",
    "emil": "overwrites where derivatives add up",
    "priya": "a recursion too deep for one test",
    "hana": "a syntax error in one module",
    "gabriel": "an infinite loop where a value is used twice",
}


def _of_student(student: str, modules: tuple[str, ...]) -> dict[str, str]:
    """Some modules as a student of the example class handed them in."""
    return {name: (CLASS / student / NAME / f"{name}.py").read_text() for name in modules}


def _unfinished(assignment: Assignment) -> list[Entry]:
    untouched = Entry(
        "untouched", Kind.UNTOUCHED, "the starter code as it was given out", stubs(assignment), {}
    )
    others = [
        Entry(name, Kind.UNFINISHED, about, _of_student(name, assignment.task_modules), {})
        for name, about in _OTHER_STUDENTS.items()
    ]
    return [untouched, *others]


def _cheats(assignment: Assignment) -> list[Entry]:
    about = {
        "exits": "starter code that calls `os._exit(0)` when imported",
        "patched_checks": "starter code that replaces the tests' assertions",
        "patched_runner": "starter code that replaces what decides on a test in this harness",
        "overwritten_result": "starter code that writes its own result over this harness's",
        "equal_to_everything": "starter code whose numbers equal all others",
    }
    return [Entry(name, Kind.CHEAT, text, stubs(assignment), _texts(name)) for name, text in about.items()]


def _texts(cheat: str) -> dict[str, str]:
    """The lines to append, by harness."""
    alike = CHEATS / f"{cheat}.py"
    if alike.is_file():
        return dict.fromkeys(HARNESSES, f"\n\n{alike.read_text()}")
    return {name: f"\n\n{(CHEATS / cheat / f'{name}.py').read_text()}" for name in HARNESSES}


def write_modules(folder: Path, modules: Mapping[str, str]) -> None:
    """Write task modules to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)


def write_tree(folder: Path, assignment: Assignment, modules: Mapping[str, str]) -> None:
    """Write the importable package: the given modules, and the task modules as handed in."""
    package = folder / assignment.name
    write_modules(package, modules)
    for name in ("__init__", *assignment.given_modules):
        source = assignment.folder / f"{name}.py"
        (package / source.name).write_bytes(source.read_bytes())
