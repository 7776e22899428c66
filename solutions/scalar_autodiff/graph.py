"""The computation graph of a Scalar, with values and derivatives (given).

Each variable is a node, with the function that computed it; an edge runs from each input to the result.
"""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx

from scalar_autodiff import backpropagation
from scalar_autodiff.variable import Variable, is_constant


@dataclass(frozen=True, slots=True)
class Node:
    """A variable or a constant, as the drawing shows it.

    Attributes:
        name: what the variable was named, "" where it was not.
        value: its value.
        derivative: of the result with respect to it; None for a constant, or where none is known.
        function: the name of the function that computed it, None for a leaf or a constant.
        is_constant: whether it takes no derivative.
        is_result: whether the graph leads to it.
    """

    name: str
    value: float
    derivative: float | None = None
    function: str | None = None
    is_constant: bool = False
    is_result: bool = False


def derivatives(result: Variable) -> dict[Variable, float]:
    """The derivative of `result` with respect to every variable below it.

    Unlike `backpropagate` it keeps those of computed variables too, and writes nothing.
    """
    arrived = dict.fromkeys(backpropagation.topological_sort(result), 0.0)
    arrived[result] = 1.0
    for v in arrived:
        if not v.is_leaf():
            for x, d_x in v.history.backprop_step(arrived[v]):
                arrived[x] += d_x
    return arrived


def computation_graph(result: Variable, arrived: dict[Variable, float]) -> nx.MultiDiGraph:
    """The graph below `result`; each node's attribute ``node`` is its `Node`.

    Args:
        result: the final variable.
        arrived: the derivatives to show; those that are missing are not shown.
    """
    graph = nx.MultiDiGraph()
    waiting, drawn = [result], set()
    while waiting:
        v = waiting.pop()
        if v in drawn:
            continue
        drawn.add(v)
        graph.add_node(v.unique_id, node=_node(v, arrived.get(v), is_result=v is result))
        for i, x in enumerate(() if v.is_leaf() else v.history.inputs):
            if isinstance(x, Variable):
                waiting.append(x)
                graph.add_edge(x.unique_id, v.unique_id)
            else:
                constant = (v.unique_id, i)
                graph.add_node(constant, node=Node("", x, is_constant=True))
                graph.add_edge(constant, v.unique_id)
    return graph


def _node(v: Variable, derivative: float | None, *, is_result: bool) -> Node:
    return Node(
        name="" if v.name == f"variable{v.unique_id}" else v.name,
        value=v.data,
        derivative=derivative,
        function=None if v.is_leaf() else v.history.last_fn.__name__,
        is_constant=is_constant(v),
        is_result=is_result,
    )
