"""Ways down a landscape as a picture: the paths over its contours, beside how fast they came down (given)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optimization.array import Array
from optimization.landscapes import Landscape

if TYPE_CHECKING:  # (the command imports this module)
    from optimization.compare_methods import Walk

COLOURS = {"gradient descent": "#2b6cb0", "Newton": "#b3261e", "controlled Newton": "#2f855a"}
MARKS = {"gradient descent": "o", "Newton": "s", "controlled Newton": "D"}
SIZES = {"gradient descent": 3.5, "Newton": 8.0, "controlled Newton": 3.5}
WIDTHS = {"gradient descent": 1.3, "Newton": 3.5, "controlled Newton": 1.3}
GRID, ROOM, WIDEST = 80, 0.8, 4.5


def write_walks(path: FilePath, f: Landscape, walks: Sequence[Walk], title: str) -> None:
    """Draw the walks to `path`; the suffix says which format.

    Raises:
        OSError: the file cannot be written.
    """
    figure = Figure(figsize=(10.6, 4.8), dpi=100, layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_paths(left, f, walks)
    lowest = min(float(walk.heights.min()) for walk in walks if walk.path.arrived)
    for walk in walks:
        above = np.maximum(walk.heights - lowest, 1e-14)
        label = f"{walk.method}: {len(above) - 1} moves" + ("" if walk.path.arrived else ", lost")
        right.semilogy(above, label=label, **_style(walk.method))
    right.set(xlabel="move", ylabel="height above the lowest point found")
    right.grid(visible=True, alpha=0.25)
    right.legend(fontsize=9)
    figure.suptitle(title.replace("_", " "), fontsize=12)
    figure.savefig(path)


def _draw_paths(axes: Axes, f: Landscape, walks: Sequence[Walk]) -> None:
    """Contours around the start and the lowest point, and each path as far as it stays in view."""
    end = next(walk.path.points[-1] for walk in walks if walk.path.arrived)
    start = walks[0].path.points[0]
    centre, half = (start + end) / 2, np.abs(start - end).max() / 2 + ROOM
    half = np.maximum(half, min(WIDEST, half + ROOM))
    xs, ys = (np.linspace(c - half, c + half, GRID) for c in centre)
    heights = np.array([[float(f(Array([x, y])).data) for x in xs] for y in ys])
    levels = heights.min() + (heights.max() - heights.min()) * np.linspace(0.004, 1.0, 16) ** 2
    axes.contour(xs, ys, heights, levels=levels, colors="#9aa0a6", linewidths=0.8)
    for walk in walks:
        points = walk.path.points
        axes.plot(points[:, 0], points[:, 1], label=walk.method, **_style(walk.method))
    axes.plot(*end, marker="*", color="black", markersize=11, linestyle="none", zorder=5)
    axes.annotate("start", start, xytext=(6, 6), textcoords="offset points", fontsize=9)
    axes.set(xlim=(xs[0], xs[-1]), ylim=(ys[0], ys[-1]), aspect="equal", xlabel="$x_0$", ylabel="$x_1$")
    axes.legend(fontsize=9, loc="lower left")


def _style(method: str) -> dict[str, object]:
    """How a method is drawn: Newton broad and pale, so that it shows where another lies on top."""
    return {
        "color": COLOURS[method],
        "alpha": 0.45 if method == "Newton" else 1.0,
        "marker": MARKS[method],
        "markersize": SIZES[method],
        "linewidth": WIDTHS[method],
    }
