"""A task's modules as real modules of a notebook's kernel, made anew when one of their cells has run."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import linecache
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class CellFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the modules that cells are; all others are Python's own affair.

    Args:
        package: the assignment's name.
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._texts: dict[str, str] = {}

    def take(self, module: str, text: str, names: Sequence[str], space: dict[str, object]) -> None:
        """Have a module made of this text, and those that rest on it made anew.

        Args:
            module: its name in the package.
            names: what the cell that has run defined: in `space` these become the module's own.
            space: the notebook's names; what came from an old module is replaced.
        """
        changed = f"{self._package}.{module}"
        before, self._texts[changed] = self._texts.get(changed), text
        if before == text:
            self._adopt(changed, names, space)
            return
        stale = self._resting_on(changed)
        old = {name: sys.modules.pop(name) for name in stale if name in sys.modules}
        try:
            for name in (changed, *old):
                importlib.import_module(name)
        except Exception:  # a student's module raises anything; the tests will say it
            for name in (changed, *old):
                sys.modules.pop(name, None)
            sys.modules.update(old)
            return
        _replace(old, space)
        self._adopt(changed, names, space)

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        """The spec of a module that cells are, None for any other."""
        return importlib.util.spec_from_loader(name, self) if name in self._texts else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's text."""
        text = self._texts[module.__name__]
        file = f"<cells of {module.__name__.rpartition('.')[2]}.py>"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        exec(compile(text, file, "exec", dont_inherit=True), module.__dict__)  # noqa: S102  (an import does)

    def _resting_on(self, changed: str) -> list[str]:
        """The package's modules that hold something of a changed one, directly or through others."""
        inside = {n: m for n, m in sys.modules.items() if n.startswith(f"{self._package}.") and m}
        stale = {changed}
        while more := {n for n, m in inside.items() if n not in stale and _holds(m, stale)}:
            stale |= more
        return sorted(stale)

    def _adopt(self, changed: str, names: Sequence[str], space: dict[str, object]) -> None:
        made = vars(sys.modules[changed]) if changed in sys.modules else {}
        space.update((name, made[name]) for name in names if name in made)


def _holds(module: ModuleType, others: set[str]) -> bool:
    return any(_home(value) in others for value in vars(module).values())


def _home(value: object) -> str:
    """The module that a value is, or in which it was defined."""
    home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return home if isinstance(home, str) else ""


def _replace(old: dict[str, ModuleType], space: dict[str, object]) -> None:
    """Replace, in a namespace, what is of an old module by what the new one of its name has."""
    for key, value in list(space.items()):
        home = _home(value)
        name = getattr(value, "__name__", "")
        if home not in old or home not in sys.modules:
            continue
        if value is old[home]:
            space[key] = sys.modules[home]
        elif vars(old[home]).get(name) is value:
            space[key] = vars(sys.modules[home]).get(name, value)
