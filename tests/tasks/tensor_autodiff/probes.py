"""What the graded tests ask of the student's modules: compute, differentiate, sort, train, report plain data.

Runs on the student's side: no expected value and no verdict belongs here. The student's modules are
imported inside the functions, since one that does not import must fail its own task's tests only.
"""

# ruff: noqa: PLC0415  (for that reason)

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np

Arrays = Sequence[np.ndarray]
Steps = Sequence[Sequence[object]]

EXPRESSIONS: dict[str, Callable[..., object]] = {
    "a": lambda a: a,
    "a / b": lambda a, b: a / b,
    "a / 4": lambda a: a / 4,
    "2 / a": lambda a: 2 / a,
    "a - b": lambda a, b: a - b,
    "a ** b": lambda a, b: a**b,
    "a ** 3": lambda a: a**3,
    "a @ b": lambda a, b: a @ b,
    "a * a": lambda a: a * a,
    "a * b + a": lambda a, b: a * b + a,
    "a * a + a * b": lambda a, b: a * a + a * b,
    "a ** 4": lambda a: a**4,
    "(a * b).exp() / b": lambda a, b: (a * b).exp() / b,
    "a ** b - (a / b).log()": lambda a, b: a**b - (a / b).log(),
    "(1 / a + a ** 3 * b).sum(axes=1)": lambda a, b: (1 / a + a**3 * b).sum(axes=1),
    "((A @ B + C) * (A @ B)).sum()": lambda a, b, c: ((a @ b + c) * (a @ b)).sum(),
    "(a.broadcast_to((4, 3)) * b).sum()": lambda a, b: (a.broadcast_to((4, 3)) * b).sum(),
    "(a.reshape((2, 3)) @ b / 5).exp()": lambda a, b: (a.reshape((2, 3)) @ b / 5).exp(),
    "(a.transpose() @ b) ** 2": lambda a, b: (a.transpose() @ b) ** 2,
    "(A @ B) * (A @ B), batches": lambda a, b: (a @ b) * (a @ b),
}


def forward(op: str, arrays: Arrays, *settings: object) -> tuple[object, list[object]]:
    """What an op of `ops`, made with `settings`, computes from tensors of `arrays`, and those afterwards."""
    tensors = [*map(_tensor, arrays)]
    return _array(_op(op, settings)(*tensors)), [_array(x) for x in tensors]


def expression(name: str, arrays: Arrays) -> object:
    """The array of an expression of `EXPRESSIONS`."""
    return _array(EXPRESSIONS[name](*map(_tensor, arrays)))


def backward(op: str, arrays: Arrays, out_grad: np.ndarray, *settings: object) -> tuple[list[object], ...]:
    """What an op's gradient gives each input, as arrays, and whether each remembers what it was computed from."""
    node = _op(op, settings)(*map(_tensor, arrays))
    shares = node.op.gradient_as_tuple(_tensor(out_grad, requires_grad=False), node)
    return [_array(share) for share in shares], [
        _is_tensor(share) and not share.is_leaf() for share in shares
    ]


def summed(d: np.ndarray, shape: Sequence[int]) -> object:
    """The array that `sum_to_shape` gives."""
    from tensor_autodiff.gradients import sum_to_shape

    return _array(sum_to_shape(_tensor(d), tuple(shape)))


def order(steps: Steps, leaves: int, roots: Sequence[int]) -> object:
    """The order that `find_topo_sort` gives for some nodes, by the nodes' numbers."""
    from tensor_autodiff.topo_sort import find_topo_sort

    nodes = _graph(steps, leaves)
    ordered = find_topo_sort([nodes[i] for i in roots])
    if not isinstance(ordered, (list, tuple)):
        return _described(ordered)
    return [next((i for i, v in enumerate(nodes) if v is x), "no node of the graph") for x in ordered]


def values_in_order() -> object:
    """The numbers of c = 3 a a + 4 b a - a, a = 0.5, b = 2, in the order of `find_topo_sort`."""
    from tensor_autodiff.topo_sort import find_topo_sort

    a, b = (_tensor(np.array([[v]])) for v in (0.5, 2.0))
    return [float(x.numpy()[0, 0]) for x in find_topo_sort([3 * a * a + 4 * b * a - a])]


def sorted_chain(length: int) -> tuple[int, bool]:
    """Of a chain of so many ops: the number of nodes sorted, and whether each stands after its inputs."""
    from tensor_autodiff.topo_sort import find_topo_sort

    x = reduce(lambda y, _: y + 1.0, range(length), _tensor(np.zeros(1)))
    ordered = find_topo_sort([x])
    place = {y: i for i, y in enumerate(ordered)}
    return len(ordered), all(place[z] < place[y] for y in ordered for z in y.inputs)


def gradient(name: str, arrays: Arrays, out_grad: np.ndarray | None = None, times: int = 1) -> object:
    """The grads of the leaves of an expression of `EXPRESSIONS` after `times` calls of backward."""
    leaves = [*map(_tensor, arrays)]
    result = EXPRESSIONS[name](*leaves)
    for _ in range(times):
        result.backward(None if out_grad is None else _tensor(out_grad))
    return [_array(x.grad) for x in leaves]


def gradient_beside_a_constant(variable: float, constant: float) -> tuple[object, bool]:
    """The grad of a after backward of a * b + a, and whether b, a constant, has none."""
    a, b = _tensor(np.array([variable])), _tensor(np.array([constant]), requires_grad=False)
    (a * b + a).backward()
    return _array(a.grad), b.grad is None


def repeated_gradient(name: str, arrays: Arrays, times: int) -> object:
    """The grads of the leaves after backward of the first leaf's grad, and of its grad again."""
    leaves = [*map(_tensor, arrays)]
    result = EXPRESSIONS[name](*leaves)
    for _ in range(times):
        result.backward()
        result = leaves[0].grad
        if not _is_tensor(result):
            return _described(result)
    return [_array(x.grad) for x in leaves]


def gradients_in_a_graph(steps: Steps, values: Sequence[float], out_grad: float) -> object:
    """The grads of all leaves below the last node of a graph of numbers, 0 for a leaf that is not below it."""
    from tensor_autodiff.reverse_mode import compute_gradient_of_variables

    nodes = _graph(steps, len(values), values)
    compute_gradient_of_variables(nodes[-1], _tensor(np.array([out_grad])))
    return [0.0 if x.grad is None else _array(x.grad) for x in nodes[: len(values)]]


def chain_gradient(length: int) -> object:
    """The grad of x where y = x + 1 + 1 + ..., so many times."""
    reduce(lambda y, _: y + 1.0, range(length), x := _tensor(np.ones(1))).backward()
    return _array(x.grad)


def loss(z: np.ndarray, y_one_hot: np.ndarray, weights: np.ndarray | None = None) -> tuple[object, object]:
    """`softmax_loss`, and its derivative by Z; with weights, that of the weighed sum of the latter's elements."""
    from tensor_autodiff.softmax import softmax_loss

    leaf = _tensor(z)
    result = softmax_loss(leaf, _tensor(y_one_hot, requires_grad=False))
    if _is_tensor(result) and result.requires_grad:
        result.backward()
        if weights is not None:
            (leaf.grad * _tensor(weights, requires_grad=False)).sum().backward()
    return _array(result), _array(leaf.grad)


def epochs(
    x: np.ndarray, y: np.ndarray, weights: Arrays, times: int = 1, **settings: float
) -> tuple[object, ...]:
    """The arrays of W1 and W2 after so many calls of `nn_epoch`, and of X and y."""
    from tensor_autodiff.two_layers import nn_epoch

    trained = tuple(map(_tensor, weights))
    for _ in range(times):
        trained = nn_epoch(x, y, *trained, **settings)
        if not isinstance(trained, (tuple, list)):
            return _described(trained), x, y
    return [_array(w) for w in trained], x, y


def epochs_on_files(images: bytes, labels: bytes, weights: Arrays, **settings: float) -> object:
    """The same for one call on images and labels in MNIST's format."""
    from tensor_autodiff import idx

    pixels = idx.decoded(images)
    x = pixels.reshape(len(pixels), -1).astype(np.float32) / 255
    return epochs(x, idx.decoded(labels), weights, **settings)[0]


def leftovers(x: np.ndarray, y: np.ndarray, weights: Arrays, **settings: float) -> tuple[list[object], int]:
    """Whether `nn_epoch` returns leaves, and how many more tensors are alive after two further calls."""
    from tensor_autodiff.memory import live_tensors
    from tensor_autodiff.two_layers import nn_epoch

    w1, w2 = nn_epoch(x, y, *map(_tensor, weights), **settings)
    leaves = [w.is_leaf() for w in (w1, w2)]
    before = live_tensors()
    for _ in range(2):
        w1, w2 = nn_epoch(x, y, w1, w2, **settings)
    return leaves, live_tensors() - before


def descend(w: np.ndarray, grad: np.ndarray, rate: float) -> tuple[object, bool, bool]:
    """The numbers of a leaf after `descend`, whether it is a leaf still, and whether its grad is gone."""
    from tensor_autodiff import descent

    leaf = _tensor(w)
    leaf.grad = _tensor(grad) * 1.0
    descent.descend(leaf, rate)
    return _array(leaf), leaf.is_leaf() and leaf.requires_grad, leaf.grad is None


def fitted(x: np.ndarray, t: np.ndarray, w: np.ndarray, rate: float, steps: int) -> tuple[object, ...]:
    """What `train` returns on the sum of squares of X w - t, w afterwards, and whether the first is a constant."""
    from tensor_autodiff.descent import train

    leaf = _tensor(w)
    mean = train(_squares(x, t), [leaf], rate, steps)
    return _array(mean), _array(leaf), _is_tensor(mean) and mean.is_leaf() and not mean.requires_grad


def live_during_training(x: np.ndarray, t: np.ndarray, w: np.ndarray, steps: int) -> tuple[int, int]:
    """How often `train` asked for the loss, and how many more tensors were alive the last than the second time."""
    from tensor_autodiff.descent import train
    from tensor_autodiff.memory import live_tensors

    counts, squares, calls = [], _squares(x, t), []

    def counted(*parameters):
        calls.append(None)
        if len(calls) in {2, steps}:
            counts.append(live_tensors())
        return squares(*parameters)

    train(counted, [_tensor(w)], 0.01, steps)
    return len(calls), counts[-1] - counts[0]


def _squares(x: np.ndarray, t: np.ndarray) -> Callable[[object], object]:
    points, targets = (_tensor(array, requires_grad=False) for array in (x, t))
    return lambda w: ((points @ w - targets) ** 2).sum()


def _graph(steps: Steps, leaves: int, values: Sequence[float] = ()) -> list[object]:
    """Leaves, then a node a step: its operator's sign and the numbers of its inputs."""
    nodes = [_tensor(np.array([values[i] if values else 0.1])) for i in range(leaves)]
    for sign, *inputs in steps:
        a, b = nodes[inputs[0]], nodes[inputs[-1]]
        nodes.append({"+": a.__add__, "*": a.__mul__, "-": lambda _, a=a: -a}[sign](b))
    return nodes


def _op(name: str, settings: Sequence[object]) -> Callable[..., object]:
    from tensor_autodiff import ops

    return getattr(ops, name)(*settings)


def _tensor(array: np.ndarray, *, requires_grad: bool = True) -> object:
    from tensor_autodiff.tensor import Tensor

    return Tensor(array, requires_grad=requires_grad)


def _is_tensor(x: object) -> bool:
    from tensor_autodiff.tensor import Tensor

    return isinstance(x, Tensor)


def _array(x: object) -> object:
    return x.numpy() if _is_tensor(x) else _described(x)


def _described(x: object) -> str:
    return "None (is a return missing?)" if x is None else f"a {type(x).__name__}, no tensor"
