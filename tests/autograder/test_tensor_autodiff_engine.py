"""What tensors promise beyond the graded tests: exact derivatives, depth, no cycles, readable refusals."""

# ruff: noqa: N806  (matrices have capital letters)

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from tensor_autodiff import functional as F  # noqa: N812  (as libraries of this field name it)
from tensor_autodiff import ops
from tensor_autodiff.descent import train
from tensor_autodiff.memory import live_tensors
from tensor_autodiff.op import Op
from tensor_autodiff.softmax import softmax_loss
from tensor_autodiff.tensor import Tensor
from tensor_autodiff.topo_sort import find_topo_sort
from tensor_autodiff.two_layers import nn_epoch

CHAIN = 100_000
STEP, TOLERANCE = 1e-5, 1e-7
RANDOM = np.random.default_rng(7)


def positive(*shape):
    return RANDOM.uniform(0.5, 2.0, shape)


RULES = {
    "add": (F.add, [positive(2, 3), positive(2, 3)]),
    "add_scalar": (lambda a: F.add_scalar(a, 3), [positive(2, 3)]),
    "multiply": (F.multiply, [positive(2, 3), -positive(2, 3)]),
    "mul_scalar": (lambda a: F.mul_scalar(a, -2.5), [positive(2, 3)]),
    "divide": (F.divide, [positive(2, 3), -positive(2, 3)]),
    "divide_scalar": (lambda a: F.divide_scalar(a, -2.5), [positive(2, 3)]),
    "power": (F.power, [positive(2, 3), -positive(2, 3)]),
    "power_scalar": (lambda a: F.power_scalar(a, -1.5), [positive(2, 3)]),
    "matmul": (F.matmul, [positive(2, 3), positive(3, 4)]),
    "matmul, batches": (F.matmul, [positive(5, 2, 3), positive(5, 3, 2)]),
    "matmul, batches broadcast": (F.matmul, [positive(4, 1, 2, 3), positive(5, 3, 2)]),
    "matmul, one matrix for all": (F.matmul, [positive(5, 2, 3), positive(3, 2)]),
    "summation": (F.summation, [positive(2, 3, 4)]),
    "summation, one axis": (lambda a: F.summation(a, -2), [positive(2, 3, 4)]),
    "summation, axes": (lambda a: F.summation(a, (0, -1)), [positive(2, 3, 4)]),
    "summation, no axis": (lambda a: F.summation(a, ()), [positive(2, 3)]),
    "broadcast_to": (lambda a: F.broadcast_to(a, (4, 2, 3)), [positive(2, 1)]),
    "reshape": (lambda a: F.reshape(a, (4, 3)), [positive(2, 6)]),
    "reshape, a size left open": (lambda a: F.reshape(a, (-1,)), [positive(2, 6)]),
    "negate": (F.negate, [positive(2, 3)]),
    "transpose": (F.transpose, [positive(2, 3, 4)]),
    "transpose, axes": (lambda a: F.transpose(a, (0, -1)), [positive(2, 3, 4)]),
    "log": (F.log, [positive(2, 3)]),
    "exp": (F.exp, [positive(2, 3)]),
    "relu": (F.relu, [positive(2, 3) * [[1, -1, 1], [-1, 1, -1]]]),
    "reflected": (lambda a: (2 - a) * (3 / a) + 1 + 4 * a, [positive(2, 3)]),
    "softmax_loss": (lambda z: softmax_loss(z, Tensor(np.eye(4)[[0, 3, 1]])), [positive(3, 4)]),
}


@pytest.mark.parametrize("name", RULES)
def test_derivatives_agree_with_central_differences(name):
    function, arrays = RULES[name]
    leaves = [Tensor(array) for array in arrays]
    out = function(*leaves)
    weights = np.random.default_rng(1).normal(size=out.shape)
    out.backward(Tensor(weights))
    for number, array in enumerate(arrays):
        slope = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            sides = []
            for side in (STEP, -STEP):
                moved = [a.copy() for a in arrays]
                moved[number][index] += side
                sides.append(np.sum(weights * function(*map(Tensor, moved)).numpy()))
            slope[index] = (sides[0] - sides[1]) / (2 * STEP)
        np.testing.assert_allclose(leaves[number].grad.numpy(), slope, rtol=TOLERANCE, atol=TOLERANCE)


def test_forward_and_backward_of_an_op_are_methods_of_one_class():
    for name in "EWiseDiv DivScalar EWisePow PowerScalar MatMul Summation BroadcastTo Reshape".split():
        op = getattr(ops, name)
        assert issubclass(op, Op)
        assert "compute" in vars(op)
        assert op.gradient.__qualname__ == f"{name}Gradient.gradient"


def test_a_chain_of_100_000_ops_is_sorted_differentiated_and_freed_without_recursion():
    x = y = Tensor([1.0])
    for _ in range(CHAIN):
        y = y + x
    order = find_topo_sort([y])
    assert (len(order), order[0], order[-1]) == (CHAIN + 1, x, y)
    y.backward()
    assert x.grad.numpy() == [CHAIN + 1.0]
    del order, y
    x.grad = None
    assert x.numpy() == [1.0]


def test_a_dropped_graph_is_freed_at_once_without_the_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        x = Tensor([2.0])
        y = (x * x + 1).exp() / x
        y.backward()
        watches = [weakref.ref(node) for node in (x.grad, *find_topo_sort([y]))]
        del y
        x.grad = None
        del x
        assert [watch() for watch in watches] == [None] * len(watches)
    finally:
        gc.enable()


def test_an_epoch_and_a_training_leave_no_garbage():
    draw = np.random.default_rng(0)
    X, y = draw.normal(size=(40, 5)), draw.integers(3, size=40)
    W1, W2 = Tensor(draw.normal(size=(5, 4))), Tensor(draw.normal(size=(4, 3)))
    gc.collect()
    gc.disable()
    try:
        before = sum(type(x) is Tensor for x in gc.get_objects())
        W1, W2 = nn_epoch(X, y, W1, W2, batch=5)
        train(lambda w: (w * w).sum(), [W2], 0.1, 5)
        assert sum(type(x) is Tensor for x in gc.get_objects()) == before
    finally:
        gc.enable()


def test_live_tensors_counts_what_is_held():
    before = live_tensors()
    x = Tensor([1.0])
    y = x * 2 + 1
    assert live_tensors() - before == 3
    y = y.detach()
    assert live_tensors() - before == 2
    assert y.numpy() == [3.0]


def test_numbers_become_floats_of_a_fitting_precision():
    found = {str(Tensor(array).dtype) for array in (1, [1, 2], np.arange(3), 1.5, np.ones(2))}
    assert found == {"float64"}
    small = (np.ones(2, np.float32), np.ones(2, np.uint8), np.ones(2, bool), np.ones(2, np.float16))
    assert {str(Tensor(array).dtype) for array in small} == {"float32"}
    assert Tensor([1.0], dtype="float32").dtype == np.float32
    assert (Tensor(np.ones(2, np.float32)) * np.float64(0.5)).dtype == np.float32


def test_a_leaf_has_numbers_of_its_own():
    array = np.ones(2)
    x = Tensor(array)
    array[0] = 5.0
    assert x.numpy().tolist() == [1.0, 1.0]
    assert Tensor(x).numpy() is not x.numpy()
    assert x.detach().numpy() is x.numpy()


def test_what_is_computed_from_constants_is_a_constant():
    x = Tensor([1.0], requires_grad=False) * 3 + 1
    assert x.is_leaf()
    assert not x.requires_grad
    with pytest.raises(ValueError, match="backward of a constant"):
        x.backward()


def test_numpy_s_numbers_on_the_left_leave_the_operation_to_the_tensor():
    x = Tensor([1.0, 2.0])
    assert (np.float64(2.0) * x).numpy().tolist() == [2.0, 4.0]
    assert (np.float64(4.0) / x).numpy().tolist() == [4.0, 2.0]


def test_data_replaces_the_numbers_and_nothing_else():
    w = Tensor([1.0, 2.0])
    w.data = w.data - 0.5 * Tensor([2.0, 2.0])
    assert (w.numpy().tolist(), w.is_leaf(), w.requires_grad) == ([0.0, 1.0], True, True)
    for wrong in (Tensor([1.0]), 3.0):
        with pytest.raises(ValueError, match=r"data of shape \(2,\) cannot become"):
            w.data = wrong


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: Tensor([1.0, 2.0]) + Tensor([1.0]),
            ValueError,
            r"EWiseAdd: shapes \(2,\) and \(1,\) differ; use",
        ),
        (lambda: Tensor([1.0]).backward(Tensor([1.0, 2.0])), ValueError, r"out_grad has shape \(2,\)"),
        (lambda: Tensor([[1.0]]).sum(axes=2), np.exceptions.AxisError, "out of bounds"),
        (lambda: Tensor([1.0]) * [1.0], TypeError, "a real number, not 'list'"),
    ],
)
def test_what_has_no_value_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_a_compute_that_returns_nothing_is_named():
    class Silent(ops.Negate):
        def compute(self, a):
            pass

    with pytest.raises(TypeError, match=r"Silent.compute returned None \(is a return missing\?\)"):
        Silent()(Tensor([1.0]))


def test_a_tensor_prints_readably():
    assert repr(Tensor([[1, 2.5]])) == "Tensor([[1. , 2.5]])"
    assert str(Tensor(3)) == "3.0"
