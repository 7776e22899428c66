"""What the graded tests ask of the student's modules: build, differentiate, report plain data.

Runs on the student's side: no expected value and no verdict belongs here. The student's modules are
imported inside the functions, since one that does not import must fail its own task's tests only.
"""

# ruff: noqa: PLC0415  (for that reason)

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache, reduce

Floats = Sequence[float]
Kinds = Sequence[str]
Steps = Sequence[Sequence[object]]

VARIABLES = ("variable",) * 4

FUNCTIONS: dict[str, Callable[..., float]] = {
    "square": lambda x: x * x,
    "cube": lambda x: x * x * x,
    "sine": math.sin,
    "exponential": math.exp,
    "absolute": abs,
    "mixed": lambda x, y, z: x * y + y * z * z,
}


def slope(name: str, *values: float, **settings: float) -> object:
    """What `central_difference` gives for a function of `FUNCTIONS`."""
    from scalar_autodiff.central_difference import central_difference

    return central_difference(FUNCTIONS[name], *values, **settings)


def points(values: Floats, **settings: float) -> list[list[float]]:
    """The points at which `central_difference` evaluates a function of as many arguments."""
    from scalar_autodiff.central_difference import central_difference

    seen = []

    def record(*point: float) -> float:
        seen.append(list(point))
        return sum(point)

    central_difference(record, *values, **settings)
    return seen


RULES: dict[str, tuple[Callable[..., float], Callable[..., object]]] = {
    "shifted_sum": (lambda x, y: x + y + 10.0, lambda d, x, y: (d, d)),
    "mixed_product": (lambda x, y: x * y + x, lambda d, x, y: ((y + 1.0) * d, x * d)),
    "triple": (lambda x: 3.0 * x, lambda d, x: 3.0 * d),
    "square": (lambda x: x * x, lambda d, x: (2.0 * x * d,)),
    "first": (lambda x, y: x, lambda d, x, y: (d, 0.0)),
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


def chain_rule(name: str, values: Floats, kinds: Kinds, d_output: float) -> object:
    """The pairs that `chain_rule` gives for a function of the tests' own, as `_paired` writes them."""
    from scalar_autodiff.variable import Context

    function, ctx = own_function(name), Context()
    function.forward(ctx, *values)
    inputs = _inputs(kinds, values)
    return _paired(function.chain_rule(ctx, inputs, d_output), inputs)


def step_back(name: str, values: Floats, kinds: Kinds, d_output: float) -> object:
    """The same for one step back from what the function's `apply` returns."""
    inputs = _inputs(kinds, values)
    return _paired(own_function(name).apply(*inputs).history.backprop_step(d_output), inputs)


def _inputs(kinds: Kinds, values: Floats) -> list[object]:
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


def calls_of_backward(d_output: float) -> list[tuple[str, object]]:
    """What backward is called with in one `chain_rule`: whether it is the context, and d_output."""
    from scalar_autodiff.variable import Context

    calls, given = [], Context()

    class Recording(own_function("weighted")):
        @staticmethod
        def backward(ctx, d_output):
            calls.append(("ctx" if ctx is given else "not ctx", d_output))
            return 1.0, 2.0, 3.0

    Recording.chain_rule(given, _inputs(["variable", "number", "variable"], [1.0, 2.0, 3.0]), d_output)
    return calls


def forward(name: str, *inputs: float) -> object:
    """What a function's forward computes."""
    from scalar_autodiff import scalar_functions
    from scalar_autodiff.variable import Context

    return getattr(scalar_functions, name).forward(Context(), *inputs)


def saved_values(name: str, *inputs: float) -> object:
    """What a function's forward has saved for its backward."""
    from scalar_autodiff import scalar_functions
    from scalar_autodiff.variable import Context

    ctx = Context()
    getattr(scalar_functions, name).forward(ctx, *inputs)
    return ctx.saved_values


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
    "x - x * y": lambda x, y: x - x * y,
    "a + a * a, a = x * y": lambda x, y: (a := x * y) + a * a,
    "a * a + a, a = x * y": lambda x, y: (a := x * y) * a + a,
    "(x * y).sigmoid()": lambda x, y: (x * y).sigmoid(),
    "(x - y).relu() * x": lambda x, y: (x - y).relu() * x,
    "(x.exp() + y.exp()).log()": lambda x, y: (x.exp() + y.exp()).log(),
    "(x < y) * x + (x > y) * y": lambda x, y: (x < y) * x + (x > y) * y,
    "x + 1 + 1 + ... (2000 times)": lambda x: reduce(lambda y, _: y + 1.0, range(2000), x),
    "x * 1 + x * 1 + ... (500 times)": lambda x: sum(x * 1.0 for _ in range(500)),
    "long": lambda x, y: (x * y - x) / ((-y).exp() + 1.0) + x.sigmoid().log(),
}


def operate(name: str, *values: float, kinds: Kinds = VARIABLES) -> object:
    """The value of an expression of `EXPRESSIONS`."""
    from scalar_autodiff.scalar_functions import Scalar

    result = EXPRESSIONS[name](*_inputs(kinds, values))
    return result.data if isinstance(result, Scalar) else f"a {type(result).__name__}, no Scalar"


def leaves(name: str, *values: float, kinds: Kinds = VARIABLES) -> list[str]:
    """The inputs that an expression's history leads back to, each once."""
    from scalar_autodiff.variable import is_constant

    inputs = _inputs(kinds, values)
    names = {id(x): letter for x, letter in zip(inputs, "xy", strict=False)}
    found, stack = set(), [EXPRESSIONS[name](*inputs)]
    while stack:
        v = stack.pop()
        if is_constant(v):
            continue
        if v.is_leaf():
            found.add(names.get(id(v), "another variable"))
        else:
            stack.extend(v.history.inputs)
    return sorted(found)


def backward(name: str, saved_values: Floats, d_output: float) -> object:
    """What a function's backward gives where its forward saved `saved_values`."""
    from scalar_autodiff import backpropagation
    from scalar_autodiff.variable import Context

    ctx = Context()
    if saved_values:
        ctx.save_for_backward(*saved_values)
    return getattr(backpropagation, name + "Backward").backward(ctx, d_output)


def gradient(name: str, values: Floats, d_output: float, kinds: Kinds = VARIABLES) -> list[object]:
    """The derivatives of the inputs of an expression of `EXPRESSIONS` after `backpropagate`."""
    from scalar_autodiff.backpropagation import backpropagate

    inputs = _inputs(kinds, values)
    backpropagate(EXPRESSIONS[name](*inputs), d_output)
    return [x.derivative for x in inputs]


def _computed(steps: Steps, values: Floats, kinds: Kinds) -> list[object]:
    """The inputs and the results of all steps; a step is an expression's name and the numbers of x and y."""
    nodes = _inputs(kinds, values)
    for name, i, j in steps:
        nodes.append(EXPRESSIONS[name](nodes[i], nodes[j]))
    return nodes


def gradient_of_steps(steps: Steps, values: Floats, kinds: Kinds, d_output: float) -> list[object]:
    """The derivatives of all inputs and results after `backpropagate` of the last."""
    from scalar_autodiff.backpropagation import backpropagate

    nodes = _computed(steps, values, kinds)
    backpropagate(nodes[-1], d_output)
    return [v.derivative for v in nodes]


def order(steps: Steps, values: Floats, kinds: Kinds) -> object:
    """The order that `topological_sort` gives for the last result, by the variables' numbers."""
    from scalar_autodiff.backpropagation import topological_sort

    nodes = _computed(steps, values, kinds)
    ordered = topological_sort(nodes[-1])
    if not hasattr(type(ordered), "__iter__"):
        return ordered
    return [_number(v, nodes) for v in ordered]


def read(result: object, name: str) -> object:
    """An attribute of an object, or of each in a list; what has none is given back as it is."""
    return [read(x, name) for x in result] if type(result) is list else getattr(result, name, result)
