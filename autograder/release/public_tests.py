"""The public part of a test file: hidden tests cut out, and what nothing public needs any more.

Cutting is textual, by the line numbers of `ast`, so that what stays keeps its formatting.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable, Sequence

from autograder.errors import CourseError
from autograder.release.cutting import cut
from autograder.release.names import bound, loaded
from autograder.release.placement import parsed

Function = ast.FunctionDef | ast.AsyncFunctionDef
Test = Function | ast.ClassDef


def public_tests(source: str, file: str) -> str | None:
    """The test file without its hidden tests; None where all of it is hidden.

    Helpers, constants, imports and fixtures that only hidden tests used go with them.

    Args:
        source: the file's text.
        file: its name, for messages.

    Raises:
        CourseError: a hidden mark where a test cannot be cut out whole.
    """
    tree = parsed(source, file, "mend the test file")
    aliases = _hidden_aliases(tree)
    if any(_assigns_pytestmark(s) and _is_hidden(s, aliases) for s in tree.body):
        return None
    secret = [
        s for s in tree.body if isinstance(s, Test) and any(_is_mark(d, aliases) for d in s.decorator_list)
    ]
    if not secret:
        _refuse_leftovers(tree, file, aliases)
        return source
    aliased = [s for s in tree.body if set(_binds(s)) & aliases]
    reached = _reachable(tree.body, secret)
    start = [s for s in tree.body if s not in secret and (_is_root(s) or s not in reached)]
    kept = _reachable(tree.body, start, without=[*secret, *aliased])
    public = cut(source, tree, kept)
    _refuse_leftovers(parsed(public, file, "report this file: its public part does not parse"), file, aliases)
    return public if any(isinstance(s, Test) and _is_test(s) for s in kept) else None


def public_probes(source: str, file: str, tests: Iterable[str]) -> str:
    """The probes that public tests name, and what those call.

    Args:
        source: the text of ``probes.py``.
        file: its name, for messages.
        tests: the texts of the public tests.

    Raises:
        CourseError: a file does not parse.
    """
    tree = parsed(source, file, "mend the probes")
    named = _mentioned(tests)
    defined = {name for s in tree.body if isinstance(s, Test) for name in _binds(s)}
    start = [
        s
        for s in tree.body
        if not _binds(s) or _is_future(s) or (isinstance(s, Test) and named(s.name)) or _is_dunder(s)
    ]
    kept = _reachable(tree.body, start)
    public = cut(source, tree, kept)
    parsed(public, file, "report this file: its public part does not parse")
    return public if defined else source


def _mentioned(tests: Iterable[str]) -> Callable[[str], bool]:
    """Tells whether a name may be a probe's that the tests ask for: as attribute, or in a string."""
    exact: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for source in tests:
        for node in ast.walk(ast.parse(source)):
            match node:
                case ast.Attribute(attr=name):
                    exact.add(name)
                case ast.Constant(value=str(text)):
                    exact.add(text.rpartition(":")[2])
                case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.JoinedStr(values=parts), *_]):
                    patterns.append(_pattern(parts))
    return lambda name: name in exact or any(p.fullmatch(name) for p in patterns)


def _pattern(parts: Sequence[ast.expr]) -> re.Pattern[str]:
    """What the f-string of these parts may turn into."""
    return re.compile(
        "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w*" for p in parts)
    )


def _hidden_aliases(tree: ast.Module) -> set[str]:
    """Names of the module that stand for a hidden mark: ``secret = pytest.mark.hidden("...")``."""
    aliases: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and _is_hidden(statement, aliases):
            aliases.update(name for name in _binds(statement) if name != "pytestmark")
    return aliases


def _is_hidden(node: ast.AST, aliases: Collection[str]) -> bool:
    return any(_marks_hidden(n) or (isinstance(n, ast.Name) and n.id in aliases) for n in ast.walk(node))


def _is_mark(decorator: ast.expr, aliases: Collection[str]) -> bool:
    """Whether a decorator is itself the hidden mark, called or not."""
    mark = decorator.func if isinstance(decorator, ast.Call) and not _marks_hidden(decorator) else decorator
    return _marks_hidden(mark) or (isinstance(mark, ast.Name) and mark.id in aliases)


def _marks_hidden(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(attr="hidden", value=ast.Attribute(attr="mark") | ast.Name(id="mark")):
            return True
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value="hidden"), *_]):
            return True
    return False


def _assigns_pytestmark(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign | ast.AnnAssign) and "pytestmark" in _binds(statement)


def _refuse_leftovers(tree: ast.Module, file: str, aliases: Collection[str]) -> None:
    """Refuse a hidden mark that marks no whole test of the module's top level."""
    for node in ast.walk(tree):
        if _marks_hidden(node) or (isinstance(node, ast.Name) and node.id in aliases):
            line = getattr(node, "lineno", 1)
            raise CourseError(
                f"{file}:{line}: a hidden mark that is no decorator of a test function or class of its own; "
                "write the hidden part as a test function and mark that"
            )


def _is_test(statement: ast.stmt) -> bool:
    return isinstance(statement, Test) and statement.name.lower().startswith("test")


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _is_dunder(statement: ast.stmt) -> bool:
    return any(name.startswith("__") for name in _binds(statement))


def _is_root(statement: ast.stmt) -> bool:
    """Whether a statement stays for its own sake: a test, or what pytest or Python looks for."""
    names = _binds(statement)
    autouse = isinstance(statement, Test) and any("autouse" in ast.dump(d) for d in statement.decorator_list)
    return (
        not names
        or _is_test(statement)
        or _is_future(statement)
        or autouse
        or any(name.startswith(("__", "pytest")) for name in names)
    )


def _binds(statement: ast.stmt) -> list[str]:
    """The names that a statement of the top level exists for; none where it does anything else."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return [name]  # (TABLE.append(...) fills a table)
        case ast.Assign(targets=targets):
            return [name for target in targets for name in _targets(target)]
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return _targets(target)
    return bound(statement)


def _targets(target: ast.expr) -> list[str]:
    while isinstance(target, ast.Subscript | ast.Attribute | ast.Starred):
        target = target.value
    if isinstance(target, ast.Tuple | ast.List):
        return [name for element in target.elts for name in _targets(element)]
    return [target.id] if isinstance(target, ast.Name) else []


def _reachable(
    body: Sequence[ast.stmt], start: Sequence[ast.stmt], without: Sequence[ast.stmt] = ()
) -> list[ast.stmt]:
    """`start` and the statements that bind what it uses, and so on, in the order of the file."""
    waiting, kept = list(start), set()
    while waiting:
        statement = waiting.pop()
        if statement in kept or statement in without:
            continue
        kept.add(statement)
        names, fixtures = _uses(statement)
        waiting += [
            other
            for other in body
            if not names.isdisjoint(_binds(other))
            or (not fixtures.isdisjoint(_binds(other)) and _is_fixture(other))
        ]
    return [s for s in body if s in kept]


def _uses(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """The names that a statement reads, and those that may be a fixture's: parameters and strings."""
    nodes = list(ast.walk(statement))
    names = {name for node in nodes for name in loaded(node)}
    fixtures = {node.arg for node in nodes if isinstance(node, ast.arg)}
    fixtures |= {
        node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return names, fixtures


def _is_fixture(statement: ast.stmt) -> bool:
    return isinstance(statement, Test) and any("fixture" in ast.dump(d) for d in statement.decorator_list)
