"""What the graded tests ask of the student's modules: build, differentiate, report plain data.

Runs on the student's side: no expected value and no verdict belongs here. The student's modules are
imported inside the functions, since one that does not import must fail its own task's tests only.
"""

# ruff: noqa: PLC0415  (for that reason)

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce

Floats = Sequence[float]
Kinds = Sequence[str]
Steps = Sequence[Sequence[object]]
Numbers = Sequence[object]
Batches = Sequence[Sequence[object]]

INPUTS = ("input",) * 4

EXPRESSIONS: dict[str, Callable[..., object]] = {
    "x + y": lambda x, y: x + y,
    "x * y": lambda x, y: x * y,
    "x - y": lambda x, y: x - y,
    "-x": lambda x: -x,
    "x.relu()": lambda x: x.relu(),
    "x.sigmoid()": lambda x: x.sigmoid(),
    "x + x": lambda x: x + x,
    "x * x * x": lambda x: x * x * x,
    "x * y + x": lambda x, y: x * y + x,
    "a * a + a, a = x * y": lambda x, y: (a := x * y) * a + a,
    "(x - y).relu() * x": lambda x, y: (x - y).relu() * x,
    "(x * y).sigmoid()": lambda x, y: (x * y).sigmoid(),
    "(2 * x + 1).sigmoid() * (3 - x).relu()": lambda x: (2 * x + 1).sigmoid() * (3 - x).relu(),
    "a + a, 10 times": lambda x: reduce(lambda a, _: a + a, range(10), x),
    "x + 1 + 1 + ... (100 times)": lambda x: reduce(lambda a, _: a + 1.0, range(100), x),
}


def _inputs(values: Floats, kinds: Kinds) -> list[object]:
    from operator_overloading.autograd import ADiffFloat

    return [ADiffFloat(x) if kind == "input" else x for x, kind in zip(values, kinds, strict=False)]


def _value(result: object) -> object:
    from operator_overloading.autograd import ADiffFloat

    if isinstance(result, ADiffFloat):
        return result.value
    return None if result is None else f"a {type(result).__name__}, no ADiffFloat"


def value(name: str, *values: float, kinds: Kinds = INPUTS) -> object:
    """The value of an expression of `EXPRESSIONS`."""
    return _value(EXPRESSIONS[name](*_inputs(values, kinds)))


def partials(name: str, values: Floats, seeds: Floats | None = None, kinds: Kinds = INPUTS) -> object:
    """The partials of an expression's inputs, then its own, after a `backward` for each of the seeds."""
    inputs = _inputs(values, kinds)
    result = EXPRESSIONS[name](*inputs)
    if not hasattr(result, "backward"):
        return _value(result)
    if seeds is None:
        result.backward()
    for seed in seeds or ():
        result.backward(seed)
    return [x.partial for x, kind in zip(inputs, kinds, strict=False) if kind == "input"] + [result.partial]


def partials_of_steps(steps: Steps, values: Floats, seeds: Floats) -> object:
    """The partials of all inputs and results after `backward` of the last result.

    A step is an expression's name and the numbers of its x and y.
    """
    nodes = _inputs(values, ["input"] * len(values))
    for name, i, j in steps:
        nodes.append(EXPRESSIONS[name](nodes[i], nodes[j]))
    for seed in seeds:
        nodes[-1].backward(seed)
    return [v.partial for v in nodes]


def operands_after(names: Sequence[str], x: float, y: float) -> list[object]:
    """The values of x and y after some expressions of them, and their partials."""
    first, second = _inputs([x, y], INPUTS)
    for name in names:
        EXPRESSIONS[name](*([first, second] if "y" in name else [first]))
    return [first.value, second.value, first.partial, second.partial]


def _params(numbers: Numbers) -> tuple[list[object], ...]:
    """Nested lists of numbers as ADiffFloats."""
    from operator_overloading.autograd import ADiffFloat

    def wrapped(number: object) -> object:
        return [wrapped(n) for n in number] if isinstance(number, list) else ADiffFloat(number)

    return tuple(wrapped(part) for part in numbers)


def _flat(params: object) -> list[object]:
    """The numbers of nested lists, one after the other."""
    if isinstance(params, (list, tuple)):
        return [number for part in params for number in _flat(part)]
    return [params]


def outputs(numbers: Numbers, x: Sequence[Floats]) -> object:
    """The values of what `net` gives for a batch."""
    from operator_overloading.fit_neuron import net

    return _values(net(_params(numbers), x))


def _values(outputs: object) -> object:
    if isinstance(outputs, (list, tuple)):
        return [_values(y) for y in outputs]
    return _value(outputs)


def cost(y: Sequence[Floats], t: Sequence[int]) -> list[object]:
    """The value of the cost of some outputs, then their partials, one after the other."""
    from operator_overloading.fit_neuron import cost

    given = [_inputs(y_n, ["input"] * len(y_n)) for y_n in y]
    result = cost(given, t)
    if not hasattr(result, "backward"):
        return [_value(result)]
    result.backward()
    return [result.value, *(y_k.partial for y_k in _flat(given))]


def descended(numbers: Numbers, partials: Floats, learning_rate: float) -> tuple[list[object], list[object]]:
    """The values and the partials of all parameters after `descend`."""
    from operator_overloading.fit_neuron import descend

    params = _params(numbers)
    for w, partial in zip(_flat(params), partials, strict=True):
        w.partial = partial
    descend(params, learning_rate)
    return [w.value for w in _flat(params)], [w.partial for w in _flat(params)]


def trained(
    numbers: Numbers, batches: Batches, learning_rate: float, epochs: int = 1
) -> tuple[list[object], list[object]]:
    """What each epoch of a training returns, and the values of all parameters at its end."""
    from operator_overloading.fit_neuron import train_epoch

    params = _params(numbers)
    costs = [train_epoch(params, _one_by_one(batches), learning_rate) for _ in range(epochs)]
    return costs, [w.value for w in _flat(params)]


def _one_by_one(batches: Batches) -> Iterator[object]:
    yield from batches


def accuracy(numbers: Numbers, x: Sequence[Floats], t: Sequence[int]) -> object:
    """The share of points that the network gets right."""
    from operator_overloading.fit_neuron import accuracy

    return accuracy(_params(numbers), x, t)


def accuracy_after(numbers: Numbers, batches: Batches, learning_rate: float, epochs: int) -> object:
    """The share of its own training points that the network gets right after a training."""
    from operator_overloading.fit_neuron import accuracy, train_epoch

    params = _params(numbers)
    for _ in range(epochs):
        train_epoch(params, _one_by_one(batches), learning_rate)
    return accuracy(params, [p for x, _ in batches for p in x], [c for _, t in batches for c in t])
