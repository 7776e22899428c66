"""Python's stack holds about 1000 calls, and a graph can be deeper: use a loop with a list for a stack."""

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

    def visit(node):
        if node not in seen:
            seen.add(node)
            for x in node.inputs:
                visit(x)
            order.append(node)

    for root in node_list:
        visit(root)
    return order
