"""The source document's package, `minitorch`, made of nothing but re-exports of ours."""

from __future__ import annotations

import types

from hypothesis import strategies as st
from scalar_autodiff import (
    backpropagation,
    central_difference,
    chain_rule,
    checking,
    operators,
    scalar_functions,
    variable,
)


def module(name: str, **names: object) -> types.ModuleType:
    made = types.ModuleType(name)
    vars(made).update(names)
    return made


FUNCTIONS = ("Add", "Mul", "Inv", "Neg", "Log", "Exp", "Sigmoid", "ReLU", "LT", "EQ")
AUTODIFF = {
    "Variable": variable.Variable,
    "History": variable.History,
    "Context": variable.Context,
    "is_constant": variable.is_constant,
    "FunctionBase": chain_rule.FunctionBase,
    "backpropagate": backpropagation.backpropagate,
    "topological_sort": backpropagation.topological_sort,
}
SCALAR = {
    "Scalar": scalar_functions.Scalar,
    "ScalarFunction": scalar_functions.ScalarFunction,
    "central_difference": central_difference.central_difference,
    "derivative_check": checking.derivative_check,
    **{name: getattr(scalar_functions, name) for name in FUNCTIONS},
}
minitorch = module(
    "minitorch",
    autodiff=module("minitorch.autodiff", **AUTODIFF),
    scalar=module("minitorch.scalar", **SCALAR),
    operators=operators,
    **AUTODIFF,
    **SCALAR,
)


numbers = st.floats(-100, 100, allow_subnormal=False)

ONE_ARGUMENT = {
    "neg": (lambda a: -a, lambda a: -a),
    "add a constant": (lambda a: a + 5, lambda a: a + 5),
    "add to a constant": (lambda a: 5 + a, lambda a: 5 + a),
    "subtract a constant": (lambda a: a - 5, lambda a: a - 5),
    "subtract from a constant": (lambda a: 5 - a, lambda a: 5 - a),
    "multiply by a constant": (lambda a: a * 5, lambda a: a * 5),
    "multiply a constant": (lambda a: 5 * a, lambda a: 5 * a),
    "divide by a constant": (lambda a: a / 5, lambda a: a / 5),
    "sigmoid": (lambda a: a.sigmoid(), operators.sigmoid),
    "log": (lambda a: (a + 101).log(), lambda a: operators.log(a + 101)),
    "relu": (lambda a: a.relu(), operators.relu),
    "exp": (lambda a: (a / 20).exp(), lambda a: operators.exp(a / 20)),
    "less than a constant": (lambda a: a < 3, lambda a: operators.lt(a, 3)),
    "more than a constant": (lambda a: a > 3, lambda a: operators.lt(3, a)),
    "equal to a constant": (lambda a: a == 3, lambda a: operators.eq(a, 3)),
}
TWO_ARGUMENTS = {
    "add": (lambda a, b: a + b, operators.add),
    "subtract": (lambda a, b: a - b, lambda a, b: a - b),
    "multiply": (lambda a, b: a * b, operators.mul),
    "divide": (lambda a, b: a / (b + 101), lambda a, b: a / (b + 101)),
    "less than": (lambda a, b: a < b, operators.lt),
    "more than": (lambda a, b: a > b, lambda a, b: operators.lt(b, a)),
    "equal": (lambda a, b: a == b, operators.eq),
}


def close(got: float, expected: float, tolerance: float = 1e-2) -> bool:
    return abs(got - expected) <= tolerance + tolerance * abs(expected)
