"""Which tasks the words of a command line mean, and whether the students' modules parse."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.errors import CourseError
from autograder.registry import Assignment, Course, Task


def selected(course: Course, words: Sequence[str]) -> list[tuple[Assignment, Task]]:
    """The tasks that are meant by ids, aliases, assignments' or modules' names; all where there is no word.

    Raises:
        CourseError: a word means nothing here.
    """
    everything = [(assignment, task) for assignment in course.assignments for task in assignment.tasks]
    for word in words:
        if not any(word in _names(*pair) for pair in everything):
            tasks = ", ".join(task.id for _, task in everything)
            raise CourseError(
                f"{word}: no such task; name one of {tasks}, "
                f"an assignment ({', '.join(a.name for a in course.assignments)}) or a module"
            )
    return [pair for pair in everything if not words or not _names(*pair).isdisjoint(words)]


def _names(assignment: Assignment, task: Task) -> set[str]:
    module = task.module
    return {task.id, *task.aliases, assignment.name, module, f"{module}.py", f"{assignment.name}.{module}"}


def test_folders(course: Course, wanted: Sequence[tuple[Assignment, Task]]) -> list[Path]:
    """The folders of the tasks' tests."""
    return [path for path in dict.fromkeys(course.tests / a.name for a, _ in wanted) if path.is_dir()]


def marks_of(wanted: Sequence[tuple[Assignment, Task]]) -> list[str]:
    """The pytest marks of the tasks' tests."""
    return [name for _, task in wanted for name in (task.id, *task.aliases)]


def broken_lines(wanted: Sequence[tuple[Assignment, Task]]) -> list[str]:
    """A line for each module of the wanted tasks' assignments that does not parse."""
    folders = dict.fromkeys((a.folder, (*a.task_modules, *a.given_modules)) for a, _ in wanted)
    return [line for folder, modules in folders for line in broken_modules(folder, modules)]


def broken_modules(folder: Path, modules: Sequence[str]) -> list[str]:
    """A line for each of the modules in `folder` that Python cannot read, with its place."""
    return [line for name in modules if (line := _broken(folder / f"{name}.py"))]


def _broken(path: Path) -> str:
    label = f"{path.parent.name}/{path.name}"
    try:
        compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"{label}, line {error.lineno or 1}, column {error.offset or 1}: {error.msg}"
    except (ValueError, RecursionError, MemoryError, OSError) as error:
        return f"{label} cannot be read: {error}"
    return ""
