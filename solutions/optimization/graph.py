"""The graph below an array, in the order in which the chain rule can go through it (given)."""

from __future__ import annotations

from collections.abc import Collection

from optimization.array import Array


def sorted_graph(y: Array, without: Collection[Array] = ()) -> list[Array]:
    """All arrays that `y` was computed from, `y` first, each one once and before its own operands.

    Args:
        y: the result.
        without: arrays that are left out, and with them whatever only they were computed from.
    """
    operands_first: list[Array] = []
    seen, stack = set(without), [(y, False)]
    while stack:
        v, operands_are_placed = stack.pop()
        if operands_are_placed:
            operands_first.append(v)
        elif v not in seen:
            seen.add(v)
            stack += [(v, True), *((p, False) for p in v.operands)]
    return operands_first[::-1]
