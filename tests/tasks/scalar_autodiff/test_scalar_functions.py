"""Task 1.2: each forward computes its formula and saves its inputs; each operator records one call of it."""

from __future__ import annotations

import math
import operator

import pytest
from hypothesis import strategies as st

from autograder.testing import (
    ask,
    check_close,
    check_equal,
    floats,
    for_all,
    for_each,
    once,
    student_module,
)

pytestmark = [pytest.mark.task1_2, pytest.mark.timeout(10)]

probes = student_module("scalar_autodiff_probes")
functions = student_module("scalar_autodiff.scalar_functions")


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def relu(x):
    return max(x, 0.0)


ONE_INPUT = {"Neg": operator.neg, "Inv": lambda x: 1 / x, "Exp": math.exp, "Sigmoid": sigmoid, "ReLU": relu}

OPERATORS = {
    "x + y": operator.add,
    "x - y": operator.sub,
    "x * y": operator.mul,
    "x / y": operator.truediv,
    "x < y": lambda x, y: float(x < y),
    "x > y": lambda x, y: float(x > y),
    "x == y": lambda x, y: float(x == y),
}
METHODS = {
    "-x": operator.neg,
    "x.log()": math.log,
    "x.exp()": math.exp,
    "x.sigmoid()": sigmoid,
    "x.relu()": relu,
}

# Whole numbers between the others, so that comparisons meet equal values.
SOME = st.one_of(floats(), st.integers(-2, 2).map(float))
# Equal, almost equal, and in either order.
PAIRS = [{"x": x, "y": y} for x, y in [(1.0, 1.0), (1.0, 1.005), (1.0, 2.0), (2.0, 1.0)]]


@pytest.mark.parametrize("name", ONE_INPUT)
@for_all(x=floats(-50.0, 50.0))
def test_forward_of_one_input(name, x):
    x = x or 1.0  # the reciprocal has no value at 0
    value = yield ask(probes.forward, name, x)
    check_close(value, ONE_INPUT[name](x), f"{name}.forward(ctx, {x})")


@for_all(x=floats(), y=floats(), edges=[{"x": 0.0, "y": 3.0}])
def test_forward_of_mul(x, y):
    value = yield ask(probes.forward, "Mul", x, y)
    check_close(value, x * y, f"Mul.forward(ctx, {x}, {y})")


@pytest.mark.parametrize("name", ["LT", "EQ"])
@for_all(x=SOME, y=SOME, edges=PAIRS)
def test_forward_of_a_comparison_is_one_or_zero(name, x, y):
    value = yield ask(probes.forward, name, x, y)
    check_equal(value, float(x < y if name == "LT" else x == y), f"{name}.forward(ctx, {x}, {y})")


@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("Mul", (2.0, 3.0)),
        ("Inv", (2.0,)),
        ("Sigmoid", (2.0,)),
        ("ReLU", (2.0,)),
        ("ReLU", (-2.0,)),
        ("Exp", (2.0,)),
    ],
)
@once
def test_forward_saves_its_inputs(name, inputs):
    saved = yield ask(probes.saved_values, name, *inputs)
    expected = inputs if len(inputs) > 1 else inputs[0]
    check_equal(saved, expected, f"what {name}.forward(ctx, {', '.join(map(str, inputs))}) saves")


@pytest.mark.parametrize("name", OPERATORS)
@for_all(x=SOME, y=SOME, edges=PAIRS)
def test_operator(name, x, y):
    y = y or 1.0  # nothing is divided by 0
    value = yield ask(probes.operate, name, x, y)
    check_close(value, OPERATORS[name](x, y), f"{name} with x={x}, y={y}")


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("x", [0.5, 3.0])
@once
def test_method(name, x):
    value = yield ask(probes.operate, name, x)
    check_close(value, METHODS[name](x), f"{name} with x={x}")


@pytest.mark.parametrize("name", OPERATORS)
@once
def test_operator_takes_a_plain_number(name):
    value = yield ask(probes.operate, name, 3.0, 2.0, kinds=["variable", "number"])
    check_close(value, OPERATORS[name](3.0, 2.0), f"{name} with x=3.0 and the plain number y=2.0")


@pytest.mark.weight(2)
@pytest.mark.parametrize("name", ["x + y", "x - y", "x < y", "x > y", *METHODS])
@once
def test_operator_records_what_it_was_computed_from(name):
    expected, values = (["x", "y"], [3.0, 2.0]) if "y" in name else (["x"], [3.0])
    leaves = yield ask(probes.leaves, name, *values)
    check_equal(leaves, expected, f"what {name} was computed from, by its history,")


@pytest.mark.hidden("a plain number works on the left of every operator, and on the right")
@pytest.mark.weight(2)
@for_all(
    name=st.sampled_from(list(OPERATORS)),
    x=SOME,
    y=SOME,
    kinds=st.sampled_from([["number", "variable"], ["variable", "number"]]),
)
def test_plain_number_on_either_side(name, x, y, kinds):
    y = y or 1.0
    value = yield ask(probes.operate, name, x, y, kinds=kinds)
    described = " and a ".join(kinds)
    check_close(value, OPERATORS[name](x, y), f"{name} with x={x}, y={y}, a {described}")


@pytest.mark.hidden(
    "operators and methods combine to a long expression: (x * y - x) / (exp(-y) + 1) + log(sigmoid(x))"
)
@pytest.mark.weight(2)
@for_all(x=floats(-20.0, 20.0), y=floats(-20.0, 20.0))
def test_long_expression(x, y):
    value = yield ask(probes.operate, "long", x, y)
    expected = (x * y - x) / (math.exp(-y) + 1) + math.log(sigmoid(x))
    check_close(value, expected, f"(x * y - x) / ((-y).exp() + 1.0) + x.sigmoid().log() with x={x}, y={y}")


@pytest.mark.hidden("sigmoid overflows nowhere: it is 0 far to the left and 1 far to the right")
@for_each(
    {"x": 0.0, "expected": 0.5},
    {"x": -1000.0, "expected": 0.0},
    {"x": 1000.0, "expected": 1.0},
    {"x": -700.0, "expected": 0.0},
    {"x": 40.0, "expected": 1.0},
)
def test_sigmoid_far_from_zero(x, expected):
    value = yield ask(probes.forward, "Sigmoid", x)
    check_close(value, expected, f"Sigmoid.forward(ctx, {x})", absolute=1e-15)


@pytest.mark.hidden("relu is 0 at 0, and tiny numbers stay what they are")
@for_each({"x": 1e-12}, {"x": 0.0}, {"x": -1e-12}, {"x": -3.0})
def test_relu_near_zero(x):
    value = yield ask(probes.forward, "ReLU", x)
    check_close(value, relu(x), f"ReLU.forward(ctx, {x})", absolute=0.0)


@pytest.mark.hidden("the last bit decides a comparison: no two different numbers are equal")
@for_each({"name": "x < y"}, {"name": "x > y"}, {"name": "x == y"})
def test_comparisons_are_exact(name):
    above = math.nextafter(1.0, 2.0)
    value = yield ask(probes.operate, name, 1.0, above)
    check_equal(value, OPERATORS[name](1.0, above), f"{name} with x=1.0, y=1.0 + 2.2e-16")


@pytest.mark.hidden("an operator makes a new Scalar: its operands keep their values")
def test_operands_keep_their_values():
    x, y = functions.Scalar(-3.0), functions.Scalar(2.0)
    results = probes.read([x + y, x - y, x * y, x / y, x.relu(), y.exp()], "data")
    names = ("x + y", "x - y", "x * y", "x / y", "x.relu()", "y.exp()")
    check_close(results, [-1.0, -5.0, -6.0, -1.5, 0.0, math.exp(2.0)], "with x=-3.0, y=2.0:", parts=names)
    check_equal([x.data, y.data], [-3.0, 2.0], f"the values of x and y after {', '.join(names)}")


@pytest.mark.hidden("a result of a variable and a plain number remembers the variable")
@pytest.mark.parametrize("name", ["x + y", "x - y", "x < y", "x > y"])
@once
def test_result_with_a_plain_number_remembers_the_variable(name):
    leaves = yield ask(probes.leaves, name, 3.0, 2.0, kinds=["variable", "number"])
    what = f"what {name}, where y is a plain number, was computed from, by its history,"
    check_equal(leaves, ["x"], what)
