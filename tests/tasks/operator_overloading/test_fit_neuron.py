"""Task 2.2: from given weights, outputs, cost, steps and accuracy are those of the formulas on matrices.

Nothing here depends on luck: every start is given, and what is expected is computed with numpy below. The
whole training takes too long for a test; it is the student's own run.
"""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.testing import ask, check_close, check_equal, floats, for_all, student_module

pytestmark = [pytest.mark.task2_2, pytest.mark.timeout(20)]

probes = student_module("operator_overloading_probes")

X = [[0.1, 0.9], [0.2, -0.3], [-0.4, 0.6], [0.4, 0.1], [0.6, -0.8], [-0.7, 0.25], [0.85, 0.5], [-0.9, -0.1]]
RIGHT = [1, 1, 0, 1, 1, 0, 1, 0]
MIXED = [0, 1, 0, 0, 1, 1, 0, 1]
PARTS = ("hidden_weights", "hidden_biases", "out_weights", "out_biases")


def start(inputs, hidden, outputs, seed):
    """Weights and biases from -1 to 1, as nested lists."""
    draw = random.Random(seed)  # noqa: S311  (a start, not a secret)

    def numbers(*shape):
        return [numbers(*shape[1:]) if shape[1:] else draw.uniform(-1.0, 1.0) for _ in range(shape[0])]

    return [numbers(hidden, inputs), numbers(hidden), numbers(outputs, hidden), numbers(outputs)]


# Starts from which no relu comes near its kink in the steps that are taken, and every weight has a slope.
SMALL, WIDER, LARGE = start(2, 3, 2, 348), start(2, 4, 2, 80), start(20, 30, 2, 0)


def forward(params, x):
    """The hidden numbers and the outputs of some points."""
    w, b, v, c = (np.array(part) for part in params)
    h = np.maximum(np.array(x) @ w.T + b, 0.0)
    return h, 1 / (1 + np.exp(-(h @ v.T + c)))


def cost_of(y, t):
    return float(np.mean(np.sum((y - np.eye(y.shape[1])[t]) ** 2, axis=1)))


def stepped(params, batches, rate):
    """The mean of the batches' costs, and the parameters after a step for each batch."""
    params, costs = [np.array(part) for part in params], []
    for x, t in batches:
        h, y = forward(params, x)
        costs.append(cost_of(y, t))
        d_out = 2 * (y - np.eye(y.shape[1])[t]) / len(t) * y * (1 - y)
        d_hidden = d_out @ params[2] * (h > 0)
        slopes = (d_hidden.T @ np.array(x), d_hidden.sum(axis=0), d_out.T @ h, d_out.sum(axis=0))
        params = [w - rate * slope for w, slope in zip(params, slopes, strict=True)]
    return float(np.mean(costs)), params


def paths(params):
    """What each parameter is called, in the order of `flat`."""
    places = [(name, np.ndindex(np.shape(part))) for name, part in zip(PARTS, params, strict=True)]
    return tuple(f"{name}{''.join(f'[{i}]' for i in place)}" for name, at in places for place in at)


def flat(params):
    return np.concatenate([np.ravel(part) for part in params]).tolist()


def check_params(got, expected, what):
    check_close(got, flat(expected), what, parts=paths(expected))


def cut(t, *sizes):
    """The points X and their classes, in batches of these sizes."""
    ends = np.cumsum(sizes)
    return [[X[end - size : end], t[end - size : end]] for size, end in zip(sizes, ends, strict=True)]


@pytest.mark.weight(2)
@pytest.mark.parametrize("params", [SMALL, WIDER], ids=["three hidden", "four hidden"])
def test_net_gives_the_outputs_at_each_point(params):
    for count in (1, 3):
        expected = forward(params, X[:count])[1].tolist()
        what = f"net(params, {X[:count]}) with {len(params[1])} hidden neurons: outputs at point"
        got = probes.outputs(params, X[:count])
        check_close(got, expected, what, parts=tuple(f"{n}:" for n in range(count)))


@for_all(weight=floats(-3.0, 3.0), bias=floats(-3.0, 3.0), x=floats(-3.0, 3.0))
def test_net_of_one_neuron(weight, bias, x):
    params = [[[weight]], [bias], [[2.0], [-1.0]], [0.5, 0.25]]
    outputs = yield ask(probes.outputs, params, [[x]])
    what = f"net with hidden weight {weight} and bias {bias}, out_weights [[2.0], [-1.0]], out_biases [0.5, 0.25]"
    check_close(outputs, forward(params, [[x]])[1].tolist(), f"{what}, at x={x}: outputs")


@pytest.mark.parametrize(
    ("y", "t", "expected"),
    [([[0.75, 0.5]], [0], 0.3125), ([[0.75, 0.5]], [1], 0.8125), ([[1.0, 0.0], [1.0, 0.0]], [0, 1], 1.0)],
)
def test_cost_is_the_squared_error(y, t, expected):
    check_close(probes.cost(y, t)[0], expected, f"cost({y}, {t})")


@for_all(
    y=st.lists(st.tuples(floats(0.0, 1.0), floats(0.0, 1.0)), min_size=1, max_size=4), t=st.integers(0, 15)
)
def test_cost_and_its_derivatives(y, t):
    y = [list(outputs) for outputs in y]
    classes = [t >> n & 1 for n in range(len(y))]
    got = yield ask(probes.cost, y, classes)
    errors = np.array(y) - np.eye(2)[classes]
    expected = [cost_of(np.array(y), classes), *(2 * errors / len(y)).ravel().tolist()]
    names = ("value", *(f"partial of output {k} of point {n}" for n in range(len(y)) for k in (0, 1)))
    check_close(got, expected, f"cost({y}, {classes}) and its backward():", parts=names)


@pytest.mark.weight(2)
def test_descend_moves_each_parameter_against_its_partial():
    partials = [(-1.0) ** i * i for i in range(len(flat(SMALL)))]
    values, _ = probes.descended(SMALL, partials, 0.1)
    expected = [w - 0.1 * partial for w, partial in zip(flat(SMALL), partials, strict=True)]
    check_close(values, expected, "after descend(params, 0.1), the value of", parts=paths(SMALL))


def test_descend_clears_the_partials():
    count = len(flat(SMALL))
    _, partials = probes.descended(SMALL, [1.0] * count, 0.1)
    check_close(partials, [0.0] * count, "after descend(params, 0.1), the partial of", parts=paths(SMALL))


@pytest.mark.weight(3)
@pytest.mark.parametrize("t", [RIGHT, MIXED], ids=["right", "mixed"])
def test_one_batch_is_one_step_downhill(t):
    batches = cut(t, 8)
    costs, values = probes.trained(SMALL, batches, 0.5)
    expected_cost, expected = stepped(SMALL, batches, 0.5)
    check_close(costs[0], expected_cost, "what train_epoch returns for one batch of 8 points")
    check_params(values, expected, "after train_epoch with one batch and learning_rate=0.5, the value of")


@pytest.mark.weight(3)
def test_second_batch_goes_on_where_the_first_ended():
    batches = cut(RIGHT, 4, 4)
    costs, values = probes.trained(SMALL, batches, 0.5)
    expected_cost, expected = stepped(SMALL, batches, 0.5)
    check_params(values, expected, "after train_epoch with two batches and learning_rate=0.5, the value of")
    what = "what train_epoch returns for two batches, the mean of their costs before their steps,"
    check_close(costs[0], expected_cost, what)


@pytest.mark.parametrize("t", [RIGHT, MIXED], ids=["right", "mixed"])
def test_accuracy_is_the_share_of_points_whose_largest_output_is_right(t):
    expected = float(np.mean(forward(SMALL, X)[1].argmax(axis=1) == t))
    check_close(probes.accuracy(SMALL, X, t), expected, f"accuracy of 8 points with the classes {t}")


@pytest.mark.weight(2)
def test_small_training_gets_all_points_right():
    right = probes.accuracy_after(SMALL, cut(RIGHT, 4, 4), 2.0, 30)
    check_equal(right, 1.0, "accuracy on 8 points after 30 epochs with learning_rate=2.0")


@pytest.mark.hidden("three epochs are three times as many steps, each from where the one before ended")
@pytest.mark.weight(3)
def test_three_epochs_of_unequal_batches():
    batches, params, expected_costs = cut(MIXED, 3, 3, 2), WIDER, []
    costs, values = probes.trained(WIDER, batches, 0.5, 3)
    for _ in range(3):
        cost, params = stepped(params, batches, 0.5)
        expected_costs.append(cost)
    check_params(values, params, "after 3 epochs of batches of 3, 3 and 2 points, the value of")
    what = "what train_epoch returns for batches of 3, 3 and 2 points:"
    check_close(costs, expected_costs, what, parts=("epoch 0", "epoch 1", "epoch 2"))


@pytest.mark.hidden("one step of the whole network: 20 features, 30 hidden neurons, 2 outputs, a batch of 10")
@pytest.mark.weight(2)
def test_step_of_the_whole_network():
    draw = random.Random(1)  # noqa: S311  (points, not secrets)
    x = [[draw.gauss(0.0, 1.0) for _ in range(20)] for _ in range(10)]
    batches = [[x, [0, 1] * 5]]
    _, values = probes.trained(LARGE, batches, 0.1)
    what = "after one batch of 10 points with 20 features, 30 hidden neurons, the value of"
    check_params(values, stepped(LARGE, batches, 0.1)[1], what)


@pytest.mark.hidden("relu stands at the hidden neurons, sigmoid at the outputs, and nowhere else")
@pytest.mark.weight(2)
def test_where_relu_and_sigmoid_stand():
    params = [[[-1.0, -1.0]] * 2, [-1.0] * 2, [[-1.0] * 2] * 2, [-1.0, 2.0]]
    expected = forward(params, [[0.5, 0.5]])[1].tolist()
    what = "net at [0.5, 0.5] where all hidden numbers are 0, and out_biases are [-1.0, 2.0]: outputs"
    check_close(probes.outputs(params, [[0.5, 0.5]]), expected, what)
    params = [[[3.0, 0.0], [0.0, 3.0]], [0.0, 0.0], [[1.0, 0.0], [0.0, 1.0]], [-7.0, -7.0]]
    what = "net at [2.0, 3.0] where the hidden numbers are [6.0, 9.0], and the outputs sigmoids of them - 7"
    check_close(probes.outputs(params, [[2.0, 3.0]]), forward(params, [[2.0, 3.0]])[1].tolist(), what)


@pytest.mark.hidden("the largest output decides, however large the other one is")
@pytest.mark.weight(2)
def test_accuracy_compares_the_outputs():
    for biases in ([1.0, 2.0], [-2.0, -1.0]):
        params = [[[0.0, 0.0]], [0.0], [[0.0], [0.0]], biases]
        expected = sum(RIGHT) / len(RIGHT)
        what = f"accuracy with the classes {RIGHT} where the outputs are the sigmoids of {biases} everywhere"
        check_close(probes.accuracy(params, X, RIGHT), expected, what)


@pytest.mark.hidden("the network is as large as its parameters: three outputs give three numbers")
def test_net_with_three_outputs():
    params = start(2, 2, 3, 7)
    got, expected = probes.outputs(params, X[:2]), forward(params, X[:2])[1].tolist()
    check_close(
        got, expected, "net with 2 hidden neurons and 3 outputs: outputs at point", parts=("0:", "1:")
    )


@pytest.mark.hidden("a learning rate of 0 moves nothing, and the cost stays what it was")
def test_no_rate_no_step():
    batches = cut(MIXED, 4, 4)
    costs, values = probes.trained(SMALL, batches, 0.0, 2)
    expected, _ = stepped(SMALL, batches, 0.0)
    check_params(values, SMALL, "after two epochs with learning_rate=0.0, the value of")
    check_close(costs, [expected] * 2, "what train_epoch returns with learning_rate=0.0:")
