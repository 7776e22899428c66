"""How the work of differentiating grows with the depth of a graph, as a picture (given)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure


def write_depths(path: Path, counts: Sequence[tuple[int, int | None, int]]) -> None:
    """Draw the counts of local derivatives.

    Args:
        path: the file to write; its suffix says which format.
        counts: depth, count without the cache (None where it was not measured), count with it.

    Raises:
        OSError: the file cannot be written.
    """
    figure = Figure(figsize=(6.4, 4.0), dpi=100, layout="constrained")
    axes = figure.subplots()
    plain = [(depth, count) for depth, count, _ in counts if count is not None]
    axes.semilogy(
        *zip(*plain, strict=True), "o-", color="#b3261e", markersize=4, label="textbook's chain rule"
    )
    depths, _, cached = zip(*counts, strict=True)
    axes.semilogy(depths, cached, "D-", color="#2f855a", markersize=4, label="with a cache")
    axes.set(xlabel="how often z = z z was repeated", ylabel="local derivatives evaluated")
    axes.grid(visible=True, alpha=0.25)
    axes.legend(fontsize=9)
    figure.savefig(path)
