"""A computation graph as a picture: a box a variable, the function that computed it at its left (given)."""

# ruff: noqa: RUF001  (the symbols are those of mathematics)

from __future__ import annotations

from itertools import pairwise
from pathlib import Path as FilePath

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from scalar_autodiff.graph import Node, computation_graph, derivatives
from scalar_autodiff.layout import Place, layered_layout
from scalar_autodiff.variable import Variable

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
LEAF, COMPUTED, RESULT = ("#dcebf7", "#2b6cb0"), ("#f4f4f4", "#8a8a8a"), ("#fde6cc", "#c2571a")
VALUE, DERIVATIVE, FAINT, CALL = "#1a1a1a", "#b3261e", "#777777", "#3f4650"
X_STEP, Y_STEP = 2.25, 1.0
WIDTH, HEIGHT, RADIUS = 1.3, 0.72, 0.25
CONSTANT_WIDTH, CONSTANT_HEIGHT = 0.66, 0.34


def write_drawing(result: Variable, path: FilePath, title: str = "") -> None:
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
    nodes = {v: graph.nodes[v]["node"] for v in graph}
    layout = layered_layout(graph, narrow=[v for v, node in nodes.items() if node.is_constant])
    places = {v: (X_STEP * x, Y_STEP * y) for v, (x, y) in layout.nodes.items()}
    axes = _canvas(list(places.values()), title)
    for (tail, head, which), route in zip(graph.edges(keys=True), layout.routes, strict=True):
        through = [_right_of(nodes[tail], places[tail])]
        for x, y in route[1:-1]:  # level where it passes a layer, so that it stays clear of the boxes
            through += [_left_of((X_STEP * x, Y_STEP * y)), (X_STEP * x + WIDTH / 2, Y_STEP * y)]
        _draw_edge(axes, [*through, _left_of(places[head])], aside=0.0 if route[1:-1] else 0.3 * which)
    for v, place in places.items():
        _draw_node(axes, nodes[v], place)
    axes.figure.savefig(path, dpi=100)


def _canvas(places: list[Place], title: str) -> Axes:
    """Axes in which a unit is an inch and every node finds room, with the key to the colours below."""
    xs, ys = zip(*places, strict=True)
    left, right, low, high = min(xs) - 0.9, max(xs) + 0.9, min(ys) - 1.0, max(ys) + 0.6
    width = max(right - left, 4.8)
    middle = (left + right) / 2
    figure = Figure(figsize=(width, high - low + (0.4 if title else 0.0)), layout="constrained")
    axes = figure.subplots()
    axes.set(xlim=(middle - width / 2, middle + width / 2), ylim=(low, high), aspect="equal")
    axes.axis("off")
    axes.set_title(title, fontsize=12, family="monospace")
    axes.text(middle - 0.6, low + 0.15, "value", color=VALUE, size=9, ha="right")
    axes.text(middle - 0.4, low + 0.15, "derivative of the result", color=DERIVATIVE, size=9, ha="left")
    return axes


def _right_of(node: Node, place: Place) -> Place:
    return place[0] + (CONSTANT_WIDTH if node.is_constant else WIDTH) / 2, place[1]


def _left_of(place: Place) -> Place:
    return place[0] - WIDTH / 2 - RADIUS, place[1]


def _draw_node(axes: Axes, node: Node, place: Place) -> None:
    """Draw a constant's number, or a variable's box with its function, value and derivative."""
    x, y = place
    if node.is_constant:
        _draw_box(axes, place, (CONSTANT_WIDTH, CONSTANT_HEIGHT), ("#ffffff", "#b5b5b5"))
        axes.text(x, y, f"{node.value:.4g}", size=10, color=FAINT, ha="center", va="center", zorder=5)
        return
    _draw_box(
        axes, place, (WIDTH, HEIGHT), LEAF if not node.function else RESULT if node.is_result else COMPUTED
    )
    middle = x + RADIUS / 2 if node.function else x
    value = f"{node.name} = {node.value:.4g}" if node.name else f"{node.value:.4g}"
    axes.text(middle, y + 0.16, value, size=11, color=VALUE, ha="center", va="center", zorder=5)
    derivative = "" if node.derivative is None else f"{node.derivative:.4g}"
    axes.text(middle, y - 0.17, derivative, size=11, color=DERIVATIVE, ha="center", va="center", zorder=5)
    if node.function:
        symbol = SYMBOLS.get(node.function, node.function.lower())
        axes.add_patch(
            Circle((x - WIDTH / 2, y), RADIUS, facecolor=CALL, edgecolor="white", linewidth=1.5, zorder=4)
        )
        size = 14 if len(symbol) == 1 else 8.5
        axes.text(
            x - WIDTH / 2, y, symbol, color="white", size=size, ha="center", va="center_baseline", zorder=5
        )


def _draw_box(axes: Axes, place: Place, size: tuple[float, float], colours: tuple[str, str]) -> None:
    corner = (place[0] - size[0] / 2, place[1] - size[1] / 2)
    style = f"round,pad=0,rounding_size={min(0.12, size[1] / 2)}"
    face, edge = colours
    axes.add_patch(
        FancyBboxPatch(corner, *size, boxstyle=style, facecolor=face, edgecolor=edge, linewidth=1.4, zorder=3)
    )


def _draw_edge(axes: Axes, through: list[Place], aside: float) -> None:
    """A curve, level at each place it goes through; `aside` moves its middle, to tell equal edges apart."""
    vertices, codes = [through[0]], [Path.MOVETO]
    for (x_0, y_0), (x_1, y_1) in pairwise(through):
        half = (x_0 + x_1) / 2
        vertices += [(half, y_0 + aside), (half, y_1 + aside), (x_1, y_1)]
        codes += [Path.CURVE4] * 3
    arrow = FancyArrowPatch(path=Path(vertices, codes), arrowstyle="-|>", mutation_scale=12, zorder=2)
    arrow.set(color="#8f8f8f", linewidth=1.3)
    axes.add_patch(arrow)
