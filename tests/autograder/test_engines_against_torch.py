"""Each engine's derivatives on random expressions, against PyTorch's to 1e-9 and against central differences.

PyTorch is for whoever works on the course; where it is not installed, these comparisons are skipped and the
others run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from computation_graph.backpropagation import RULES
from computation_graph.value import Value
from operator_overloading.autograd import ADiffFloat
from random_expressions import OPERATIONS, POWERS, expression, on_numbers
from scalar_autodiff.backpropagation import MulBackward
from scalar_autodiff.scalar_functions import Scalar

EXPRESSIONS = 250
TO_TORCH = 1e-9
TO_DIFFERENCES = 1e-7
EPSILON = 1e-5


@dataclass(frozen=True)
class Engine:
    """An engine of the course: its numbers, the operations it has, and where it leaves derivatives."""

    name: str
    leaf: Callable[[float], object]
    operations: tuple[str, ...]
    value: str
    partial: str
    inner: bool  # whether computed numbers, too, keep their derivatives

    def partials(self, example) -> tuple[list[float], list[float]]:
        """The value of each number, and of the result the derivative by each number that keeps one."""
        numbers = example.numbers([self.leaf(x) for x in example.at])
        numbers[-1].backward()
        kept = numbers if self.inner else numbers[: len(example.at)]
        # (a Scalar that nothing arrived at has None: of a comparison, PyTorch's derivative is 0)
        partials = [getattr(x, self.partial) or 0.0 for x in kept]
        return [getattr(x, self.value) for x in numbers], partials


BASIC = ("+", "-", "*", "neg")
ENGINES = (
    Engine(
        "scalar_autodiff",
        Scalar,
        (*BASIC, "/", "inv", "<", ">", "==", "log", "exp", "sigmoid", "relu"),
        "data",
        "derivative",
        inner=False,
    ),
    Engine("operator_overloading", ADiffFloat, (*BASIC, "relu", "sigmoid"), "value", "partial", inner=True),
    Engine(
        "computation_graph",
        Value,
        (*BASIC, "/", "inv", "tanh", *(f"**{n}" for n in POWERS)),
        "data",
        "grad",
        inner=True,
    ),
)
each_engine = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)


@cache
def examples(engine: Engine):
    return [expression(f"{engine.name} {seed}", engine.operations) for seed in range(EXPRESSIONS)]


def torch_partials(torch, example) -> tuple[list[float], list[float]]:
    """The value of each number, and the derivative by each, as PyTorch computes them in double precision."""
    leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in example.at]
    # (a comparison of tensors is a truth value, in the engines a number)
    numbers = example.numbers(leaves, lambda operation, *x: on_numbers(operation, *x).double())
    for x in numbers:
        if x.requires_grad:
            x.retain_grad()
    # (a leaf that is only compared would be outside the graph)
    (numbers[-1] + 0.0 * sum(leaves)).backward()
    return [x.item() for x in numbers], [0.0 if x.grad is None else x.grad.item() for x in numbers]


def differ(found, expected, tolerance: float) -> bool:
    """Whether any number is further from the expected than `tolerance`, absolute and relative; NaN always is."""
    pairs = zip(found, expected, strict=True)
    return not all(abs(a - b) <= tolerance * (1 + abs(b)) for a, b in pairs)


def those_unlike_torch(torch, engine) -> list[int]:
    found = []
    for seed, example in enumerate(examples(engine)):
        values, partials = engine.partials(example)
        their_values, their_partials = torch_partials(torch, example)
        kept = their_partials[: len(partials)]
        if differ(values, their_values, TO_TORCH) or differ(partials, kept, TO_TORCH):
            found.append(seed)
    return found


def slope(example, i: int) -> float:
    """The result's slope along leaf `i`, measured on plain floats."""
    sides = ([x + side * EPSILON * (i == j) for j, x in enumerate(example.at)] for side in (1, -1))
    above, below = map(example.value, sides)
    return (above - below) / (2 * EPSILON)


def those_unlike_the_measured(engine) -> list[int]:
    found = []
    for seed, example in enumerate(examples(engine)):
        _, partials = engine.partials(example)
        slopes = [slope(example, i) for i in range(len(example.at))]
        if differ(partials[: len(slopes)], slopes, TO_DIFFERENCES):
            found.append(seed)
    return found


def spoil_the_product(monkeypatch, by: float) -> None:
    """Make the derivative of a product wrong in each engine: too large by this share of it."""
    mul, backward, product = RULES["*"], MulBackward.backward, ADiffFloat.__mul__

    def wrong_product(self, other):
        right = product(self, other)
        return ADiffFloat(right.value, tuple((x, d * (1 + by)) for x, d in right.parents))

    monkeypatch.setattr(ADiffFloat, "__mul__", wrong_product)
    monkeypatch.setitem(RULES, "*", lambda x, grad: mul(x, grad * (1 + by)))
    wrong = staticmethod(lambda ctx, d_output: backward(ctx, d_output * (1 + by)))
    monkeypatch.setattr(MulBackward, "backward", wrong)


@each_engine
def test_values_and_derivatives_are_those_of_pytorch(engine):
    assert those_unlike_torch(pytest.importorskip("torch"), engine) == []


@each_engine
def test_derivatives_are_the_measured_slopes(engine):
    assert those_unlike_the_measured(engine) == []


@each_engine
def test_a_product_rule_that_is_wrong_by_a_hundred_millionth_is_unlike_pytorchs(engine, monkeypatch):
    torch = pytest.importorskip("torch")
    spoil_the_product(monkeypatch, 1e-8)
    assert len(those_unlike_torch(torch, engine)) > EXPRESSIONS / 2


@each_engine
def test_a_product_rule_that_is_wrong_by_a_hundred_thousandth_is_unlike_the_measured(engine, monkeypatch):
    spoil_the_product(monkeypatch, 1e-5)
    assert len(those_unlike_the_measured(engine)) > EXPRESSIONS / 2


@each_engine
def test_expressions_use_every_operation_and_share_numbers(engine):
    drawn = Counter(step.name for example in examples(engine) for step in example.steps)
    assert drawn.keys() == set(engine.operations) <= set(OPERATIONS)
    assert min(drawn.values()) >= EXPRESSIONS / 5
    assert all(max(example.uses()) > 1 for example in examples(engine))
    computed = [max(example.uses()[len(example.at) :]) for example in examples(engine)]
    assert sum(uses > 1 for uses in computed) > EXPRESSIONS / 2
