"""A training as a picture: how loss and error fell, and what the network makes of new digits (given)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

Images = tuple[NDArray[np.float32], NDArray[np.uint8], NDArray[np.integer]]
SHOWN = 24
COLUMNS = 6
RIGHT, WRONG = "#1a7f37", "#b3261e"


def write_training_picture(
    path: Path, log: Sequence[tuple[float, float, float, float]], images: Images, title: str
) -> None:
    """Draw loss and error over the epochs, and some new digits with what the network took them for.

    Args:
        path: the file to write; its suffix says which format.
        log: loss, error, test loss and test error before the training and after each epoch.
        images: pixels of new images, a row each; what they are; what they were taken for.
        title: the line above all parts.

    Raises:
        OSError: the file cannot be written.
    """
    figure = Figure(figsize=(11.0, 4.2), dpi=100, layout="constrained")
    curves, digits = figure.subfigures(1, 2, width_ratios=(1.5, 1.0))
    left, right = curves.subplots(1, 2)
    loss, error, test_loss, test_error = zip(*log, strict=True)
    _draw_curves(left, loss, test_loss, "softmax loss")
    _draw_curves(right, [100 * e for e in error], [100 * e for e in test_error], "error in %")
    right.legend(frameon=False)
    _draw_digits(digits, images)
    figure.suptitle(title, fontsize=12)
    figure.savefig(path)


def _draw_curves(axes: Axes, train: Sequence[float], test: Sequence[float], name: str) -> None:
    axes.plot(train, color="#333333", marker="o", markersize=3, label="trained on")
    axes.plot(test, color="#2b6cb0", marker="o", markersize=3, label="new")
    axes.set(xlabel="epoch", ylim=(0, None))
    axes.set_title(name, fontsize=10)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(visible=True, alpha=0.25)


def _draw_digits(figure: Figure, images: Images) -> None:
    """Wrong ones first, then right ones, while there is room; nothing where images are not square."""
    pixels, labels, guesses = images
    side = math.isqrt(pixels.shape[1])
    if side * side != pixels.shape[1]:
        return
    order = np.argsort(labels == guesses, kind="stable")[:SHOWN]
    figure.suptitle(f"taken for ({int((labels != guesses).sum())} of {len(labels)} wrong)", fontsize=10)
    grid = figure.subplots(math.ceil(SHOWN / COLUMNS), COLUMNS).ravel()
    for axes in grid:
        axes.axis("off")
    for axes, i in zip(grid, order, strict=False):
        axes.imshow(pixels[i].reshape(side, side), cmap="gray_r", vmin=0, vmax=1)
        right = labels[i] == guesses[i]
        name = str(guesses[i]) if right else f"{guesses[i]}, is {labels[i]}"
        axes.set_title(name, fontsize=9, color=RIGHT if right else WRONG, pad=2)
