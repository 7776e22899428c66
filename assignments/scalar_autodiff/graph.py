"""The computation graph of a Scalar, laid out in layers for drawing (given).

A variable is a node, and so is each call of a function; edges run from a call's inputs to the call and on to
its result. Layers are found by longest paths, and each layer is put in the order of its neighbours'
mean heights (Sugiyama, Tagawa and Toda, 1981), so that few edges cross.
"""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx

from scalar_autodiff import backpropagation
from scalar_autodiff.variable import Variable, is_constant

SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Node:
    """A box or a circle of the drawing.

    Attributes:
        label: a variable's name, a constant's number, or a function's symbol.
        kind: ``leaf``, ``computed``, ``result``, ``constant`` or ``call``.
        value: a variable's value.
        derivative: of the result with respect to this variable; None where there is none.
    """

    label: str
    kind: str
    value: float | None = None
    derivative: float | None = None


def derivatives(result: Variable) -> dict[int, float]:
    """The derivative of `result` with respect to every variable below it, by the variable's unique id.

    Unlike `backpropagate` it keeps those of computed variables too, and writes nothing.
    """
    arrived = {result.unique_id: 1.0}
    for v in backpropagation.topological_sort(result):
        if not v.is_leaf():
            for x, d_x in v.history.backprop_step(arrived.get(v.unique_id, 0.0)):
                arrived[x.unique_id] = arrived.get(x.unique_id, 0.0) + d_x
    return arrived


def computation_graph(result: Variable, arrived: dict[int, float]) -> nx.MultiDiGraph:
    """The graph below `result`; each node's attribute ``node`` is its `Node`."""
    graph = nx.MultiDiGraph()
    waiting, drawn = [result], set()
    while waiting:
        v = waiting.pop()
        if v in drawn:
            continue
        drawn.add(v)
        graph.add_node(v.unique_id, node=_variable_node(v, result, arrived.get(v.unique_id)))
        if v.is_leaf():
            continue
        call = ("call", v.unique_id)
        graph.add_node(call, node=Node(v.history.last_fn.__name__, "call"))
        graph.add_edge(call, v.unique_id)
        for i, x in enumerate(v.history.inputs):
            if isinstance(x, Variable):
                waiting.append(x)
                graph.add_edge(x.unique_id, call)
            else:
                graph.add_node((call, i), node=Node(f"{x:.4g}", "constant"))
                graph.add_edge((call, i), call)
    return graph


def _variable_node(v: Variable, result: Variable, derivative: float | None) -> Node:
    if is_constant(v):
        return Node(f"{v.data:.4g}", "constant")
    named = v.name != f"variable{v.unique_id}"
    kind = "result" if v is result and not v.is_leaf() else "leaf" if v.is_leaf() else "computed"
    return Node(v.name if named else "", kind, v.data, derivative)


def layered_positions(graph: nx.MultiDiGraph) -> dict[object, tuple[float, float]]:
    """Each node's place: its layer from left to right, and its height within the layer, centred on 0."""
    layer: dict[object, int] = {}
    for node in reversed(list(nx.topological_sort(graph))):
        layer[node] = max((layer[after] + 1 for after in graph.successors(node)), default=0)
    last = max(layer.values())
    columns: list[list[object]] = [[] for _ in range(last + 1)]
    for node in nx.dfs_preorder_nodes(graph.reverse(copy=False), source=_result(graph)):
        columns[last - layer[node]].append(node)
    height = {node: float(i) for column in columns for i, node in enumerate(column)}
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 else reversed(columns):
            column.sort(key=lambda node: _mean_height(graph, node, height))
            height.update({node: i - (len(column) - 1) / 2 for i, node in enumerate(column)})
    return {node: (float(x), -height[node]) for x, column in enumerate(columns) for node in column}


def _result(graph: nx.MultiDiGraph) -> object:
    return next(node for node, degree in graph.out_degree() if degree == 0)


def _mean_height(graph: nx.MultiDiGraph, node: object, height: dict[object, float]) -> float:
    near = [height[other] for other in nx.all_neighbors(graph, node)]
    return sum(near) / len(near) if near else 0.0
