"""Task 2.1: values, the derivatives of each operation, and their sum over all paths.

A backward that goes path by path, as the handout describes it, and one that sums first are both right: no
graph here has more than about a thousand paths or a hundred steps.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check_close, floats, for_all, student_module

pytestmark = [pytest.mark.task2_1, pytest.mark.timeout(10)]

probes = student_module("operator_overloading_probes")


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def slope_of_sigmoid(x):
    return sigmoid(x) * sigmoid(-x)


# Each expression's value and its derivatives with respect to its inputs.
TWO_INPUTS = {
    "x + y": (lambda x, y: x + y, lambda x, y: (1.0, 1.0)),
    "x * y": (lambda x, y: x * y, lambda x, y: (y, x)),
}
GIVEN = {
    "x - y": (lambda x, y: x - y, lambda x, y: (1.0, -1.0)),
    "-x": (lambda x: -x, lambda x: (-1.0,)),
}
ONE_INPUT = {
    "x.relu()": (lambda x: max(x, 0.0), lambda x: (float(x > 0),)),
    "x.sigmoid()": (sigmoid, lambda x: (slope_of_sigmoid(x),)),
}
SHARED = {
    "x + x": (1, lambda x: (2.0,)),
    "x * x * x": (1, lambda x: (3 * x * x,)),
    "x * y + x": (2, lambda x, y: (y + 1, x)),
    "a * a + a, a = x * y": (2, lambda x, y: (y + 2 * x * y * y, x + 2 * x * x * y)),
    "(x - y).relu() * x": (2, lambda x, y: (2 * x - y, -x) if x > y else (0.0, 0.0)),
}

SOME = floats(-10.0, 10.0)
MODERATE = floats(-3.0, 3.0)

# Whole numbers this small, in five operations, never leave the integers that a float holds exactly.
WHOLE = st.integers(-2, 2).map(float)
STEP = st.tuples(st.sampled_from(["x + y", "x - y", "x * y"]), st.integers(0, 5), st.integers(0, 5))


def at(*values):
    return ", ".join(f"{name}={v}" for name, v in zip("xy", values, strict=False))


def check_partials(got, expected, seed, what):
    """The partials of the inputs, then that of the result, which is what arrived there."""
    names = (*"xy"[: len(expected)], "the result")
    check_close(got, [slope * seed for slope in expected] + [seed], f"{what}: partial of", parts=names)


@pytest.mark.parametrize("name", TWO_INPUTS)
@for_all(x=SOME, y=SOME, edges=[{"x": 2.0, "y": 3.0}])
def test_value_of_an_operator(name, x, y):
    value = yield ask(probes.value, name, x, y)
    check_close(value, TWO_INPUTS[name][0](x, y), f"{name} with {at(x, y)}")


@pytest.mark.parametrize("name", ONE_INPUT)
@for_all(x=floats(-30.0, 30.0), edges=[{"x": 0.0}, {"x": 1.0}, {"x": -1.0}])
def test_value_of_a_function(name, x):
    value = yield ask(probes.value, name, x)
    check_close(value, ONE_INPUT[name][0](x), f"{name} with {at(x)}")


@pytest.mark.parametrize("name", [*TWO_INPUTS, "x - y"])
@pytest.mark.parametrize("kinds", [["input", "number"], ["number", "input"]], ids=["right", "left"])
def test_plain_number_on_either_side(name, kinds):
    expected = (TWO_INPUTS | GIVEN)[name][0](3.0, 2.0)
    what = f"{name} with x=3.0, y=2.0, where {'y' if kinds[1] == 'number' else 'x'} is a plain number"
    check_close(probes.value(name, 3.0, 2.0, kinds=kinds), expected, what)
    check_close(probes.value(name, 3, 2, kinds=kinds), expected, what.replace(".0", ""))


@pytest.mark.weight(2)
@pytest.mark.parametrize("name", TWO_INPUTS)
@for_all(x=SOME, y=SOME, seed=MODERATE, edges=[{"x": 2.0, "y": 3.0, "seed": 1.0}])
def test_partials_of_an_operator(name, x, y, seed):
    partials = yield ask(probes.partials, name, [x, y], [seed])
    check_partials(partials, TWO_INPUTS[name][1](x, y), seed, f"({name}).backward({seed}) at {at(x, y)}")


@pytest.mark.weight(2)
@pytest.mark.parametrize("name", ONE_INPUT)
@for_all(x=st.one_of(floats(0.1, 30.0), floats(-30.0, -0.1)), seed=MODERATE, edges=[{"x": 1.0, "seed": 1.0}])
def test_partials_of_a_function(name, x, seed):
    partials = yield ask(probes.partials, name, [x], [seed])
    check_partials(partials, ONE_INPUT[name][1](x), seed, f"{name}.backward({seed}) at {at(x)}")


@pytest.mark.parametrize("name", GIVEN)
@for_all(x=SOME, y=SOME)
def test_partials_of_what_is_given(name, x, y):
    values = [x, y] if "y" in name else [x]
    partials = yield ask(probes.partials, name, values, [1.0])
    check_partials(partials, GIVEN[name][1](*values), 1.0, f"({name}).backward() at {at(*values)}")


def test_backward_starts_with_one_unless_told_otherwise():
    check_partials(
        probes.partials("x * y", [2.0, 3.0]), (3.0, 2.0), 1.0, "(x * y).backward() at x=2.0, y=3.0"
    )


@pytest.mark.weight(2)
@pytest.mark.parametrize("name", SHARED)
@for_all(x=MODERATE, y=MODERATE, seed=MODERATE, edges=[{"x": 2.0, "y": 3.0, "seed": 1.0}])
def test_contributions_of_all_paths_are_summed(name, x, y, seed):
    count, slopes = SHARED[name]
    values = [x, y][:count]
    partials = yield ask(probes.partials, name, values, [seed])
    check_partials(partials, slopes(*values), seed, f"({name}).backward({seed}) at {at(*values)}")


def test_second_backward_adds_to_the_first():
    for seeds, times in (([1.0, 1.0], 2.0), ([1.0, 1.0, 0.5], 2.5)):
        what = f"after x * y ran backward with the seeds {seeds} at x=2.0, y=3.0"
        check_partials(probes.partials("x * y", [2.0, 3.0], seeds), (3.0, 2.0), times, what)


def test_chain_of_a_hundred_steps():
    name = "x + 1 + 1 + ... (100 times)"
    check_close(probes.value(name, 1.0), 101.0, f"{name} with x=1.0")
    check_partials(probes.partials(name, [1.0]), (1.0,), 1.0, f"({name}).backward()")


@pytest.mark.hidden("any graph of +, - and *: each number's partial is the sum over all paths to the result")
@pytest.mark.weight(5)
@for_all(steps=st.lists(STEP, min_size=2, max_size=5), x=WHOLE, y=WHOLE, seed=WHOLE)
def test_partials_in_any_graph(steps, x, y, seed):
    steps = [[name, i % k, j % k] for k, (name, i, j) in enumerate(steps, start=2)]
    partials = yield ask(probes.partials_of_steps, steps, [x, y], [seed])
    what = f"backward({seed}) of {_written(steps)} at v0={x}, v1={y}: partial of"
    expected = _reverse_mode(steps, [x, y], seed)
    check_close(partials, expected, what, parts=tuple(f"v{i}" for i in range(len(expected))))


@pytest.mark.hidden("a second backward through a number that is used twice adds the same once more")
@pytest.mark.weight(2)
def test_second_backward_through_a_shared_number():
    steps = [["x * y", 0, 1], ["x * y", 2, 2], ["x + y", 3, 2]]
    once = _reverse_mode(steps, [2.0, 3.0], 1.0)
    what = "v2 = v0 * v1; v3 = v2 * v2; v4 = v3 + v2 at v0=2.0, v1=3.0, backward() run twice: partial of"
    partials = probes.partials_of_steps(steps, [2.0, 3.0], [1.0, 1.0])
    check_close(partials, [2 * p for p in once], what, parts=("v0", "v1", "v2", "v3", "v4"))


@pytest.mark.hidden("all paths count: ten doublings a + a lead back to x on 1024 of them")
def test_every_path_counts():
    name = "a + a, 10 times"
    check_partials(probes.partials(name, [1.5]), (1024.0,), 1.0, f"{name}, from x: backward() at x=1.5")


@pytest.mark.hidden("derivatives pass through sigmoid, relu, plain numbers and all operators together")
@pytest.mark.weight(2)
@for_all(x=st.one_of(floats(-3.0, 2.9), floats(3.1, 6.0)), y=MODERATE, seed=MODERATE)
def test_partials_of_longer_expressions(x, y, seed):
    name = "(2 * x + 1).sigmoid() * (3 - x).relu()"
    slope = 2 * slope_of_sigmoid(2 * x + 1) * max(3 - x, 0.0) - sigmoid(2 * x + 1) * (x < 3)
    partials = yield ask(probes.partials, name, [x], [seed])
    check_partials(partials, (slope,), seed, f"({name}).backward({seed}) at {at(x)}")
    slopes = [y * slope_of_sigmoid(x * y), x * slope_of_sigmoid(x * y)]
    partials = yield ask(probes.partials, "(x * y).sigmoid()", [x, y], [seed])
    check_partials(partials, slopes, seed, f"(x * y).sigmoid().backward({seed}) at {at(x, y)}")


@pytest.mark.hidden("a plain number beside an input leaves the input its derivative")
@pytest.mark.parametrize("kinds", [["input", "number"], ["number", "input"]], ids=["right", "left"])
def test_partials_beside_a_plain_number(kinds):
    for name, (_, slopes) in {**TWO_INPUTS, "x - y": GIVEN["x - y"]}.items():
        which = kinds.index("input")
        expected = [slopes(3.0, 2.0)[which], 1.0]
        what = f"({name}).backward() at x=3.0, y=2.0, where {'xy'[1 - which]} is a plain number: partial of"
        got = probes.partials(name, [3.0, 2.0], kinds=kinds)
        check_close(got, expected, what, parts=("xy"[which], "the result"))


@pytest.mark.hidden("relu has the derivative 0 at 0, and 1 just above it")
def test_relu_near_zero():
    for x in (1e-12, 0.0, -0.0, -1e-12):
        check_close(probes.value("x.relu()", x), max(x, 0.0), f"x.relu() with {at(x)}", absolute=0.0)
        what = f"x.relu().backward(3.0) at {at(x)}"
        check_partials(probes.partials("x.relu()", [x], [3.0]), (float(x > 0),), 3.0, what)


@pytest.mark.hidden("sigmoid overflows nowhere: far from 0 it is 0 or 1, and flat")
@pytest.mark.weight(2)
def test_sigmoid_far_from_zero():
    for x, expected in [(0.0, 0.5), (-1000.0, 0.0), (1000.0, 1.0), (-750.0, 0.0)]:
        check_close(probes.value("x.sigmoid()", x), expected, f"x.sigmoid() with {at(x)}", absolute=1e-15)
        slope = 0.0 if x else 0.25
        what = f"x.sigmoid().backward() at {at(x)}"
        check_partials(probes.partials("x.sigmoid()", [x]), (slope,), 1.0, what)


@pytest.mark.hidden("an operation makes a new number: its operands keep their values and partials")
def test_operands_keep_their_values():
    names = ["x + y", "x * y", "x - y", "-x", "x.relu()", "x.sigmoid()"]
    what = f"after {', '.join(names)} with x=-3.0, y=2.0:"
    got = probes.operands_after(names, -3.0, 2.0)
    check_close(got, [-3.0, 2.0, 0.0, 0.0], what, parts=("x", "y", "x.partial", "y.partial"))


def _written(steps):
    lines = [
        f"v{k} = {name.replace('x', f'v{i}').replace('y', f'v{j}')}"
        for k, (name, i, j) in enumerate(steps, start=2)
    ]
    return "; ".join(lines)


def _reverse_mode(steps, values, seed):
    """The partials of all numbers; the steps stand in order, so going back through them is all it takes."""
    values = list(values)
    for name, i, j in steps:
        a, b = values[i], values[j]
        values.append({"x + y": a + b, "x - y": a - b, "x * y": a * b}[name])
    partials = [0.0] * (len(values) - 1) + [seed]
    for k in range(len(values) - 1, 1, -1):
        name, i, j = steps[k - 2]
        slopes = {"x + y": (1.0, 1.0), "x - y": (1.0, -1.0), "x * y": (values[j], values[i])}[name]
        partials[i] += slopes[0] * partials[k]
        partials[j] += slopes[1] * partials[k]
    return partials
