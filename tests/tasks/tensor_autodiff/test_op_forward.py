"""Task 4.1: what each op computes is what numpy's formula gives, for every shape it takes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check, check_close, check_equal, for_all, student_module

pytestmark = [pytest.mark.task4_1, pytest.mark.forward, pytest.mark.timeout(20)]

probes = student_module("tensor_autodiff_probes")

# Of each op: the shapes of its tensors, what it is made with, and what numpy says.
CASES = {
    "EWiseDiv": [(((2, 3), (2, 3)), (), lambda a, b: a / b)],
    "DivScalar": [(((2, 3),), (4.0,), lambda a: a / 4.0)],
    "EWisePow": [(((2, 3), (2, 3)), (), lambda a, b: a**b)],
    "PowerScalar": [(((2, 3),), (3,), lambda a: a**3), (((4,),), (-0.5,), lambda a: a**-0.5)],
    "MatMul": [
        (((2, 3), (3, 4)), (), lambda a, b: a @ b),
        (((5, 2, 3), (5, 3, 2)), (), lambda a, b: a @ b),
        (((2, 3), (5, 3, 2)), (), lambda a, b: a @ b),
    ],
    "Summation": [
        (((2, 3, 4),), (), lambda a: a.sum()),
        (((2, 3, 4),), (1,), lambda a: a.sum(axis=1)),
        (((2, 3, 4),), ((0, 2),), lambda a: a.sum(axis=(0, 2))),
    ],
    "BroadcastTo": [
        (((1, 3),), ((3, 3, 3),), lambda a: np.broadcast_to(a, (3, 3, 3))),
        (((2, 1),), ((2, 4),), lambda a: np.broadcast_to(a, (2, 4))),
    ],
    "Reshape": [
        (((2, 6),), ((3, 4),), lambda a: a.reshape(3, 4)),
        (((2, 6),), (12,), lambda a: a.reshape(12)),
    ],
    "Negate": [(((2, 3),), (), lambda a: -a)],
    "Transpose": [
        (((2, 3),), (), lambda a: a.T),
        (((2, 3, 4),), (), lambda a: np.swapaxes(a, 1, 2)),
        (((2, 3, 4),), ((0, 2),), lambda a: np.swapaxes(a, 0, 2)),
    ],
    "Log": [(((2, 3),), (), np.log)],
    "Exp": [(((2, 3),), (), np.exp)],
    "ReLU": [(((2, 3),), (), lambda a: np.where(a > 0, a, 0.0))],
}
HIDDEN_CASES = {
    "EWiseDiv": [(((), ()), (), lambda a, b: a / b), (((2, 1, 3),) * 2, (), lambda a, b: a / b)],
    "PowerScalar": [(((2, 2),), (0,), lambda a: a**0), (((2, 2),), (1.5,), lambda a: a**1.5)],
    "MatMul": [
        (((2, 1, 2, 3), (1, 4, 3, 2)), (), lambda a, b: a @ b),
        (((1, 3), (3, 1)), (), lambda a, b: a @ b),
    ],
    "Summation": [
        (((2, 3, 4),), (-1,), lambda a: a.sum(axis=-1)),
        (((2, 3, 4),), ((-3, 1),), lambda a: a.sum(axis=(0, 1))),
        (((2, 3, 4),), (0,), lambda a: a.sum(axis=0)),
        (((),), (), lambda a: a),
    ],
    "BroadcastTo": [
        (((),), ((2, 3),), lambda a: np.broadcast_to(a, (2, 3))),
        (((1, 2, 1),), ((3, 4, 2, 2),), lambda a: np.broadcast_to(a, (3, 4, 2, 2))),
        (((3,),), ((2, 3),), lambda a: np.broadcast_to(a, (2, 3))),
    ],
    "Reshape": [
        (((1,),), ((),), lambda a: a.reshape(())),
        (((2, 3),), ((3, 1, 2),), lambda a: a.reshape(3, 1, 2)),
    ],
    "Transpose": [
        (((2, 3, 4),), ((1, 0),), lambda a: np.swapaxes(a, 0, 1)),
        (((2, 3, 4),), ((-1, 0),), lambda a: np.swapaxes(a, 0, 2)),
        (((2, 3, 4, 2),), ((1, 2),), lambda a: np.swapaxes(a, 1, 2)),
    ],
}
POSITIVE = {"Log", "EWisePow", "PowerScalar"}
SEED = st.integers(0, 2**32 - 1)

OPERATORS = {
    "a / b": lambda a, b: a / b,
    "a / 4": lambda a: a / 4,
    "2 / a": lambda a: 2 / a,
    "a - b": lambda a, b: a - b,
    "a ** 3": lambda a: a**3,
}


def drawn(op, shapes, seed):
    """Arrays of numbers from 0.5 to 2, for most ops of either sign."""
    random = np.random.default_rng(seed)
    arrays = [np.array(random.uniform(0.5, 2.0, shape)) for shape in shapes]
    return arrays if op in POSITIVE else [np.array(a * random.choice([-1.0, 1.0], a.shape)) for a in arrays]


def written(op, shapes, settings):
    made = f"{op}({', '.join(map(str, settings))})"
    return f"{made} of tensors of shape {' and '.join(map(str, shapes))}"


@pytest.mark.parametrize("op", CASES)
@for_all(count=20, seed=SEED)
def test_op(op, seed):
    for shapes, settings, formula in CASES[op]:
        arrays = drawn(op, shapes, seed)
        array, _ = yield ask(probes.forward, op, arrays, *settings)
        check_close(array, np.asarray(formula(*arrays)), written(op, shapes, settings))


def test_worked_numbers():
    a, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[2.0, 4.0], [8.0, 16.0]])
    for name, arrays, expected in [
        ("a / b", [a, b], [[0.5, 0.5], [0.375, 0.25]]),
        ("a / 4", [a], [[0.25, 0.5], [0.75, 1.0]]),
        ("a ** 3", [a], [[1.0, 8.0], [27.0, 64.0]]),
        ("a @ b", [a, b], [[18.0, 36.0], [38.0, 76.0]]),
        ("2 / a", [a], [[2.0, 1.0], [2 / 3, 0.5]]),
    ]:
        what = f"{name} with a = [[1, 2], [3, 4]]" + (", b = [[2, 4], [8, 16]]" if "b" in name else "")
        check_close(probes.expression(name, arrays), np.array(expected), what)


def test_transpose_swaps_two_axes_and_leaves_the_others():
    a = np.arange(24.0).reshape(2, 3, 4)
    for axes, shape in [(None, (2, 4, 3)), ((0, 1), (3, 2, 4)), ((0, 2), (4, 3, 2))]:
        expected = np.swapaxes(a, *(axes or (1, 2)))
        check_equal(expected.shape, shape, "the expected shape")
        what = f"Transpose({axes}) of a tensor of shape (2, 3, 4)"
        check_close(probes.forward("Transpose", [a], axes)[0], expected, what)


@pytest.mark.parametrize("name", OPERATORS)
@for_all(count=20, seed=SEED)
def test_operator_of_tensors(name, seed):
    arrays = drawn(name, [(2, 3)] * (2 if "b" in name else 1), seed)
    array = yield ask(probes.expression, name, arrays)
    check_close(array, OPERATORS[name](*arrays), f"{name} with {arrays}")


@pytest.mark.hidden(
    "every op takes tensors of any number of axes, none included, and axes counted from the end"
)
@pytest.mark.weight(4)
@for_all(count=20, op=st.sampled_from(list(HIDDEN_CASES)), seed=SEED)
def test_op_on_other_shapes(op, seed):
    for shapes, settings, formula in HIDDEN_CASES[op]:
        arrays = drawn(op, shapes, seed)
        array, _ = yield ask(probes.forward, op, arrays, *settings)
        check_close(array, np.asarray(formula(*arrays)), written(op, shapes, settings))


@pytest.mark.hidden("relu is 0 at 0 and below, and the number itself above")
def test_relu_around_zero():
    a = np.array([-1e300, -1e-12, 0.0, 1e-12, 1e300])
    expected = np.array([0.0, 0.0, 0.0, 1e-12, 1e300])
    check_close(
        probes.forward("ReLU", [a])[0], expected, "relu of [-1e300, -1e-12, 0, 1e-12, 1e300]", absolute=1e-15
    )


@pytest.mark.hidden("an op on float32 gives float32: a network trains in the precision it was given")
def test_precision_stays():
    for op, cases in CASES.items():
        for shapes, settings, _ in cases:
            arrays = [array.astype(np.float32) for array in drawn(op, shapes, 3)]
            array, _ = probes.forward(op, arrays, *settings)
            check_equal(
                str(getattr(array, "dtype", array)), "float32", f"the type of {written(op, shapes, settings)}"
            )


@pytest.mark.hidden("compute changes none of the arrays that it is given")
def test_inputs_stay_as_they_are():
    for op, cases in CASES.items():
        for shapes, settings, formula in cases:
            arrays = drawn(op, shapes, 5)
            result, afterwards = probes.forward(op, arrays, *settings)
            check_close(
                np.asarray(result),
                np.asarray(formula(*arrays)),
                f"compute of {written(op, shapes, settings)}",
            )
            same = all(np.array_equal(a, b) for a, b in zip(arrays, afterwards, strict=True))
            check(same, f"compute of {written(op, shapes, settings)} changed an array that it was given")
