"""The part of the kit that goes out to students is whole: each module that is shipped finds what it imports."""

import ast

import pytest

from autograder.notebooks.course import PARTS as FOR_NOTEBOOKS
from autograder.release.student_tree import KIT
from autograder.release.student_tree import PARTS as FOR_STUDENTS


def module_of(path):
    parts = ("autograder", *path.relative_to(KIT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def at_import(tree):
    """The statements of a module that run when it is imported, those for type checkers left out."""
    for node in tree.body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield from ast.walk(node) if not isinstance(node, ast.FunctionDef) else ()


def wanted(path, modules):
    """The modules of the kit that a module imports: of each, the longest name that is one."""
    for node in at_import(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder"):
            for name in node.names:
                longest = f"{node.module}.{name.name}"
                yield longest if longest in modules else node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("autograder."))


@pytest.mark.parametrize("parts", [FOR_STUDENTS, FOR_NOTEBOOKS], ids=["students", "notebooks"])
def test_what_a_shipped_module_imports_is_shipped(parts):
    modules = {module_of(path) for path in KIT.rglob("*.py")}
    files = [path for pattern in parts for path in KIT.glob(pattern)]
    shipped = {module_of(path) for path in files}
    missing = {
        (module_of(path), name) for path in files for name in wanted(path, modules) if name not in shipped
    }
    assert not missing


def test_a_module_that_is_left_out_is_noticed():
    modules = {module_of(path) for path in KIT.rglob("*.py")}
    assert "autograder.memory" in set(wanted(KIT / "checking" / "reporter.py", modules))
