"""The command ``python -m computation_graph.train_xor``: XOR is learned, with a log and a picture (given)."""

from __future__ import annotations

import argparse
import importlib.util
import random
import sys
from pathlib import Path

from computation_graph.network import MLP, XOR_INPUTS, XOR_TARGETS, mean_squared_loss, train_step

SIZES = (2, 4, 4, 1)
GOAL = 0.05
LOG_EVERY = 50
FIRST_IS_OFF = (1, 1, 0, 0)
TARGETS = {"xor": XOR_TARGETS, "first-is-off": FIRST_IS_OFF}


def main(arguments: list[str] | None = None) -> None:
    """Train as the command line asks; exit with one line where that cannot be done."""
    options = _parser().parse_args(arguments)
    if options.steps < 1:
        sys.exit(f"--steps {options.steps}: at least 1 is needed")
    if not options.no_picture and importlib.util.find_spec("matplotlib") is None:
        sys.exit("no picture without matplotlib: pip install matplotlib, or train with --no-picture")
    try:
        _train(options)
    except NotImplementedError as todo:
        sys.exit(f"{todo}; write it first, then train")
    except OSError as fault:
        sys.exit(f"{options.out}: cannot write the picture ({fault.strerror or fault}); name another --out")


def training(
    targets: tuple[int, ...], seed: int, steps: int, rate: float
) -> tuple[MLP, list[float], int | None]:
    """Train ``MLP([2, 4, 4, 1])`` from a start that `seed` draws.

    Returns:
        The network; the loss before each step and after the last; how many steps brought it to 0.05 or
        below for the first time, None where none did.
    """
    mlp = MLP(SIZES, random.Random(seed))  # noqa: S311  (a start, not a secret)
    losses = [train_step(mlp, XOR_INPUTS, targets, rate) for _ in range(steps)]
    losses.append(mean_squared_loss([mlp(x)[0] for x in XOR_INPUTS], targets).data)
    return mlp, losses, next((step for step, loss in enumerate(losses) if loss <= GOAL), None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m computation_graph.train_xor",
        description="Train a network with layers of 4, 4 and 1 on the four points of XOR.",
    )
    parser.add_argument("--seed", type=int, default=0, help="draws the start (default 0)")
    parser.add_argument("--steps", type=int, default=500, help="steps of gradient descent (default 500)")
    parser.add_argument("--rate", type=float, default=0.1, help="learning rate (default 0.1)")
    parser.add_argument(
        "--targets", choices=TARGETS, default="xor", help="XOR, or 1 wherever the first input is 0"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("xor.png"), help="the picture's file (default xor.png)"
    )
    parser.add_argument("--no-picture", action="store_true", help="print the log only")
    return parser


def _train(options: argparse.Namespace) -> None:
    """Run the training, print what came of it, and draw it."""
    targets = TARGETS[options.targets]
    mlp, losses, reached = training(targets, options.seed, options.steps, options.rate)
    for step, loss in enumerate(losses):
        if step % LOG_EVERY == 0 or step == options.steps:
            print(f"step {step:4}  loss {loss:9.6f}")
    for (x_1, x_2), target in zip(XOR_INPUTS, targets, strict=True):
        print(f"{x_1} {x_2} -> {mlp((x_1, x_2))[0].data:6.3f}, wanted {target}")
    if reached is None:
        print(
            f'the loss did not come down to {GOAL}: the section "How long it takes" of the handout says why'
        )
    else:
        print(f"the loss came down to {GOAL} in {reached} steps")
    if not options.no_picture:
        from computation_graph.training_picture import write_training_picture  # noqa: PLC0415  (an extra)

        title = f"{options.targets}, seed {options.seed}, rate {options.rate:g}"
        write_training_picture(options.out, mlp, targets, losses, title)
        print(f"picture: {options.out}")


if __name__ == "__main__":
    main()
