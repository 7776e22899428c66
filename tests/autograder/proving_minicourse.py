"""The small course with something planted in it, proven."""

from __future__ import annotations

from pathlib import Path

from minicourse import write_course

from autograder.registry import Course, find_course
from autograder.validation.proving import Plan, prove
from autograder.validation.record import AssignmentProof

REGISTRY = "solutions/mini/assignment.toml"
DOUBLE = "solutions/mini/double.py"
GREET = "solutions/mini/greet.py"
PROBES = "tests/tasks/mini/probes.py"
TESTS = "tests/tasks/mini/test_mini.py"
EQUIVALENT = "tests/mutants/mini.toml"

# Where only 0 is doubled, x - x does as well as x + x.
WEAK = {
    TESTS: [
        ("@for_all(x=floats())\ndef test_double(x)", "@for_all(x=floats(0.0, 0.0))\ndef test_double(x)"),
        ('check_close(probes.double(1e12), 2e12, "double(SECRET)")', "probes.double(0.0)"),
    ]
}

ENTRY = """schema = "autograder/equivalent-mutants/v1"

[[mutant]]
task = "{task}"
where = "{where}"
before = 'return x + x'
after = ['{after}']
reason = "{reason}"
"""


def entry(task="task9_1", where="double", after="return x - x", reason="No test doubles anything but 0."):
    """The file of equivalent mutants with one entry."""
    return ENTRY.format(task=task, where=where, after=after, reason=reason)


def planted(root: Path, changes=None, files=None) -> Course:
    """The course below `root`: `changes` are (old, new) texts by file, `files` further whole ones.

    A file that shall be None is taken out.
    """
    write_course(root)
    for name, pairs in (changes or {}).items():
        text = (root / name).read_text()
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        (root / name).write_text(text)
    for name, text in (files or {}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            (root / name).unlink()
        else:
            (root / name).write_text(text)
    return find_course(root)


def proven(course: Course, *, seeds: int = 1, mutants: bool = False, workers: int = 1) -> AssignmentProof:
    """The proof of its one assignment."""
    plan = Plan(seeds, mutants, workers)
    return prove(course, course.assignment("mini"), plan, lambda name, total: None, lambda: None)
