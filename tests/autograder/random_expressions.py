"""Random expressions that any engine can compute: the same steps on its numbers, on tensors, on plain floats.

An expression is a straight-line program. Its numbers are the leaves, then the result of each step; a step
names an operation and its operands, which are numbers made before or constants. Steps are drawn only where
the operation is smooth and its result moderate, so that a central difference measures every slope.
"""

# ruff: noqa: S311  (samples are no secrets)

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LEAVES = 4
STEPS = 14
LARGEST = 8.0
KINK = 0.05
POWERS = (-2, -1, -0.5, 0, 0.5, 1, 2, 3, 2.5)


def anywhere(*_):
    return True


def away_from_zero(a):
    return abs(a) > 0.3


def above_zero(a):
    return a > 0.3


def away_from_the_kink(a):
    return abs(a) > KINK


def apart(a, b):
    return abs(a - b) > KINK


@dataclass(frozen=True)
class Operation:
    """How an operation is written on numbers that record, what it is on floats, and where it is smooth.

    ``on_numbers`` is the one spelling for all engines and for PyTorch: Python's operator or the method's name.
    """

    on_numbers: Callable[..., object]
    on_floats: Callable[..., float]
    smooth: Callable[..., bool] = anywhere
    operands: int = 1


def on_numbers(operation: Operation, *operands):
    return operation.on_numbers(*operands)


def on_floats(operation: Operation, *operands):
    return operation.on_floats(*operands)


def method(name):
    return operator.methodcaller(name)


def power(n):
    domain = anywhere if n in (0, 1, 2, 3) else away_from_zero if n == int(n) else above_zero
    return Operation(lambda a: a**n, lambda a: a**n, domain)


def sigmoid(a):
    return 0.5 * (1.0 + math.tanh(0.5 * a))


OPERATIONS = {
    "+": Operation(operator.add, operator.add, operands=2),
    "-": Operation(operator.sub, operator.sub, operands=2),
    "*": Operation(operator.mul, operator.mul, operands=2),
    "/": Operation(operator.truediv, operator.truediv, lambda _, b: away_from_zero(b), operands=2),
    "inv": Operation(lambda a: 1 / a, lambda a: 1 / a, away_from_zero),
    "neg": Operation(operator.neg, operator.neg),
    "<": Operation(operator.lt, lambda a, b: float(a < b), apart, operands=2),
    ">": Operation(operator.gt, lambda a, b: float(a > b), apart, operands=2),
    "==": Operation(operator.eq, lambda a, b: float(a == b), apart, operands=2),
    "log": Operation(method("log"), math.log, above_zero),
    "exp": Operation(method("exp"), math.exp),
    "tanh": Operation(method("tanh"), math.tanh),
    "sigmoid": Operation(method("sigmoid"), sigmoid),
    "relu": Operation(method("relu"), lambda a: max(a, 0.0), away_from_the_kink),
} | {f"**{n}": power(n) for n in POWERS}


@dataclass(frozen=True)
class Step:
    """An operation's name, and for each operand the place of an earlier number, or a constant."""

    name: str
    operands: tuple[int | float, ...]


@dataclass(frozen=True)
class Expression:
    """Where it is computed, and its steps; the last step's number is the result."""

    at: tuple[float, ...]
    steps: tuple[Step, ...]

    def numbers(self, leaves: Sequence[object], compute=on_numbers) -> list[object]:
        """The leaves and each step's result, on whatever kind of number the leaves are."""
        made = list(leaves)
        for step in self.steps:
            operands = (made[x] if isinstance(x, int) else x for x in step.operands)
            made.append(compute(OPERATIONS[step.name], *operands))
        return made

    def value(self, at: Sequence[float]) -> float:
        """The result at a point, on plain floats."""
        return self.numbers(at, on_floats)[-1]

    def uses(self) -> list[int]:
        """How often each number is an operand."""
        operands = [x for step in self.steps for x in step.operands if isinstance(x, int)]
        return [operands.count(place) for place in range(len(self.at) + len(self.steps))]


def expression(seed: str, names: Sequence[str]) -> Expression:
    """A random expression of these operations; every leaf and every step goes into its result."""
    draw = random.Random(seed)
    at = tuple(draw.uniform(0.1, 2.0) * draw.choice((-1, 1)) for _ in range(LEAVES))
    steps: list[Step] = []
    while len(steps) < STEPS:
        steps += _drawn(draw, at, steps, draw.choice(names))
    made = Expression(at, tuple(steps))
    unused = [place for place, count in enumerate(made.uses()) if count == 0]
    last = unused.pop()
    for place in unused:
        steps.append(Step("+", (last, place)))
        last = len(at) + len(steps) - 1
    return Expression(at, tuple(steps))


def _drawn(draw: random.Random, at: tuple[float, ...], steps: list[Step], name: str) -> list[Step]:
    """One more step, or none where it would be computed at a kink, outside its domain, or grow too large."""
    numbers = Expression(at, tuple(steps)).numbers(at, on_floats)
    known = OPERATIONS[name]
    operands: list[int | float] = [draw.randrange(len(numbers)) for _ in range(known.operands)]
    if known.operands > 1 and draw.random() < 0.3:  # a plain number on one side, so that reflected forms run
        operands[draw.randrange(known.operands)] = draw.choice((-1.5, 0.5, 2.0, 3.0))
    values = [numbers[x] if isinstance(x, int) else x for x in operands]
    if known.smooth(*values) and abs(known.on_floats(*values)) <= LARGEST:
        return [Step(name, tuple(operands))]
    return []
