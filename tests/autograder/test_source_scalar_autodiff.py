"""The source document's interface to tasks 1.1 and 1.2, called the way its text and its tests call it.

`minitorch` contains nothing but re-exports; whatever is asserted follows from the document's sentences.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from source_package import ONE_ARGUMENT, TWO_ARGUMENTS, close, minitorch, numbers, operators

Context, Scalar = minitorch.Context, minitorch.Scalar

SLOPES = [
    (operators.id, (5,), 0, 1.0),
    (operators.add, (5, 10), 0, 1.0),
    (operators.mul, (5, 10), 0, 10.0),
    (operators.mul, (5, 10), 1, 5.0),
    (operators.exp, (2,), 0, math.exp(2)),
    (math.atan2, (1.0, 2.0), 1, -0.2),
]


@pytest.mark.parametrize(("f", "vals", "arg", "slope"), SLOPES)
def test_central_difference_measures_the_slope_in_one_argument(f, vals, arg, slope):
    assert close(minitorch.scalar.central_difference(f, *vals, arg=arg), slope, 1e-6)


def test_central_difference_moves_the_first_argument_by_a_millionth_unless_told_otherwise():
    seen = []
    minitorch.central_difference(lambda x, y: seen.append((x, y)) or 0.0, 1.0, 2.0)
    assert sorted(seen) == [(1.0 - 1e-6, 2.0), (1.0 + 1e-6, 2.0)]
    seen.clear()
    minitorch.central_difference(lambda x, y: seen.append((x, y)) or 0.0, 1.0, 2.0, arg=1, epsilon=0.5)
    assert sorted(seen) == [(1.0, 1.5), (1.0, 2.5)]


def test_central_difference_takes_scalars_as_the_source_does_in_its_check():
    slope = minitorch.central_difference(lambda a, b: a * b, Scalar(3.0), Scalar(4.0), arg=1)
    assert type(slope) is Scalar
    assert close(slope.data, 3.0, 1e-6)


positive = st.floats(0.01, 100)


@pytest.mark.parametrize("name", ONE_ARGUMENT)
@given(a=numbers)
def test_a_function_of_one_scalar_is_that_of_its_number(name, a):
    on_scalar, on_number = ONE_ARGUMENT[name]
    result = on_scalar(Scalar(a))
    assert type(result) is Scalar
    assert close(result.data, on_number(a), 1e-9)


@pytest.mark.parametrize("name", TWO_ARGUMENTS)
@given(a=numbers, b=numbers)
def test_a_function_of_two_scalars_is_that_of_their_numbers(name, a, b):
    on_scalars, on_numbers = TWO_ARGUMENTS[name]
    result = on_scalars(Scalar(a), Scalar(b))
    assert type(result) is Scalar
    assert close(result.data, on_numbers(a, b), 1e-9)


@given(b=positive)
def test_a_number_is_divided_by_a_scalar(b):
    assert close((3 / Scalar(b)).data, 3 / b, 1e-9)


FORWARD = [
    ("Add", (2.0, 3.0), 5.0),
    ("Mul", (2.0, 3.0), 6.0),
    ("Inv", (4.0,), 0.25),
    ("Neg", (2.0,), -2.0),
    ("Log", (math.e,), 1.0),
    ("Exp", (1.0,), math.e),
    ("Sigmoid", (0.0,), 0.5),
    ("ReLU", (-2.0,), 0.0),
    ("ReLU", (2.0,), 2.0),
    ("LT", (2.0, 3.0), 1.0),
    ("LT", (3.0, 3.0), 0.0),
    ("EQ", (3.0, 3.0), 1.0),
    ("EQ", (2.0, 3.0), 0.0),
]


@pytest.mark.parametrize(("name", "inputs", "value"), FORWARD)
def test_forward_takes_a_context_and_numbers_and_gives_a_number(name, inputs, value):
    got = getattr(minitorch.scalar, name).forward(Context(), *inputs)
    assert type(got) is float
    assert abs(got - value) <= 1e-12


def test_the_expression_of_the_source_s_drawing_tool():
    x = minitorch.Scalar(10, name="x")
    y = x + 10.0
    y.name = "y"
    assert (x.name, y.name, y.data) == ("x", "y", 20.0)
