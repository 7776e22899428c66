"""A computation graph as a picture: boxes for variables, circles for calls (given)."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from scalar_autodiff.graph import Node, computation_graph, derivatives, layered_positions
from scalar_autodiff.variable import Variable

SYMBOLS = {"Add": "+", "Mul": "×", "Neg": "−", "Inv": "1/·", "LT": "<", "EQ": "=", "Sigmoid": "σ"}
COLOURS = {"leaf": "#dbe9f6", "computed": "#f2f2f2", "result": "#fde3c8", "constant": "#ffffff"}
EDGES = {"leaf": "#2b6cb0", "computed": "#8a8a8a", "result": "#c2571a", "constant": "#b5b5b5"}
VALUE, DERIVATIVE = "#1a1a1a", "#b3261e"
X_STEP, Y_STEP = 1.45, 1.05
WIDTH, HEIGHT, LOW, RADIUS = 1.3, 0.74, 0.4, 0.27


def write_drawing(result: Variable, path: Path, title: str = "") -> None:
    """Draw the graph below `result` to `path`; the suffix says which format.

    Where tasks 1.3 and 1.4 are still to do, values are drawn alone.

    Raises:
        OSError: the file cannot be written.
    """
    try:
        arrived = derivatives(result)
    except NotImplementedError:
        arrived = {}
    graph = computation_graph(result, arrived)
    places = {v: (X_STEP * x, Y_STEP * y) for v, (x, y) in layered_positions(graph).items()}
    axes = _canvas(places)
    for tail, head, which in graph.edges(keys=True):
        _draw_edge(axes, graph, places, (tail, head), which)
    for v, place in places.items():
        _draw_node(axes, graph.nodes[v]["node"], place)
    axes.set_title(title, fontsize=13, family="monospace")
    axes.figure.savefig(path, dpi=110)


def _canvas(places: dict[object, tuple[float, float]]) -> Axes:
    """Axes in which a unit is an inch and every node finds room, the legend below."""
    xs, ys = zip(*places.values(), strict=True)
    left, right, low, high = min(xs) - 1, max(xs) + 1, min(ys) - 1.1, max(ys) + 0.7
    figure = Figure(figsize=(max(right - left, 6.4), high - low + 0.3), layout="constrained")
    axes = figure.subplots()
    axes.set(xlim=(left, right), ylim=(low, high), aspect="equal")
    axes.axis("off")
    key = {"value": VALUE, "derivative of the result": DERIVATIVE}
    for i, (text, colour) in enumerate(key.items()):
        axes.text(0.35 + 0.1 * i, 0.01, text, color=colour, transform=axes.transAxes, fontsize=9, ha=("right", "left")[i])
    return axes


def _draw_node(axes: Axes, node: Node, place: tuple[float, float]) -> None:
    x, y = place
    if node.kind == "call":
        axes.add_patch(Circle(place, RADIUS, facecolor="#444444", edgecolor="none", zorder=3))
        label = SYMBOLS.get(node.label, node.label.lower())
        size = 14 if len(label) == 1 else 9
        axes.text(x, y, label, color="white", size=size, ha="center", va="center_baseline", zorder=4)
        return
    height = LOW if node.kind == "constant" else HEIGHT
    width = 0.7 if node.kind == "constant" else WIDTH
    axes.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2), width, height, boxstyle="round,pad=0,rounding_size=0.1",
            facecolor=COLOURS[node.kind], edgecolor=EDGES[node.kind], linewidth=1.4, zorder=3,
        )
    )
    if node.kind == "constant":
        axes.text(x, y, node.label, size=11, color="#666666", ha="center", va="center", zorder=4)
        return
    name = f"{node.label} = " if node.label else ""
    axes.text(x, y + 0.16, f"{name}{node.value:.4g}", size=11, color=VALUE, ha="center", va="center", zorder=4)
    below = "" if node.derivative is None else f"{node.derivative:.4g}"
    axes.text(x, y - 0.17, below, size=11, color=DERIVATIVE, ha="center", va="center", zorder=4)


def _draw_edge(axes: Axes, graph: nx.MultiDiGraph, places: dict, edge: tuple, which: int) -> None:
    """An arrow from border to border; the second of two equal edges is bent, so that both are seen."""
    axes.add_patch(
        FancyArrowPatch(
            places[edge[0]], places[edge[1]], arrowstyle="-|>", mutation_scale=12, color="#8a8a8a", linewidth=1.2,
            connectionstyle=f"arc3,rad={0.25 * which}", shrinkA=30, shrinkB=22, zorder=2,
        )
    )
