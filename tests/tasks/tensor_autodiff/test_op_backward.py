"""Task 4.2: each op's gradient is the product of `out_grad` with the derivatives of numpy's formula.

What is expected is computed without any rule: a step of 1e-30 along the imaginary axis moves a formula by 1e-30
times its derivative, to the last digit (Squire and Trapp, SIAM Review 40(1), 1998).
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check_close, check_equal, for_all, student_module

pytestmark = [pytest.mark.task4_2, pytest.mark.backward, pytest.mark.timeout(20)]

probes = student_module("tensor_autodiff_probes")

# Of each op: the shapes of its tensors, what it is made with, and numpy's formula.
CASES = {
    "EWiseDiv": [(((2, 3), (2, 3)), (), lambda a, b: a / b)],
    "DivScalar": [(((2, 3),), (4.0,), lambda a: a / 4.0)],
    "EWisePow": [(((2, 3), (2, 3)), (), lambda a, b: a**b)],
    "PowerScalar": [(((2, 3),), (3,), lambda a: a**3), (((4,),), (-0.5,), lambda a: a**-0.5)],
    "MatMul": [(((2, 3), (3, 4)), (), lambda a, b: a @ b), (((5, 2, 3), (5, 3, 2)), (), lambda a, b: a @ b)],
    "Summation": [
        (((2, 3, 4),), (), lambda a: a.sum()),
        (((3, 3, 3),), (1,), lambda a: a.sum(axis=1)),
        (((2, 3, 4),), ((0, 2),), lambda a: a.sum(axis=(0, 2))),
    ],
    "BroadcastTo": [
        (((3,),), ((3, 3),), lambda a: a + np.zeros((3, 3))),
        (((3, 1),), ((3, 3),), lambda a: a + np.zeros((3, 3))),
        (((1, 3),), ((3, 3, 3),), lambda a: a + np.zeros((3, 3, 3))),
    ],
    "Reshape": [(((2, 6),), ((3, 4),), lambda a: a.reshape(3, 4))],
    "Negate": [(((2, 3),), (), lambda a: -a)],
    "Transpose": [
        (((2, 3),), (), lambda a: a.T),
        (((3, 3, 3),), (), lambda a: np.swapaxes(a, 1, 2)),
        (((3, 3, 3),), ((0, 2),), lambda a: np.swapaxes(a, 0, 2)),
    ],
    "Log": [(((2, 3),), (), np.log)],
    "Exp": [(((2, 3),), (), np.exp)],
    "ReLU": [(((2, 3),), (), lambda a: np.where(a.real > 0, a, 0.0))],
}
BATCHES = [((2, 3), (5, 3, 2)), ((5, 2, 3), (3, 2)), ((1, 2, 3), (5, 3, 2))]
HIDDEN_CASES = {
    "EWiseDiv": [(((), ()), (), lambda a, b: a / b)],
    "PowerScalar": [(((2, 2),), (1,), lambda a: a), (((2, 2),), (-2,), lambda a: a**-2)],
    "MatMul": [
        (((2, 1, 2, 3), (1, 4, 3, 2)), (), lambda a, b: a @ b),
        (((4, 2, 3), (2, 1, 3, 2)), (), lambda a, b: a @ b),
    ],
    "Summation": [
        (((2, 3, 4),), (-1,), lambda a: a.sum(axis=-1)),
        (((3, 3, 3),), ((-3, 1),), lambda a: a.sum(axis=(0, 1))),
        (((3, 3),), (0,), lambda a: a.sum(axis=0)),
        (((),), (), lambda a: a),
    ],
    "BroadcastTo": [
        (((),), ((2, 3),), lambda a: a + np.zeros((2, 3))),
        (((1, 2, 1),), ((3, 4, 2, 2),), lambda a: a + np.zeros((3, 4, 2, 2))),
        (((2, 3),), ((2, 3),), lambda a: a + 0.0),
    ],
    "Reshape": [
        (((1,),), ((),), lambda a: a.reshape(())),
        (((2, 3),), ((3, 1, 2),), lambda a: a.reshape(3, 1, 2)),
    ],
    "Transpose": [
        (((2, 3, 4),), ((-1, 0),), lambda a: np.swapaxes(a, 0, 2)),
        (((2, 3, 4, 2),), ((1, 2),), lambda a: np.swapaxes(a, 1, 2)),
    ],
}
CURVED = ["EWiseDiv", "EWisePow", "PowerScalar", "MatMul", "Log", "Exp"]
POSITIVE = {"Log", "EWisePow", "PowerScalar"}
SEED = st.integers(0, 2**32 - 1)


def drawn(op, shapes, formula, seed):
    """Arrays of numbers from 0.5 to 2, for most ops of either sign, and what arrives at the result."""
    random = np.random.default_rng(seed)
    arrays = [np.array(random.uniform(0.5, 2.0, shape)) for shape in shapes]
    if op not in POSITIVE:
        arrays = [np.array(a * random.choice([-1.0, 1.0], a.shape)) for a in arrays]
    return arrays, np.array(random.uniform(-2.0, 2.0, np.shape(formula(*arrays))))


def received(formula, arrays, out_grad):
    """What each array receives of `out_grad`: the derivatives of the sum of out_grad * formula(arrays)."""
    shares = []
    for number, array in enumerate(arrays):
        share = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            moved = array.astype(complex)
            moved[index] += 1e-30j
            result = formula(*arrays[:number], moved, *arrays[number + 1 :])
            share[index] = np.sum(out_grad * np.imag(result)) / 1e-30
        shares.append(share)
    return shares


def check_shares(shares, expected, op, shapes, settings):
    made = f"{op}({', '.join(map(str, settings))})"
    what = f"gradient of {made} of tensors of shape {' and '.join(map(str, shapes))}: what the tensor"
    check_close(shares, expected, what, parts=("a receives", "b receives"))


def questions(op, cases, seed):
    """Ask for the gradient in each case and check it."""
    for shapes, settings, formula in cases:
        arrays, out_grad = drawn(op, shapes, formula, seed)
        shares, _ = yield ask(probes.backward, op, arrays, out_grad, *settings)
        check_shares(shares, received(formula, arrays, out_grad), op, shapes, settings)


@pytest.mark.weight(2)
@pytest.mark.parametrize("op", CASES)
@for_all(count=8, seed=SEED)
def test_gradient_of_an_op(op, seed):
    yield from questions(op, CASES[op], seed)


def test_gradients_of_worked_numbers():
    ones, d = np.ones((2, 2)), np.array([[1.0, 10.0], [100.0, 1000.0]])
    a, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[2.0, 4.0], [8.0, 16.0]])
    for op, arrays, out_grad, expected in [
        ("EWiseDiv", [a, b], ones, [1 / b, -a / b**2]),
        ("MatMul", [a, b], d, [d @ b.T, a.T @ d]),
        ("Negate", [a], d, [-d]),
        ("Transpose", [a], d, [d.T]),
        ("ReLU", [a - 2.5], d, [np.array([[0.0, 0.0], [100.0, 1000.0]])]),
    ]:
        check_shares(probes.backward(op, arrays, out_grad)[0], expected, op, [(2, 2)] * len(arrays), ())


def test_sum_gives_every_element_what_arrived_at_the_sum():
    a, d = np.ones((2, 3)), np.array([10.0, 20.0])
    expected = np.array([[10.0, 10.0, 10.0], [20.0, 20.0, 20.0]])
    check_shares(probes.backward("Summation", [a], d, 1)[0], [expected], "Summation", [(2, 3)], (1,))


def test_broadcast_collects_from_every_repetition():
    a, d = np.ones((2, 1)), np.array([[1.0, 10.0, 100.0], [2.0, 20.0, 200.0]])
    shares, _ = probes.backward("BroadcastTo", [a], d, (2, 3))
    check_shares(shares, [np.array([[111.0], [222.0]])], "BroadcastTo", [(2, 1)], ((2, 3),))


@pytest.mark.weight(2)
@pytest.mark.parametrize("shapes", BATCHES, ids=str)
@for_all(count=8, seed=SEED)
def test_gradient_of_matmul_whose_batches_broadcast(shapes, seed):
    yield from questions("MatMul", [(shapes, (), np.matmul)], seed)


@for_all(count=20, seed=SEED, shape=st.sampled_from([(3,), (1, 3), (2, 1), (1, 1), (2, 3), ()]))
def test_sum_to_shape_collects_what_was_repeated(seed, shape):
    d = np.random.default_rng(seed).uniform(-2.0, 2.0, (4, 2, 3))
    got = yield ask(probes.summed, d, shape)
    expected = received(lambda a: a + np.zeros(d.shape), [np.zeros(shape)], d)[0]
    check_close(got, expected, f"sum_to_shape of a tensor of shape {d.shape} to {shape}")


@pytest.mark.hidden("gradients of ops on any number of axes, none included, and of axes counted from the end")
@pytest.mark.weight(6)
@for_all(count=20, op=st.sampled_from(list(HIDDEN_CASES)), seed=SEED)
def test_gradient_on_other_shapes(op, seed):
    yield from questions(op, HIDDEN_CASES[op], seed)


@pytest.mark.hidden("relu passes nothing on at 0 and below, and everything above")
def test_gradient_of_relu_around_zero():
    a, d = np.array([-2.0, -1e-12, 0.0, 1e-12, 2.0]), np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    expected = np.array([0.0, 0.0, 0.0, 4.0, 5.0])
    check_shares(probes.backward("ReLU", [a], d)[0], [expected], "ReLU", [(5,)], ())


@pytest.mark.hidden("the power 0 is flat, at 0 too; the square and the cube are flat at 0")
def test_gradient_of_powers_at_zero():
    a, d = np.array([0.0, 2.0]), np.array([3.0, 5.0])
    for n, expected in [(0, [0.0, 0.0]), (1, [3.0, 5.0]), (2, [0.0, 20.0]), (3, [0.0, 60.0])]:
        check_shares(
            probes.backward("PowerScalar", [a], d, n)[0], [np.array(expected)], "PowerScalar", [(2,)], (n,)
        )


@pytest.mark.hidden(
    "a gradient that depends on the inputs remembers them, so that it can be differentiated again"
)
@pytest.mark.weight(3)
@pytest.mark.parametrize("op", CURVED)
def test_gradient_is_computed_with_tensors(op):
    shapes, settings, formula = CASES[op][0]
    arrays, out_grad = drawn(op, shapes, formula, 1)
    _, shares = probes.backward(op, arrays, out_grad, *settings)
    what = f"whether each share of the gradient of {op} remembers what it was computed from"
    check_equal(shares, [True] * len(arrays), what)


@pytest.mark.hidden("in float32, gradients are float32")
def test_gradients_keep_the_precision():
    for op, cases in CASES.items():
        shapes, settings, formula = cases[0]
        arrays, out_grad = drawn(op, shapes, formula, 2)
        small = [array.astype(np.float32) for array in (*arrays, out_grad)]
        shares, _ = probes.backward(op, small[:-1], small[-1], *settings)
        types = [str(getattr(share, "dtype", share)) for share in shares]
        check_equal(types, ["float32"] * len(arrays), f"the types of the gradient of {op} in float32")
