"""Draw a computation graph with its values and gradients, as SVG and PNG (given).

Change `example` below and run

    python -m computation_graph.show_example
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path

from computation_graph.value import Value


def example() -> dict[str, Value]:
    """The values to draw, by their names; the last is the result."""
    x_1 = Value(3)
    x_2 = Value(4)
    x_3 = x_1 * x_2
    x_4 = Value(5)
    x_5 = x_4 + x_3
    x_6 = Value(2)
    l = x_5 * x_6  # noqa: E741  (the source's name for a loss)
    return {"x_1": x_1, "x_2": x_2, "x_3": x_3, "x_4": x_4, "x_5": x_5, "x_6": x_6, "l": l}


def main(arguments: list[str] | None = None) -> None:
    """Draw the example; exit with one line where that cannot be done."""
    parser = argparse.ArgumentParser(
        prog="python -m computation_graph.show_example",
        description="Draw the computation graph of the example in this file, with values and gradients.",
    )
    parser.add_argument(
        "--out", type=Path, default=Path("example"), help="the files' name, without .svg and .png"
    )
    options = parser.parse_args(arguments)
    if importlib.util.find_spec("matplotlib") is None or importlib.util.find_spec("networkx") is None:
        sys.exit("a drawing needs two packages: pip install matplotlib networkx")
    try:
        _draw(example(), options.out)
    except NotImplementedError as todo:
        sys.exit(f"{todo}; write it first, then draw")
    except OSError as fault:
        sys.exit(f"{options.out}: cannot write the drawing ({fault.strerror or fault}); name another --out")


def _draw(values: Mapping[str, Value], out: Path) -> None:
    """Print values and gradients and draw them; before task 3.2 is written, the values alone."""
    from autograder.pictures.drawing import write_drawing  # noqa: PLC0415  (its packages are an extra)
    from computation_graph.graph import computation_graph  # noqa: PLC0415  (its packages are an extra)

    result = list(values.values())[-1]
    try:
        result.backwards()
        with_grads = True
    except NotImplementedError:
        with_grads = False
    for name, x in values.items():
        print(f"{name} = {x.data:g}" + (f", gradient {x.grad:g}" if with_grads else ""))
    graph = computation_graph(result, values, with_grads=with_grads)
    for path in (out.with_suffix(".svg"), out.with_suffix(".png")):
        write_drawing(graph, path, key="gradient of the result" if with_grads else "")
        print(f"drawing: {path}")


if __name__ == "__main__":
    main()
