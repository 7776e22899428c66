"""Task 3.3: a small network of Values learns XOR.

A layer is a weighted sum a neuron, with tanh behind it; E is the mean of the squared errors, and gradient
descent lowers it (Bishop, Pattern Recognition and Machine Learning, 2006, eqs. 5.9, 5.11 and 5.41):

    f(x) = b + sum over i of x_i w_i
    E = mean over the points of  (output - target)^2
    w <- w - learning_rate * dE/dw
"""

# ruff: noqa: N806  (E is the error function's letter)

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

from computation_graph.value import Value

XOR_INPUTS = ((0, 0), (0, 1), (1, 0), (1, 1))
XOR_TARGETS = (0, 1, 1, 0)


class Neuron:
    """The function f(x) = b + sum over i of x_i w_i.

    Args:
        n_features: how many inputs x_i it takes.
        rng: draws the start of each w_i and of b evenly from -1 to 1.

    Attributes:
        weights: the Values w_i.
        bias: the Value b.
    """

    def __init__(self, n_features: int, rng: random.Random | None = None) -> None:
        draw = rng or random.Random(0)  # noqa: S311  (a start, not a secret)
        self.weights = [Value(draw.uniform(-1.0, 1.0)) for _ in range(n_features)]
        self.bias = Value(draw.uniform(-1.0, 1.0))

    def __call__(self, x: Sequence[Value | float]) -> Value:
        """The weighted sum f(x), without a tanh."""
        total = self.bias
        for w_i, x_i in zip(self.weights, x, strict=True):
            total = total + w_i * x_i
        return total

    def parameters(self) -> list[Value]:
        """All that training moves: the weights, then the bias."""
        return [*self.weights, self.bias]


class Layer:
    """A function from `n_in` numbers to `n_out`, each by a `Neuron` of its own, all drawn by `rng`."""

    def __init__(self, n_in: int, n_out: int, rng: random.Random | None = None) -> None:
        draw = rng or random.Random(0)  # noqa: S311  (a start, not a secret)
        self.neurons = [Neuron(n_in, draw) for _ in range(n_out)]

    def __call__(self, x: Sequence[Value | float]) -> list[Value]:
        """What each neuron makes of x, in their order, without a tanh."""
        return [n(x) for n in self.neurons]

    def parameters(self) -> list[Value]:
        """The parameters of all neurons, in their order."""
        return [w for neuron in self.neurons for w in neuron.parameters()]


class MLP:
    """Layers one behind the other; ``MLP([2, 4, 4, 1])`` takes 2 numbers, gives 1, and has 4 and 4 inside."""

    def __init__(self, sizes: Sequence[int], rng: random.Random | None = None) -> None:
        draw = rng or random.Random(0)  # noqa: S311  (a start, not a secret)
        self.layers = [Layer(n_in, n_out, draw) for n_in, n_out in pairwise(sizes)]

    def __call__(self, x: Sequence[Value | float]) -> list[Value]:
        """The outputs of the last layer: tanh stands behind every layer, the last one too."""
        h = x
        for layer in self.layers:
            h = [z.tanh() for z in layer(h)]
        return h

    def parameters(self) -> list[Value]:
        """The parameters of all layers, in their order."""
        return [w for layer in self.layers for w in layer.parameters()]

    def zero_grad(self) -> None:
        """Start the grad of every parameter again from 0."""
        for w in self.parameters():
            w.grad = 0.0


def mean_squared_loss(outputs: Sequence[Value], targets: Sequence[float]) -> Value:
    """E, the mean over the points of (output - target)^2."""
    loss = Value(0)
    for output, target in zip(outputs, targets, strict=True):
        loss = loss + (output - target) ** 2
    return loss / len(targets)


def train_step(
    mlp: MLP, inputs: Sequence[Sequence[float]], targets: Sequence[float], learning_rate: float
) -> float:
    """One step of gradient descent on all points together, each one's output being ``mlp(x)[0]``.

    Take the loss of all points; zero the grads; run backward; then move each parameter's ``data``, in place.

    Returns:
        The number E as it was before the step.
    """
    loss = mean_squared_loss([mlp(x)[0] for x in inputs], targets)
    mlp.zero_grad()
    loss.backward()
    for p in mlp.parameters():
        p.data -= learning_rate * p.grad
    return loss.data
