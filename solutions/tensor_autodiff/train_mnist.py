"""The command ``python -m tensor_autodiff.train_mnist``: a network learns to read digits (given).

It trains on files in MNIST's format; ``python -m tensor_autodiff.digits`` draws some.
"""

# ruff: noqa: N803, N806  (matrices have capital letters, in the source too)

from __future__ import annotations

import argparse
import importlib.util
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tensor_autodiff.digits import FILES
from tensor_autodiff.functional import relu
from tensor_autodiff.memory import live_tensors
from tensor_autodiff.mnist import MnistError, parse_mnist
from tensor_autodiff.progress import progress_bar
from tensor_autodiff.softmax import softmax_loss
from tensor_autodiff.tensor import Tensor
from tensor_autodiff.two_layers import nn_epoch

Examples = tuple[NDArray[np.float32], NDArray[np.uint8]]
CLASSES = 10
STRETCH = 10  # the bar moves once in so many batches


def main(arguments: list[str] | None = None) -> None:
    """Train as the command line asks; exit with one line where that cannot be done."""
    options = _parser().parse_args(arguments)
    for name, least in (("epochs", 1), ("hidden", 1), ("batch", 1), ("seed", 0)):
        if getattr(options, name) < least:
            sys.exit(f"--{name} {getattr(options, name)}: at least {least} is needed")
    if not options.no_picture and importlib.util.find_spec("matplotlib") is None:
        sys.exit("no picture without matplotlib: pip install matplotlib, or train with --no-picture")
    try:
        _train(*_read(options), options)
    except NotImplementedError as todo:
        sys.exit(f"{todo}; write it first, then train")
    except MnistError as fault:
        sys.exit(str(fault))
    except OSError as fault:
        sys.exit(f"{options.out}: cannot write the picture ({fault.strerror or fault}); name another --out")


def outputs(X: NDArray[np.float32], W1: Tensor, W2: Tensor) -> Tensor:
    """What the network makes of the examples, a constant (n, classes)."""
    return relu(Tensor.make_const(X) @ W1.detach()) @ W2.detach()


def loss_and_error(
    X: NDArray[np.float32], y: NDArray[np.uint8], W1: Tensor, W2: Tensor
) -> tuple[float, float]:
    """The mean softmax loss of the examples, and the share that the network gets wrong."""
    Z = outputs(X, W1, W2)
    one_hot = Tensor.make_const(np.eye(W2.shape[1], dtype=X.dtype)[y])
    return float(softmax_loss(Z, one_hot).numpy()), float(np.mean(Z.numpy().argmax(axis=1) != y))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tensor_autodiff.train_mnist",
        description="Train a network of two layers on images of digits, and test it on new ones.",
    )
    for name, kind, number, what in (
        ("images", "train", 0, "images to train on"),
        ("labels", "train", 1, "their labels"),
        ("test-images", "test", 0, "images to test on"),
        ("test-labels", "test", 1, "their labels"),
    ):
        file = Path("digits") / FILES[kind][number]
        parser.add_argument(
            f"--{name}", type=Path, metavar="FILE", default=file, help=f"{what} (default {file})"
        )
    for name, default, meaning in (
        ("epochs", 10, "passes over the images"),
        ("hidden", 100, "hidden neurons"),
        ("batch", 100, "images in a batch"),
        ("seed", 0, "draws the start"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{meaning} (default {default})")
    parser.add_argument("--lr", type=float, default=0.2, help="learning rate (default 0.2)")
    parser.add_argument("--out", type=Path, default=Path("training.png"), help="the picture's file")
    parser.add_argument("--no-picture", action="store_true", help="print the log only")
    return parser


def _read(options: argparse.Namespace) -> tuple[Examples, Examples]:
    """The examples to train on and to test on."""
    files = (options.images, options.labels), (options.test_images, options.test_labels)
    try:
        return parse_mnist(*files[0]), parse_mnist(*files[1])
    except OSError as fault:
        sys.exit(
            f"{fault.filename}: cannot be read ({fault.strerror or fault}); "
            "name your files, or draw some with python -m tensor_autodiff.digits"
        )


def _train(examples: Examples, new: Examples, options: argparse.Namespace) -> None:
    """Run the training, log each epoch, and draw what came of it."""
    random = np.random.default_rng(options.seed)
    sizes = (examples[0].shape[1], options.hidden), (options.hidden, CLASSES)
    weights = [Tensor((random.normal(size=size) / math.sqrt(size[0])).astype(np.float32)) for size in sizes]
    log = [(*loss_and_error(*examples, *weights), *loss_and_error(*new, *weights))]
    training = _epochs(examples, weights, options)
    for epoch, weights in enumerate(training, 1):  # (nothing else holds the start)
        log.append((*loss_and_error(*examples, *weights), *loss_and_error(*new, *weights)))
        loss, error, test_loss, test_error = log[-1]
        print(
            f"epoch {epoch:3}  loss {loss:8.5f}  error {error:6.2%}  "
            f"test loss {test_loss:8.5f}  test error {test_error:6.2%}  tensors alive {live_tensors()}"
        )
        if not math.isfinite(loss):
            print("the training died: the loss is no number any more; try a smaller --lr")
            break
    if not options.no_picture:
        from tensor_autodiff.training_picture import write_training_picture  # noqa: PLC0415  (an extra)

        guesses = outputs(new[0], *weights).numpy().argmax(axis=1)
        title = f"{options.hidden} hidden, batches of {options.batch}, lr {options.lr:g}, seed {options.seed}"
        write_training_picture(options.out, log, (*new, guesses), title)
        print(f"picture: {options.out}")


def _epochs(
    examples: Examples, weights: Sequence[Tensor], options: argparse.Namespace
) -> Iterator[Sequence[Tensor]]:
    """The weights after each epoch; the bar is on standard error."""
    X, y = examples
    stretch = STRETCH * options.batch
    with progress_bar(options.epochs * math.ceil(len(X) / stretch)) as bar:
        for epoch in range(1, options.epochs + 1):
            bar.update(bar.task_ids[0], description=f"epoch {epoch}")
            for first in range(0, len(X), stretch):
                rows = slice(first, first + stretch)
                weights = nn_epoch(X[rows], y[rows], *weights, lr=options.lr, batch=options.batch)
                bar.advance(bar.task_ids[0])
            yield weights


if __name__ == "__main__":
    main()
