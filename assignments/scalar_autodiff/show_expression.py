"""Draw an expression's computation graph, with values and derivatives, as SVG and PNG (given).

Change `expression` below and run

    python -m scalar_autodiff.show_expression

or type one: ``python -m scalar_autodiff.show_expression --expression "x * y + relu(x)" x=2 y=3``.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path

from scalar_autodiff.expression import ExpressionError, evaluate
from scalar_autodiff.scalar_functions import Scalar


def expression() -> Scalar:
    """The expression to draw; a name makes a variable easy to find in the drawing."""
    x = Scalar(2.0, name="x")
    y = Scalar(3.0, name="y")
    z = x * y + x.relu()
    z.name = "z"
    return z


def main(arguments: list[str] | None = None) -> None:
    """Draw what the command line asks for; exit with one line where that cannot be done."""
    options = _parser().parse_args(arguments)
    if importlib.util.find_spec("matplotlib") is None or importlib.util.find_spec("networkx") is None:
        sys.exit("a drawing needs two packages: pip install matplotlib networkx")
    from autograder.pictures.drawing import write_drawing  # noqa: PLC0415  (its packages are an extra)
    from scalar_autodiff.graph import computation_graph  # noqa: PLC0415  (its packages are an extra)

    try:
        values = dict(_assignment(text) for text in options.values)
        result = evaluate(options.expression, values) if options.expression else expression()
        graph = computation_graph(result)
        for path in (options.out.with_suffix(".svg"), options.out.with_suffix(".png")):
            write_drawing(graph, path, options.expression or "", key="derivative of the result")
            print(f"drawing: {path}")
    except ExpressionError as fault:
        sys.exit(str(fault))
    except NotImplementedError as todo:
        sys.exit(f"{todo}; write it first, then draw")
    except OSError as fault:
        sys.exit(f"{options.out}: cannot write the drawing ({fault.strerror or fault}); name another --out")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scalar_autodiff.show_expression",
        description="Draw the computation graph of an expression, with values and derivatives.",
    )
    parser.add_argument("values", nargs="*", metavar="NAME=VALUE", help="a value for each name: x=2 y=3")
    parser.add_argument("--expression", help='for example "x * y + relu(x)" (default: the one in this file)')
    parser.add_argument(
        "--out", type=Path, default=Path("expression"), help="the files' name, without .svg and .png"
    )
    return parser


def _assignment(text: str) -> tuple[str, float]:
    name, equals, value = text.partition("=")
    try:
        if equals and name.isidentifier():
            return name, float(value)
    except ValueError:
        pass  # the same line answers a value that is no number
    raise ExpressionError(f"{text}: give each name a number, like x=2")


if __name__ == "__main__":
    main()
