"""Training XOR on our Values against micrograd's: the same network's code, starts, loss and step.

    python benchmarks/xor_vs_micrograd.py [--steps 100] [--rounds 5]

Only the engine differs: the second network's parameters are micrograd's Values, and the code that computes
with them is ours. micrograd has no tanh; it is added here the way it defines its own operations. The two
take turns, each keeps its best time, and the parameters must agree in the end.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import sys
import time
from pathlib import Path

from micrograd.engine import Value as MicrogradValue

sys.path.insert(0, str(Path(__file__).parents[1] / "solutions"))

from computation_graph.network import MLP, XOR_INPUTS, XOR_TARGETS, train_step

SIZES = (2, 4, 4, 1)
RATE = 0.1
AGREEMENT = 1e-9
ENGINES = ("ours", "micrograd")


def tanh(x: MicrogradValue) -> MicrogradValue:
    """The hyperbolic tangent as micrograd would define it."""
    out = MicrogradValue(math.tanh(x.data), (x,), "tanh")

    def _backward() -> None:
        x.grad += (1 - out.data**2) * out.grad

    out._backward = _backward  # noqa: SLF001  (how micrograd attaches an operation's rule)
    return out


MicrogradValue.tanh = tanh


def network(engine: str) -> MLP:
    """The network at its start, on our Values or on micrograd's."""
    mlp = MLP(SIZES, random.Random(0))  # noqa: S311  (a start, not a secret)
    if engine == "micrograd":
        for neuron in (neuron for layer in mlp.layers for neuron in layer.neurons):
            neuron.weights = [MicrogradValue(w.data) for w in neuron.weights]
            neuron.bias = MicrogradValue(neuron.bias.data)
    return mlp


def seconds(engine: str, steps: int) -> tuple[float, list[float]]:
    """The time that a training takes, what it leaves to the garbage collector included, and its outcome."""
    mlp = network(engine)
    gc.collect()
    begun = time.process_time()
    for _ in range(steps):
        train_step(mlp, XOR_INPUTS, XOR_TARGETS, RATE)
    gc.collect()
    return time.process_time() - begun, [w.data for w in mlp.parameters()]


def main() -> None:
    """Print the best time a step of each, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    best, outcomes = dict.fromkeys(ENGINES, math.inf), {}
    for _ in range(options.rounds):
        for engine in ENGINES:
            taken, outcomes[engine] = seconds(engine, options.steps)
            best[engine] = min(best[engine], 1e3 * taken / options.steps)
    if not all(abs(a - b) <= AGREEMENT for a, b in zip(*outcomes.values(), strict=True)):
        sys.exit("the two trainings do not agree: one of the engines is wrong")
    ours, theirs = best.values()
    print(f"a step of XOR: ours {ours:.3f} ms, micrograd {theirs:.3f} ms ({theirs / ours:.2f} times)")


if __name__ == "__main__":
    main()
