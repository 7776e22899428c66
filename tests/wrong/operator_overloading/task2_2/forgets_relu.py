"""Without relu two layers are no more than one: each hidden number is the relu of its weighted sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from operator_overloading.autograd import ADiffFloat

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
    outputs = []
    for point in x:
        h = _layer(hidden_weights, hidden_biases, point)
        outputs.append([z.sigmoid() for z in _layer(out_weights, out_biases, h)])
    return outputs


def _layer(weights: Weights, biases: list[ADiffFloat], x: Sequence[ADiffFloat | float]) -> list[ADiffFloat]:
    """The weighted sums z_j = sum over i of w_ji x_i + b_j, before relu or sigmoid."""
    return [
        sum((w_ji * x_i for w_ji, x_i in zip(w_j, x, strict=True)), b_j)
        for w_j, b_j in zip(weights, biases, strict=True)
    ]


def cost(outputs: list[list[ADiffFloat]], t: Classes) -> ADiffFloat:
    """The squared error, summed over each point's outputs and averaged over the points.

    Args:
        outputs: what `net` gives for a batch.
        t: the class of each of its points, 0 or 1.
    """
    errors = [y_k - float(k == t_n) for y, t_n in zip(outputs, t, strict=True) for k, y_k in enumerate(y)]
    return sum(e * e for e in errors) * (1.0 / len(outputs))


def descend(params: Params, learning_rate: float) -> None:
    """One step of gradient descent, in place; afterwards every parameter's partial is 0.0 again."""
    for w in parameters(params):
        w.value -= learning_rate * w.partial
        w.partial = 0.0


def train_epoch(params: Params, batches: Iterable[tuple[Points, Classes]], learning_rate: float) -> float:
    """One step of gradient descent for each batch (x, t), in order; the mean of the batches' costs.

    Each cost counts as it was before its batch's step. `batches` may be an iterator: go through it once.
    """
    costs = []
    for x, t in batches:
        batch_cost = cost(net(params, x), t)
        batch_cost.backward()
        descend(params, learning_rate)
        costs.append(batch_cost.value)
    return sum(costs) / len(costs)


def accuracy(params: Params, x: Points, t: Classes) -> float:
    """The share of points whose largest output is that of their class, from 0.0 to 1.0."""
    values = [[y_k.value for y_k in y] for y in net(params, x)]
    return sum(y.index(max(y)) == t_n for y, t_n in zip(values, t, strict=True)) / len(t)


if __name__ == "__main__":
    from operator_overloading.training_command import main

    main()
