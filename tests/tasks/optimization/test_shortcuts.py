"""Task 5.4: a constant matrix times a vector as one operator, and hints about what is constant."""

# ruff: noqa: N806  (M is a matrix)

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import (
    Raised,
    ask,
    check,
    check_close,
    check_equal,
    check_raised,
    floats,
    for_all,
    show,
    student_module,
)

pytestmark = [pytest.mark.task5_4, pytest.mark.timeout(20)]

probes = student_module("optimization_probes")

SEED = st.integers(0, 10_000)
SIZE = st.integers(1, 4)
PAIR = st.lists(floats(-2.0, 2.0), min_size=2, max_size=2).map(np.array)


def drawn(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def diagonals(x, y):
    """dz/dx of the expressions, by hand: of one element for another where they differ, and of each for itself."""
    n = len(x)
    return {
        "x * y + x": np.diag(y + 1),
        "(x + y) ** 2 * y": np.diag(2 * (x + y) * y),
        "x / (y * y + 1)": np.diag(1 / (y * y + 1)),
        "a + a * a, a = x * y": np.diag(y + 2 * x * y * y),
        "a * a - a, a = x * y": np.diag(2 * x * y * y - y),
        "x @ y * x": x @ y * np.eye(n) + np.outer(x, y),
        "x[0] * y": np.outer(y, np.eye(n)[0]),
        "y * 3": np.zeros((n, n)),
    }


NAMES = tuple(diagonals(np.ones(2), np.ones(2)))


@for_all(count=30, seed=SEED, m=SIZE, n=SIZE)
def test_product_with_a_vector(seed, m, n):
    M, v = drawn(seed, (m, n), n)
    data, operands, is_v, local, beyond = yield ask(probes.product, M, v)
    what = f"constant_times of a matrix of shape {(m, n)} and a vector"
    check_close(data, M @ v, what)
    check_equal((operands, is_v), (1, True), f"(number of operands, whether the first is v) of {what}")
    check_close(local, M, f"local derivative of {what}")
    check_equal(beyond, 0, f"operands of the local derivative, which is constant, of {what}")


@pytest.mark.weight(2)
@for_all(count=30, seed=SEED, m=SIZE, n=SIZE)
def test_slopes_through_a_product(seed, m, n):
    M, v, w = drawn(seed, (m, n), n, m)
    slope = yield ask(probes.through_product, M, v, w)
    check_close(slope, M.T @ w, f"gradient of w (M v) for v, M of shape {(m, n)}")
    second = yield ask(probes.through_product, M, v, w, squared=True)
    check_close(second, M.T @ M, f"Hessian of 1/2 |M v|^2 for v, M of shape {(m, n)}")


@pytest.mark.weight(2)
def test_product_with_a_large_matrix():
    M, v, w = drawn(0, (500, 300), 300, 500)
    what = "gradient of w (M v) for v, M of shape (500, 300)"
    check_close(probes.through_product(M, v, w), M.T @ w, what)


@pytest.mark.weight(2)
@pytest.mark.parametrize("name", NAMES)
@for_all(count=15, x=PAIR, y=PAIR)
def test_differential_without_hints_is_the_textbooks(name, x, y):
    found = yield ask(probes.derived, "shortcuts", name, x, y)
    check_close(found, diagonals(x, y)[name], f"dz/dx of z = {name} at x={x.tolist()}, y={y.tolist()}")


@pytest.mark.weight(3)
def test_no_local_derivative_for_what_does_not_lead_to_x():
    slope, counts = probes.evaluated("shortcuts", hint=False)
    what = "dy/dx of y = 3 p + 5 q + 11 r, p = 2 x, q = 7 x"
    check_close(slope, np.array(41.0), what)
    check_equal(counts["dy_dr"], 0, f"evaluations of dy/dr, where r does not depend on x, for {what}")
    wanted = {name: counts[name] for name in ("dp_dx", "dq_dx", "dy_dp", "dy_dq")}
    check_equal(wanted, dict.fromkeys(wanted, 1), f"evaluations of the other local derivatives for {what}")


@pytest.mark.weight(3)
def test_a_hint_is_believed_and_spares_the_work():
    slope, counts = probes.evaluated("shortcuts", hint=True)
    what = "dy/dx of y = 3 p + 5 q + 11 r, p = 2 x, q = 7 x, with q named constant,"
    check_close(slope, np.array(6.0), what)
    expected = {"dp_dx": 1, "dq_dx": 0, "dy_dp": 1, "dy_dq": 0, "dy_dr": 0}
    check_equal(counts, expected, f"evaluations of each local derivative for {what}")


@pytest.mark.hidden(
    "several vectors side by side: each column is multiplied, and depends on its own column alone"
)
@pytest.mark.weight(2)
@for_all(count=30, seed=SEED, m=SIZE, n=SIZE, k=SIZE)
def test_product_with_several_vectors(seed, m, n, k):
    M, V = drawn(seed, (m, n), (n, k))
    data, _, _, local, _ = yield ask(probes.product, M, V)
    what = f"constant_times of shapes {(m, n)} and {(n, k)}"
    check_close(data, M @ V, what)
    check_close(local, np.einsum("ij,ab->iajb", M, np.eye(k)), f"local derivative of {what}")


@pytest.mark.hidden("shapes that do not fit are refused with a ValueError")
@pytest.mark.parametrize("shapes", [((2, 3), 2), ((3, 2), (3, 2)), (3, 3), ((2, 3), ())])
def test_shapes_that_do_not_fit(shapes):
    try:
        answer = probes.product(*drawn(0, *shapes))
    except Raised as raised:
        if raised.kind == "NotImplementedError":
            raise
        answer = raised
    check_raised(answer, "ValueError", f"constant_times of shapes {shapes[0]} and {shapes[1]}")


@pytest.mark.hidden("the result can be differentiated again")
@pytest.mark.weight(2)
@for_all(count=30, x=PAIR, y=PAIR)
def test_second_differential(x, y):
    found = yield ask(probes.derived, "shortcuts", "a * a - a, a = x * y", x, y, order=2)
    expected = np.zeros((2, 2, 2))
    expected[[0, 1], [0, 1], [0, 1]] = 2 * y * y
    check_close(found, expected, f"second derivative of a * a - a, a = x y, at {x.tolist()}, {y.tolist()}")


@pytest.mark.hidden(
    "a neuron on 24 samples: equal gradients, half of the local derivatives, a tenth of the elements"
)
@pytest.mark.weight(3)
def test_operator_and_hints_save_work():
    plain, faster = probes.work_of_a_neuron(24, 6)
    check_close(faster[2], plain[2], "gradient of a tanh neuron by constant_times and hints")
    for i, name, share in ((0, "local derivatives evaluated", 2), (1, "array elements computed", 10)):
        most = plain[i] // share
        check(
            faster[i] <= most,
            f"{name} for a tanh neuron: {show(faster[i])}, expected at most {most} (without shortcuts {show(plain[i])})",
        )
