"""Task 1.4: the rules of backward, the order of the graph, and the derivatives that reach the leaves."""

from __future__ import annotations

import math

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

pytestmark = [pytest.mark.task1_4, pytest.mark.timeout(10)]

probes = student_module("scalar_autodiff_probes")
functions = student_module("scalar_autodiff.scalar_functions")
backpropagation = student_module("scalar_autodiff.backpropagation")


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def slope_of_sigmoid(x):
    return sigmoid(x) * sigmoid(-x)


ONE_INPUT = {
    "Inv": lambda a: -1 / (a * a),
    "Neg": lambda a: -1.0,
    "Sigmoid": slope_of_sigmoid,
    "ReLU": lambda a: float(a > 0),
    "Exp": math.exp,
}

GRADIENTS = {
    "x * y": lambda x, y: (y, x),
    "x / y": lambda x, y: (1 / y, -x / y**2),
    "x - x * y": lambda x, y: (1 - y, -x),
    "a + a * a, a = x * y": lambda x, y: (y + 2 * x * y * y, x + 2 * x * x * y),
    "a * a + a, a = x * y": lambda x, y: (y + 2 * x * y * y, x + 2 * x * x * y),
    "(x * y).sigmoid()": lambda x, y: (y * slope_of_sigmoid(x * y), x * slope_of_sigmoid(x * y)),
    "(x - y).relu() * x": lambda x, y: (2 * x - y, -x) if x > y else (0.0, 0.0),
}
HIDDEN_GRADIENTS = {
    "(x.exp() + y.exp()).log()": lambda x, y: (sigmoid(x - y), sigmoid(y - x)),
    "(x < y) * x + (x > y) * y": lambda x, y: (float(x < y), float(x > y)),
}

MODERATE = floats(-3.0, 3.0)
NONZERO = st.one_of(floats(0.1, 3.0), floats(-3.0, -0.1))

# Whole numbers this small, in five operations, never leave the integers that a float holds exactly.
WHOLE = st.integers(-2, 2).map(float)
STEP = st.tuples(st.sampled_from(["x + y", "x - y", "x * y"]), st.integers(0, 6), st.integers(0, 6))
KINDS = ["variable", "variable", "constant"]


@pytest.mark.parametrize("name", ONE_INPUT)
@for_all(a=st.one_of(floats(0.1, 30.0), floats(-30.0, -0.1)), d_output=floats(-10.0, 10.0))
def test_backward_of_one_input(name, a, d_output):
    derivative = yield ask(probes.backward, name, [] if name == "Neg" else [a], d_output)
    if type(derivative) is tuple and len(derivative) == 1:
        derivative = derivative[0]
    call = f"{name}.backward(ctx, {d_output}) where a={a}: derivative with respect to a"
    check_close(derivative, ONE_INPUT[name](a) * d_output, call)


@for_all(a=floats(), b=floats(), d_output=floats(-10.0, 10.0), edges=[{"a": 0.0, "b": 1.0, "d_output": 1.0}])
def test_backward_of_mul(a, b, d_output):
    derivatives = yield ask(probes.backward, "Mul", [a, b], d_output)
    call = f"Mul.backward(ctx, {d_output}) where a={a}, b={b}: derivative with respect to"
    check_close(derivatives, (b * d_output, a * d_output), call, parts=("a", "b"))


@pytest.mark.parametrize("name", ["LT", "EQ"])
@once
def test_backward_of_a_comparison_is_zero(name):
    derivatives = yield ask(probes.backward, name, [], 4.0)
    call = f"{name}.backward(ctx, 4.0): derivative with respect to"
    check_close(derivatives, (0.0, 0.0), call, parts=("a", "b"))


def test_order_of_a_chain_starts_at_the_result():
    steps = [["x * y", 0, 0], ["x + y", 1, 1], ["x * y", 2, 2]]
    what = "topological_sort of a chain x0 -> v1 -> v2 -> v3, by number"
    check_equal(probes.order(steps, [2.0], ["variable"]), [3, 2, 1, 0], what)


def test_order_lists_a_shared_variable_once_and_no_constant():
    steps = [["x * y", 0, 1], ["x + y", 2, 0], ["x * y", 3, 2]]
    what = (
        "topological_sort of v4 = v3 * v2, v3 = v2 + x0, v2 = x0 * 5, where x1 = 5 is a constant, by number"
    )
    check_equal(probes.order(steps, [2.0, 5.0], ["variable", "constant"]), [4, 3, 2, 0], what)


@pytest.mark.weight(2)
@pytest.mark.parametrize("name", GRADIENTS)
@for_all(x=MODERATE, y=NONZERO, d_output=MODERATE)
def test_derivatives_reach_the_leaves(name, x, y, d_output):
    derivatives = yield ask(probes.gradient, name, [x, y], d_output)
    _check_gradient(
        derivatives, GRADIENTS[name](x, y), d_output, f"backpropagate({name}, {d_output}) at x={x}, y={y}"
    )


def test_constant_gets_no_derivative():
    derivatives = probes.gradient("x * y", [3.0, 2.0], 1.0, kinds=["variable", "constant"])
    check_close(derivatives[0], 2.0, "x * y where y=2.0 is a constant: derivative of x")
    check_equal(derivatives[1], None, "x * y where y=2.0 is a constant: derivative of y")


def test_leaf_receives_its_own_derivative():
    x = functions.Scalar(1.0)
    backpropagation.backpropagate(x, 2.5)
    check_equal(x.derivative, 2.5, "backpropagate(x, 2.5) of a leaf x: its derivative")


def test_second_backward_adds_to_the_first():
    x, y = functions.Scalar(3.0), functions.Scalar(2.0)
    z = x * y
    for times in (1, 2):
        z.backward()
        what = f"after {times} times backward of x * y at x=3.0, y=2.0: derivative with respect to"
        check_close([x.derivative, y.derivative], [2.0 * times, 3.0 * times], what, parts=("x", "y"))


@pytest.mark.weight(2)
def test_graph_may_be_deeper_than_the_stack():
    derivatives = probes.gradient("x + 1 + 1 + ... (2000 times)", [1.0], 1.0)
    check_close(
        derivatives, [1.0], "backpropagate(x + 1 + 1 + ... (2000 times), 1.0): derivative of", parts=("x",)
    )


@pytest.mark.hidden(
    "comparisons are flat: what is chosen by them passes its derivative on, the comparison adds none"
)
@pytest.mark.weight(2)
@pytest.mark.parametrize("name", HIDDEN_GRADIENTS)
@for_all(x=MODERATE, y=NONZERO, d_output=MODERATE)
def test_derivatives_of_longer_expressions(name, x, y, d_output):
    derivatives = yield ask(probes.gradient, name, [x, y], d_output)
    expected = HIDDEN_GRADIENTS[name](x, y)
    _check_gradient(derivatives, expected, d_output, f"backpropagate({name}, {d_output}) at x={x}, y={y}")


@pytest.mark.hidden("any graph of +, - and *: each leaf's derivative is the sum over all paths to the result")
@pytest.mark.weight(3)
@for_all(steps=st.lists(STEP, min_size=2, max_size=5), x=WHOLE, y=WHOLE, d_output=WHOLE)
def test_derivatives_in_any_graph(steps, x, y, d_output):
    steps = _within_reach(steps)
    derivatives = yield ask(probes.gradient_of_steps, steps, [x, y, 2.0], KINDS, d_output)
    what = f"backpropagate of {_written(steps)}, with {d_output}, at v0={x}, v1={y} and the constant v2=2.0"
    for i, expected in enumerate(_reverse_mode(steps, [x, y, 2.0], d_output)[:2]):
        if expected is None:
            check_equal(derivatives[i], None, f"{what}: derivative of v{i}, which the result does not use,")
        else:
            check_close(derivatives[i], expected, f"{what}: derivative of v{i}")


@pytest.mark.hidden(
    "topological_sort lists every variable that takes part once, before all it was computed from"
)
@pytest.mark.weight(2)
@for_all(steps=st.lists(STEP, min_size=2, max_size=5))
def test_order_of_any_graph(steps):
    steps = [["x + y", i, j] for _, i, j in _within_reach(steps)]
    order = yield ask(probes.order, steps, [1.0, 1.0, 2.0], KINDS)
    what = f"topological_sort of {_written(steps)}, where v2 is a constant, by number"
    check(type(order) is list, f"{what} is {show(order)}, expected a list")
    check_equal(sorted(order, key=str), sorted(_taking_part(steps), key=str), f"{what} and sorted")
    for k, (_, *inputs) in enumerate(steps, start=3):
        early = [i for i in inputs if k in order and i in order and order.index(i) < order.index(k)]
        check(not early, f"{what} is {show(order)}, expected v{k} before its inputs {inputs}")


@pytest.mark.hidden("a value used 500 times gets 500 shares of the derivative")
def test_graph_may_be_wide():
    name = "x * 1 + x * 1 + ... (500 times)"
    check_close(
        probes.gradient(name, [1.0], 1.0),
        [500.0],
        f"backpropagate({name}, 1.0): derivative of",
        parts=("x",),
    )


@pytest.mark.hidden(
    "each variable is visited once: 60 sums, each of the two before it, have 10^12 paths to walk"
)
@pytest.mark.weight(2)
@for_all(count=3, minus=st.lists(st.booleans(), min_size=60, max_size=60), d_output=WHOLE)
def test_each_variable_is_visited_once(minus, d_output):
    steps = [["x - y" if sign else "x + y", *_two_before(k)] for k, sign in enumerate(minus, start=3)]
    derivatives = yield ask(probes.gradient_of_steps, steps, [1.0, 2.0, 2.0], KINDS, d_output)
    expected = _reverse_mode(steps, [1.0, 2.0, 2.0], d_output)
    check_close(derivatives[:2], expected[:2], "derivatives of the first two after 60 sums")


def _two_before(k):
    return [k - 1 if k > 3 else 1, k - 2 if k > 4 else k - 3]


@pytest.mark.hidden("only leaves keep a derivative; what was computed on the way keeps none")
def test_computed_variables_keep_no_derivative():
    x = functions.Scalar(3.0)
    square = x * x
    result = square + x
    result.backward()
    check_close(x.derivative, 7.0, "backward of x * x + x at x=3.0: derivative of x")
    check_equal(
        [square.derivative, result.derivative], [None, None], "derivatives of x * x and x * x + x themselves"
    )


@pytest.mark.hidden("a leaf is its own result: derivatives that start there stay there and add up")
def test_leaf_adds_up_its_own_derivatives():
    x = functions.Scalar(1.0)
    backpropagation.backpropagate(x, 2.5)
    backpropagation.backpropagate(x, 1.0)
    check_equal(
        x.derivative, 3.5, "backpropagate(x, 2.5), then backpropagate(x, 1.0) of a leaf x: its derivative"
    )


@pytest.mark.hidden("a constant depends on nothing: there is nothing to sort and nobody to tell")
def test_constant_as_the_result():
    constant, leaf = functions.Scalar(1.0, None), functions.Scalar(1.0)
    check_equal(backpropagation.topological_sort(constant), [], "topological_sort of a constant")
    for result in (constant, leaf):
        backpropagation.backpropagate(result, 1.0)
    derivatives = [constant.derivative, leaf.derivative]
    check_equal(
        derivatives, [None, 1.0], "derivatives of a constant and of a leaf after backpropagate of each"
    )


@pytest.mark.hidden("relu has the derivative 0 at 0")
@for_each({"a": 1e-12}, {"a": 0.0}, {"a": -0.0}, {"a": -1e-12})
def test_backward_of_relu_near_zero(a):
    derivative = yield ask(probes.backward, "ReLU", [a], 3.0)
    what = f"ReLU.backward(ctx, 3.0) where a={a}: derivative with respect to a"
    check_close(derivative, 3.0 if a > 0 else 0.0, what)


@pytest.mark.hidden("the slope of sigmoid overflows nowhere: it is 0 far from 0")
@for_each({"a": 0.0}, {"a": -1000.0}, {"a": 1000.0}, {"a": -800.0})
def test_backward_of_sigmoid_far_from_zero(a):
    derivative = yield ask(probes.backward, "Sigmoid", [a], 1.0)
    what = f"Sigmoid.backward(ctx, 1.0) where a={a}: derivative with respect to a"
    check_close(derivative, 0.0 if a else 0.25, what, absolute=1e-15)


def _check_gradient(derivatives, expected, d_output, what):
    scaled = [d_output * slope for slope in expected]
    check_close(derivatives, scaled, f"{what}: derivative with respect to", parts=("x", "y"))


def _within_reach(steps):
    """The steps, each of them on values that are there by then: v0, v1, the constant v2, earlier steps."""
    return [[name, i % k, j % k] for k, (name, i, j) in enumerate(steps, start=3)]


def _written(steps):
    lines = [
        f"v{k} = {name.replace('x', f'v{i}').replace('y', f'v{j}')}"
        for k, (name, i, j) in enumerate(steps, start=3)
    ]
    return "; ".join(lines)


def _taking_part(steps):
    """Numbers of the variables that the last step depends on, constants left out."""
    constant = [False, False, True]
    for _, i, j in steps:
        constant.append(constant[i] and constant[j])
    reached = {len(constant) - 1}
    for k in range(len(constant) - 1, 2, -1):
        if k in reached:
            reached.update(steps[k - 3][1:])
    return [k for k in reached if not constant[k]]


def _reverse_mode(steps, values, d_output):
    """Derivatives of the last step's value, None where it does not depend on a value.

    The steps stand in the order of their computation, so going backwards through them is all it takes.
    """
    values = list(values)
    for name, i, j in steps:
        a, b = values[i], values[j]
        values.append({"x + y": a + b, "x - y": a - b, "x * y": a * b}[name])
    derivatives = [None] * (len(values) - 1) + [d_output]
    for k in range(len(values) - 1, 2, -1):
        if derivatives[k] is not None:
            name, i, j = steps[k - 3]
            for at, slope in zip((i, j), _slopes(name, values[i], values[j]), strict=True):
                derivatives[at] = (derivatives[at] or 0.0) + slope * derivatives[k]
    return derivatives


def _slopes(name, a, b):
    return {"x + y": (1.0, 1.0), "x - y": (1.0, -1.0), "x * y": (b, a)}[name]
