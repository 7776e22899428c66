"""What a fork server knows of a course before any student's code is there, and imports for all children."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

# What the standard library lacks and a server has imported in any case.
THERE = frozenset({"numpy"}) | sys.stdlib_module_names


@dataclass(frozen=True, slots=True)
class Known:
    """The modules that every child may know; never a solution.

    Attributes:
        code: module name to marshalled code.
        packages: the packages among them.
        early: names of those, and of the library's modules that they use, which the server imports itself,
            once for all its children.
    """

    code: Mapping[str, bytes] = field(default_factory=dict)
    packages: Sequence[str] = ()
    early: Sequence[str] = ()


def independent(sources: Mapping[str, str], packages: Sequence[str]) -> list[str]:
    """Those modules that import nothing but each other, the standard library and numpy.

    Args:
        sources: module name to text.
        packages: the packages among them, from which modules are imported by name.
    """
    needs = {name: set(_imported(ast.parse(text).body, packages)) for name, text in sources.items()}
    found = set(needs)
    while late := {name for name in found if not all(_is_there(other, found) for other in needs[name])}:
        found -= late
    return sorted(found)


def libraries(sources: Iterable[str]) -> list[str]:
    """Modules of the library that some of the texts use and others do without.

    numpy has a hundred memory maps more with its random generators, which cost each fork 0.3 ms.
    """
    return ["numpy.random"] if any(re.search(r"\b(np|numpy)\.random\b", text) for text in sources) else []


def _is_there(name: str, modules: set[str]) -> bool:
    return name in modules or name.partition(".")[0] in THERE


def _imported(statements: Iterable[ast.AST], packages: Sequence[str]) -> Iterator[str]:
    """The modules that are imported when the statements of a module are run."""
    for statement in statements:
        match statement:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names, level=0) if module in packages:
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.ImportFrom(module=module, level=level):
                yield "." * level + str(module)
            case ast.If(test=ast.Name("TYPE_CHECKING"), orelse=otherwise):
                yield from _imported(otherwise, packages)
            case ast.stmt() if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from _imported(ast.iter_child_nodes(statement), packages)
