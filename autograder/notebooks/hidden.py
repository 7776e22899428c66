"""What stands between nbgrader's hidden-tests markers: the course's own test files, whole."""

from __future__ import annotations

import re
from pathlib import Path

from autograder.errors import CourseError
from autograder.registry import Course, Task
from autograder.release.public_tests import public_probes, public_tests
from autograder.release.stubs import module_source
from autograder.release.student_tree import public_files

BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
PROBES = "probes.py"


def hidden_texts(course: Course, assignment: str, task: Task) -> dict[str, str]:
    """The files that a task's hidden tests take to run, by name, where they differ from what students have.

    Raises:
        CourseError: one of them cannot stand in a cell.
    """
    folder = course.tests / assignment
    label = f"tests/tasks/{assignment}"
    names = re.compile(rf"\b(?:{'|'.join((task.id, *task.aliases))})\b")
    texts = {path.name: module_source(path, f"{label}/{path.name}") for path in sorted(folder.glob("*.py"))}
    tests = {name: text for name, text in texts.items() if name.startswith("test_") and names.search(text)}
    secret = {name: text for name, text in tests.items() if public_tests(text, f"{label}/{name}") != text}
    if not secret:
        return {}
    wanted = dict(secret)
    if PROBES in texts:
        wanted[PROBES] = public_probes(texts[PROBES], f"{label}/{PROBES}", list(tests.values()))
    shipped = {str(path) for path in public_files(folder, label)}
    others = {name for name in texts if not name.startswith("test_") and name != PROBES}
    wanted |= {name: texts[name] for name in sorted(others - shipped)}
    _refuse_data(folder, shipped, secret, label)
    return wanted


def _refuse_data(folder: Path, shipped: set[str], secret: dict[str, str], label: str) -> None:
    """Refuse what a cell cannot hold: data that hidden tests alone name."""
    for path in sorted(folder.iterdir()):
        named = any(path.name in text for text in secret.values())
        if path.is_file() and path.suffix != ".py" and named and path.name not in shipped:
            raise CourseError(
                f"{label}/{path.name}: only hidden tests name it, and a notebook's cell cannot hold it; "
                "write it as Python, or let a public test use it too"
            )


def region(texts: dict[str, str]) -> list[str]:
    """The lines of a test cell that nbgrader takes out of a release, none where nothing is hidden."""
    if not texts:
        return []
    files = [f'    "{name}": {_literal(text)},' for name, text in texts.items()]
    return [BEGIN, "check_task.hidden({", *files, "})", END]


def _literal(text: str) -> str:
    """The text as a Python literal that people can read."""
    if "'''" in text or text.endswith(("'", "\\")) or "HIDDEN TESTS" in text or "\0" in text:
        return repr(text)
    return f"r'''{text}'''"
