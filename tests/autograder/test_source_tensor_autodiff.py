"""The source's interface, called the way its homework calls it: through a package `ndl` of nothing but re-exports.

What is asserted follows from the document's list of what is implemented, and from its two remarks.
"""

# ruff: noqa: N803  (matrices have capital letters)

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from source_needle import OPS, gradient_check, ndl, randn
from tensor_autodiff import memory

from autograder.registry import find_course

ROOT = Path(__file__).parents[2]
SELECTIONS = {
    "forward": "test_op_forward.py",
    "backward": "test_op_backward.py",
    "topo_sort": "test_topo_sort.py",
    "compute_gradient": "test_compute_gradient.py",
    "softmax_loss": "test_softmax_loss_ndl.py",
    "softmax_loss_ndl": "test_softmax_loss_ndl.py",
    "nn_epoch": "test_nn_epoch_ndl.py",
    "nn_epoch_ndl": "test_nn_epoch_ndl.py",
}

# One process for all: pytest and what it imports take a second.
COLLECT = """
import contextlib, io, json, sys, pytest

class Files:
    def pytest_collection_finish(self, session):
        found.append(sorted({item.path.name for item in session.items}))

found = []
for words in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["--collect-only", "-q", *words], plugins=[Files()])
print(json.dumps(found))
"""


def test_every_op_of_the_document_s_list_has_a_class_a_function_and_both_halves():
    for name in OPS:
        made = getattr(ndl.ops, name)
        assert issubclass(made, ndl.autograd.TensorOp)
        assert callable(made.compute)
        assert callable(made.gradient)
    assert isinstance(ndl.divide(ndl.Tensor([1.0]), ndl.Tensor([2.0])).op, ndl.ops.EWiseDiv)
    assert isinstance(ndl.Tensor([1.0]), ndl.autograd.Value)


def test_forward_computations():
    a, b = randn(5, 4), 5 + np.abs(randn(5, 4, seed=1))
    x, y, deep = ndl.Tensor(a), ndl.Tensor(b), ndl.Tensor(randn(3, 3, 5))
    pairs = [
        (ndl.divide(x, y), a / b),
        (ndl.divide_scalar(x, scalar=12), a / 12),
        (ndl.power_scalar(y, scalar=2), b**2),
        (ndl.power(y, x), b**a),
        (ndl.matmul(x, ndl.Tensor(b.T)), a @ b.T),
        (ndl.summation(x), a.sum()),
        (ndl.summation(x, axes=1), a.sum(axis=1)),
        (ndl.summation(deep, axes=(0, 2)), randn(3, 3, 5).sum(axis=(0, 2))),
        (
            ndl.broadcast_to(ndl.Tensor([[1.85, 0.85, 0.6]]), shape=(3, 3, 3)),
            np.tile([1.85, 0.85, 0.6], (3, 3, 1)),
        ),
        (ndl.reshape(x, shape=(20,)), a.reshape(20)),
        (ndl.negate(x), -a),
        (ndl.transpose(deep, axes=(1, 2)), np.swapaxes(randn(3, 3, 5), 1, 2)),
        (ndl.transpose(deep, axes=(0, 1)), np.swapaxes(randn(3, 3, 5), 0, 1)),
        (ndl.transpose(deep), np.swapaxes(randn(3, 3, 5), 1, 2)),
        (ndl.log(y), np.log(b)),
        (ndl.exp(x), np.exp(a)),
        (ndl.relu(x), np.maximum(a, 0)),
    ]
    for got, expected in pairs:
        np.testing.assert_allclose(got.numpy(), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("f", "shapes", "settings"),
    [
        (ndl.divide, [(5, 4), (5, 4)], {}),
        (ndl.divide_scalar, [(5, 4)], {"scalar": 3}),
        (ndl.power_scalar, [(5, 4)], {"scalar": 3}),
        (ndl.matmul, [(5, 4), (4, 5)], {}),
        (ndl.matmul, [(6, 6, 5, 4), (6, 6, 4, 3)], {}),
        (ndl.matmul, [(6, 6, 5, 4), (4, 3)], {}),
        (ndl.matmul, [(5, 4), (6, 6, 4, 3)], {}),
        (ndl.reshape, [(5, 4)], {"shape": (4, 5)}),
        (ndl.negate, [(5, 4)], {}),
        (ndl.transpose, [(3, 5, 4)], {"axes": (1, 2)}),
        (ndl.transpose, [(3, 5, 4)], {"axes": (0, 1)}),
        (ndl.broadcast_to, [(3, 1)], {"shape": (3, 3)}),
        (ndl.broadcast_to, [(1, 3)], {"shape": (3, 3)}),
        (ndl.broadcast_to, [(1,)], {"shape": (3, 3, 3)}),
        (ndl.broadcast_to, [()], {"shape": (3, 3, 3)}),
        (ndl.broadcast_to, [(5, 4, 1)], {"shape": (5, 4, 3)}),
        (ndl.summation, [(5, 4)], {"axes": (1,)}),
        (ndl.summation, [(5, 4)], {"axes": (0,)}),
        (ndl.summation, [(5, 4)], {"axes": (0, 1)}),
        (ndl.summation, [(5, 4, 1)], {"axes": (0, 1)}),
    ],
)
def test_backward_computations(f, shapes, settings):
    arrays = [ndl.Tensor(randn(*shape, seed=i) + 5 * i) for i, shape in enumerate(shapes)]
    gradient_check(f, *arrays, tol=1e-4, **settings)


@pytest.mark.parametrize("f", [ndl.log, ndl.exp, ndl.relu])
def test_backward_of_functions_of_one_tensor(f):
    gradient_check(f, ndl.Tensor(0.5 + np.abs(randn(5, 4))), tol=1e-4)


def test_topological_sort_is_a_post_order_depth_first_search():
    a, b = ndl.Tensor(np.asarray([[0.88]])), ndl.Tensor(np.asarray([[0.9]]))
    c = 3 * a * a + 4 * b * a - a
    numbers = [float(x.numpy().squeeze()) for x in ndl.autograd.find_topo_sort([c])]
    first, second = 3 * 0.88, 4 * 0.9
    expected = [0.88, first, first * 0.88, 0.9, second, second * 0.88, first * 0.88 + second * 0.88, -0.88]
    np.testing.assert_allclose(numbers, [*expected, expected[6] - 0.88], rtol=1e-12)

    e = (a @ b + b @ a) @ (a @ a)
    order = ndl.autograd.find_topo_sort([e])
    assert order[:3] == [a, b, order[2]]
    assert order[-1] is e
    assert len(order) == len(set(order)) == 7


def test_reverse_mode_and_gradients_of_gradients():
    gradient_check(
        lambda A, B, C: ndl.summation((A @ B + C) * (A @ B), axes=None),
        *(ndl.Tensor(randn(*shape, seed=i)) for i, shape in enumerate([(10, 9), (9, 8), (10, 8)])),
        backward=True, tol=1e-4,
    )  # fmt: skip
    gradient_check(
        lambda A, B: ndl.summation(ndl.broadcast_to(A, shape=(10, 9)) * B, axes=None),
        ndl.Tensor(randn(10, 1)), ndl.Tensor(randn(10, 9)), backward=True, tol=1e-4,
    )  # fmt: skip
    gradient_check(
        lambda A, B, C: ndl.summation(ndl.reshape(A, shape=(10, 10)) @ B / 5 + C, axes=None),
        ndl.Tensor(randn(100)), ndl.Tensor(randn(10, 5)), ndl.Tensor(randn(10, 5)), backward=True, tol=1e-4,
    )  # fmt: skip
    x, z = ndl.Tensor([6]), ndl.Tensor([0])
    y = x * x + x * z
    y.backward()
    grad_x, grad_z = x.grad, z.grad
    grad_x.backward()
    assert (y.numpy(), grad_x.numpy(), grad_z.numpy()) == (36, 12, 6)
    assert (x.grad.numpy(), z.grad.numpy()) == (2, 1)


def test_compute_gradient_of_variables_is_what_backward_calls():
    x = ndl.Tensor([1.0, 2.0])
    ndl.autograd.compute_gradient_of_variables(x * x, ndl.Tensor([1.0, 10.0]))
    assert x.grad.numpy().tolist() == [2.0, 40.0]


def test_the_document_s_remarks_on_sum_and_reshape():
    x = ndl.Tensor([1.0, 2.0, 3.0])
    x.sum().backward()
    assert x.grad.numpy().tolist() == [1.0, 1.0, 1.0]
    x = ndl.Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    x.reshape((6, 1)).backward()
    assert x.grad.numpy().tolist() == [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]


def test_the_document_s_remark_on_memory_a_loop_without_detach_keeps_every_stage():
    def growth(kept):
        total, x = 0.0, ndl.Tensor([1.0])
        before = memory.live_tensors()
        for _ in range(20):
            total = total + kept(x * 2)
        return memory.live_tensors() - before

    assert growth(lambda loss: loss.detach()) <= 1
    assert growth(lambda loss: loss) >= 40


def test_the_document_s_selections_pick_exactly_one_task_s_tests():
    found = selected([["-k", words, "tests/tasks/tensor_autodiff"] for words in SELECTIONS])
    assert found == [[file] for file in SELECTIONS.values()]


def test_the_same_words_are_marks_in_the_whole_course():
    assignment = find_course(Path(__file__)).assignment("tensor_autodiff")
    marks = {task.id: task.aliases for task in assignment.tasks if task.id != "task4_7"}
    assert list(marks.values()) == [(word,) for word in SELECTIONS if not word.endswith("_ndl")]
    assert selected([["-m", "backward", "tests/tasks"]]) == [["test_op_backward.py"]]


def selected(selections):
    """For each selection, the files whose tests pytest would run."""
    done = subprocess.run(
        [sys.executable, "-c", COLLECT, json.dumps(selections)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])
