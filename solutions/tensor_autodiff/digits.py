"""Drawn digits, for training without a download (given).

Ten shapes are moved, slanted, scaled and dirtied by chance. They are easier to tell
apart than MNIST's handwriting, whose files have the same format and can take their place.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tensor_autodiff.mnist import BRIGHTEST, write_mnist

SIZE = 28
SHAPES = """
.###.  ..#..  .###.  .###.  ...#.  #####  ..##.  #####  .###.  .###.
#...#  .##..  #...#  #...#  ..##.  #....  .#...  ....#  #...#  #...#
#..##  ..#..  ....#  ....#  .#.#.  ####.  #....  ...#.  #...#  #...#
#.#.#  ..#..  ...#.  ..##.  #..#.  ....#  ####.  ..#..  .###.  .####
##..#  ..#..  ..#..  ....#  #####  ....#  #...#  ..#..  #...#  ....#
#...#  ..#..  .#...  #...#  ...#.  #...#  #...#  ..#..  #...#  ...#.
.###.  .###.  #####  .###.  ...#.  .###.  .###.  ..#..  .###.  .##..
"""
FILES = {
    "train": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    "test": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
}


def shapes() -> NDArray[np.float64]:
    """The ten digits, 1 where there is ink, (10, 7, 5)."""
    rows = [line.split() for line in SHAPES.split("\n") if line]
    return np.array([[[pixel == "#" for pixel in row[digit]] for row in rows] for digit in range(10)], float)


def drawn(n: int, random: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images of digits, (n, 28, 28), and which digit each is, (n,)."""
    labels = random.integers(10, size=n).astype(np.uint8)
    ink = shapes()
    return np.stack([_image(ink[label], random) for label in labels]), labels


def _image(ink: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.uint8]:
    """One digit: each pixel looks up the ink at the place in the shape that was moved there."""
    height, width = ink.shape
    top, left = random.uniform(2.0, 8.0), random.uniform(4.0, 10.0)
    tall, wide = random.uniform(2.2, 2.9, 2)
    slant = random.uniform(-0.3, 0.3)
    y, x = np.mgrid[:SIZE, :SIZE].astype(float)
    row = (y - top) / tall
    column = (x - left - slant * (y - SIZE / 2)) / wide
    image = np.zeros((SIZE, SIZE))
    # (four looks a pixel, a quarter apart, soften the edges)
    for down, right in ((-0.25, -0.25), (-0.25, 0.25), (0.25, -0.25), (0.25, 0.25)):
        i, j = np.floor(row + down / tall).astype(int), np.floor(column + right / wide).astype(int)
        inside = (i >= 0) & (i < height) & (j >= 0) & (j < width)
        image[inside] += ink[i[inside], j[inside]] / 4
    image = image * random.uniform(0.6, 1.0) + random.normal(0.0, 0.08, image.shape)
    return np.rint(np.clip(image, 0.0, 1.0) * BRIGHTEST).astype(np.uint8)


def main(arguments: list[str] | None = None) -> None:
    """Write four files of drawn digits; exit with one line where that cannot be done."""
    parser = argparse.ArgumentParser(
        prog="python -m tensor_autodiff.digits",
        description="Draw digits and write them as four files in MNIST's format, named like MNIST's own.",
    )
    parser.add_argument("--out", type=Path, default=Path("digits"), help="the folder (default digits)")
    parser.add_argument("--train", type=int, default=6000, help="images to train on (default 6000)")
    parser.add_argument("--test", type=int, default=1000, help="images to test on (default 1000)")
    parser.add_argument("--seed", type=int, default=0, help="draws the digits (default 0)")
    options = parser.parse_args(arguments)
    if min(options.train, options.test) < 1 or options.seed < 0:
        sys.exit("--train and --test: at least 1 image each is needed; --seed: 0 or more")
    try:
        _write(options)
    except OSError as fault:
        sys.exit(f"{options.out}: cannot write the digits ({fault.strerror or fault}); name another --out")


def _write(options: argparse.Namespace) -> None:
    random = np.random.default_rng(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    there = [name for pair in FILES.values() for name in pair if (options.out / name).exists()]
    if there:
        sys.exit(f"{options.out / there[0]} is there already and may be MNIST's own; name another --out")
    for kind, n in (("train", options.train), ("test", options.test)):
        image_file, label_file = (options.out / name for name in FILES[kind])
        write_mnist(image_file, label_file, *drawn(n, random))
        print(f"{n} digits: {image_file}, {label_file}")


if __name__ == "__main__":
    main()
