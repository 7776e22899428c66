"""A training as a picture: what the network says everywhere, beside how its loss fell (given)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from computation_graph.network import MLP, XOR_INPUTS

GRID = 40
LOW, HIGH = -0.3, 1.3
LEVELS = [i / 10 for i in range(-10, 21)]
BORDER = 0.5
COLOURS = ("#2b6cb0", "#c2571a")
GOAL = 0.05


def write_training_picture(
    path: Path, mlp: MLP, targets: Sequence[int], losses: Sequence[float], title: str
) -> None:
    """Draw the network's output over the plane and the loss over the steps, side by side.

    Args:
        path: the file to write; its suffix says which format.
        mlp: the trained network.
        targets: what it was to say at the four points of XOR.
        losses: the loss before each step, and after the last.
        title: the line above both parts.

    Raises:
        OSError: the file cannot be written.
    """
    figure = Figure(figsize=(9.6, 4.4), dpi=100, layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_outputs(left, mlp, targets)
    right.plot(losses, color="#333333", linewidth=1.2)
    right.axhline(GOAL, color="#b3261e", linestyle="--", linewidth=1.0)
    right.annotate(
        f"{GOAL}", (1, GOAL), xycoords=("axes fraction", "data"), color="#b3261e", va="bottom", ha="right"
    )
    right.set(xlabel="step", ylabel="loss $E$", ylim=(0, None))
    right.set_title("mean squared loss", fontsize=10)
    right.grid(visible=True, alpha=0.25)
    figure.suptitle(title, fontsize=12)
    figure.savefig(path)


def _draw_outputs(axes: Axes, mlp: MLP, targets: Sequence[int]) -> None:
    """Shade each place by the network's output, draw the border at 0.5, and mark the four points."""
    ticks = [LOW + (HIGH - LOW) * i / (GRID - 1) for i in range(GRID)]
    outputs = [[mlp((x_1, x_2))[0].data for x_1 in ticks] for x_2 in ticks]
    axes.contourf(ticks, ticks, outputs, levels=LEVELS, cmap="RdYlBu_r", alpha=0.55, vmin=-0.5, vmax=1.5)
    if min(map(min, outputs)) < BORDER < max(map(max, outputs)):
        axes.contour(ticks, ticks, outputs, levels=[BORDER], colors="black", linewidths=1.4)
    for (x_1, x_2), target in zip(XOR_INPUTS, targets, strict=True):
        axes.scatter(x_1, x_2, c=COLOURS[target], s=110, edgecolors="white", linewidths=1.2, zorder=3)
        axes.annotate(
            f"{mlp((x_1, x_2))[0].data:.2f}",
            (x_1, x_2),
            xytext=(8, 8),
            textcoords="offset points",
            fontsize=9,
        )
    axes.set(xlim=(LOW, HIGH), ylim=(LOW, HIGH), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    axes.set_title("output; orange dots are wanted 1, blue ones 0", fontsize=10)
