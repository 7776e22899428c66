"""What the graded tests ask of the student's modules: build, differentiate, report plain data.

Runs on the student's side, where the tests cannot reach: no expected value and no verdict belongs
here. The student's modules are imported inside the functions, since one that does not even import
must fail its own task's tests only.
"""

# ruff: noqa: PLC0415  (for that reason)

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache

VARIABLES = ("variable",) * 4

FUNCTIONS: dict[str, Callable[..., float]] = {
    "square": lambda x: x * x,
    "cube": lambda x: x * x * x,
    "sine": math.sin,
    "exponential": math.exp,
    "absolute": abs,
    "constant": lambda x: 7.0,  # noqa: ARG005
    "mixed": lambda x, y, z: x * y + y * z * z,
}


def slope(name: str, *values: float, **settings: float) -> object:
    """What `central_difference` gives for a function of `FUNCTIONS`."""
    from scalar_autodiff.central_difference import central_difference

    return central_difference(FUNCTIONS[name], *values, **settings)


def points(values: list[float], **settings: float) -> list[list[float]]:
    """The points at which `central_difference` evaluates a function of as many arguments."""
    from scalar_autodiff.central_difference import central_difference

    seen: list[list[float]] = []

    def record(*point: float) -> float:
        seen.append(list(point))
        return sum(point)

    central_difference(record, *values, **settings)
    return seen


RULES: dict[str, tuple[Callable[..., float], Callable[..., object]]] = {
    "shifted_sum": (lambda x, y: x + y + 10.0, lambda d, x, y: (d, d)),  # noqa: ARG005
    "mixed_product": (lambda x, y: x * y + x, lambda d, x, y: ((y + 1.0) * d, x * d)),
    "triple": (lambda x: 3.0 * x, lambda d, x: 3.0 * d),  # noqa: ARG005
    "square": (lambda x: x * x, lambda d, x: (2.0 * x * d,)),
    "first": (lambda x, y: x, lambda d, x, y: (d, 0.0)),  # noqa: ARG005
    "weighted": (
        lambda *xs: sum(((i + 1.0) * x * x for i, x in enumerate(xs)), 0.0),
        lambda d, *xs: tuple(2.0 * (i + 1) * x * d for i, x in enumerate(xs)),
    ),
}


@cache
def own_function(name: str) -> type:
    """A function of the tests' own, with the forward and the backward of `RULES`."""
    from scalar_autodiff.scalar_functions import ScalarFunction

    value, derivatives = RULES[name]

    class Own(ScalarFunction):
        @staticmethod
        def forward(ctx, *inputs):
            ctx.save_for_backward(inputs)
            return value(*inputs)

        @staticmethod
        def backward(ctx, d_output):
            return derivatives(d_output, *ctx.saved_values)

    return Own


def chain_rule(name: str, values: list[float], kinds: list[str], d_output: float) -> object:
    """The pairs that `chain_rule` gives for a function of the tests' own, as `_paired` writes them."""
    from scalar_autodiff.variable import Context

    function, ctx = own_function(name), Context()
    function.forward(ctx, *values)
    inputs = _inputs(kinds, values)
    return _paired(function.chain_rule(ctx, inputs, d_output), inputs)


def step_back(name: str, values: list[float], kinds: list[str], d_output: float) -> object:
    """The same for one step back from what the function's `apply` returns."""
    inputs = _inputs(kinds, values)
    return _paired(own_function(name).apply(*inputs).history.backprop_step(d_output), inputs)


def _inputs(kinds: Sequence[str], values: Sequence[float]) -> list[object]:
    from scalar_autodiff.scalar_functions import Scalar

    inputs: list[object] = []
    for kind, value in zip(kinds, values, strict=False):
        if kind == "variable":
            inputs.append(Scalar(value))
        elif kind == "constant":
            inputs.append(Scalar(value, None))
        elif kind == "computed":
            inputs.append(Scalar(value, own_function("triple").apply(Scalar(value)).history))
        else:
            inputs.append(inputs[-1] if kind == "same" else value)
    return inputs


def _paired(pairs: object, inputs: list[object]) -> object:
    """``([number of the input, ...], [derivative, ...])``, or what was returned in place of pairs."""
    if not hasattr(type(pairs), "__iter__"):
        return "None (is a return missing?)" if pairs is None else f"a {type(pairs).__name__}"
    pairs = list(pairs)
    odd = [pair for pair in pairs if type(pair) not in (tuple, list) or len(pair) != 2]
    if odd:
        return f"a list that holds a {type(odd[0]).__name__}"
    return [_number(variable, inputs) for variable, _ in pairs], [derivative for _, derivative in pairs]


def _number(variable: object, inputs: list[object]) -> object:
    return next((i for i, x in enumerate(inputs) if x is variable), "no input")


def type_of_chain_rule() -> str:
    """The name of the type that `chain_rule` returns."""
    result = own_function("triple").apply(*_inputs(["variable"], [1.0]))
    return type(result.history.backprop_step(5.0)).__name__


def calls_of_backward(d_output: float) -> list[tuple[str, object]]:
    """What backward is called with in one `chain_rule`: whether it is the context, and d_output."""
    from scalar_autodiff.scalar_functions import ScalarFunction
    from scalar_autodiff.variable import Context

    calls: list[tuple[str, object]] = []
    given = Context()

    class Recording(ScalarFunction):
        @staticmethod
        def backward(ctx, d_output):
            calls.append(("ctx" if ctx is given else "not ctx", d_output))
            return 1.0, 2.0, 3.0

    Recording.chain_rule(given, _inputs(["variable", "number", "variable"], [1.0, 2.0, 3.0]), d_output)
    return calls


def derivatives_after_chain_rule() -> list[object]:
    """The derivatives of two inputs after `chain_rule`."""
    inputs = _inputs(["variable", "variable"], [1.0, 2.0])
    own_function("shifted_sum").apply(*inputs).history.backprop_step(5.0)
    return [x.derivative for x in inputs]


class Recorder:
    """A context that shows what was saved; None where nothing was."""

    saved: tuple[object, ...] | None = None

    def save_for_backward(self, *values: object) -> None:
        """Remember `values`, as they came."""
        self.saved = values


def forward(name: str, *inputs: float) -> object:
    """What a function's forward computes."""
    from scalar_autodiff import scalar_functions

    return getattr(scalar_functions, name).forward(Recorder(), *inputs)


def saved(name: str, *inputs: float) -> object:
    """What a function's forward saves."""
    from scalar_autodiff import scalar_functions

    ctx = Recorder()
    getattr(scalar_functions, name).forward(ctx, *inputs)
    return ctx.saved


EXPRESSIONS: dict[str, Callable[..., object]] = {
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / y,
    "x < y": lambda x, y: x < y,
    "x > y": lambda x, y: x > y,
    "x == y": lambda x, y: x == y,
    "-x": lambda x: -x,
    "x.log()": lambda x: x.log(),
    "x.exp()": lambda x: x.exp(),
    "x.sigmoid()": lambda x: x.sigmoid(),
    "x.relu()": lambda x: x.relu(),
    "long": lambda x, y: (x * y - x) / ((-y).exp() + 1.0) + x.sigmoid().log(),
}


def operate(name: str, *values: float, kinds: Sequence[str] = VARIABLES) -> object:
    """The value of an expression of `EXPRESSIONS`."""
    return _value(EXPRESSIONS[name](*_inputs(kinds, values)))


def _value(result: object) -> object:
    from scalar_autodiff.scalar_functions import Scalar

    return result.data if isinstance(result, Scalar) else f"a {type(result).__name__}, no Scalar"


def leaves(name: str, *values: float, kinds: Sequence[str] = VARIABLES) -> list[str]:
    """The leaves that an expression's history leads back to, each once."""
    from scalar_autodiff.variable import is_constant

    inputs = _inputs(kinds, values)
    found, stack = set(), [EXPRESSIONS[name](*inputs)]
    while stack:
        v = stack.pop()
        if not is_constant(v):
            stack.extend([] if v.is_leaf() else v.history.inputs)
            found.add(_name(v, inputs) if v.is_leaf() else "")
    return sorted(found - {""})


def _name(variable: object, inputs: list[object]) -> str:
    return next((letter for letter, x in zip("xy", inputs, strict=False) if x is variable), "another leaf")


def operands_after(name: str, *values: float) -> list[object]:
    """The values of an expression's operands after it was computed."""
    inputs = _inputs(VARIABLES, values)
    EXPRESSIONS[name](*inputs)
    return [x.data for x in inputs]
