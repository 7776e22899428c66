"""Learning as pictures: one training, or experiments with many (given)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optimization.experiments import Curve
from optimization.problem import Problem, Weights, network_output

TRAINING, TEST, NOTHING = "#2b6cb0", "#c2571a", "#333333"
LOWEST = -0.5


def write_training(path: Path, problem: Problem, weights: Weights, errors: np.ndarray, title: str) -> None:
    """Draw how the relative errors fell, beside what the network says where it was measured.

    Args:
        path: the file to write; its suffix says which format.
        problem: what was learned.
        weights: as they were in the end.
        errors: on training and test samples, one row for each epoch: shape (epochs + 1, 2).
        title: the line above.

    Raises:
        OSError: the file cannot be written.
    """
    figure = Figure(figsize=(10.2, 4.4), dpi=100, layout="constrained")
    left, right = figure.subplots(1, 2)
    for column, name, colour in ((0, "training samples", TRAINING), (1, "test samples", TEST)):
        left.plot(errors[:, column], color=colour, label=name, linewidth=1.4)
    _finish(left, "epoch")
    left.legend(fontsize=9)
    for samples, name, colour in ((problem.test, "test", TEST), (problem.training, "training", TRAINING)):
        said = network_output(weights, samples.X)
        right.plot(samples.t, said, ".", color=colour, markersize=4, alpha=0.6, label=f"{name} samples")
    limits = [problem.test.t.min(), problem.test.t.max()]
    right.plot(limits, limits, color=NOTHING, linewidth=1.0)
    right.set(xlabel="measured", ylabel="network's output", aspect="equal")
    right.set_title("on the line it says what was measured", fontsize=10)
    right.legend(fontsize=9)
    figure.suptitle(title, fontsize=12)
    figure.savefig(path)


def write_experiments(path: Path, varied: Mapping[str, Mapping[float, Curve]], from_true: Curve) -> None:
    """Draw the four experiments: one panel for each thing that was varied, one for the true weights.

    Args:
        path: the file to write; its suffix says which format.
        varied: the curves of each experiment by the value, under its name; drawn in solid lines on the
            training samples, and in dotted ones on the test samples where the samples were varied.
        from_true: the curve that starts at the true weights.

    Raises:
        OSError: the file cannot be written.
    """
    figure = Figure(figsize=(11.0, 8.2), dpi=100, layout="constrained")
    panels = list(figure.subplots(2, 2).flat)
    for axes, (name, curves) in zip(panels, varied.items(), strict=False):
        colours = colormaps["viridis"](np.linspace(0.0, 0.85, len(curves)))
        for (value, curve), colour in zip(curves.items(), colours, strict=True):
            axes.plot(curve.training, color=colour, label=f"{value:g}", linewidth=1.3)
            if "samples" in name:
                axes.plot(curve.test, color=colour, linestyle=":", linewidth=1.3)
        _finish(axes, "epoch", name)
        axes.legend(fontsize=8, loc="upper right")
    last = panels[-1]
    last.plot(from_true.training, color=TRAINING, label="training samples")
    last.plot(from_true.test, color=TEST, label="test samples", linestyle=":")
    last.axhline(0.0, color=NOTHING, linewidth=0.8)
    last.set(xlabel="epoch", ylabel="RMAE")
    last.set_title("start at the true weights", fontsize=10)
    last.grid(visible=True, alpha=0.25)
    last.legend(fontsize=8)
    figure.savefig(path)


def _finish(axes: Axes, xlabel: str, title: str = "relative mean absolute error") -> None:
    """An axis on which both 30 and -0.02 can be read: linear near 0, logarithmic beyond."""
    axes.set_yscale("symlog", linthresh=0.1)
    axes.axhline(0.0, color=NOTHING, linewidth=0.8)
    axes.set(xlabel=xlabel, ylabel="RMAE")
    axes.set_ylim(bottom=max(LOWEST, axes.get_ylim()[0]))
    axes.set_title(title, fontsize=10)
    axes.grid(visible=True, alpha=0.25)
