"""The names that a node of a syntax tree binds or uses by itself, without its children."""

from __future__ import annotations

import ast


def bound(node: ast.AST) -> list[str]:
    """The names that `node` itself gives a value to."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.arg(arg=name):
            return [name]
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return [(alias.asname or alias.name).partition(".")[0] for alias in aliases]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return [name]
        case ast.MatchMapping(rest=str(name)):
            return [name]
    return []


def loaded(node: ast.AST) -> list[str]:
    """The names whose value `node` itself reads, or declares to be another scope's."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            return [name]
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return names
    return []
