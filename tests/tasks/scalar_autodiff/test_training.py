"""Task 1.5: from given weights, outputs, loss, derivatives and steps are those of the formulas on matrices.

Nothing here depends on luck: every start is given, and what is expected is computed with numpy below.
"""

from __future__ import annotations

import random

import numpy as np
import pytest

from autograder.testing import check_close, check_equal, student_module

pytestmark = [pytest.mark.task1_5, pytest.mark.timeout(10)]

probes = student_module("scalar_autodiff_probes")
training = student_module("scalar_autodiff.training")
datasets = student_module("scalar_autodiff.datasets")
functions = student_module("scalar_autodiff.scalar_functions")
modules = student_module("scalar_autodiff.module")

X = ((0.1, 0.9), (0.2, 0.3), (0.35, 0.6), (0.4, 0.1), (0.6, 0.8), (0.7, 0.25), (0.85, 0.5), (0.95, 0.05))
LEFT = (1, 1, 1, 1, 0, 0, 0, 0)
MIXED = (0, 1, 0, 0, 1, 1, 0, 1)


def sizes(hidden):
    return (("layer1", 2, hidden), ("layer2", hidden, hidden), ("layer3", hidden, 1))


# Starts from which every weight has a slope, and no relu comes near its kink in the steps that are taken.
SEEDS = {2: 115, 3: 380, 4: 153}


def start(hidden):
    """Weights from -1 to 1 by their paths."""
    draw = random.Random(SEEDS[hidden])  # noqa: S311  (a start, not a secret)
    paths = []
    for layer, rows, columns in sizes(hidden):
        paths += [f"{layer}.weight_{i}_{j}" for i in range(rows) for j in range(columns)]
        paths += [f"{layer}.bias_{j}" for j in range(columns)]
    return {path: draw.uniform(-1.0, 1.0) for path in paths}


def matrices(values, hidden):
    """(W, b) of each layer."""
    numbers = iter(values.values())
    result = []
    for _, rows, columns in sizes(hidden):
        weights = [[next(numbers) for _ in range(columns)] for _ in range(rows)]
        result.append((np.array(weights), np.array([next(numbers) for _ in range(columns)])))
    return result


def outputs(values, hidden, inputs):
    """The activations of all layers for some points: h1, h2, p."""
    (w1, b1), (w2, b2), (w3, b3) = matrices(values, hidden)
    h1 = np.maximum(np.array(inputs) @ w1 + b1, 0.0)
    h2 = np.maximum(h1 @ w2 + b2, 0.0)
    return h1, h2, 1 / (1 + np.exp(-(h2 @ w3 + b3)))


def mean_loss(values, hidden, classes):
    p, y = outputs(values, hidden, X)[2][:, 0], np.array(classes)
    return float(-np.mean(np.log(np.where(y == 1, p, 1 - p))))


def gradient(values, hidden, classes):
    """The derivatives of the mean loss, by path: (p - y) / N at the output, then backward."""
    h1, h2, p = outputs(values, hidden, X)
    _, (w2, _), (w3, _) = matrices(values, hidden)
    d3 = (p - np.array(classes)[:, None]) / len(X)
    d2 = d3 @ w3.T * (h2 > 0)
    d1 = d2 @ w2.T * (h1 > 0)
    flat = [
        part
        for h, d in ((np.array(X), d1), (h1, d2), (h2, d3))
        for part in ((h.T @ d).ravel(), d.sum(axis=0))
    ]
    return dict(zip(values, np.concatenate(flat).tolist(), strict=True))


def descended(values, hidden, classes, rate, epochs):
    """The weights after some steps of gradient descent."""
    for _ in range(epochs):
        slopes = gradient(values, hidden, classes)
        values = {path: w - rate * slopes[path] for path, w in values.items()}
    return values


def trainer_at(values, hidden):
    """The student's training, its network at given weights."""
    trainer = training.ScalarTrain(hidden)
    trainer.model.load(values)
    return trainer


def data(classes):
    return datasets.Dataset(len(X), X, classes)


def check_by_path(got, expected, what):
    paths = tuple(expected)
    check_close([got[path] for path in paths], list(expected.values()), what, parts=paths)


@pytest.mark.parametrize("inputs", [(1.0, 0.0), (0.0, 1.0), (0.0, 0.0), (0.3, -2.0)])
def test_linear_gives_weighted_sums(inputs):
    values = start(3)
    w, b = matrices(values, 3)[0]
    got = probes.read(trainer_at(values, 3).model.layer1.forward(inputs), "data")
    check_close(got, (np.array(inputs) @ w + b).tolist(), f"Linear(2, 3).forward({inputs}): output")


@pytest.mark.parametrize("hidden", [2, 3, 4])
def test_network_gives_a_probability(hidden):
    values = start(hidden)
    expected = outputs(values, hidden, X[:4])[2][:, 0]
    trainer = trainer_at(values, hidden)
    for x, p in zip(X, expected.tolist(), strict=False):
        got = probes.read(trainer.run_one(x), "data")
        check_close(got, p, f"Network({hidden}) from given weights, at {x}")


@pytest.mark.parametrize(
    ("p", "y", "expected"), [(0.25, 1, 0.25), (0.25, 0, 0.75), (0.9, 1, 0.9), (0.5, 0, 0.5)]
)
def test_loss_is_the_cross_entropy(p, y, expected):
    got = probes.read(training.loss(functions.Scalar(p), y), "data")
    check_close(got, float(-np.log(expected)), f"loss(p={p}, y={y})")


def test_loss_passes_a_derivative_to_p():
    for y, slope in ((1, -4.0), (0, 4 / 3)):
        p = functions.Scalar(0.25)
        training.loss(p, y).backward()
        check_close(p.derivative, slope, f"loss(p=0.25, y={y}): derivative with respect to p")


def test_update_moves_each_parameter_against_its_derivative():
    parameters = [modules.Parameter(f"w{i}", functions.Scalar(1.0)) for i in range(3)]
    for parameter, derivative in zip(parameters, (2.0, -3.0, 0.0), strict=True):
        parameter.value.accumulate_derivative(derivative)
    training.update(parameters, 0.1)
    got = [parameter.value.data for parameter in parameters]
    names = ("2.0", "-3.0", "0.0")
    what = "update(parameters, 0.1): a value of 1.0 whose derivative is"
    check_close(got, [0.8, 1.3, 1.0], what, parts=names)


@pytest.mark.weight(2)
@pytest.mark.parametrize("classes", [LEFT, MIXED], ids=["left", "mixed"])
def test_epoch_leaves_the_derivatives_of_the_mean_loss(classes):
    values = start(3)
    trainer = trainer_at(values, 3)
    trainer.train_epoch(data(classes), 0.0)
    check_by_path(
        trainer.model.derivatives(), gradient(values, 3, classes), "after one epoch, the derivative of"
    )


@pytest.mark.weight(2)
def test_epoch_takes_one_step_downhill():
    values = start(3)
    trainer = trainer_at(values, 3)
    trainer.train_epoch(data(LEFT), 0.5)
    expected = descended(values, 3, LEFT, 0.5, 1)
    check_by_path(trainer.model.values(), expected, "after one epoch with learning_rate=0.5, the value of")


def test_second_epoch_forgets_the_derivatives_of_the_first():
    values = start(3)
    trainer = trainer_at(values, 3)
    trainer.train(data(LEFT), 0.5, 2)
    expected = gradient(descended(values, 3, LEFT, 0.5, 1), 3, LEFT)
    check_by_path(trainer.model.derivatives(), expected, "after two epochs, the derivative of")


def test_epoch_reports_loss_and_number_of_correct_points():
    values = start(3)
    epoch = trainer_at(values, 3).train_epoch(data(MIXED), 0.5)
    above = outputs(values, 3, X)[2][:, 0] > 0.5
    check_close(
        probes.read(epoch, "loss"), mean_loss(values, 3, MIXED), "train_epoch(...).loss, before the step,"
    )
    expected = int(np.sum(above == np.array(MIXED)))
    check_close(probes.read(epoch, "correct"), expected, "train_epoch(...).correct, before the step,")


def test_small_training_converges():
    epochs = trainer_at(start(2), 2).train(data(LEFT), 1.0, 50)
    check_equal(probes.read(epochs[-1], "correct"), len(X), f"of {len(X)} points, right after 50 epochs")
    what = "the loss after 50 epochs from a good start (0.1 is good enough)"
    check_close(probes.read(epochs[-1], "loss"), 0.0, what, absolute=0.1)


@pytest.mark.hidden("three epochs are three steps of gradient descent, each from where the one before ended")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("hidden", "classes", "rate"), [(2, LEFT, 0.5), (4, MIXED, 0.1)], ids=["left", "mixed"]
)
def test_three_epochs_are_three_steps(hidden, classes, rate):
    values = start(hidden)
    trainer = trainer_at(values, hidden)
    epochs = trainer.train(data(classes), rate, 3)
    what = f"after three epochs with learning_rate={rate}, the value of"
    check_by_path(trainer.model.values(), descended(values, hidden, classes, rate, 3), what)
    second = mean_loss(descended(values, hidden, classes, rate, 1), hidden, classes)
    check_close(probes.read(epochs[1], "loss"), second, "the loss that the second epoch reports")


@pytest.mark.hidden("relu stands between the layers, sigmoid at the end, and nowhere else")
def test_where_relu_and_sigmoid_stand():
    negative = dict.fromkeys(start(2), -1.0)
    trainer = trainer_at(negative, 2)
    p = probes.read(trainer.run_one((0.5, 0.5)), "data")
    what = "Network(2) with all weights -1 (all hidden values are 0, so p = sigmoid(-1)) at (0.5, 0.5)"
    check_close(p, 1 / (1 + np.e), what)
    got = probes.read(trainer.model.layer1.forward((0.5, 0.5)), "data")
    check_close(got, [-2.0, -2.0], "Linear(2, 2).forward((0.5, 0.5)) with all weights -1: output")


@pytest.mark.hidden("p = 0.5 exactly is neither class: such a point is not counted as correct")
def test_undecided_point_is_not_correct():
    epoch = trainer_at(dict.fromkeys(start(2), 0.0), 2).train_epoch(data(LEFT), 0.1)
    check_close(probes.read(epoch, "correct"), 0, "train_epoch(...).correct where every p is 0.5")
    check_close(probes.read(epoch, "loss"), float(np.log(2)), "train_epoch(...).loss where every p is 0.5")


@pytest.mark.hidden("a learning rate of 0 moves nothing, however many epochs")
def test_no_rate_no_step():
    values = start(2)
    trainer = trainer_at(values, 2)
    epochs = trainer.train(data(LEFT), 0.0, 2)
    check_by_path(trainer.model.values(), values, "after two epochs with learning_rate=0.0, the value of")
    check_close(
        probes.read(epochs[1], "loss"), mean_loss(values, 2, LEFT), "the loss that the second epoch reports"
    )
