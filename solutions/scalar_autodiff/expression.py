"""An expression typed on the command line, computed on Scalars without Python's own eval (given)."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

from scalar_autodiff.scalar_functions import Scalar

OPERATORS: dict[type, Callable[..., Scalar]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.Lt: operator.lt,
    ast.Gt: operator.gt,
    ast.Eq: operator.eq,
}
FUNCTIONS: dict[str, Callable[[Scalar], Scalar]] = {
    "log": Scalar.log,
    "exp": Scalar.exp,
    "sigmoid": Scalar.sigmoid,
    "relu": Scalar.relu,
}


class ExpressionError(ValueError):
    """What was typed is no expression of Scalars; the message says what to write instead."""


def evaluate(text: str, values: Mapping[str, float]) -> Scalar:
    """The value of an expression, with its graph.

    Args:
        text: numbers, names, ``+ - * / < > ==``, parentheses, and log, exp, sigmoid and relu.
        values: each name's value; it becomes a leaf of that name.

    Raises:
        ExpressionError: anything else, or a name without a value.
    """
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError) as fault:
        raise ExpressionError(f"{text}: not an expression ({fault})") from fault
    leaves = {name: Scalar(value, name=name) for name, value in values.items()}
    value = _value(tree, leaves)
    return value if isinstance(value, Scalar) else Scalar(value, None)


def _value(node: ast.expr, leaves: Mapping[str, Scalar]) -> Scalar | float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id=name) if name in leaves:
            return leaves[name]
        case ast.Name(id=name):
            raise ExpressionError(f"{name} has no value; add {name}=2 to the command")
        case ast.UnaryOp(op=op, operand=a) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_value(a, leaves))
        case ast.BinOp(left=a, op=op, right=b) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_value(a, leaves), _value(b, leaves))
        case ast.Compare(left=a, ops=[op], comparators=[b]) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_value(a, leaves), _value(b, leaves))
        case ast.Call(func=ast.Name(id=name), args=[a], keywords=[]) if name in FUNCTIONS:
            value = _value(a, leaves)
            return FUNCTIONS[name](value if isinstance(value, Scalar) else Scalar(value, None))
    known = ", ".join(FUNCTIONS)
    raise ExpressionError(
        f"{ast.unparse(node)}: use only + - * / < > ==, parentheses, {known}, numbers and names"
    )
