"""What the graded tests ask of the student's modules: build, differentiate, train, report plain data.

Runs on the student's side: no expected value and no verdict belongs here. The student's modules are
imported inside the functions, since one that does not import must fail its own task's tests only.
"""

# ruff: noqa: PLC0415  (for that reason)

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

Floats = Sequence[float]
Kinds = Sequence[str]
Steps = Sequence[Sequence[object]]

VALUES = ("value",) * 4

EXPRESSIONS: dict[str, Callable[..., object]] = {
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / y,
    "x + x": lambda x: x + x,
    "x * x": lambda x: x * x,
    "-x": lambda x: -x,
    "x ** n": lambda x, n: x**n,
    "x.tanh()": lambda x: x.tanh(),
    "x - x * y": lambda x, y: x - x * y,
    "a + a * a, a = x * y": lambda x, y: (a := x * y) + a * a,
    "a * a + a, a = x * y": lambda x, y: (a := x * y) * a + a,
    "(x * y).tanh()": lambda x, y: (x * y).tanh(),
    "(x - 3) ** 2 / y": lambda x, y: (x - 3) ** 2 / y,
    "1 / y - 2 * x": lambda x, y: 1 / y - 2 * x,
    "(x + y).tanh() ** 3 * x": lambda x, y: (x + y).tanh() ** 3 * x,
    "a * b + b / y, a = x + y, b = a.tanh()": lambda x, y: (a := x + y) * (b := a.tanh()) + b / y,
    "x + 1 + 1 + ... (2000 times)": lambda x: reduce(lambda y, _: y + 1.0, range(2000), x),
    "x * 1 + x * 1 + ... (500 times)": lambda x: sum(x * 1.0 for _ in range(500)),
    "long": lambda x, y: (3 - x) * (x * y - y / 4).tanh() + (2 / y) ** 2 - -x,
}


def operate(name: str, *values: float, kinds: Kinds = VALUES) -> object:
    """The data of an expression of `EXPRESSIONS`."""
    result = EXPRESSIONS[name](*_inputs(kinds, values))
    return result.data if _is_value(result) else _described(result)


def record(name: str, *values: float, kinds: Kinds = VALUES) -> object:
    """``(operation, children)`` of an expression's result: ``("** 3", ["x"])``; inputs are named "x" and "y"."""
    inputs = _inputs(kinds, values)
    result = EXPRESSIONS[name](*inputs)
    if not _is_value(result):
        return _described(result)
    n = result.exponent
    power = f" {n:g}" if type(n) in (int, float) else ""
    return f"{result.operation}{power}", [_named(child, inputs) for child in _children(result)]


def graph(name: str, *values: float, kinds: Kinds = VALUES) -> list[tuple[object, ...]]:
    """Each value below an expression's result: ``(name, data, operation, exponent, children)``.

    The result comes first; children are numbers of rows; an input's name is "x" or "y", any other's "".
    """
    inputs = _inputs(kinds, values)
    found = [EXPRESSIONS[name](*inputs)]
    numbers = {id(found[0]): 0}
    for x in found:
        for child in _children(x) if _is_value(x) else ():
            if id(child) not in numbers:
                numbers[id(child)] = len(found)
                found.append(child)
    rows: list[tuple[object, ...]] = []
    for x in found:
        if not _is_value(x):
            rows.append(("", _described(x), "", None, []))
            continue
        letter = next((letter for letter, v in zip("xy", inputs, strict=False) if v is x), "")
        rows.append((letter, x.data, x.operation, x.exponent, [numbers[id(child)] for child in _children(x)]))
    return rows


def _children(result: object) -> list[object]:
    """The children by their places: a set, whose order is nobody's word, has none and fails here."""
    return [result.children[i] for i in range(len(result.children))]


def operands_afterwards(name: str, *values: float) -> list[object]:
    """The data of the inputs, how many children each has, and its grad, after an expression was computed."""
    inputs = _inputs(VALUES, values)
    EXPRESSIONS[name](*inputs)
    return [[x.data, len(x.children), x.grad] for x in inputs]


def power_of_a_value(a: float, n: float) -> object:
    """What a power gives whose exponent is a Value."""
    from computation_graph.value import Value

    return Value(a) ** Value(n)


def rule(operation: str, data: float, values: Floats, grad: float, **settings: object) -> list[object]:
    """The grads of the children of a value of this operation, once its rule was applied.

    Args:
        operation: the rule's name without ``_backwards``: mul, pow, tanh.
        data, grad: the value's own number, and what has arrived there.
        values: its children's numbers; one number for mul means the same child twice.
        settings: ``exponent`` of a power; ``before``, the children's grad at the start.
    """
    from computation_graph import backpropagation
    from computation_graph.value import Value

    children = [Value(v) for v in values]
    for child in children:
        child.grad = settings.get("before", 0.0)
    used = tuple(children * 2 if operation == "mul" and len(children) == 1 else children)
    symbol = {"mul": "*", "pow": "**"}.get(operation, operation)
    x = Value(data, used, symbol, settings.get("exponent"))
    getattr(backpropagation, operation + "_backwards")(x, grad)
    return [child.grad for child in children]


def gradient(name: str, values: Floats, times: int = 1) -> list[object]:
    """The grads of the inputs of an expression of `EXPRESSIONS` after `times` calls of backward."""
    inputs = _inputs(VALUES, values)
    result = EXPRESSIONS[name](*inputs)
    for _ in range(times):
        result.backward()
    return [x.grad for x in inputs]


def source_example() -> dict[str, object]:
    """The grads of the source document's example after ``l.backwards()``, by name."""
    from computation_graph.value import Value

    x_1, x_2, x_4, x_6 = Value(3), Value(4), Value(5), Value(2)
    x_3 = x_1 * x_2
    x_5 = x_4 + x_3
    l = x_5 * x_6  # noqa: E741  (the document's name)
    l.backwards()
    named = {"x_1": x_1, "x_2": x_2, "x_3": x_3, "x_4": x_4, "x_5": x_5, "x_6": x_6, "l": l}
    return {name: x.grad for name, x in named.items()}


def after_backward(steps: Steps, values: Floats, attribute: str = "grad", times: int = 1) -> list[object]:
    """An attribute of all inputs and results after `times` calls of backward of the last."""
    nodes = _computed(steps, values)
    for _ in range(times):
        nodes[-1].backward()
    return [getattr(x, attribute) for x in nodes]


def order(steps: Steps, values: Floats) -> object:
    """The order that `find_reversed_topological_order` gives for the last result, by the values' numbers."""
    from computation_graph.backpropagation import find_reversed_topological_order

    nodes = _computed(steps, values)
    ordered = find_reversed_topological_order(nodes[-1])
    if type(ordered) is not list:
        return _described(ordered)
    return [next((i for i, v in enumerate(nodes) if v is x), "no value of the graph") for x in ordered]


def _computed(steps: Steps, values: Floats) -> list[object]:
    """The inputs and the results of all steps; a step is an expression's name and the numbers of x and y."""
    nodes = _inputs(["value"] * len(values), values)
    for name, i, j in steps:
        nodes.append(EXPRESSIONS[name](nodes[i], nodes[j]))
    return nodes


def neuron(parameters: Floats, x: Floats) -> tuple[object, list[object]]:
    """What a neuron of these weights and this last number as bias makes of x, and all its derivatives."""
    from computation_graph.network import Neuron

    made = _loaded(Neuron(len(parameters) - 1), parameters)
    result = made(x)
    if not _is_value(result):
        return _described(result), []
    result.backward()
    return result.data, [w.grad for w in made.parameters()]


def layer(n_in: int, n_out: int, parameters: Floats, x: Floats) -> object:
    """What a layer of these parameters makes of x."""
    from computation_graph.network import Layer

    return _data(_loaded(Layer(n_in, n_out), parameters)(x))


def mlp(sizes: Sequence[int], parameters: Floats, x: Floats) -> object:
    """What a network of these parameters makes of x."""
    return _data(_network(sizes, parameters)(x))


def loss(outputs: Floats, targets: Floats) -> tuple[object, list[object]]:
    """`mean_squared_loss` of leaves, and its derivatives with respect to them."""
    from computation_graph.network import mean_squared_loss

    leaves = _inputs(["value"] * len(outputs), outputs)
    result = mean_squared_loss(leaves, targets)
    if not _is_value(result):
        return _described(result), []
    result.backward()
    return result.data, [x.grad for x in leaves]


def train(
    sizes: Sequence[int],
    parameters: Floats,
    points: tuple[Sequence[Floats], Floats],
    rate: float,
    **settings: float,
) -> tuple[list[object], list[object]]:
    """What each of ``steps`` (1) calls of `train_step` returned, and the parameters after them.

    ``before`` is every grad at the start (0); `points` are inputs and targets.
    """
    from computation_graph.network import train_step

    network = _network(sizes, parameters)
    own = network.parameters()
    for w in own:
        w.grad = settings.get("before", 0.0)
    losses = [train_step(network, *points, rate) for _ in range(settings.get("steps", 1))]
    return losses, [w.data for w in own]


def _network(sizes: Sequence[int], parameters: Floats) -> object:
    from computation_graph.network import MLP

    return _loaded(MLP(sizes), parameters)


def _loaded(part: object, values: Floats) -> object:
    """A part of a network, its parameters set to `values`."""
    for w, value in zip(part.parameters(), values, strict=True):
        w.data = value
    return part


def _data(result: object) -> object:
    if type(result) is not list:
        return "a single Value, no list" if _is_value(result) else _described(result)
    return [x.data if _is_value(x) else _described(x) for x in result]


def _inputs(kinds: Kinds, values: Floats) -> list[object]:
    from computation_graph.value import Value

    return [Value(v) if kind == "value" else v for kind, v in zip(kinds, values, strict=False)]


def _is_value(x: object) -> bool:
    from computation_graph.value import Value

    return isinstance(x, Value)


def _described(x: object) -> str:
    return "None (is a return missing?)" if x is None else f"a {type(x).__name__}, no Value"


def _named(child: object, inputs: Sequence[object]) -> object:
    letter = next((letter for letter, x in zip("xy", inputs, strict=False) if x is child), None)
    if letter:
        return letter
    return f"a Value of {child.data}" if _is_value(child) else _described(child)
