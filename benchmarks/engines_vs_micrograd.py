"""Training on each scalar engine of the course against micrograd: same network, data, loss and step.

    python benchmarks/engines_vs_micrograd.py [--rounds 5]

micrograd has no sigmoid, tanh and logarithm; they are added here the way it defines its own operations. The
two take turns, each keeps its best time, and their parameters must agree in the end. Many steps are timed at
a time, and what they leave to the garbage collector with them: micrograd's graphs are cycles of references,
ours are freed as soon as they are dropped.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from micrograd.engine import Value
from micrograd.nn import MLP
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "solutions"))

import computation_graph.network as xor
from operator_overloading import fit_neuron
from operator_overloading.autograd import ADiffFloat
from scalar_autodiff import datasets, operators
from scalar_autodiff.training import ScalarTrain

AGREEMENT = 1e-9


@dataclass(frozen=True, slots=True)
class Training:
    """The same training twice.

    Attributes:
        name: the engine, and what is trained.
        steps: how many steps are timed at a time.
        ours: takes a step on our engine.
        theirs: takes a step on micrograd.
        parameters: all parameters, ours and micrograd's, in one order.
    """

    name: str
    steps: int
    ours: Callable[[], object]
    theirs: Callable[[], object]
    parameters: Callable[[], Iterable[tuple[float, float]]]


def added(name: str, f: Callable[[float], float], slope: Callable[[float, float], float]) -> None:
    """Give micrograd's Value a method `name`: f(x), whose derivative is ``slope(x, f(x))``."""

    def method(x: Value) -> Value:
        out = Value(f(x.data), (x,), name)

        def _backward() -> None:
            x.grad += slope(x.data, out.data) * out.grad

        out._backward = _backward  # noqa: SLF001  (how micrograd attaches an operation's rule)
        return out

    setattr(Value, name, method)


added("sigmoid", operators.sigmoid, lambda _, y: y * (1 - y))
added("tanh", math.tanh, lambda _, y: 1 - y * y)
added("log", math.log, lambda x, _: 1 / x)


def descend(parameters: Sequence[Value], rate: float) -> None:
    """One step of gradient descent on micrograd's parameters; afterwards every gradient is 0."""
    for w in parameters:
        w.data -= rate * w.grad
        w.grad = 0


def scalar_training(name: str, data: datasets.Dataset, hidden: int, steps: int) -> Training:
    """`scalar_autodiff` on the source's configurations, against micrograd's own network."""
    rate = 0.5
    training = ScalarTrain(hidden, random.Random(0))  # noqa: S311  (a start, not a secret)
    theirs, ours = MLP(2, [hidden, hidden, 1]), []
    for linear, layer in zip(
        (training.model.layer1, training.model.layer2, training.model.layer3), theirs.layers, strict=True
    ):
        for j in range(len(layer.neurons)):  # (micrograd lists a neuron's weights, then its bias)
            ours += [*(row[j].value for row in linear.weights), linear.biases[j].value]
    for w, v in zip(theirs.parameters(), ours, strict=True):
        w.data = v.data

    def step() -> None:
        for x, y in zip(data.X, data.y, strict=True):
            p = theirs(x).sigmoid()
            loss = -p.log() if y == 1 else -(1.0 - p).log()
            (loss * (1.0 / data.N)).backward()
        descend(theirs.parameters(), rate)

    return Training(
        f"scalar_autodiff: {name}",
        steps,
        lambda: training.train_epoch(data, rate),
        step,
        lambda: ((v.data, w.data) for v, w in zip(ours, theirs.parameters(), strict=True)),
    )


def operator_training() -> Training:
    """`operator_overloading` on its own network; each step sees a batch of 10 points."""
    rate, draw = 0.1, random.Random(0)  # noqa: S311  (a start and points, no secrets)
    x, t = [[draw.gauss(0.0, 1.0) for _ in range(20)] for _ in range(10)], [n % 2 for n in range(10)]
    numbers = [
        [[draw.uniform(-0.5, 0.5) for _ in range(n)] for _ in range(m)] for m, n in ((30, 21), (2, 31))
    ]

    def params(number: Callable[[float], object]) -> fit_neuron.Params:
        """The layers' weights, and their biases: the last number of each row."""
        made = [[list(map(number, row)) for row in layer] for layer in numbers]
        return tuple(
            part for rows in made for part in ([row[:-1] for row in rows], [row[-1] for row in rows])
        )

    ours, theirs = params(ADiffFloat), params(Value)

    def step() -> None:
        fit_neuron.cost(fit_neuron.net(theirs, x), t).backward()
        descend(fit_neuron.parameters(theirs), rate)

    pairs = list(zip(*map(fit_neuron.parameters, (ours, theirs)), strict=True))
    return Training(
        "operator_overloading: 30 hidden",
        5,
        lambda: fit_neuron.train_epoch(ours, [(x, t)], rate),
        step,
        lambda: ((v.value, w.data) for v, w in pairs),
    )


def graph_training() -> Training:
    """`computation_graph` on XOR; the second network's code is ours, its parameters are micrograd's."""
    rate = 0.1
    ours, theirs = (xor.MLP((2, 4, 4, 1)) for _ in range(2))
    for neuron in (neuron for layer in theirs.layers for neuron in layer.neurons):
        neuron.weights = [Value(w.data) for w in neuron.weights]
        neuron.bias = Value(neuron.bias.data)
    pairs = list(zip(ours.parameters(), theirs.parameters(), strict=True))
    return Training(
        "computation_graph: XOR, [2, 4, 4, 1]",
        100,
        lambda: xor.train_step(ours, xor.XOR_INPUTS, xor.XOR_TARGETS, rate),
        lambda: xor.train_step(theirs, xor.XOR_INPUTS, xor.XOR_TARGETS, rate),
        lambda: ((v.data, w.data) for v, w in pairs),
    )


def seconds(step: Callable[[], object], steps: int) -> float:
    """Processor seconds a step, what the steps leave to the garbage collector included."""
    gc.collect()
    begun = time.process_time()
    for _ in range(steps):
        step()
    gc.collect()
    return (time.process_time() - begun) / steps


def compare(training: Training, rounds: int) -> tuple[float, float]:
    """Seconds a step, ours and micrograd's, at best, after both did the same work to the same parameters."""
    times = [
        (seconds(training.ours, training.steps), seconds(training.theirs, training.steps))
        for _ in range(rounds)
    ]
    difference = max(abs(w - v) for w, v in training.parameters())
    if not difference <= AGREEMENT:
        sys.exit(f"{training.name}: the two came apart by {difference:.3g}: one of the engines is wrong")
    ours, theirs = zip(*times, strict=True)
    return min(ours), min(theirs)


def main() -> None:
    """Print a line for each training: both times and how many times as fast ours is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="turns that each takes (default 5)")
    options = parser.parse_args()
    table = Table("milliseconds a step", "ours", "micrograd", "times as fast")
    for training in (
        scalar_training("Simple, 2 hidden", datasets.Simple(50), 2, 50),
        scalar_training("Xor, 10 hidden", datasets.Xor(50), 10, 10),
        operator_training(),
        graph_training(),
    ):
        ours, theirs = compare(training, options.rounds)
        table.add_row(training.name, f"{1e3 * ours:.2f}", f"{1e3 * theirs:.2f}", f"{theirs / ours:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
