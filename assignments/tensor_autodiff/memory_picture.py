"""Tensors alive, step by step, as a picture (given)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

COLOURS = ("#b3261e", "#2b6cb0")


def write_memory_picture(path: Path, counts: Mapping[str, Sequence[int]]) -> None:
    """Draw how many tensors are alive before each step, a line a training.

    Args:
        path: the file to write; its suffix says which format.
        counts: the numbers, by the training's name.

    Raises:
        OSError: the file cannot be written.
    """
    figure = Figure(figsize=(6.4, 3.6), dpi=100, layout="constrained")
    axes = figure.subplots()
    for (name, numbers), colour in zip(counts.items(), COLOURS, strict=False):
        axes.plot(range(1, len(numbers) + 1), numbers, color=colour, linewidth=1.6)
        axes.annotate(
            name,
            (len(numbers), numbers[-1]),
            xytext=(-6, 8),
            textcoords="offset points",
            ha="right",
            color=colour,
        )
    axes.set(
        xlabel="step", ylabel="tensors alive before the step", ylim=(0, 1.15 * max(map(max, counts.values())))
    )
    axes.grid(visible=True, alpha=0.25)
    figure.savefig(path)
