"""The IDX format of the MNIST files: arrays of bytes behind a short header (given).

The header is two zero bytes, the type of the elements, the number of axes, and the size of each axis in
four bytes, the most significant first (LeCun, Cortes and Burges, The MNIST database of handwritten digits,
1998).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

UNSIGNED_BYTE = 8


class IdxError(ValueError):
    """Bytes that are no array in the IDX format; the message says what is wrong with them."""


def decoded(content: bytes) -> NDArray[np.uint8]:
    """The array that `content` holds.

    Raises:
        IdxError: it holds none, or one of other elements than unsigned bytes.
    """
    if len(content) < 4 or content[:2] != b"\0\0":  # noqa: PLR2004  (the header's first part)
        raise IdxError("not in the IDX format: it does not begin with two zero bytes")
    kind, axes = content[2], content[3]
    if kind != UNSIGNED_BYTE:
        raise IdxError(f"its elements are of type {kind}; MNIST's are unsigned bytes, type {UNSIGNED_BYTE}")
    header = 4 + 4 * axes
    if len(content) < header:
        raise IdxError(f"it ends within the sizes of its {axes} axes")
    shape = tuple(int(size) for size in np.frombuffer(content, ">u4", axes, offset=4))
    if len(content) != header + math.prod(shape):
        raise IdxError(f"{len(content) - header} bytes do not make an array of shape {shape}")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def encoded(array: NDArray[np.uint8]) -> bytes:
    """The array as bytes in the IDX format."""
    header = bytes((0, 0, UNSIGNED_BYTE, array.ndim)) + np.array(array.shape, ">u4").tobytes()
    return header + array.astype(np.uint8, copy=False).tobytes()
