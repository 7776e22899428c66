"""The course's one list of tasks: every ``assignment.toml``, read and checked.

A task's id (``task1_3``) exists here first; markers, stubs, pytest marks, scores and
gradebook columns all take it from here.
"""

from __future__ import annotations

import keyword
import re
import tomllib
from functools import cached_property
from pathlib import Path

import msgspec

from autograder.deadlines import Due, Late, date_hint, late_faults, read_dates
from autograder.errors import CourseError

TASK_ID = re.compile(r"task\d+_\d+")
WRITTEN_ID = re.compile(rf"({TASK_ID.pattern})_[a-z][a-z0-9_]*")
SCHEMA = "autograder/assignment/v1"
COURSE_FILE = "course.toml"
"""Beside ``solutions/``: due times and a late policy for the whole course; it need not be there."""


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One graded task, as the registry declares it.

    Attributes:
        title: what the task is called in a table.
        module: the module that the student completes, without ``.py``.
        points: full marks.
        needs: ids of the tasks whose working code this one rests on.
        timeout_s: seconds that a graded test may wait for the student's code.
        hint: one sentence for a student whose test fails.
        section: the heading in the handout, as a link target of ``README.md``.
        aliases: further pytest marks, where the source document uses other names.
        id: the task's id; filled in from the table's name.
    """

    title: str
    module: str
    points: int
    hint: str
    section: str
    needs: tuple[str, ...] = ()
    timeout_s: float = 2.0
    aliases: tuple[str, ...] = ()
    id: str = ""


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Answers in words, which staff grade by hand: a table ``[written.task5_6_answers]`` of the registry.

    Attributes:
        title: what they are called in a table.
        file: where the student writes them, a Markdown file beside the registry.
        points: full marks, on top of the tasks' own; the gradebook waits for staff to enter them.
        section: the heading in the handout, as a link target of ``README.md``.
        id: the task's id and a word; filled in from the table's name.
    """

    title: str
    file: str
    points: int
    section: str
    id: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    schema: str
    title: str
    source: str
    tasks: dict[str, Task]
    written: dict[str, Written] = {}
    helpers: tuple[str, ...] = ()
    due: Due | None = None
    late: Late | None = None


class Assignment(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One assignment: its tasks in order, and where its files lie.

    Attributes:
        name: the package's name, ``scalar_autodiff``.
        folder: the package's folder, in ``solutions/`` or in a student's ``assignments/``.
        written: answers in words, graded by hand.
        helpers: modules that a student may add; taken from a submission when they are there.
        due: when it has to be handed in, None where nothing says it.
        late: what being late costs, None for nothing.
    """

    name: str
    title: str
    source: str
    folder: Path
    tasks: tuple[Task, ...]
    written: tuple[Written, ...] = ()
    helpers: tuple[str, ...] = ()
    due: Due | None = None
    late: Late | None = None

    @cached_property
    def task_modules(self) -> tuple[str, ...]:
        """Names of the modules that a student completes, in the order of their first task."""
        return tuple(dict.fromkeys(task.module for task in self.tasks))

    @cached_property
    def given_modules(self) -> tuple[str, ...]:
        """Names of the modules that the student is given whole, ``__init__`` among them."""
        names = sorted(path.stem for path in self.folder.glob("*.py"))
        return tuple(name for name in names if name not in self.task_modules)

    @property
    def max_score(self) -> int:
        """Full marks of what is graded automatically, in points."""
        return sum(task.points for task in self.tasks)

    def task(self, task_id: str) -> Task:
        """The task with this id or alias; a `CourseError` that lists them where there is none."""
        for task in self.tasks:
            if task_id == task.id or task_id in task.aliases:
                return task
        known = ", ".join(task.id for task in self.tasks)
        raise CourseError(f"{task_id}: no such task in {self.name}; it has {known}")

    def prerequisites(self, task: Task) -> frozenset[str]:
        """Ids of all tasks that `task` rests on, those of its needs included."""
        direct = [self.task(name) for name in task.needs]
        return frozenset(task.needs).union(*(self.prerequisites(other) for other in direct))


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """A course's root folder and its assignments, in the order of their tasks' numbers.

    Attributes:
        root: the folder that holds ``solutions/`` (an author's) or only ``assignments/`` (a student's).
        modules: the tree that is imported: ``solutions/`` where it exists, else ``assignments/``.
    """

    root: Path
    modules: Path
    assignments: tuple[Assignment, ...]

    @property
    def tests(self) -> Path:
        """The folder of the graded tests, one subfolder an assignment."""
        return self.root / "tests" / "tasks"

    def assignment(self, name: str) -> Assignment:
        """The assignment of this name; a `CourseError` that lists them where there is none."""
        for assignment in self.assignments:
            if assignment.name == name:
                return assignment
        known = ", ".join(assignment.name for assignment in self.assignments)
        raise CourseError(f"{name}: no such assignment; this course has {known}")


def number_of(task_id: str) -> tuple[int, ...]:
    """A task's number, by which tasks are put in order: (1, 3) of ``task1_3``."""
    return tuple(map(int, re.findall(r"\d+", task_id)))


def find_course(start: Path) -> Course:
    """The course around `start`: the nearest folder upwards that holds an assignment's registry.

    Raises:
        CourseError: no such folder, or its registry is at fault.
    """
    for root in (start.resolve(), *start.resolve().parents):
        for tree in ("solutions", "assignments"):
            if any((root / tree).glob("*/assignment.toml")):
                return load_course(root, root / tree)
    raise CourseError(
        f"{start}: no course here (no solutions/*/assignment.toml nor assignments/*/assignment.toml "
        "in this folder or above it); change into the course's folder or name it with --course"
    )


def load_course(root: Path, modules: Path) -> Course:
    """The course at `root` whose assignments lie in the tree `modules`.

    Raises:
        CourseError: a registry is at fault, or two tasks share an id or an alias.
    """
    loaded = [load_assignment(path) for path in sorted(modules.glob("*/assignment.toml"))]
    assignments = tuple(sorted(loaded, key=lambda a: number_of(a.tasks[0].id)))
    names = [name for a in assignments for task in a.tasks for name in (task.id, *task.aliases)]
    for name in names:
        if names.count(name) > 1:
            raise CourseError(f"{modules}: the task name {name} is given twice; rename one of the two")
    dates = read_dates(root / COURSE_FILE, {a.name: a.due for a in assignments})
    dated = (
        msgspec.structs.replace(a, due=a.due or dates.due.get(a.name), late=a.late or dates.late)
        for a in assignments
    )
    return Course(root=root, modules=modules, assignments=tuple(dated))


def load_assignment(path: Path) -> Assignment:
    """The assignment that the registry file `path` declares.

    Raises:
        CourseError: not TOML, a missing or unknown key, or a declaration that does not hold.
    """
    try:
        read = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as fault:
        raise CourseError(f"{path}: {fault}{date_hint(fault)}; mend the registry") from fault
    tasks = tuple(msgspec.structs.replace(task, id=name) for name, task in read.tasks.items())
    written = tuple(msgspec.structs.replace(answers, id=name) for name, answers in read.written.items())
    assignment = Assignment(
        name=path.parent.name,
        title=read.title,
        source=read.source,
        folder=path.parent,
        tasks=tasks,
        written=written,
        helpers=read.helpers,
        due=read.due,
        late=read.late,
    )
    if faults := _faults(read, assignment):
        raise CourseError(f"{path}: {faults[0]}")
    return assignment


def _faults(read: _File, assignment: Assignment) -> list[str]:
    """What is wrong with a registry that parsed, each fault with its cure."""
    faults = []
    if read.schema != SCHEMA:
        faults.append(f'schema is "{read.schema}"; this kit reads "{SCHEMA}"')
    earlier: list[str] = []
    for task in assignment.tasks:
        if not TASK_ID.fullmatch(task.id):
            faults.append(f"{task.id}: a task's id looks like task1_3; rename the table")
        faults += [
            f"{task.id} needs {name}, which is no earlier task of this assignment; mend its needs"
            for name in task.needs
            if name not in earlier
        ]
        if not (assignment.folder / f"{task.module}.py").is_file():
            faults.append(f"{task.id}: there is no module {task.module}.py beside the registry")
        if task.points <= 0 or task.timeout_s <= 0:
            faults.append(f"{task.id}: points and timeout_s must be more than 0")
        earlier.append(task.id)
    if not assignment.tasks:
        faults.append("declares no task; add a table [tasks.task1_1]")
    written = [fault for answers in assignment.written for fault in _written_faults(answers, assignment)]
    late = late_faults(read.late) if read.late else []
    return faults + written + _helper_faults(assignment) + late


def _written_faults(written: Written, assignment: Assignment) -> list[str]:
    """What is wrong with the declaration of written answers."""
    faults = []
    matched = WRITTEN_ID.fullmatch(written.id)
    if not matched or matched[1] not in {task.id for task in assignment.tasks}:
        faults.append(f"{written.id}: named after a task of this assignment and a word, like task5_6_answers")
    if not re.fullmatch(r"[A-Za-z]\w*\.md", written.file) or written.file == "README.md":
        faults.append(
            f"{written.id}: file is {written.file!r}; answers are written in a file like ANSWERS.md"
        )
    elif not (assignment.folder / written.file).is_file():
        faults.append(f"{written.id}: there is no {written.file} beside the registry; add the questions")
    if [other.file for other in assignment.written].count(written.file) > 1:
        faults.append(f"{written.id}: {written.file} is declared twice; name a file of its own")
    if written.points <= 0:
        faults.append(f"{written.id}: points must be more than 0")
    return faults


def _helper_faults(assignment: Assignment) -> list[str]:
    """What is wrong with the modules that a student may add: each has a name that nothing else has."""
    faults = []
    for name in assignment.helpers:
        if not name.isidentifier() or keyword.iskeyword(name):
            faults.append(f'helper "{name}" is no module\'s name; write it without .py')
        elif name in assignment.task_modules:
            faults.append(f"helper {name} is a task's module, which is taken anyway; take it off the helpers")
        elif name in assignment.given_modules:
            faults.append(f"helper {name} is given to students; rename one of the two")
    return faults
