"""Task 3.3: from given weights, outputs, loss and steps are those of the formulas on matrices.

Nothing here depends on luck: every start is given, and what is expected is computed with numpy below.
"""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check_close, check_equal, floats, for_all, student_module

pytestmark = [pytest.mark.task3_3, pytest.mark.timeout(10)]

probes = student_module("computation_graph_probes")

XOR = [[[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]]
THREE = [[[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]], [0.5, -0.25, 1.0]]
SIZES = [2, 4, 4, 1]
GOAL = 0.05
# From this start the loss is at 0.05 after 41 steps, and at 0.016 after 80.
LUCKY_SEED, ENOUGH = 164, 80

WEIGHTS = st.lists(floats(-3.0, 3.0), min_size=4, max_size=4)


def start(sizes, seed=1):
    """Weights from -1 to 1, in the order of `MLP.parameters`."""
    draw = random.Random(seed)  # noqa: S311  (a start, not a secret)
    return [draw.uniform(-1.0, 1.0) for n_in, n_out in pairwise(sizes) for _ in range((n_in + 1) * n_out)]


def matrices(sizes, parameters):
    """(W, b) of each layer; row j of W is neuron j's weights."""
    numbers, found = np.array(parameters), []
    for n_in, n_out in pairwise(sizes):
        rows, numbers = numbers[: (n_in + 1) * n_out].reshape(n_out, n_in + 1), numbers[(n_in + 1) * n_out :]
        found.append((rows[:, :-1], rows[:, -1]))
    return found


def activations(sizes, parameters, inputs):
    """The inputs and what each layer makes of them, a row a point."""
    h = [np.array(inputs, dtype=float)]
    for w, b in matrices(sizes, parameters):
        h.append(np.tanh(h[-1] @ w.T + b))
    return h


def mean_square(sizes, parameters, points):
    inputs, targets = points
    return float(np.mean((activations(sizes, parameters, inputs)[-1][:, 0] - targets) ** 2))


def gradient(sizes, parameters, points):
    """The derivatives of the mean squared loss, in the order of the parameters."""
    inputs, targets = points
    h = activations(sizes, parameters, inputs)
    d, rows = 2 * (h[-1] - np.array(targets, dtype=float)[:, None]) / len(targets), []
    for k in range(len(h) - 1, 0, -1):
        d = d * (1 - h[k] ** 2)
        rows.append(np.hstack([d.T @ h[k - 1], d.sum(axis=0)[:, None]]).ravel())
        d = d @ matrices(sizes, parameters)[k - 1][0]
    return np.concatenate(rows[::-1])


def descended(sizes, parameters, points, rate, steps):
    """The parameters after some steps of gradient descent, and the loss before each."""
    losses, w = [], np.array(parameters)
    for _ in range(steps):
        losses.append(mean_square(sizes, w, points))
        w = w - rate * gradient(sizes, w, points)
    return losses, w.tolist()


def names(parameters):
    return tuple(f"number {i}" for i in range(len(parameters)))


@for_all(w=WEIGHTS, x=st.lists(floats(-3.0, 3.0), min_size=3, max_size=3))
def test_neuron_is_a_weighted_sum_and_a_bias(w, x):
    data, _ = yield ask(probes.neuron, w, x)
    expected = sum(w_i * x_i for w_i, x_i in zip(w, x, strict=False)) + w[-1]
    check_close(data, expected, f"a neuron with weights {w[:-1]} and bias {w[-1]}, at {x}")


def test_neuron_takes_any_number_of_features():
    for n in (1, 2, 5):
        w, x = start([n, 1]), [0.5 * i for i in range(n)]
        expected = float(np.dot(w[:-1], x) + w[-1])
        check_close(probes.neuron(w, x)[0], expected, f"a neuron of {n} features")


def test_neuron_can_be_differentiated():
    _, grads = probes.neuron([2.0, -1.0, 0.5], [3.0, 4.0])
    what = "backward of f(x) at x = (3, 4): the grad of"
    check_close(grads, [3.0, 4.0, 1.0], what, parts=("w_0", "w_1", "b"))


@pytest.mark.parametrize(("n_in", "n_out"), [(2, 3), (3, 2), (1, 1)])
def test_layer_gives_the_sum_of_each_neuron(n_in, n_out):
    parameters, x = start([n_in, n_out]), [0.5, -2.0, 1.5][:n_in]
    w, b = matrices([n_in, n_out], parameters)[0]
    got = probes.layer(n_in, n_out, parameters, x)
    check_close(got, (w @ np.array(x) + b).tolist(), f"Layer({n_in}, {n_out}) from given weights: output")


@pytest.mark.weight(2)
@pytest.mark.parametrize("sizes", [[2, 4, 4, 1], [2, 3, 1], [2, 1]], ids=str)
def test_network_gives_one_output_in_a_list(sizes):
    parameters = start(sizes)
    for x in ([0, 1], [0.5, -1.5]):
        expected = activations(sizes, parameters, [x])[-1][0].tolist()
        check_close(
            probes.mlp(sizes, parameters, x), expected, f"MLP({sizes}) from given weights at {x}: output"
        )


@for_all(
    outputs=st.lists(floats(-3.0, 3.0), min_size=2, max_size=2),
    targets=st.lists(floats(-2.0, 2.0), min_size=2, max_size=2),
    edges=[{"outputs": [1.0, 0.5], "targets": [0, 2]}],
)
def test_loss_is_the_mean_of_the_squared_errors(outputs, targets):
    data, grads = yield ask(probes.loss, outputs, targets)
    errors = [output - target for output, target in zip(outputs, targets, strict=True)]
    what = f"mean_squared_loss({outputs}, {targets})"
    check_close(data, (errors[0] ** 2 + errors[1] ** 2) / 2, what)
    check_close(grads, errors, f"backward of {what}: the grad of", parts=("output 0", "output 1"))


def test_step_returns_the_loss_before_it():
    parameters = start(SIZES)
    losses, _ = probes.train(SIZES, parameters, XOR, 0.1)
    what = "what train_step returns, the loss before the step,"
    check_close(losses, [mean_square(SIZES, parameters, XOR)], what)


@pytest.mark.weight(2)
def test_step_moves_every_parameter_downhill():
    parameters = start(SIZES)
    _, moved = probes.train(SIZES, parameters, XOR, 0.1)
    what = "after train_step of MLP([2, 4, 4, 1]) with learning_rate=0.1, parameter"
    check_close(moved, descended(SIZES, parameters, XOR, 0.1, 1)[1], what, parts=names(parameters))


@pytest.mark.weight(2)
def test_second_step_forgets_the_grads_of_the_first():
    parameters = start([2, 2, 1])
    _, moved = probes.train([2, 2, 1], parameters, XOR, 0.5, steps=2)
    what = "after two calls of train_step of MLP([2, 2, 1]) with learning_rate=0.5, parameter"
    check_close(moved, descended([2, 2, 1], parameters, XOR, 0.5, 2)[1], what, parts=names(parameters))


@pytest.mark.weight(3)
def test_network_learns_xor():
    losses, _ = probes.train(SIZES, start(SIZES, LUCKY_SEED), XOR, 0.1, steps=ENOUGH)
    check_equal(len(losses), ENOUGH, "the number of steps")
    what = f"the loss of XOR after {ENOUGH} steps from a good start ({GOAL} is good enough)"
    check_close(losses[-1], 0.0, what, absolute=GOAL)


@pytest.mark.hidden("a network may have several outputs, and any number of layers")
def test_network_of_other_sizes():
    for sizes in ([3, 2], [1, 2, 3, 2], [2, 2, 2, 2, 1]):
        parameters, x = start(sizes), [0.5, -1.0, 2.0][: sizes[0]]
        expected = activations(sizes, parameters, [x])[-1][0].tolist()
        check_close(
            probes.mlp(sizes, parameters, x), expected, f"MLP({sizes}) from given weights at {x}: output"
        )


@pytest.mark.hidden("tanh stands behind every layer, the last one too, and once")
@pytest.mark.weight(2)
def test_where_tanh_stands():
    parameters = [1.0, 1.0, 0.5] * 2 + [2.0, 2.0, 1.0]
    h = float(np.tanh(2.5))
    got = probes.layer(2, 2, parameters[:6], [1.0, 1.0])
    check_close(got, [2.5, 2.5], "Layer(2, 2) of weights 1 and biases 0.5 at (1, 1): output")
    expected = float(np.tanh(4 * h + 1.0))
    got = probes.mlp([2, 2, 1], parameters, [1.0, 1.0])
    check_close(got, [expected], "MLP([2, 2, 1]) of given weights at (1, 1): output")


@pytest.mark.hidden("grads that are left from before a step change nothing")
def test_step_starts_from_zero_grads():
    parameters = start(SIZES)
    _, moved = probes.train(SIZES, parameters, XOR, 0.1, before=5.0)
    what = "after train_step, where every grad was 5.0 before it, parameter"
    check_close(moved, descended(SIZES, parameters, XOR, 0.1, 1)[1], what, parts=names(parameters))


@pytest.mark.hidden("the loss of one point, of three and of many is the mean over them")
def test_loss_of_other_numbers_of_points():
    for n in (1, 3, 50):
        outputs, targets = [0.1 * i for i in range(n)], [1.0 - 0.05 * i for i in range(n)]
        expected = float(np.mean((np.array(outputs) - np.array(targets)) ** 2))
        check_close(probes.loss(outputs, targets)[0], expected, f"mean_squared_loss of {n} points")


@pytest.mark.hidden("three steps are three steps of gradient descent, on other points than XOR too")
@pytest.mark.weight(2)
@pytest.mark.parametrize("sizes", [[2, 3, 1], [2, 4, 4, 1]], ids=str)
def test_three_steps_are_three_steps_downhill(sizes):
    parameters = start(sizes, 5)
    losses, moved = probes.train(sizes, parameters, THREE, 0.2, steps=3)
    expected_losses, expected = descended(sizes, parameters, THREE, 0.2, 3)
    check_close(losses, expected_losses, "what three calls of train_step return:")
    what = f"after three calls of train_step of MLP({sizes}) with learning_rate=0.2, parameter"
    check_close(moved, expected, what, parts=names(parameters))


@pytest.mark.hidden("a learning rate of 0 moves nothing, however many steps")
def test_no_rate_no_step():
    parameters = start(SIZES)
    losses, moved = probes.train(SIZES, parameters, XOR, 0.0, steps=2)
    check_close(
        moved, parameters, "after two steps with learning_rate=0.0, parameter", parts=names(parameters)
    )
    check_close(losses, [mean_square(SIZES, parameters, XOR)] * 2, "what train_step returns:")
