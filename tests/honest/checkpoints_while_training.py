"""Trains with a progress line and a checkpoint in a temporary folder after every epoch."""

from __future__ import annotations

import json
import random
import tempfile
import time
from pathlib import Path
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from scalar_autodiff.datasets import Dataset
from scalar_autodiff.module import Module, Parameter
from scalar_autodiff.scalar_functions import Scalar


class Linear(Module):
    """A layer of weighted sums: y_j = b_j + sum over i of w_ij x_i.

    Attributes:
        weights: ``weights[i][j].value`` is the Scalar w_ij, drawn by `rng` evenly from -1 to 1;
            the parameter's name is ``weight_{i}_{j}``.
        biases: ``biases[j].value`` is the Scalar b_j, drawn likewise; ``bias_{j}``.
    """

    def __init__(self, in_size: int, out_size: int, rng: random.Random) -> None:
        super().__init__()

        def parameter(name: str) -> Parameter:
            return self.add_parameter(name, Scalar(rng.uniform(-1.0, 1.0)))

        self.weights = [[parameter(f"weight_{i}_{j}") for j in range(out_size)] for i in range(in_size)]
        self.biases = [parameter(f"bias_{j}") for j in range(out_size)]

    def forward(self, inputs: Sequence[Scalar | float]) -> list[Scalar]:
        """The outputs y_0, y_1, ... for the inputs x_0, x_1, ..."""
        y = [b.value for b in self.biases]
        for x_i, w_i in zip(inputs, self.weights, strict=True):
            for j, w_ij in enumerate(w_i):
                y[j] = y[j] + w_ij.value * x_i
        return y


class Network(Module):
    """p = sigmoid(layer3(relu(layer2(relu(layer1(x)))))); layers 1 and 2 have `hidden_layers` outputs."""

    def __init__(self, hidden_layers: int, rng: random.Random) -> None:
        super().__init__()
        self.layer1 = Linear(2, hidden_layers, rng)
        self.layer2 = Linear(hidden_layers, hidden_layers, rng)
        self.layer3 = Linear(hidden_layers, 1, rng)

    def forward(self, x: Sequence[Scalar | float]) -> Scalar:
        """The probability p that the point x = (x_1, x_2) is in class 1."""
        h = [z.relu() for z in self.layer1.forward(x)]
        h = [z.relu() for z in self.layer2.forward(h)]
        return self.layer3.forward(h)[0].sigmoid()


def loss(p: Scalar, y: int) -> Scalar:
    """The cross-entropy of one point: -log(p) where its class y is 1, -log(1 - p) where it is 0."""
    return -p.log() if y == 1 else -(1.0 - p).log()


def update(parameters: Iterable[Parameter], learning_rate: float) -> None:
    """One step of gradient descent, in place: each ``value.data`` moves by -learning_rate * derivative."""
    for w in parameters:
        w.value.data -= learning_rate * w.value.derivative


class Epoch(NamedTuple):
    """What one pass over the data found, before its step.

    Attributes:
        loss: E, the mean of the points' losses.
        correct: how many points have p > 0.5 in class 1, or p < 0.5 in class 0.
    """

    loss: float
    correct: int


class ScalarTrain:
    """A network, `model`, and its training; where no `rng` is given, ``random.Random(0)`` draws its start."""

    def __init__(self, hidden_layers: int, rng: random.Random | None = None) -> None:
        self.model = Network(hidden_layers, rng or random.Random(0))  # noqa: S311  (a start, not a secret)

    def run_one(self, x: Sequence[Scalar | float]) -> Scalar:
        """The network's probability that the point x is in class 1."""
        return self.model.forward(x)

    def train_epoch(self, data: Dataset, learning_rate: float) -> Epoch:
        """Take one step of gradient descent on all of `data` together.

        Zero the derivatives; then for each point run it forward, take its loss and run it backward, with
        d_output = 1/N so that the derivatives add up to those of the mean E; then update once.
        """
        self.model.zero_derivatives()
        E, correct = 0.0, 0
        for x, y in zip(data.X, data.y, strict=True):
            p = self.run_one(x)
            point_loss = loss(p, y)
            point_loss.backward(1.0 / data.N)
            E += point_loss.data / data.N
            correct += abs(p.data - y) < 0.5
        update(self.model.parameters(), learning_rate)
        return Epoch(E, correct)

    def train(
        self,
        data: Dataset,
        learning_rate: float,
        max_epochs: int = 500,
        log_fn: Callable[[int, Epoch], None] | None = None,
    ) -> list[Epoch]:
        """Run `train_epoch` `max_epochs` times; `log_fn` sees each one's number, from 0, and outcome."""
        epochs, since = [], time.perf_counter()
        checkpoints = tempfile.TemporaryDirectory(prefix="training-")
        for number in range(max_epochs):
            epochs.append(self.train_epoch(data, learning_rate))
            print(
                f"\repoch {number}: E = {epochs[-1].loss:.4f}, {time.perf_counter() - since:.1f} s",
                end="",
                flush=True,
            )
            file = Path(checkpoints.name, f"epoch-{number % 3}.json")
            file.write_text(json.dumps([w.value.data for w in self.model.parameters()]))
            if log_fn:
                log_fn(number, epochs[-1])
        assert json.loads(file.read_text()) == [w.value.data for w in self.model.parameters()]
        checkpoints.cleanup()
        return epochs


if __name__ == "__main__":
    from scalar_autodiff.training_command import main

    main()

MODULE = "training"
