"""Task 1.3: `chain_rule` calls backward once and pairs what it gives with the variables that went in.

The functions that are differentiated here are the tests' own, so nothing but `chain_rule` is needed:

    shifted_sum(x, y)     x + y + 10              backward gives (1, 1) * d_output
    mixed_product(x, y)   x * y + x               backward gives (y + 1, x) * d_output
    triple(x)             3 * x                   backward gives the number 3 * d_output alone
    square(x)             x * x                   backward gives a tuple of one, (2 * x * d_output,)
    weighted(x_0, ...)    sum of (i + 1) * x_i^2  backward gives (2 * (i + 1) * x_i, ...) * d_output
    first(x, y)           x                       backward gives (d_output, 0.0)
"""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from autograder.testing import (
    ask,
    check,
    check_close,
    check_equal,
    floats,
    for_all,
    for_each,
    once,
    show,
    student_module,
)

pytestmark = [pytest.mark.task1_3, pytest.mark.timeout(10)]

probes = student_module("scalar_autodiff_probes")
functions = student_module("scalar_autodiff.scalar_functions")

KINDS = st.sampled_from(["variable", "constant", "number"])


def _check_pairs(pairs, derivatives, call):
    """Compare with the derivatives of all inputs in order, None for a constant's."""
    name, values, kinds, d_output = call
    inputs = ", ".join(f"{kind} {value}" for kind, value in zip(kinds, values, strict=True))
    what = f"chain_rule of {name}({inputs}) with d_output={d_output}"
    check(type(pairs) is tuple, f"{what} is {show(pairs)}, expected a list of pairs (variable, derivative)")
    places = [i for i, derivative in enumerate(derivatives) if derivative is not None]
    check_equal(pairs[0], places, f"{what}: the numbers of the inputs that are paired")
    expected = [derivatives[i] for i in places]
    names = tuple(f"input {i}" for i in places)
    check_close(pairs[1], expected, f"{what}: derivative with respect to", parts=names)


def _kept(derivatives, kinds):
    return [d if kind == "variable" else None for d, kind in zip(derivatives, kinds, strict=True)]


@for_all(x=floats(), y=floats(), d_output=floats())
def test_each_variable_is_paired_with_its_derivative(x, y, d_output):
    kinds = ["variable", "variable"]
    pairs = yield ask(probes.chain_rule, "mixed_product", [x, y], kinds, d_output)
    _check_pairs(pairs, [(y + 1) * d_output, x * d_output], ("mixed_product", [x, y], kinds, d_output))


@for_all(x=floats(), y=floats(), d_output=floats(), x_kind=KINDS, y_kind=KINDS)
def test_constants_are_left_out(x, y, d_output, x_kind, y_kind):
    kinds = [x_kind, y_kind]
    pairs = yield ask(probes.chain_rule, "mixed_product", [x, y], kinds, d_output)
    expected = _kept([(y + 1) * d_output, x * d_output], kinds)
    _check_pairs(pairs, expected, ("mixed_product", [x, y], kinds, d_output))


@pytest.mark.parametrize("name", ["triple", "square"])
@for_all(x=floats(), d_output=floats())
def test_backward_of_one_input_returns_a_number_or_a_tuple(name, x, d_output):
    pairs = yield ask(probes.chain_rule, name, [x], ["variable"], d_output)
    slope = {"triple": 3.0, "square": 2 * x}[name]
    _check_pairs(pairs, [slope * d_output], (name, [x], ["variable"], d_output))


@pytest.mark.parametrize("kinds", [["variable", "constant"], ["number", "variable"]])
@once
def test_constant_beside_a_variable_is_left_out(kinds):
    pairs = yield ask(probes.chain_rule, "shifted_sum", [0.0, 0.0], kinds, 5)
    _check_pairs(pairs, _kept([5, 5], kinds), ("shifted_sum", [0.0, 0.0], kinds, 5))


def test_step_back_from_what_apply_returned():
    pairs = probes.step_back("mixed_product", [10.0, 5.0], ["variable", "variable"], 5.0)
    _check_pairs(pairs, [30.0, 50.0], ("mixed_product", [10.0, 5.0], ["variable"] * 2, 5.0))


def test_step_back_drops_the_number_that_apply_was_given():
    pairs = probes.step_back("mixed_product", [10.0, 5.0], ["number", "variable"], 5.0)
    kinds = ["number", "variable"]
    _check_pairs(pairs, [None, 50.0], ("mixed_product", [10.0, 5.0], kinds, 5.0))


def test_result_is_a_list():
    x = functions.Scalar(1.0)
    pairs = probes.own_function("triple").apply(x).history.backprop_step(5.0)
    check(
        type(pairs) is list and len(pairs) == 1, f"chain_rule gave {show(pairs)}, expected a list of one pair"
    )


@pytest.mark.hidden(
    "a function of any number of inputs: each variable gets its own derivative, constants get none"
)
@pytest.mark.weight(2)
@for_all(inputs=st.lists(st.tuples(floats(), KINDS), min_size=1, max_size=6), d_output=floats())
def test_any_number_of_inputs(inputs, d_output):
    values, kinds = [value for value, _ in inputs], [kind for _, kind in inputs]
    pairs = yield ask(probes.chain_rule, "weighted", values, kinds, d_output)
    expected = _kept([2 * (i + 1) * x * d_output for i, x in enumerate(values)], kinds)
    _check_pairs(pairs, expected, ("weighted", values, kinds, d_output))


@pytest.mark.hidden("a derivative that happens to be 0 is a derivative: its variable stays in the list")
@for_each(
    {"name": "first", "d_output": 4.0, "expected": [4.0, 0.0]},
    {"name": "mixed_product", "d_output": 0.0, "expected": [0.0, 0.0]},
)
def test_derivative_of_zero_stays(name, d_output, expected):
    kinds = ["variable", "variable"]
    pairs = yield ask(probes.chain_rule, name, [2.0, 3.0], kinds, d_output)
    _check_pairs(pairs, expected, (name, [2.0, 3.0], kinds, d_output))


@pytest.mark.hidden("a function of constants alone has no variable to pair: the list is empty")
@for_each(
    {"kinds": ["variable", "number"]},
    {"kinds": ["number", "number"]},
    {"kinds": ["constant", "number"]},
    {"kinds": ["constant", "constant"]},
)
def test_constants_alone_give_an_empty_list(kinds):
    pairs = yield ask(probes.chain_rule, "mixed_product", [2.0, 3.0], kinds, 4.0)
    _check_pairs(pairs, _kept([16.0, 8.0], kinds), ("mixed_product", [2.0, 3.0], kinds, 4.0))


@pytest.mark.weight(2)
@pytest.mark.hidden("a variable that another function computed is no constant: it is paired like a leaf")
def test_computed_variable_is_no_constant():
    kinds = ["computed", "variable"]
    pairs = probes.chain_rule("mixed_product", [2.0, 3.0], kinds, 4.0)
    _check_pairs(pairs, [16.0, 8.0], ("mixed_product", [2.0, 3.0], kinds, 4.0))


@pytest.mark.hidden("a variable that went in twice comes out twice, once with each derivative")
def test_same_variable_twice():
    pairs = probes.chain_rule("mixed_product", [3.0, 3.0], ["variable", "same"], 2.0)
    check(
        type(pairs) is tuple, f"chain_rule of mixed_product(x, x) is {show(pairs)}, expected a list of pairs"
    )
    what = "chain_rule of mixed_product(x, x) with x=3.0 and d_output=2.0: the derivatives paired with x"
    check_close(pairs[1], [8.0, 6.0], what)


@pytest.mark.hidden("backward is called once, with the context and the d_output that chain_rule was given")
def test_backward_is_called_once_with_ctx_and_d_output():
    calls = probes.calls_of_backward(2.5)
    check_equal(calls, [("ctx", 2.5)], "the calls of backward in chain_rule(ctx, inputs, d_output=2.5)")


@pytest.mark.hidden("chain_rule reports derivatives; it writes none to the variables")
def test_no_derivative_is_written():
    pairs = probes.step_back("square", [3.0], ["variable"], 5.0)
    _check_pairs(pairs, [30.0], ("square", [3.0], ["variable"], 5.0))
    x = functions.Scalar(1.0)
    probes.own_function("square").apply(x).history.backprop_step(5.0)
    check_equal(x.derivative, None, "after chain_rule, the derivative of the variable that went in")
