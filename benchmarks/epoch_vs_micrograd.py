"""One epoch of training, ours against micrograd's: same network, same data, same loss, same step.

    python benchmarks/epoch_vs_micrograd.py [--epochs 50] [--rounds 5]

micrograd has no sigmoid and no logarithm; they are added here the way it defines its own operations. The
two take turns, each keeps its best time, and the parameters must agree in the end. Many epochs are timed at
a time, because micrograd's graphs are cycles of references: freeing them is left to the garbage
collector, and belongs to what an epoch costs. Ours are freed as soon as they are dropped.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from micrograd.engine import Value
from micrograd.nn import MLP

sys.path.insert(0, str(Path(__file__).parents[1] / "solutions"))

from scalar_autodiff import datasets, operators
from scalar_autodiff.training import Epoch, Network, ScalarTrain

RATE = 0.5
BORDER = 0.5
AGREEMENT = 1e-9

Configuration = tuple[str, datasets.Dataset, int]
CONFIGURATIONS: tuple[Configuration, ...] = (
    ("Simple, 50 points, 2 hidden", datasets.Simple(50), 2),
    ("Xor, 50 points, 10 hidden", datasets.Xor(50), 10),
)


def sigmoid(x: Value) -> Value:
    """The logistic function as micrograd would define it."""
    out = Value(operators.sigmoid(x.data), (x,), "sigmoid")

    def _backward() -> None:
        x.grad += out.data * (1 - out.data) * out.grad

    out._backward = _backward  # noqa: SLF001  (how micrograd attaches an operation's rule)
    return out


def log(x: Value) -> Value:
    """The natural logarithm as micrograd would define it."""
    out = Value(math.log(x.data), (x,), "log")

    def _backward() -> None:
        x.grad += out.grad / x.data

    out._backward = _backward  # noqa: SLF001  (how micrograd attaches an operation's rule)
    return out


def same_network(ours: Network, hidden: int) -> MLP:
    """Micrograd's network of the same shape, with our parameters' values."""
    theirs = MLP(2, [hidden, hidden, 1])
    for linear, layer in zip((ours.layer1, ours.layer2, ours.layer3), theirs.layers, strict=True):
        for j, neuron in enumerate(layer.neurons):
            neuron.b.data = linear.biases[j].value.data
            for i, w in enumerate(neuron.w):
                w.data = linear.weights[i][j].value.data
    return theirs


def values_in_our_order(theirs: MLP) -> list[float]:
    """Micrograd's parameters, sorted as our network lists its own: weights by input, then biases."""
    values = []
    for layer in theirs.layers:
        neurons = layer.neurons
        values += [neuron.w[i].data for i in range(len(neurons[0].w)) for neuron in neurons]
        values += [neuron.b.data for neuron in neurons]
    return values


def micrograd_epoch(model: MLP, data: datasets.Dataset) -> Epoch:
    """One step of gradient descent on all points together, in micrograd's operations."""
    model.zero_grad()
    total, correct = 0.0, 0
    for x, y in zip(data.X, data.y, strict=True):
        p = sigmoid(model(x))
        loss = -log(p) if y == 1 else -log(1.0 - p)
        (loss * (1.0 / data.N)).backward()
        total += loss.data / data.N
        correct += abs(p.data - y) < BORDER
    for w in model.parameters():
        w.data -= RATE * w.grad
    return Epoch(total, correct)


def best_times(epochs: tuple[Callable[[], object], ...], count: int, rounds: int) -> list[float]:
    """The best time of each, in seconds an epoch; they take turns, so that both see the machine's moods."""
    best = [math.inf] * len(epochs)
    for _ in range(rounds):
        for i, epoch in enumerate(epochs):
            gc.collect()
            start = time.process_time()
            for _ in range(count):
                epoch()
            best[i] = min(best[i], (time.process_time() - start) / count)
    return best


def compare(data: datasets.Dataset, hidden: int, count: int, rounds: int) -> tuple[float, float]:
    """Seconds an epoch, ours and micrograd's, after both did the same work to the same parameters."""
    ours = ScalarTrain(hidden, random.Random(0))  # noqa: S311  (a start, not a secret)
    theirs = same_network(ours.model, hidden)
    our_time, their_time = best_times(
        (lambda: ours.train_epoch(data, RATE), lambda: micrograd_epoch(theirs, data)), count, rounds
    )
    pairs = zip(ours.model.values().values(), values_in_our_order(theirs), strict=True)
    difference = max(abs(w - v) for w, v in pairs)
    if not difference <= AGREEMENT:
        raise SystemExit(f"the two networks came apart by {difference:.3g}: the comparison is void")
    return our_time, their_time


def main() -> None:
    """Print a line for each of the source's configurations: both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=50, help="epochs timed at a time")
    parser.add_argument("--rounds", type=int, default=5, help="turns that each takes")
    options = parser.parse_args()
    print(f"{'milliseconds an epoch':<30}{'ours':>8}{'micrograd':>11}{'ratio':>7}")
    for name, data, hidden in CONFIGURATIONS:
        ours, theirs = compare(data, hidden, options.epochs, options.rounds)
        print(f"{name:<30}{1000 * ours:>8.1f}{1000 * theirs:>11.1f}{ours / theirs:>7.2f}")


if __name__ == "__main__":
    main()
