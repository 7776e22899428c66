"""The graph below a value, as it is drawn (given).

Each value is a node; an edge runs from each child to the result, two edges where it was used twice.
"""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx

from autograder.pictures.drawing import Box
from computation_graph.node import Node

SYMBOLS = {"": "", "+": "+", "*": "×", "tanh": "tanh"}  # noqa: RUF001  (a symbol of mathematics)


def computation_graph(result: Node, names: Mapping[str, Node], *, with_grads: bool) -> nx.MultiDiGraph:
    """The graph below `result`; each node's attribute ``box`` is its `Box`.

    Args:
        result: the final value.
        names: what to call the values that have a name.
        with_grads: whether to show gradients.
    """
    name_of = {id(x): name for name, x in names.items()}
    graph = nx.MultiDiGraph()
    waiting, drawn = [result], set()
    while waiting:
        x = waiting.pop()
        if x in drawn:
            continue
        drawn.add(x)
        name = name_of.get(id(x))
        label = f"{name} = {x.data:.4g}" if name else f"{x.data:.4g}"
        symbol = f"^{x.exponent:.4g}" if x.operation == "**" else SYMBOLS[x.operation]
        graph.add_node(id(x), box=Box(label, x.grad if with_grads else None, symbol, x is result))
        graph.add_edges_from((id(child), id(x)) for child in x.children)
        waiting.extend(x.children)
    return graph
