"""Task 4.4: gradients over whole graphs, and gradients of gradients.

What is expected is computed without any rule of differentiation: by a step along the imaginary axis, exact to the
last digits (Squire and Trapp, SIAM Review 40(1), 1998), and for second derivatives by central differences of that.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check, check_close, check_equal, for_all, student_module

pytestmark = [pytest.mark.task4_4, pytest.mark.compute_gradient, pytest.mark.timeout(20)]

probes = student_module("tensor_autodiff_probes")

# Of each expression: the shapes of its leaves, and numpy's formula.
EXPRESSIONS = {
    "a * a": ([(2, 3)], lambda a: a * a),
    "a * b + a": ([(2, 3), (2, 3)], lambda a, b: a * b + a),
    "((A @ B + C) * (A @ B)).sum()": (
        [(2, 3), (3, 2), (2, 2)],
        lambda a, b, c: ((a @ b + c) * (a @ b)).sum(),
    ),
    "(a.broadcast_to((4, 3)) * b).sum()": ([(1, 3), (4, 3)], lambda a, b: (a * b).sum()),
    "(a.reshape((2, 3)) @ b / 5).exp()": ([(6,), (3, 2)], lambda a, b: np.exp(a.reshape(2, 3) @ b / 5)),
    "(a.transpose() @ b) ** 2": ([(3, 2), (3, 2)], lambda a, b: (a.T @ b) ** 2),
}
SECOND = {
    "a ** 4": ([(2, 2)], lambda a: a**4),
    "a * a + a * b": ([(2,), (2,)], lambda a, b: a * a + a * b),
    "((A @ B + C) * (A @ B)).sum()": EXPRESSIONS["((A @ B + C) * (A @ B)).sum()"],
}
HIDDEN_EXPRESSIONS = {
    "(a * b).exp() / b": ([(3,), (3,)], lambda a, b: np.exp(a * b) / b),
    "a ** b - (a / b).log()": ([(2, 2), (2, 2)], lambda a, b: a**b - np.log(a / b)),
    "(1 / a + a ** 3 * b).sum(axes=1)": ([(2, 3), (2, 3)], lambda a, b: (1 / a + a**3 * b).sum(axis=1)),
    "(A @ B) * (A @ B), batches": ([(4, 2, 3), (3, 2)], lambda a, b: (a @ b) * (a @ b)),
}
SEED = st.integers(0, 2**32 - 1)
# Whole numbers this small, in five operations, never leave the integers that a float holds exactly.
WHOLE = st.lists(st.integers(-2, 2).map(float), min_size=3, max_size=3)
NUMBER = st.integers(0, 30)
STEPS = st.lists(
    st.one_of(st.tuples(st.sampled_from("+*"), NUMBER, NUMBER), st.tuples(st.just("-"), NUMBER)),
    min_size=1,
    max_size=5,
)


def drawn(shapes, seed):
    """Arrays of numbers from 0.5 to 2, where every expression is defined."""
    random = np.random.default_rng(seed)
    return [random.uniform(0.5, 2.0, shape) for shape in shapes]


def slopes(formula, arrays, weights=1.0):
    """The derivatives of the sum of weights * formula(arrays)."""
    found = []
    for number, array in enumerate(arrays):
        slope = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            moved = array.astype(complex)
            moved[index] += 1e-30j
            result = formula(*arrays[:number], moved, *arrays[number + 1 :])
            slope[index] = np.sum(weights * np.imag(result)) / 1e-30
        found.append(slope)
    return found


def second_slopes(formula, arrays, step=1e-5):
    """The derivatives of the sum of the first array's slopes."""
    found = []
    for number, array in enumerate(arrays):
        slope = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            sums = []
            for side in (step, -step):
                moved = array.copy()
                moved[index] += side
                others = [*arrays[:number], moved, *arrays[number + 1 :]]
                sums.append(slopes(formula, others)[0].sum())
            slope[index] = (sums[0] - sums[1]) / (2 * step)
        found.append(slope)
    return found


def in_range(steps, leaves):
    """The steps, each input brought back to the nodes that are there by then."""
    return [[sign, *(i % (leaves + n) for i in inputs)] for n, (sign, *inputs) in enumerate(steps)]


def carried_forward(steps, values, leaf):
    """The derivative of a graph's last number with respect to a leaf, in Python's whole numbers."""
    numbers = [(int(v), int(i == leaf)) for i, v in enumerate(values)]
    for sign, *inputs in steps:
        (a, da), (b, db) = numbers[inputs[0]], numbers[inputs[-1]]
        numbers.append({"+": (a + b, da + db), "*": (a * b, a * db + da * b), "-": (-a, -da)}[sign])
    return numbers[-1][1]


def sums_of_the_last_two(minus):
    """The steps that add to each number the one before it, or its opposite where `minus` says so."""
    steps, last, newest, nodes = [], 0, 1, 2
    for sign in minus:
        if sign:
            steps.append(["-", last])
            last, nodes = nodes, nodes + 1
        steps.append(["+", newest, last])
        last, newest, nodes = newest, nodes, nodes + 1
    return steps


def leaves_of(name):
    """What an expression calls its leaves."""
    return tuple("ABC" if "A" in name else "abc")


@pytest.mark.weight(2)
@pytest.mark.parametrize("name", EXPRESSIONS)
@for_all(count=10, seed=SEED)
def test_gradients_reach_the_leaves(name, seed):
    shapes, formula = EXPRESSIONS[name]
    arrays = drawn(shapes, seed)
    grads = yield ask(probes.gradient, name, arrays)
    check_close(grads, slopes(formula, arrays), f"backward of {name}: the grad of", parts=leaves_of(name))


def test_leaf_used_twice_gets_both_shares():
    grads = probes.gradient("a * b + a", [np.array([3.0]), np.array([4.0])])
    check_close(
        grads,
        [np.array([5.0]), np.array([3.0])],
        "backward of a * b + a with a=3, b=4: the grad of",
        parts=("a", "b"),
    )


def test_constant_is_passed_over():
    grad, none = probes.gradient_beside_a_constant(3.0, 4.0)
    check_close(grad, np.array([5.0]), "backward of a * b + a with a=3 and a constant b=4: the grad of a")
    check(
        none,
        "backward of a * b + a: the constant b has a grad; expected None, since b.requires_grad is False",
    )


def test_leaf_is_its_own_result():
    got = probes.gradient("a", [np.array([1.0, 2.0])], np.array([3.0, 4.0]))
    check_close(
        got, [np.array([3.0, 4.0])], "backward of a leaf x with out_grad [3, 4]: the grad of", parts=("x",)
    )


def test_out_grad_weighs_the_elements():
    a, d = np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0, 100.0])
    grads = probes.gradient("a * a", [a], d)
    check_close(grads, [2 * a * d], "backward of a * a with out_grad [1, 10, 100]: the grad of", parts=("a",))


def test_second_call_replaces_what_the_first_left():
    arrays = [np.array([3.0]), np.array([4.0])]
    grads = probes.gradient("a * b + a", arrays, times=2)
    what = "after backward of a * b + a, called twice, with a=3, b=4: the grad of"
    check_close(grads, [np.array([5.0]), np.array([3.0])], what, parts=("a", "b"))


@pytest.mark.weight(2)
def test_gradient_of_a_gradient():
    for name, values, expected in [("a * a + a * b", [6.0, 0.0], [2.0, 1.0]), ("a ** 4", [2.0], [48.0])]:
        grads = probes.repeated_gradient(name, [np.array([v]) for v in values], 2)
        what = f"after backward of {name} and then of a.grad, with leaves {values}: the grad of"
        check_close(grads, [np.array([v]) for v in expected], what, parts=("a", "b"))


@pytest.mark.weight(2)
@pytest.mark.parametrize("name", SECOND)
@for_all(count=3, seed=SEED)
def test_second_derivatives(name, seed):
    shapes, formula = SECOND[name]
    arrays = drawn(shapes, seed)
    grads = yield ask(probes.repeated_gradient, name, arrays, 2)
    what = f"after backward of {name} and then of {'A' if 'A' in name else 'a'}.grad: the grad of"
    expected = second_slopes(formula, arrays)
    check_close(grads, expected, what, parts=leaves_of(name), relative=1e-6, absolute=1e-6)


def test_graph_may_be_deeper_than_the_stack():
    check_close(
        probes.chain_gradient(2000), np.ones(1), "backward of x + 1 + 1 + ..., 2000 times: the grad of x"
    )


@for_all(count=1, minus=st.lists(st.booleans(), min_size=60, max_size=60))
def test_paths_are_not_walked_one_by_one(minus):
    steps = sums_of_the_last_two(minus)
    got = yield ask(probes.gradients_in_a_graph, steps, [1.0, 1.0], 1.0)
    numbers = [float(np.sum(x)) if isinstance(x, (np.ndarray, float)) else x for x in got]
    what = "gradients of 60 sums, each of the two before it, which 10^12 paths lead through: the grad of leaf"
    expected = [float(carried_forward(steps, [1, 1], leaf)) for leaf in range(2)]
    check_close(numbers, expected, what, parts=("0", "1"))


@pytest.mark.hidden(
    "gradients of further expressions, with powers, logarithms, sums over an axis and batches"
)
@pytest.mark.weight(4)
@for_all(count=20, name=st.sampled_from(list(HIDDEN_EXPRESSIONS)), seed=SEED, weighed=st.booleans())
def test_gradients_of_further_expressions(name, seed, weighed):
    shapes, formula = HIDDEN_EXPRESSIONS[name]
    arrays = drawn(shapes, seed)
    size = np.shape(formula(*arrays))
    out_grad = np.random.default_rng(seed).uniform(-1.0, 1.0, size) if weighed else np.ones(size)
    grads = yield ask(probes.gradient, name, arrays, out_grad)
    expected = slopes(formula, arrays, out_grad)
    check_close(grads, expected, f"backward of {name}: the grad of", parts=leaves_of(name))


@pytest.mark.hidden("in any graph of sums, products and opposites, every leaf gets the sum over all paths")
@pytest.mark.weight(3)
@for_all(count=60, steps=STEPS, values=WHOLE)
def test_gradients_in_any_graph(steps, values):
    steps = in_range(steps, 3)
    got = yield ask(probes.gradients_in_a_graph, steps, values, 2.0)
    what = f"gradients of the last node of {steps} on leaves {values}, with out_grad 2: the grad of leaf"
    numbers = [float(np.sum(x)) if isinstance(x, (np.ndarray, float)) else x for x in got]
    check_close(
        numbers, [2.0 * carried_forward(steps, values, i) for i in range(3)], what, parts=("0", "1", "2")
    )


@pytest.mark.hidden("second derivatives of further expressions")
@pytest.mark.weight(3)
@pytest.mark.parametrize("name", ["(a * b).exp() / b", "a ** b - (a / b).log()", "(a.transpose() @ b) ** 2"])
@for_all(count=2, seed=SEED)
def test_second_derivatives_of_further_expressions(name, seed):
    shapes, formula = (EXPRESSIONS | HIDDEN_EXPRESSIONS)[name]
    arrays = drawn(shapes, seed)
    grads = yield ask(probes.repeated_gradient, name, arrays, 2)
    expected = second_slopes(formula, arrays)
    what = f"after backward of {name} and then of a.grad: the grad of"
    check_close(grads, expected, what, parts=leaves_of(name), relative=1e-5, absolute=1e-5)


@pytest.mark.hidden("the third and the fourth derivative too")
def test_higher_derivatives():
    for times, expected in [(1, 32.0), (2, 48.0), (3, 48.0), (4, 24.0)]:
        grads = probes.repeated_gradient("a ** 4", [np.array([2.0])], times)
        check_close(
            grads,
            [np.array([expected])],
            f"derivative number {times} of a ** 4 at a=2: the grad of",
            parts=("a",),
        )


@pytest.mark.hidden("a chain of 10,000 ops is differentiated without a recursion")
def test_very_deep_graph():
    got = probes.chain_gradient(10_000)
    check_close(got, np.ones(1), "backward of x + 1 + 1 + ..., 10,000 times: the grad of x")
    check_equal(str(got.dtype), "float64", "the type of that grad")
