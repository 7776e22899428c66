"""Small changes to the solutions, each a mutant of one task.

They are made by mutmut's operators, over every node that lies in a solution region. What mutmut keeps out
for its own way of running (calls of ``len`` and ``isinstance``, functions with decorators, lines with its
pragma) is mutated here like all else. Its operators delete no statement, which is the commonest of students'
mistakes (the gradients that nobody zeroes), so that is added: each statement gives way to ``pass`` (Deng,
Offutt and Li, Empirical Evaluation of the Statement Deletion Mutation Operator, 2013).
"""

from __future__ import annotations

import ast
import difflib
import importlib.metadata
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from autograder.errors import KitError
from autograder.registry import Assignment
from autograder.release.markers import Region, regions
from autograder.release.stubs import module_source

if TYPE_CHECKING:
    from libcst import CSTNode, Module

CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Mutant:
    """A solution module with one small change.

    Attributes:
        file: the module's file within the course.
        line: where the change begins, counted from 1.
        where: the function that holds it, ``Class.method``.
        before: the lines that were changed, without their indentation.
        after: what they became.
        source: the whole module, changed.
        diff: the change as a unified diff.
    """

    task: str
    module: str
    file: str
    line: int
    where: str
    before: str
    after: str
    source: str
    diff: str


def tool() -> str:
    """The mutation tool and its version.

    Raises:
        KitError: it is not installed.
    """
    try:
        return f"mutmut {importlib.metadata.version('mutmut')} and statement deletion"
    except importlib.metadata.PackageNotFoundError:
        raise KitError(
            "validate --mutants: mutmut is not installed; install it with pip install -e '.[dev]'"
        ) from None


def mutants(assignment: Assignment) -> list[Mutant]:
    """Every mutant of the assignment's solutions, by module and line.

    Raises:
        CourseError: a solution's markers are at fault.
        KitError: mutmut is not installed.
    """
    tool()
    titles = {task.id: task.title for task in assignment.tasks}
    found: list[Mutant] = []
    for module in assignment.task_modules:
        path = assignment.folder / f"{module}.py"
        file = str(PurePosixPath(assignment.folder.parent.name, assignment.name, path.name))
        source = module_source(path, file)
        found += _mutants(source, module, file, regions(source, file, titles))
    return found


def _mutants(source: str, module: str, file: str, found: list[Region]) -> Iterator[Mutant]:
    """The mutants of one module; changes that leave the same program count once, those of nothing never."""
    seen = {ast.dump(ast.parse(source))}
    for region, text in _changed(source, found):
        try:
            program = ast.dump(ast.parse(text))
        except SyntaxError:  # (an operator knows syntax better than this; should one not, it has no mutant)
            continue
        if program not in seen:
            seen.add(program)
            yield _described(source, text, region.task, module, file)


def _changed(source: str, found: list[Region]) -> Iterator[tuple[Region, str]]:
    """Each region with the module's text after each operator's each change of each node in it."""
    from libcst import parse_module  # noqa: PLC0415  (an author's tool, which students go without)
    from libcst.metadata import MetadataWrapper, PositionProvider  # noqa: PLC0415

    wrapper = MetadataWrapper(parse_module(source))
    places = wrapper.resolve(PositionProvider)
    for node in _nodes(wrapper.module):
        place = places.get(node)
        region = place and next(
            (r for r in found if r.begin < place.start.line and place.end.line < r.end), None
        )
        if region:
            for changed in _changes(node):
                yield region, _replaced(wrapper.module, node, changed)


def _changes(node: CSTNode) -> Iterator[CSTNode]:
    """What may stand in place of a node."""
    from libcst import BaseCompoundStatement, BaseSmallStatement, Pass, SimpleStatementLine  # noqa: PLC0415
    from mutmut.mutation.mutators import mutation_operators  # noqa: PLC0415

    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            yield from operator(node)
    if isinstance(node, BaseSmallStatement):
        yield Pass()
    elif isinstance(node, BaseCompoundStatement):
        yield SimpleStatementLine([Pass()], leading_lines=node.leading_lines)


def _replaced(module: Module, node: CSTNode, changed: CSTNode) -> str:
    from libcst import Module  # noqa: PLC0415

    mutated = module.deep_replace(node, changed)
    assert isinstance(mutated, Module)
    return mutated.code


def _nodes(node: CSTNode) -> Iterator[CSTNode]:
    """A node and all below it, as they stand in the text."""
    yield node
    children: Iterable[CSTNode] = node.children
    for child in children:
        yield from _nodes(child)


def _described(source: str, text: str, task: str, module: str, file: str) -> Mutant:
    old, new = source.splitlines(), text.splitlines()
    first = next(i for i, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
    behind = 0
    while behind < min(len(old), len(new)) - first and old[-1 - behind] == new[-1 - behind]:
        behind += 1
    diff = difflib.unified_diff(old, new, file, file, lineterm="", n=CONTEXT)
    return Mutant(
        task=task,
        module=module,
        file=file,
        line=first + 1,
        where=_function(source, first + 1),
        before=_flush(old[first : len(old) - behind]),
        after=_flush(new[first : len(new) - behind]),
        source=text,
        diff="\n".join(list(diff)[2:]),
    )


def _flush(lines: list[str]) -> str:
    return textwrap.dedent("\n".join(lines)).strip()


def _function(source: str, line: int) -> str:
    """The dotted name of the innermost function or class around a line, "" for the module itself."""
    names, body = [], ast.parse(source).body
    while inner := [
        node
        for node in body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.lineno <= line <= (node.end_lineno or 0)
    ]:
        names.append(inner[0].name)
        body = inner[0].body
    return ".".join(names)
