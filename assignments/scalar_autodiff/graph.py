"""The computation graph of a Scalar, with values and derivatives, as it is drawn (given).

Each variable is a node, with the function that computed it; an edge runs from each input to the result.
"""

# ruff: noqa: RUF001  (the symbols are those of mathematics)

from __future__ import annotations

import networkx as nx

from autograder.pictures.drawing import Box
from scalar_autodiff import backpropagation
from scalar_autodiff.variable import Variable, is_constant

SYMBOLS = {
    "Add": "+",
    "Mul": "×",
    "Neg": "−",
    "Inv": "1/x",
    "LT": "<",
    "EQ": "=",
    "Sigmoid": "σ",
    "ReLU": "relu",
}


def derivatives(result: Variable) -> dict[Variable, float]:
    """The derivative of `result` with respect to every variable below it.

    Unlike `backpropagate` it keeps those of computed variables too, and writes nothing. Where tasks 1.3 and
    1.4 are still to do, none are known.
    """
    try:
        arrived = dict.fromkeys(backpropagation.topological_sort(result), 0.0)
        arrived[result] = 1.0
        for v in arrived:
            if not v.is_leaf():
                for x, d_x in v.history.backprop_step(arrived[v]):
                    arrived[x] += d_x
    except NotImplementedError:
        return {}
    return arrived


def computation_graph(result: Variable) -> nx.MultiDiGraph:
    """The graph below `result`; each node's attribute ``box`` is its `Box`."""
    arrived = derivatives(result)
    graph = nx.MultiDiGraph()
    waiting, drawn = [result], set()
    while waiting:
        v = waiting.pop()
        if v in drawn:
            continue
        drawn.add(v)
        graph.add_node(v.unique_id, box=_box(v, arrived.get(v), is_result=v is result))
        for i, x in enumerate(() if v.is_leaf() else v.history.inputs):
            if isinstance(x, Variable):
                waiting.append(x)
                graph.add_edge(x.unique_id, v.unique_id)
            else:
                constant = (v.unique_id, i)
                graph.add_node(constant, box=Box(f"{x:.4g}", is_constant=True))
                graph.add_edge(constant, v.unique_id)
    return graph


def _box(v: Variable, derivative: float | None, *, is_result: bool) -> Box:
    if is_constant(v):
        return Box(f"{v.data:.4g}", is_constant=True)
    named = v.name != f"variable{v.unique_id}"
    function = "" if v.is_leaf() else v.history.last_fn.__name__
    return Box(
        label=f"{v.name} = {v.data:.4g}" if named else f"{v.data:.4g}",
        derivative=derivative,
        symbol=SYMBOLS.get(function, function.lower()),
        is_result=is_result,
    )
