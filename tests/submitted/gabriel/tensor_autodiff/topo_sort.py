"""Task 4.3: an order in which every node of the graph stands after everything it was computed from."""

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
    stack = [(node, False) for node in reversed(node_list)]
    while stack:
        node, inputs_done = stack.pop()
        if inputs_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            for x in reversed(node.inputs):
                stack.append((x, False))
    return order
