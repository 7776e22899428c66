"""The checks that graded tests are made of: a checker that cannot fail is none."""

import math
import time

import numpy as np
import pytest

from autograder.testing.checks import CheckFailed, check, check_close, check_equal, check_raised, show

CLOSE = [(1.0, 1.0), (1, 1.0), (np.float64(1.0), 1.0), (1.0 + 1e-10, 1.0), ([1.0, 2.0], [1.0, 2.0]), ((), ())]
APART = [
    (1.0, 1.1),
    (math.nan, 1.0),
    (math.inf, 1.0),
    (None, 1.0),
    ("1.0", 1.0),
    (True, 1.0),
    ([1.0], 1.0),
    ([1.0], (1.0,)),
    ([1.0], [1.0, 2.0]),
    ([1.0, math.nan], [1.0, 2.0]),
    (1.0, np.array(1.0)),
    (np.array([1.0]), np.array([[1.0]])),
    (np.array([1.0, math.nan]), np.array([1.0, 2.0])),
]


@pytest.mark.parametrize(("got", "expected"), CLOSE)
def test_close_values_pass(got, expected):
    check_close(got, expected, "f(1)")


@pytest.mark.parametrize(("got", "expected"), APART)
def test_everything_else_fails(got, expected):
    with pytest.raises(CheckFailed, match="f"):
        check_close(got, expected, "f(1)")


@pytest.mark.parametrize(
    ("got", "expected", "line"),
    [
        (0.0, 1.0, "f(1) is 0.0, expected 1.0"),
        (75.00000000001, 75.0, "f(1) is 75.00000000001, expected 75.0"),
        (1 / 3, 2 / 3, "f(1) is 0.333333, expected 0.666667"),
        (0.33333333, 1 / 3, "f(1) is 0.33333333, expected 0.333333333"),
        (None, 1.0, "f(1) is None (is a return missing?), expected 1.0"),
        ((0.0, 1.0), (0.0, 2.0), "f(1) element 1 is 1.0, expected 2.0"),
        (np.zeros(3), np.array([0.0, 0.0, 1.0]), "f(1)[2] is 0.0, expected 1.0"),
        (np.zeros(3), np.zeros((3, 1)), "f(1) has shape (3,), expected (3, 1)"),
    ],
)
def test_a_failure_is_one_line_that_tells_the_two_apart(got, expected, line):
    with pytest.raises(CheckFailed) as failure:
        check_close(got, expected, "f(1)", relative=1e-14, absolute=1e-14)
    assert str(failure.value) == line


def test_parts_name_the_elements():
    with pytest.raises(
        CheckFailed, match=r"mul\(a=0.0, b=1.0\): derivative with respect to a is 0.0, expected 1.0"
    ):
        check_close((0.0, 0.0), (1.0, 0.0), "mul(a=0.0, b=1.0): derivative with respect to", parts=("a", "b"))


def test_equal_means_the_very_type_too():
    check_equal([1, (2.0, "x")], [1, (2.0, "x")], "f()")
    for got in (1.0, True, "1", [1]):
        with pytest.raises(CheckFailed):
            check_equal(got, 1, "f()")


def test_a_plain_condition_and_an_expected_error():
    check(condition=True, message="fine")
    with pytest.raises(CheckFailed, match="not so"):
        check(condition=False, message="not so")
    with pytest.raises(CheckFailed, match="expected it to raise ValueError"):
        check_raised(1.0, "ValueError", "f()")


def test_long_values_are_cut():
    assert len(show(list(range(1000)))) < 310


def test_a_value_of_any_size_is_shown_at_once_and_in_one_short_line():
    large = [
        [0.5] * 500_000,
        [[[]] * 1000] * 500,
        ({"k" * 10**6: 1.0},) * 1000,
        {str(n): n for n in range(100_000)},
        "x" * 10**6,
        b"x" * 10**6,
        np.zeros((7,) * 8, dtype=np.int8),
        np.zeros((1000, 1000)),
    ]
    since = time.process_time()
    for value in large:
        assert 10 < len(show(value)) < 330
    assert time.process_time() - since < 1.0
    assert show({"a": [1.0, "b"]}) == "{'a': [1.0, 'b']}"
    assert show(np.ones((1, 1, 2))) == "an array of shape (1, 1, 2): [[[1. 1.]]]"
