"""A training as a picture: what the network learned, beside how its loss fell (given)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scalar_autodiff.datasets import Dataset

if TYPE_CHECKING:  # matplotlib is an extra, and training.py needs nothing of it
    from matplotlib.axes import Axes

    from scalar_autodiff.training import Epoch

GRID = 48
COLOURS = ("#2b6cb0", "#c2571a")
MARKERS = ("o", "s")
BORDER = 0.5


def write_training_picture(
    path: Path,
    data: Dataset,
    probability: Callable[[tuple[float, float]], float],
    epochs: Sequence[Epoch],
    title: str,
) -> None:
    """Draw the decision boundary and the loss side by side.

    Args:
        path: the file to write; its suffix says which format (.png, .svg, .pdf).
        data: the points the network was trained on.
        probability: the network's probability of class 1 at a point.
        epochs: what each epoch found.
        title: the line above both parts.

    Raises:
        OSError: the file cannot be written.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415  (an extra that only the picture needs)

    figure = Figure(figsize=(9.6, 4.4), dpi=100, layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_boundary(left, data, probability)
    _draw_loss(right, epochs)
    figure.suptitle(title, fontsize=12)
    figure.savefig(path)


def _draw_boundary(axes: Axes, data: Dataset, probability: Callable[[tuple[float, float]], float]) -> None:
    """Shade each place by the network's answer, draw its border, and ring the points it gets wrong."""
    ticks = [i / (GRID - 1) for i in range(GRID)]
    p = [[probability((x_1, x_2)) for x_1 in ticks] for x_2 in ticks]
    levels = [i / 10 for i in range(11)]
    axes.contourf(ticks, ticks, p, levels=levels, cmap="RdYlBu_r", alpha=0.55, vmin=0.0, vmax=1.0)
    if min(map(min, p)) < BORDER < max(map(max, p)):
        axes.contour(ticks, ticks, p, levels=[BORDER], colors="black", linewidths=1.4)
    for y in (0, 1):
        at = [x for x, label in zip(data.X, data.y, strict=True) if label == y]
        axes.scatter(
            *_columns(at),
            c=COLOURS[y],
            marker=MARKERS[y],
            s=30,
            edgecolors="white",
            linewidths=0.7,
            label=f"class {y}",
            zorder=3,
        )
    wrong = [x for x, y in zip(data.X, data.y, strict=True) if not abs(probability(x) - y) < BORDER]
    axes.scatter(*_columns(wrong), s=110, facecolors="none", edgecolors="black", label="wrong", zorder=4)
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    axes.set_title(f"{data.N - len(wrong)} of {data.N} points right", fontsize=10)
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3, frameon=False, fontsize=9, markerscale=0.8
    )


def _draw_loss(axes: Axes, epochs: Sequence[Epoch]) -> None:
    """Draw the mean loss over the epochs, and mark the epoch in which it was no finite number any more."""
    losses = [epoch.loss for epoch in epochs]
    axes.plot(losses, color="#333333", linewidth=1.2)
    if not math.isfinite(losses[-1]):
        axes.axvline(len(losses) - 1, color="#b3261e", linestyle="--")
        axes.annotate(
            f"loss = {losses[-1]}",
            (len(losses) - 1, 0.02),
            xycoords=("data", "axes fraction"),
            xytext=(-6, 0),
            textcoords="offset points",
            color="#b3261e",
            ha="right",
        )
    axes.set(xlabel="epoch", ylabel="loss $E$", ylim=(0, None))
    axes.set_title("mean cross-entropy", fontsize=10)
    axes.grid(visible=True, alpha=0.25)


def _columns(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x_1 for x_1, _ in points], [x_2 for _, x_2 in points]
