"""What the graph of Values promises beyond the graded tests: depth, visits, exact derivatives, no cycles."""

# ruff: noqa: S311  (starts and samples are no secrets)

from __future__ import annotations

import gc
import math
import random
import weakref

import pytest
from computation_graph.backpropagation import RULES, find_reversed_topological_order
from computation_graph.network import (
    MLP,
    XOR_INPUTS,
    XOR_TARGETS,
    Layer,
    Neuron,
    mean_squared_loss,
    train_step,
)
from computation_graph.value import Value

CHAIN = 100_000
EXPRESSIONS = 200
OPERATIONS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b * b + 1),
    "square": lambda a, _: a**2,
    "power": lambda a, _: (a * a + 0.5) ** -1.5,
    "tanh": lambda a, _: a.tanh(),
    "number": lambda a, _: 0.5 - 3 / (2 + a * a),
}


class Dual:
    """A number and its derivative with respect to one input, carried forward: independent of any graph."""

    def __init__(self, value, slope=0.0):
        self.value, self.slope = value, slope

    def __add__(self, other):
        other = dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other):
        other = dual(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __pow__(self, n):
        return Dual(self.value**n, n * self.value ** (n - 1) * self.slope)

    def tanh(self):
        return Dual(math.tanh(self.value), self.slope / math.cosh(self.value) ** 2)

    def __sub__(self, other):
        return self + dual(other) * -1

    def __rsub__(self, other):
        return dual(other) - self

    def __truediv__(self, other):
        return self * dual(other) ** -1

    def __rtruediv__(self, other):
        return dual(other) / self

    __radd__, __rmul__ = __add__, __mul__


def dual(number):
    return number if isinstance(number, Dual) else Dual(number)


def expression(seed, leaves):
    """A random expression of about ten operations on three leaves, the last result first."""
    draw, made = random.Random(seed), list(leaves)
    for _ in range(10):
        made.append(OPERATIONS[draw.choice(list(OPERATIONS))](draw.choice(made), draw.choice(made[-4:])))
        if not abs(number_of(made[-1])) <= 1e3:
            made[-1] = made[-1].tanh()
    return made[-1]


def number_of(x):
    return x.data if isinstance(x, Value) else x.value


@pytest.mark.parametrize("seed", range(EXPRESSIONS))
def test_gradients_agree_with_derivatives_carried_forward(seed):
    at = [random.Random(f"leaves {seed}").uniform(-2.0, 2.0) for _ in range(3)]
    leaves = [Value(v) for v in at]
    result = expression(seed, leaves)
    result.backward()
    for i, leaf in enumerate(leaves):
        forward = expression(seed, [Dual(v, float(i == j)) for j, v in enumerate(at)])
        assert abs(result.data - forward.value) <= 1e-9 * (1 + abs(forward.value))
        assert abs(leaf.grad - forward.slope) <= 1e-9 * (1 + abs(forward.slope))


@pytest.mark.parametrize("seed", range(20))
def test_gradients_agree_with_central_differences(seed):
    at, epsilon = [0.7, -1.3, 0.4], 1e-5
    leaves = [Value(v) for v in at]
    expression(seed, leaves).backward()
    for i, leaf in enumerate(leaves):
        moved = [[Value(v + side * epsilon * (i == j)) for j, v in enumerate(at)] for side in (1, -1)]
        above, below = (expression(seed, values).data for values in moved)
        slope = (above - below) / (2 * epsilon)
        assert abs(leaf.grad - slope) <= 1e-4 * (1 + abs(slope))


def test_a_chain_of_100_000_operations_is_differentiated_and_freed_without_recursion():
    x = y = Value(1.0)
    for _ in range(CHAIN):
        y = y + 1.0
    y.backward()
    assert (y.data, x.grad) == (CHAIN + 1.0, 1.0)
    assert len(find_reversed_topological_order(y)) == 2 * CHAIN + 1
    del y
    assert x.grad == 1.0


def test_each_value_is_visited_once_where_paths_double_at_every_step(monkeypatch):
    calls, add = [], RULES["+"]
    monkeypatch.setitem(RULES, "+", lambda x, grad: (calls.append(x), add(x, grad)))
    x = y = Value(1.0)
    for _ in range(60):
        y = y + y
    y.backward()
    assert (x.grad, len(calls)) == (2.0**60, 60)


@pytest.mark.parametrize("seed", range(20))
def test_a_random_graph_is_sorted_with_every_value_before_its_children(seed):
    draw = random.Random(seed)
    made = [Value(draw.random()) for _ in range(3)]
    for _ in range(60):
        made.append(draw.choice(made) * draw.choice(made) + draw.choice(made))
    order = find_reversed_topological_order(made[-1])
    place = {x: i for i, x in enumerate(order)}
    assert order[0] is made[-1]
    assert len(place) == len(order)
    assert all(place[child] > place[x] for x in order for child in x.children)


def test_a_dropped_graph_is_freed_at_once_without_the_garbage_collector():
    class Tracked(Value):
        __slots__ = ("__weakref__",)

    gc.disable()
    try:
        x = Tracked(2.0)
        result = (x * x + 1) ** 2 / x
        result.backward()
        watch = weakref.ref(x)
        del x, result
        assert watch() is None
    finally:
        gc.enable()


def test_leaves_add_up_over_calls_and_results_until_they_are_set_back():
    x = Value(2.0)
    (x * 3).backward()
    (x * x).backward()
    assert x.grad == 3.0 + 4.0
    x.grad = 0.0
    (x * 3).backward()
    assert x.grad == 3.0


def test_a_number_and_its_graph_print_readably():
    x = Value(3) * 2
    x.backward()
    assert repr(x) == "Value(data=6, grad=1.0)"


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: Value(-8) ** 0.5,
            ValueError,
            r"-8 \*\* 0.5 is no real number; a negative number takes whole",
        ),
        (lambda: Value(2) ** Value(3), TypeError, "the exponent is a Value; only a plain number will do"),
        (lambda: Value(2) ** "3", TypeError, "the exponent is a str; only a plain number will do"),
        (lambda: 1 / Value(0), ZeroDivisionError, "power"),
        (lambda: Value(1) + "1", TypeError, "unsupported operand"),
    ],
)
def test_what_has_no_value_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_the_zeroth_power_is_flat_at_zero_too():
    x = Value(0.0)
    (x**0).backward()
    assert x.grad == 0.0


def test_networks_of_the_same_generator_start_alike_and_have_37_parameters():
    first, second = (MLP([2, 4, 4, 1], random.Random(5)).parameters() for _ in range(2))
    assert [w.data for w in first] == [w.data for w in second]
    assert len(first) == 37
    assert all(-1.0 <= w.data <= 1.0 for w in first)
    assert len({w.data for w in MLP([2, 4, 4, 1]).parameters()}) == 37


def test_a_neuron_that_is_given_too_few_or_too_many_numbers_says_so():
    for part in (Neuron(2), Layer(2, 3), MLP([2, 3, 1])):
        for x in ([1.0], [1.0, 2.0, 3.0]):
            with pytest.raises(ValueError, match="zip"):
                part(x)


def test_a_step_moves_the_network_s_own_parameters():
    mlp = MLP([2, 4, 4, 1])
    before, data = mlp.parameters(), [w.data for w in mlp.parameters()]
    loss = train_step(mlp, XOR_INPUTS, XOR_TARGETS, 0.1)
    assert all(w is v for w, v in zip(mlp.parameters(), before, strict=True))
    assert all(w.data != v for w, v in zip(mlp.parameters(), data, strict=True))
    assert mean_squared_loss([mlp(x)[0] for x in XOR_INPUTS], XOR_TARGETS).data < loss
