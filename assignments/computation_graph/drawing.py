"""A computation graph as a picture: a box a value, the operation that computed it at its left (given)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path as FilePath

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from computation_graph.graph import Box, computation_graph
from computation_graph.layout import Place, layered_layout
from computation_graph.node import Node

LEAF, COMPUTED, RESULT = ("#dcebf7", "#2b6cb0"), ("#f4f4f4", "#8a8a8a"), ("#fde6cc", "#c2571a")
VALUE, GRADIENT, OPERATION, EDGE = "#1a1a1a", "#b3261e", "#3f4650", "#8f8f8f"
X_STEP, Y_STEP = 2.25, 1.0
WIDTH, HEIGHT, RADIUS = 1.3, 0.72, 0.25


def write_drawing(result: Node, names: Mapping[str, Node], path: FilePath, *, with_grads: bool) -> None:
    """Draw the graph below `result` to `path`; the suffix says which format.

    Args:
        result: the final value.
        names: what to call the values that have a name.
        path: the file.
        with_grads: whether backward has run, so that there are gradients to show.

    Raises:
        OSError: the file cannot be written.
    """
    graph = computation_graph(result, names, with_grads=with_grads)
    layout = layered_layout(graph)
    places = {v: (X_STEP * x, Y_STEP * y) for v, (x, y) in layout.nodes.items()}
    axes = _canvas(list(places.values()), with_grads=with_grads)
    for (tail, head, which), route in zip(graph.edges(keys=True), layout.routes, strict=True):
        through = [(places[tail][0] + WIDTH / 2, places[tail][1])]
        for x, y in route[1:-1]:  # level where it passes a layer, so that it stays clear of the boxes
            through += [_left_of((X_STEP * x, Y_STEP * y)), (X_STEP * x + WIDTH / 2, Y_STEP * y)]
        _draw_edge(axes, [*through, _left_of(places[head])], aside=0.0 if route[1:-1] else 0.3 * which)
    for v, place in places.items():
        _draw_box(axes, graph.nodes[v]["box"], place)
    axes.figure.savefig(path, dpi=100)


def _canvas(places: list[Place], *, with_grads: bool) -> Axes:
    """Axes in which a unit is an inch and every box finds room, with the key to the colours below."""
    xs, ys = zip(*places, strict=True)
    low, high, middle = min(ys) - 1.0, max(ys) + 0.6, (min(xs) + max(xs)) / 2
    width = max(max(xs) - min(xs) + 2.2, 4.8)
    axes = Figure(figsize=(width, high - low), layout="constrained").subplots()
    axes.set(xlim=(middle - width / 2, middle + width / 2), ylim=(low, high), aspect="equal")
    axes.axis("off")
    axes.text(middle - 0.6, low + 0.15, "value", color=VALUE, size=9, ha="right")
    if with_grads:
        axes.text(middle - 0.4, low + 0.15, "gradient of the result", color=GRADIENT, size=9, ha="left")
    return axes


def _left_of(place: Place) -> Place:
    return place[0] - WIDTH / 2 - RADIUS, place[1]


def _draw_box(axes: Axes, box: Box, place: Place) -> None:
    """Draw a value's box with its number and gradient, and its operation as a circle."""
    x, y = place
    face, edge = LEAF if not box.symbol else RESULT if box.is_result else COMPUTED
    style = "round,pad=0,rounding_size=0.12"
    corner = (x - WIDTH / 2, y - HEIGHT / 2)
    patch = FancyBboxPatch(corner, WIDTH, HEIGHT, boxstyle=style, facecolor=face, edgecolor=edge)
    patch.set(linewidth=1.4, zorder=3)
    axes.add_patch(patch)
    middle = x + RADIUS / 2 if box.symbol else x
    grad = "" if box.grad is None else f"{box.grad:.4g}"
    for text, colour, up in ((box.label, VALUE, 0.16), (grad, GRADIENT, -0.17)):
        axes.text(middle, y + up, text, size=11, color=colour, ha="center", va="center", zorder=5)
    if box.symbol:
        circle = Circle((x - WIDTH / 2, y), RADIUS, facecolor=OPERATION, edgecolor="white")
        circle.set(linewidth=1.5, zorder=4)
        axes.add_patch(circle)
        size = 14 if len(box.symbol) == 1 else 8.5
        at = (x - WIDTH / 2, y)
        axes.text(*at, box.symbol, color="white", size=size, ha="center", va="center_baseline", zorder=5)


def _draw_edge(axes: Axes, through: list[Place], aside: float) -> None:
    """A curve, level at each place it goes through; `aside` moves its middle, to tell equal edges apart."""
    vertices, codes = [through[0]], [Path.MOVETO]
    for (x_0, y_0), (x_1, y_1) in pairwise(through):
        half = (x_0 + x_1) / 2
        vertices += [(half, y_0 + aside), (half, y_1 + aside), (x_1, y_1)]
        codes += [Path.CURVE4] * 3
    arrow = FancyArrowPatch(path=Path(vertices, codes), arrowstyle="-|>", mutation_scale=12, zorder=2)
    arrow.set(color=EDGE, linewidth=1.3)
    axes.add_patch(arrow)
