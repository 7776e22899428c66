"""What the first cell of a notebook imports: `start`, `check_task` and `run`.

Cells run as in any notebook. Those of a task's module are also put together as that module, by the rules by
which a notebook that was handed in is, so that later cells, given modules and tests import it.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from autograder.errors import CourseError
from autograder.notebooks import BESIDE
from autograder.notebooks.assembling import adopted, assemble, ids_by_label, tagged
from autograder.notebooks.cells import Cell, plain, statements
from autograder.notebooks.checking import Notebook, Report
from autograder.notebooks.parts import Kind, parts
from autograder.notebooks.reloading import CellFinder
from autograder.registry import load_course

NEEDED = ("hypothesis", "msgpack", "numpy", "pytest", "pytest_timeout")
"""What the tests import, in processes of their own."""


class _Shell(Protocol):
    """IPython's shell, as far as it is used."""

    user_ns: dict[str, object]
    execution_count: int


class _Info(Protocol):
    """What IPython tells of a cell that is about to run."""

    raw_cell: str
    silent: bool


class _Result(Protocol):
    """What IPython tells of a cell that ran."""

    info: _Info
    success: bool


class Session:
    """One notebook in one kernel.

    Args:
        notebook: what its cells are put together with.
        shell: runs the cells.
    """

    def __init__(self, notebook: Notebook, shell: _Shell) -> None:
        self.notebook, self._shell = notebook, shell
        self._every = every = [part for pieces in notebook.parts.values() for part in pieces]
        self._labels = ids_by_label(every)
        self._modules = {part.id: part.module for part in every if part.kind is Kind.SOLUTION}
        self.finder = CellFinder(notebook.assignment.name)
        self._ran: list[Cell] = []
        self.hidden: dict[str, str] = {}

    @property
    def cells(self) -> list[Cell]:
        """The cells that ran, in order; of a solution cell what it held when it ran last."""
        return adopted(self._every, self._ran)

    def before(self, info: _Info) -> None:
        """Keep the text of a cell that is about to run, unless it is a given one."""
        found = tagged(info.raw_cell, self._labels)
        if not info.silent and (not found or found in self._modules):
            self._ran = [cell for cell in self._ran if not found or cell.id != found]
            self._ran.append(Cell(self._shell.execution_count, found, info.raw_cell))

    def after(self, result: _Result) -> None:
        """Make the module anew one of whose cells has run."""
        module = self._modules.get(tagged(result.info.raw_cell, self._labels))
        made = assemble(self.notebook.parts[module], self.cells) if module and result.success else None
        if module and made and not made.fault:
            names = [n for s in statements(plain(result.info.raw_cell)) for n in s.names]
            self.finder.take(module, made.text, names, self._shell.user_ns)


_session: list[Session] = []


def start(assignment: str) -> None:
    """Get a notebook ready; run once in each kernel, in the notebook's folder.

    Raises:
        CourseError: it does not run in a notebook, the folder of what is given is not beside it, or a package
            that the tests need is not installed.
    """
    root = Path(BESIDE).resolve()
    if not (root / "assignments" / assignment / "assignment.toml").is_file():
        raise CourseError(f"{root}: not there; keep the folder {BESIDE}/ beside the notebook")
    for package in NEEDED:
        if importlib.util.find_spec(package) is None:
            raise CourseError(f"{package} is not installed; run %pip install -r {BESIDE}/requirements.txt")
    course = load_course(root, root / "assignments")
    found = course.assignment(assignment)
    pieces = {
        module: parts(module, (found.folder / f"{module}.py").read_text(encoding="utf-8"))
        for module in found.task_modules
    }
    shell = _ipython()
    session = Session(Notebook(course, found, pieces), shell)
    for place in (root, root / "assignments"):
        sys.path[:] = [str(place), *(name for name in sys.path if name != str(place))]
    os.environ["PYTHONPATH"] = str(root)  # (for the processes in which tests run)
    _begin(session, shell)


def _begin(session: Session, shell: _Interactive) -> None:
    """Make a session the kernel's only one."""
    sys.meta_path[:] = [session.finder, *(f for f in sys.meta_path if not isinstance(f, CellFinder))]
    for old in _session:
        shell.events.unregister("pre_run_cell", old.before)
        shell.events.unregister("post_run_cell", old.after)
    shell.events.register("pre_run_cell", session.before)
    shell.events.register("post_run_cell", session.after)
    _session[:] = [session]


class _Events(Protocol):
    def register(self, event: str, call: Callable[..., None]) -> None:
        """Have a function called at an event."""

    def unregister(self, event: str, call: Callable[..., None]) -> None:
        """Have it called no more."""


class _Interactive(_Shell, Protocol):
    events: _Events


def _ipython() -> _Interactive:
    try:
        from IPython import get_ipython  # noqa: PLC0415  (only a kernel has it)
    except ImportError:
        raise CourseError("start() runs in a notebook; open it in Jupyter") from None
    shell: _Interactive | None = get_ipython()
    if shell is None:
        raise CourseError("start() runs in a notebook; open it in Jupyter")
    return shell


def _current() -> Session:
    if not _session:
        raise CourseError("run the notebook's first cell first")
    return _session[0]


class _CheckTask:
    """Runs a task's tests on the notebook's cells."""

    def __call__(self, task: str) -> Report:
        """How the task's tests come out; shown as a report, and to nbgrader as points."""
        session = _current()
        found = session.notebook.assignment.task(task)
        hidden, session.hidden = session.hidden, {}
        return session.notebook.check(found, session.cells, hidden)

    def hidden(self, texts: Mapping[str, str]) -> None:
        """Have the next task's tests run from these texts, by the names of their files."""
        _current().hidden = dict(texts)


check_task = _CheckTask()


def run(command: str) -> None:
    """Run one of the assignment's programs on the notebook's modules: ``run("package.module --option")``."""
    session = _current()
    code = session.notebook.run(command, session.cells)
    if code:
        print(f"(it ended with exit code {code})")
