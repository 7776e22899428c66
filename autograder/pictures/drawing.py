"""A computation graph as a picture: a box a number, the function that computed it as a circle at its left."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path as FilePath

import networkx as nx  # type: ignore[import-untyped]
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from autograder.pictures.layout import Place, layered_layout

LEAF, COMPUTED, RESULT = ("#dcebf7", "#2b6cb0"), ("#f4f4f4", "#8a8a8a"), ("#fde6cc", "#c2571a")
CONSTANT = ("#ffffff", "#b5b5b5")
VALUE, DERIVATIVE, FAINT, CALL, EDGE = "#1a1a1a", "#b3261e", "#777777", "#3f4650", "#8f8f8f"
X_STEP, Y_STEP = 2.25, 1.0
WIDTH, HEIGHT, RADIUS = 1.3, 0.72, 0.25
CONSTANT_WIDTH, CONSTANT_HEIGHT = 0.66, 0.34


@dataclass(frozen=True, slots=True)
class Box:
    """A number, as the picture shows it.

    Attributes:
        label: its name, if it has one, and its value: ``x_3 = 12``.
        derivative: of the result with respect to it; None where none is to be shown.
        symbol: of the function that computed it, "" for a leaf or a constant.
        is_result: whether the graph leads to it.
        is_constant: whether it takes no derivative; its box is small and holds the label alone.
    """

    label: str
    derivative: float | None = None
    symbol: str = ""
    is_result: bool = False
    is_constant: bool = False


def write_drawing(graph: nx.MultiDiGraph, path: FilePath, title: str = "", key: str = "") -> None:
    """Draw a graph to `path`; the suffix says which format.

    Args:
        graph: acyclic, its edges from operands to results; each node's attribute ``box`` is its `Box`.
        path: the file.
        title: the line above.
        key: what the derivatives are called below the picture, "" where none are shown.

    Raises:
        OSError: the file cannot be written.
    """
    boxes: dict[object, Box] = dict(graph.nodes(data="box"))
    layout = layered_layout(graph, narrow=[v for v, box in boxes.items() if box.is_constant])
    places = {v: (X_STEP * x, Y_STEP * y) for v, (x, y) in layout.nodes.items()}
    figure, axes = _canvas(list(places.values()), title, key)
    for (tail, head, which), route in zip(graph.edges(keys=True), layout.routes, strict=True):
        through = [_right_of(boxes[tail], places[tail])]
        for x, y in route[1:-1]:  # level where it passes a layer, so that it stays clear of the boxes
            through += [_left_of((X_STEP * x, Y_STEP * y)), (X_STEP * x + WIDTH / 2, Y_STEP * y)]
        _draw_edge(axes, [*through, _left_of(places[head])], aside=0.0 if route[1:-1] else 0.3 * which)
    for v, place in places.items():
        _draw_box(axes, boxes[v], place)
    figure.savefig(path, dpi=100)


def _canvas(places: list[Place], title: str, key: str) -> tuple[Figure, Axes]:
    """A figure whose axes have room for every box, a unit an inch, and the key to the colours below."""
    xs, ys = zip(*places, strict=True)
    low, high, middle = min(ys) - 1.0, max(ys) + 0.6, (min(xs) + max(xs)) / 2
    width = max(max(xs) - min(xs) + 1.8, 4.8)
    figure = Figure(figsize=(width, high - low + (0.4 if title else 0.0)), layout="constrained")
    axes = figure.subplots()
    axes.set(xlim=(middle - width / 2, middle + width / 2), ylim=(low, high), aspect="equal")
    axes.axis("off")
    axes.set_title(title, fontsize=12, family="monospace")
    axes.text(middle - 0.6, low + 0.15, "value", color=VALUE, size=9, ha="right")
    axes.text(middle - 0.4, low + 0.15, key, color=DERIVATIVE, size=9, ha="left")
    return figure, axes


def _right_of(box: Box, place: Place) -> Place:
    return place[0] + (CONSTANT_WIDTH if box.is_constant else WIDTH) / 2, place[1]


def _left_of(place: Place) -> Place:
    return place[0] - WIDTH / 2 - RADIUS, place[1]


def _draw_box(axes: Axes, box: Box, place: Place) -> None:
    """Draw a constant's number, or a box with its function, value and derivative."""
    x, y = place
    if box.is_constant:
        _draw_frame(axes, place, (CONSTANT_WIDTH, CONSTANT_HEIGHT), CONSTANT)
        _write(axes, place, box.label, FAINT, size=10)
        return
    colours = LEAF if not box.symbol else RESULT if box.is_result else COMPUTED
    _draw_frame(axes, place, (WIDTH, HEIGHT), colours)
    middle = x + RADIUS / 2 if box.symbol else x
    _write(axes, (middle, y + 0.16), box.label, VALUE, size=11)
    derivative = "" if box.derivative is None else f"{box.derivative:.4g}"
    _write(axes, (middle, y - 0.17), derivative, DERIVATIVE, size=11)
    if box.symbol:
        at = (x - WIDTH / 2, y)
        axes.add_patch(Circle(at, RADIUS, facecolor=CALL, edgecolor="white", linewidth=1.5, zorder=4))
        size = 14 if len(box.symbol) == 1 else 8.5
        axes.text(*at, box.symbol, color="white", size=size, ha="center", va="center_baseline", zorder=5)


def _draw_frame(axes: Axes, place: Place, size: tuple[float, float], colours: tuple[str, str]) -> None:
    corner = (place[0] - size[0] / 2, place[1] - size[1] / 2)
    style = f"round,pad=0,rounding_size={min(0.12, size[1] / 2)}"
    face, edge = colours
    axes.add_patch(
        FancyBboxPatch(corner, *size, boxstyle=style, facecolor=face, edgecolor=edge, linewidth=1.4, zorder=3)
    )


def _write(axes: Axes, at: Place, text: str, colour: str, size: float) -> None:
    axes.text(*at, text, size=size, color=colour, ha="center", va="center", zorder=5)


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
