"""A node is placed after its inputs, not when it is met first."""

from __future__ import annotations

from collections.abc import Sequence

from tensor_autodiff.value import Value


def find_topo_sort(node_list: Sequence[Value]) -> list[Value]:
    """All nodes that `node_list` was computed from, and those in it, each once, in post-order.

    The search is depth-first (Tarjan, Depth-first search and linear graph algorithms, 1972): it begins at
    each node of `node_list` in turn, and at a node goes into ``node.inputs`` in their order; a node is
    placed once all its inputs have been. The graph can be deeper than Python's stack of calls, so write a
    loop, no recursion.
    """
    order, seen = [], set()
    stack = list(reversed(node_list))
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack += reversed(node.inputs)
    return order
