"""Imports modules from memory: the student's source and what is given or taken from the reference."""

from __future__ import annotations

import importlib.abc
import importlib.util
import marshal
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType


class MemoryFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and loads the modules of one child; everything else is left to Python's own finders.

    Args:
        packages: names of the packages among the modules.
        code: module name to its code, marshalled if it is the grader's.
    """

    def __init__(self, packages: Sequence[str], code: dict[str, CodeType | bytes]) -> None:
        self._packages, self._code = packages, code

    def replace(self, code: Mapping[str, bytes]) -> None:
        """Have the modules in `code` imported anew, from there."""
        self._code.update(code)
        for name in code:
            sys.modules.pop(name, None)

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        """The spec of a module in memory, None for any other."""
        if name not in self._code:
            return None
        return importlib.util.spec_from_loader(name, self, is_package=name in self._packages)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code."""
        found = self._code[module.__name__]
        code = marshal.loads(found) if isinstance(found, bytes) else found  # noqa: S302  (from the grader)
        module.__file__ = code.co_filename
        exec(code, module.__dict__)  # noqa: S102  (that is what an import does)


def install(
    packages: Sequence[str],
    trusted: Mapping[str, CodeType | bytes],
    source: Mapping[str, tuple[str, str]],
) -> MemoryFinder:
    """Make the modules importable.

    Args:
        packages: names of the packages among them.
        trusted: module name to its code, marshalled where the grader sent it.
        source: module name to (file name, source text) of the student's modules; compiled before any
            of their code runs, so that what a SyntaxError says is Python's own word.

    Returns:
        what finds them, to be told of further ones.

    Raises:
        SyntaxError: a student's module does not parse.
    """
    code = dict(trusted)
    for name, (file, text) in source.items():
        code[name] = compile(text, file, "exec", dont_inherit=True)
    finder = MemoryFinder(packages, code)
    sys.meta_path.insert(0, finder)
    return finder
