"""A training as a picture: how its cost fell, and how many of the new points it got right (given)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def write_training_picture(
    path: Path, costs: Sequence[float], accuracies: Sequence[float], title: str
) -> None:
    """Draw the cost and the test accuracy over the epochs, side by side.

    Args:
        path: the file to write; its suffix says which format (.png, .svg, .pdf).
        costs: the mean cost of each epoch.
        accuracies: the share of test points that were right after each epoch.
        title: the line above both parts.

    Raises:
        OSError: the file cannot be written.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415  (an extra that only the picture needs)

    figure = Figure(figsize=(9.6, 3.6), dpi=100, layout="constrained")
    left, right = figure.subplots(1, 2)
    epochs = range(1, len(costs) + 1)
    left.plot(epochs, costs, color="#333333", marker="o", markersize=3)
    left.set(xlabel="epoch", ylabel="cost", ylim=(0, None))
    left.set_title("mean squared error of the batches", fontsize=10)
    right.plot(epochs, accuracies, color="#2b6cb0", marker="o", markersize=3)
    right.set(xlabel="epoch", ylabel="test accuracy", ylim=(0, 1.05))
    right.set_title("points never trained on", fontsize=10)
    for axes in (left, right):
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(visible=True, alpha=0.25)
    figure.suptitle(title, fontsize=12)
    figure.savefig(path)
