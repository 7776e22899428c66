"""Reading and writing files like those of MNIST: images of digits, and which digit each is (given)."""

from __future__ import annotations

import gzip
import os
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tensor_autodiff import idx

BRIGHTEST = 255


class MnistError(ValueError):
    """A file does not hold what it should; the message names it and says what to do."""


def parse_mnist(
    image_filename: str | os.PathLike[str], label_filename: str | os.PathLike[str]
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """The examples of two files in MNIST's format, gzipped or not.

    Returns:
        X, an image a row, its pixels from 0 (black) to 1 as float32, (n, height * width); y, the classes,
        (n,).

    Raises:
        OSError: a file cannot be read.
        MnistError: it is damaged, holds something else, or the two do not belong together.
    """
    images, labels = _array(image_filename, 3, "images"), _array(label_filename, 1, "labels")
    if len(images) != len(labels):
        raise MnistError(
            f"{image_filename} has {len(images)} images, {label_filename} {len(labels)} labels; "
            "name two files that belong together"
        )
    return images.reshape(len(images), -1).astype(np.float32) / BRIGHTEST, labels


def write_mnist(
    image_filename: str | os.PathLike[str],
    label_filename: str | os.PathLike[str],
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
) -> None:
    """Write images (n, height, width) and labels (n,) as gzipped files in MNIST's format.

    Raises:
        OSError: a file cannot be written.
    """
    for filename, array in ((image_filename, images), (label_filename, labels)):
        # (mtime=0: the same digits make the same file)
        Path(filename).write_bytes(gzip.compress(idx.encoded(array), mtime=0))


def _array(filename: str | os.PathLike[str], axes: int, what: str) -> NDArray[np.uint8]:
    content = Path(filename).read_bytes()
    try:
        array = idx.decoded(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
    except (idx.IdxError, OSError, EOFError, zlib.error) as fault:
        raise MnistError(f"{filename}: {fault}; name a file of MNIST's {what}") from fault
    if array.ndim != axes:
        raise MnistError(
            f"{filename} holds an array of shape {array.shape}, no {what}; are the two files swapped?"
        )
    return array
