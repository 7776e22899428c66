"""The command ``python -m optimization.measure_work``: what tasks 5.4 and 5.5 save, counted (given)."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

import numpy as np

from optimization import cache, chain_rule, command_line, shortcuts
from optimization.array import Array
from optimization.chain_rule import Derive
from optimization.elementwise import tanh
from optimization.learning import mean_squared_error
from optimization.linear import transposed
from optimization.problem import Samples, Weights, drawn_problem
from optimization.work import Work, measured

BATCH = 20
LONGEST_WITHOUT_CACHE = 12

Product = Callable[[np.ndarray, Array], Array]


def main(arguments: list[str] | None = None) -> None:
    """Count the work of one step of learning in each way, and how it grows with the depth of a graph."""
    parser = command_line.parser("measure_work", "Count local derivatives and array elements in each way.")
    parser.add_argument("--depth", type=int, default=24, help="of the deepest graph (default 24)")
    command_line.run(parser.parse_args(arguments), _measure)


def elementary(data: np.ndarray, W: Array) -> Array:  # noqa: N803  (the formula's letter)
    """The product data W put together from small operators: repeat, multiply, sum over one axis."""
    spread = Array(data[:, :, None]) * W
    return Array(np.ones(data.shape[1])) @ transposed(spread, (1, 0, 2))


def error(weights: list[Array], samples: Samples, product: Product) -> tuple[Array, list[Array]]:
    """The network's mean squared error by a product of one's choice, and the arrays that are constant."""
    W, b, v, c = weights  # noqa: N806  (the formula's letter)
    t = Array(samples.t)
    return mean_squared_error(tanh(product(samples.X, W) + b) @ v + c, t), [t]


WAYS: dict[str, tuple[Product, Derive]] = {
    "small operators, textbook": (elementary, chain_rule.differentials),
    "matrix product, textbook": (lambda data, v: Array(data) @ v, chain_rule.differentials),
    "constant_times, textbook": (shortcuts.constant_times, chain_rule.differentials),
    "constant_times, hints": (shortcuts.constant_times, shortcuts.differentials),
    "constant_times, hints, cache": (shortcuts.constant_times, cache.differentials),
}


def step_work(weights: Weights, samples: Samples, way: str) -> tuple[Work, list[np.ndarray]]:
    """The work of one gradient of the error for all weights, and that gradient."""
    product, derive = WAYS[way]
    with measured() as work:
        leaves = [Array(w) for w in weights]
        E, constant = error(leaves, samples, product)  # noqa: N806  (the formula's letter)
        gradients = derive(E, leaves, constant)
    return work, [dE_dw.data for dE_dw in gradients]


def depth_work(depth: int, derive: Derive) -> int:
    """How many local derivatives it takes to differentiate z = z z, `depth` times over."""
    x = z = Array(1.0)
    for _ in range(depth):
        z = z * z
    with measured() as work:
        derive(z, [x], [])
    return work.local_derivatives


def _counts(depth: int) -> Iterator[tuple[int, int | None, int]]:
    for d in command_line.counted(range(1, depth + 1), depth, "depths"):
        plain = depth_work(d, chain_rule.differentials) if d <= LONGEST_WITHOUT_CACHE else None
        yield d, plain, depth_work(d, cache.differentials)


def _measure(options: argparse.Namespace) -> None:
    problem = drawn_problem()
    rows = []
    for way in WAYS:
        work, _ = step_work(problem.start, problem.training.part(slice(BATCH)), way)
        rows.append((way, work.local_derivatives, f"{work.elements:,}"))
    print(f"one gradient of the tanh network's error, {BATCH} samples")
    command_line.print_table(("way", "local derivatives", "array elements"), rows)
    counts = list(_counts(options.depth))
    print("\nlocal derivatives of z = z z, repeated")
    shown = [row for row in counts if row[0] % 4 == 0 or row[0] == options.depth]
    rows = [
        (d, "2^(n+1) - 2" if plain is None else f"{plain:,}", with_cache) for d, plain, with_cache in shown
    ]
    command_line.print_table(("n", "textbook", "with the cache"), rows)
    if not options.no_picture:
        from optimization.work_picture import write_depths  # noqa: PLC0415  (matplotlib is an extra)

        path = options.out / "work.png"
        write_depths(path, counts)
        print(f"picture: {path}")


if __name__ == "__main__":
    main()
