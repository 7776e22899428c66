"""Task 3.2: the rules, the order of the graph, and the gradients that reach every value."""

from __future__ import annotations

import math

import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check, check_close, check_equal, floats, for_all, show, student_module

pytestmark = [pytest.mark.task3_2, pytest.mark.timeout(10)]

probes = student_module("computation_graph_probes")


def slope_of_tanh(x):
    return 1 - math.tanh(x) ** 2


GRADIENTS = {
    "x * y": lambda x, y: (y, x),
    "x / y": lambda x, y: (1 / y, -x / y**2),
    "x - x * y": lambda x, y: (1 - y, -x),
    "a + a * a, a = x * y": lambda x, y: (y + 2 * x * y * y, x + 2 * x * x * y),
    "a * a + a, a = x * y": lambda x, y: (y + 2 * x * y * y, x + 2 * x * x * y),
    "(x * y).tanh()": lambda x, y: (y * slope_of_tanh(x * y), x * slope_of_tanh(x * y)),
    "(x - 3) ** 2 / y": lambda x, y: (2 * (x - 3) / y, -((x - 3) ** 2) / y**2),
}


def slopes_of_a_cube(x, y):
    """Of tanh(x + y)^3 x."""
    t = math.tanh(x + y)
    inner = 3 * t * t * (1 - t * t) * x
    return inner + t**3, inner


def slopes_of_a_shared_sum(x, y):
    """Of a b + b / y, where a = x + y and b = tanh(a)."""
    a, b = x + y, math.tanh(x + y)
    through_a = b + (a + 1 / y) * (1 - b * b)
    return through_a, through_a - b / y**2


HIDDEN_GRADIENTS = {
    "1 / y - 2 * x": lambda x, y: (-2.0, -1 / y**2),
    "(x + y).tanh() ** 3 * x": slopes_of_a_cube,
    "a * b + b / y, a = x + y, b = a.tanh()": slopes_of_a_shared_sum,
}

MODERATE = floats(-3.0, 3.0)
NONZERO = st.one_of(floats(0.1, 3.0), floats(-3.0, -0.1))
GRAD = floats(-10.0, 10.0)

# Whole numbers this small, in five operations, never leave the integers that a float holds exactly.
WHOLE = st.integers(-2, 2).map(float)
STEP = st.tuples(st.sampled_from(["x + y", "x - y", "x * y"]), st.integers(0, 5), st.integers(0, 5))
STEPS = st.lists(STEP, min_size=2, max_size=5)
SUM_OR_PRODUCT = st.tuples(st.sampled_from(["x + y", "x * y"]), st.integers(0, 5), st.integers(0, 5))


@for_all(
    a=MODERATE, b=MODERATE, grad=GRAD, before=GRAD, edges=[{"a": 2.0, "b": 3.0, "grad": 1.0, "before": 0.0}]
)
def test_rule_of_a_product(a, b, grad, before):
    grads = yield ask(probes.rule, "mul", a * b, [a, b], grad, before=before)
    call = f"mul_backwards(a * b, {grad}) with a={a}, b={b} whose grads were {before}: the grad of"
    check_close(grads, [before + b * grad, before + a * grad], call, parts=("a", "b"))


@pytest.mark.parametrize("n", [2, 3, 1, -1, -2, 0.5])
@for_all(count=50, a=floats(0.2, 5.0), grad=GRAD, before=GRAD)
def test_rule_of_a_power(n, a, grad, before):
    grads = yield ask(probes.rule, "pow", a**n, [a], grad, exponent=n, before=before)
    call = f"pow_backwards(a ** {n}, {grad}) with a={a} whose grad was {before}: the grad of a"
    check_close(grads[0], before + n * a ** (n - 1) * grad, call)


@for_all(a=floats(-5.0, 5.0), grad=GRAD, before=GRAD)
def test_rule_of_tanh(a, grad, before):
    grads = yield ask(probes.rule, "tanh", math.tanh(a), [a], grad, before=before)
    call = f"tanh_backwards(a.tanh(), {grad}) with a={a} whose grad was {before}: the grad of a"
    check_close(grads[0], before + slope_of_tanh(a) * grad, call)


def test_order_of_a_chain_starts_at_the_result():
    steps = [["x * y", 0, 0], ["x + y", 1, 1], ["x * y", 2, 2]]
    what = "find_reversed_topological_order of a chain v0 -> v1 -> v2 -> v3, by number"
    check_equal(probes.order(steps, [2.0]), [3, 2, 1, 0], what)


def test_order_lists_a_shared_value_once_and_after_all_its_uses():
    steps = [["x * y", 0, 0], ["x + y", 1, 0], ["x * y", 2, 1]]
    what = "find_reversed_topological_order of v3 = v2 * v1, v2 = v1 + v0, v1 = v0 * v0, by number"
    check_equal(probes.order(steps, [2.0]), [3, 2, 1, 0], what)


@pytest.mark.weight(2)
def test_example_of_the_source():
    grads = probes.source_example()
    expected = {"x_1": 8.0, "x_2": 6.0, "x_3": 2.0, "x_4": 2.0, "x_5": 2.0, "x_6": 17.0, "l": 1.0}
    names = tuple(expected)
    what = "after l.backwards() of the source's example, the grad of"
    check_close([grads[name] for name in names], list(expected.values()), what, parts=names)


@pytest.mark.weight(2)
@pytest.mark.parametrize("name", GRADIENTS)
@for_all(count=50, x=MODERATE, y=NONZERO)
def test_gradients_reach_the_leaves(name, x, y):
    grads = yield ask(probes.gradient, name, [x, y])
    _check_gradient(grads, GRADIENTS[name](x, y), f"backward of {name} at x={x}, y={y}")


def test_value_used_twice_gets_both_shares():
    for name, x, expected in [("x + x", 3.0, 2.0), ("x * x", 3.0, 6.0)]:
        check_close(
            probes.gradient(name, [x]), [expected], f"backward of {name} at x={x}: grad of", parts=("x",)
        )


def test_leaf_is_its_own_result():
    check_close(probes.after_backward([], [5.0]), [1.0], "backward of a leaf x: the grad of", parts=("x",))


def test_second_backward_adds_to_the_leaves_and_renews_the_rest():
    steps = [["x * y", 0, 1], ["x + y", 2, 0], ["x * y", 3, 3]]
    for times in (1, 2, 3):
        grads = probes.after_backward(steps, [2.0, 3.0], times=times)
        what = f"after {times} times backward of v4 = v3 * v3, v3 = v2 + v0, v2 = v0 * v1: the grad of"
        expected = [64.0 * times, 32.0 * times, 16.0, 16.0, 1.0]
        check_close(grads, expected, what, parts=("v0", "v1", "v2", "v3", "v4"))


@pytest.mark.weight(2)
def test_graph_may_be_deeper_than_the_stack():
    name = "x + 1 + 1 + ... (2000 times)"
    check_close(probes.gradient(name, [1.0]), [1.0], f"backward of {name}: the grad of", parts=("x",))


@pytest.mark.hidden("quotients, powers and shared values combine: the gradients are those of the formula")
@pytest.mark.weight(2)
@pytest.mark.parametrize("name", HIDDEN_GRADIENTS)
@for_all(x=MODERATE, y=NONZERO)
def test_gradients_of_longer_expressions(name, x, y):
    grads = yield ask(probes.gradient, name, [x, y])
    _check_gradient(grads, HIDDEN_GRADIENTS[name](x, y), f"backward of {name} at x={x}, y={y}")


@pytest.mark.hidden("any graph of +, - and *: each leaf's grad is the sum over all paths to the result")
@pytest.mark.weight(3)
@for_all(steps=STEPS, x=WHOLE, y=WHOLE)
def test_gradients_in_any_graph(steps, x, y):
    steps = _within_reach(steps)
    grads = yield ask(probes.after_backward, steps, [x, y])
    what = f"backward of {_written(steps)} at v0={x}, v1={y}: the grad of"
    expected = _reverse_mode(steps, [x, y])
    names = tuple(f"v{i}" for i in range(len(expected)))
    check_close(grads, expected, what, parts=names)


@pytest.mark.hidden("the order lists every value that takes part once, before all it was computed from")
@pytest.mark.weight(2)
@for_all(steps=st.lists(SUM_OR_PRODUCT, min_size=2, max_size=5))
def test_order_of_any_graph(steps):
    steps = _within_reach(steps)
    order = yield ask(probes.order, steps, [1.0, 1.0])
    what = f"find_reversed_topological_order of {_written(steps)}, by number"
    check(type(order) is list, f"{what} is {show(order)}, expected a list")
    check_equal(sorted(order, key=str), sorted(_taking_part(steps), key=str), f"{what} and sorted")
    for k, (_, *children) in enumerate(steps, start=2):
        early = [i for i in children if k in order and order.index(i) < order.index(k)]
        check(not early, f"{what} is {show(order)}, expected v{k} before its children {children}")


@pytest.mark.hidden("a second backward leaves no trace of the first on computed values, in any graph")
@for_all(steps=STEPS, x=WHOLE, y=WHOLE)
def test_second_backward_in_any_graph(steps, x, y):
    steps = _within_reach(steps)
    grads = yield ask(probes.after_backward, steps, [x, y], times=2)
    once = _reverse_mode(steps, [x, y])
    what = f"after 2 times backward of {_written(steps)} at v0={x}, v1={y}: the grad of"
    names = tuple(f"v{i}" for i in range(len(once)))
    check_close(grads, [2 * slope for slope in once[:2]] + once[2:], what, parts=names)


@pytest.mark.hidden("a value used 500 times gets 500 shares of the gradient")
def test_graph_may_be_wide():
    name = "x * 1 + x * 1 + ... (500 times)"
    check_close(probes.gradient(name, [1.0]), [500.0], f"backward of {name}: the grad of", parts=("x",))


@pytest.mark.hidden(
    "each value is visited once: 60 sums, each of the two before it, have 10^12 paths to walk"
)
@pytest.mark.weight(2)
@for_all(count=3, minus=st.lists(st.booleans(), min_size=60, max_size=60), x=WHOLE)
def test_each_value_is_visited_once(minus, x):
    steps = [["x - y" if sign else "x + y", k - 1, k - 2] for k, sign in enumerate(minus, start=2)]
    grads = yield ask(probes.after_backward, steps, [x, 1.0])
    check_close(grads[:2], _reverse_mode(steps, [x, 1.0])[:2], "grads of the first two after 60 sums")


@pytest.mark.hidden("x ** 0 is 1 everywhere: its slope is 0, at x = 0 too")
def test_rule_of_the_power_zero():
    for a in (0.0, 2.0, -3.0):
        grads = probes.rule("pow", 1.0, [a], 4.0, exponent=0)
        check_close(grads, [0.0], f"pow_backwards(a ** 0, 4.0) with a={a}: the grad of", parts=("a",))


@pytest.mark.hidden("whole powers of negative numbers have slopes, and at 0 a square is flat")
def test_rule_of_a_power_of_negative_numbers():
    for a, n, expected in [(-2.0, 3, 12.0), (-2.0, -1, -0.25), (0.0, 2, 0.0), (0.0, 1, 1.0)]:
        grads = probes.rule("pow", float(a**n), [a], 1.0, exponent=n)
        check_close(grads, [expected], f"pow_backwards(a ** {n}, 1.0) with a={a}: the grad of", parts=("a",))


@pytest.mark.hidden("a * a: the rule gives a both shares, and keeps what was there")
def test_rule_of_a_square_by_product():
    grads = probes.rule("mul", 9.0, [3.0], 2.0, before=1.0)
    check_close(
        grads, [13.0], "mul_backwards(a * a, 2.0) with a=3.0 whose grad was 1.0: the grad of", parts=("a",)
    )


@pytest.mark.hidden("the slope of tanh overflows nowhere: it is 0 far from 0")
def test_rule_of_tanh_far_from_zero():
    for a, expected in [(0.0, 1.0), (1000.0, 0.0), (-1000.0, 0.0)]:
        grads = probes.rule("tanh", math.tanh(a), [a], 1.0)
        what = f"tanh_backwards(a.tanh(), 1.0) with a={a}: the grad of"
        check_close(grads, [expected], what, parts=("a",), absolute=1e-15)


@pytest.mark.hidden("backward computes gradients and changes no data")
def test_backward_keeps_data():
    steps = [["x * y", 0, 1], ["x - y", 2, 0]]
    data = probes.after_backward(steps, [2.0, 5.0], "data")
    check_close(
        data,
        [2.0, 5.0, 10.0, 8.0],
        "data after backward of v3 = v2 - v0, v2 = v0 * v1, of",
        parts=("v0", "v1", "v2", "v3"),
    )


def _check_gradient(grads, expected, what):
    check_close(grads, list(expected), f"{what}: the grad of", parts=("x", "y"))


def _within_reach(steps):
    """The steps, each of them on values that are there by then: v0, v1, earlier steps."""
    return [[name, i % k, j % k] for k, (name, i, j) in enumerate(steps, start=2)]


def _written(steps):
    lines = [
        f"v{k} = {name.replace('x', f'v{i}').replace('y', f'v{j}')}"
        for k, (name, i, j) in enumerate(steps, start=2)
    ]
    return "; ".join(lines)


def _taking_part(steps):
    """Numbers of the values that the last step depends on."""
    reached = {len(steps) + 1}
    for k in range(len(steps) + 1, 1, -1):
        if k in reached:
            reached.update(steps[k - 2][1:])
    return list(reached)


def _reverse_mode(steps, values):
    """The derivatives of the last step's value with respect to all, 0 where it does not depend on one.

    The steps stand in the order of their computation, so going backwards through them is all it takes.
    """
    values = list(values)
    for name, i, j in steps:
        a, b = values[i], values[j]
        values.append({"x + y": a + b, "x - y": a - b, "x * y": a * b}[name])
    grads = [0.0] * (len(values) - 1) + [1.0]
    for k in range(len(values) - 1, 1, -1):
        name, i, j = steps[k - 2]
        a, b = values[i], values[j]
        for at, slope in zip((i, j), {"x + y": (1, 1), "x - y": (1, -1), "x * y": (b, a)}[name], strict=True):
            grads[at] += slope * grads[k]
    return grads
