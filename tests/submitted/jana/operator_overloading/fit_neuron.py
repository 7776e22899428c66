"""Task 2.2: a network of ADiffFloats learns to tell two classes of points apart.

    h_j = relu(sum over i of hidden_weights[j][i] x_i  +  hidden_biases[j])
    y_k = sigmoid(sum over j of out_weights[k][j] h_j  +  out_biases[k])
    cost = mean over the batch's points of  sum over k of (y_k - t_k)^2
    w <- w - learning_rate * dcost/dw

t_k is 1 where k is the point's class, else 0 (Bishop, Pattern Recognition and Machine Learning, 2006,
sections 5.1 and 5.2.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from operator_overloading.autograd import ADiffFloat

# to try things out while I write
DATA = np.load("C:/Users/jana/Downloads/classification.npz")
X, T = DATA["x"].tolist(), DATA["t"].tolist()

Weights = list[list[ADiffFloat]]
Params = tuple[Weights, list[ADiffFloat], Weights, list[ADiffFloat]]
Points = Sequence[Sequence[float]]
Classes = Sequence[int]


def parameters(params: Params) -> list[ADiffFloat]:
    """All numbers that a training moves, in one list (given)."""
    hidden_weights, hidden_biases, out_weights, out_biases = params
    return [*chain(*hidden_weights), *hidden_biases, *chain(*out_weights), *out_biases]


def net(params: Params, x: Points) -> list[list[ADiffFloat]]:
    """The network's outputs: ``net(params, x)[n][k]`` is y_k at the point ``x[n]``.

    Args:
        params: hidden_weights (one list a hidden neuron), hidden_biases, out_weights, out_biases.
        x: the points of a batch, each a sequence of plain numbers.
    """
    hidden_weights, hidden_biases, out_weights, out_biases = params
    batch = []
    for point in x:
        hidden = [s.relu() for s in _layer(hidden_weights, hidden_biases, point)]
        batch.append([s.sigmoid() for s in _layer(out_weights, out_biases, hidden)])
    return batch


def _layer(weights: Weights, biases: list[ADiffFloat], x: Sequence[ADiffFloat | float]) -> list[ADiffFloat]:
    """The weighted sums z_j = sum over i of w_ji x_i + b_j, before relu or sigmoid."""
    sums = []
    for w_j, b_j in zip(weights, biases):
        z = b_j
        for w, x_i in zip(w_j, x):
            z = z + w * x_i
        sums.append(z)
    return sums


def cost(outputs: list[list[ADiffFloat]], t: Classes) -> ADiffFloat:
    """The squared error, summed over each point's outputs and averaged over the points.

    Args:
        outputs: what `net` gives for a batch.
        t: the class of each of its points, 0 or 1.
    """
    total = 0
    for y, t_n in zip(outputs, t):
        for k in range(len(y)):
            error = y[k] - (1 if k == t_n else 0)
            total = total + error * error
    return total * (1 / len(t))


def descend(params: Params, learning_rate: float) -> None:
    """One step of gradient descent, in place; afterwards every parameter's partial is 0.0 again."""
    for p in parameters(params):
        p.value = p.value - learning_rate * p.partial
        p.partial = 0.0


def train_epoch(params: Params, batches: Iterable[tuple[Points, Classes]], learning_rate: float) -> float:
    """One step of gradient descent for each batch (x, t), in order; the mean of the batches' costs.

    Each cost counts as it was before its batch's step. `batches` may be an iterator: go through it once.
    """
    total, count = 0.0, 0
    for x, t in batches:
        c = cost(net(params, x), t)
        c.backward()
        descend(params, learning_rate)
        total += c.value
        count += 1
    return total / count


def accuracy(params: Params, x: Points, t: Classes) -> float:
    """The share of points whose largest output is that of their class, from 0.0 to 1.0."""
    right = 0
    for y, t_n in zip(net(params, x), t):
        best = max(range(len(y)), key=lambda k: y[k].value)
        right += best == t_n
    return right / len(t)


if __name__ == "__main__":
    from operator_overloading.training_command import main

    main()
