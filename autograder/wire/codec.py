"""Plain data as bytes, by msgpack; everything else crosses as an opaque handle.

Exact builtin scalars, strings, lists, tuples, dicts with string keys and numeric numpy arrays
keep their type. A subclass of one of them is *not* plain: it becomes a handle, so that a value
which lies about itself never reaches an assertion. Nothing is ever unpickled.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import msgpack
import numpy as np

MAX_BYTES: Final = 32 * 2**20
MAX_DEPTH: Final = 64
MAX_INTEGER_BITS: Final = 4096
MAX_KIND: Final = 80
MAX_AXES: Final = 32
# Nested values are small and many: a packer's usual buffer, 256 KiB, would cost more than the packing.
SMALL: Final = 512

_TUPLE, _ARRAY, _HANDLE, _INTEGER, _NUMBER, _COMPLEX = range(1, 7)
_NUMERIC: Final = "biufc"
_TIMESTAMPS: Final = (b"\xd6\xff", b"\xd7\xff", b"\xc7\x0c\xff")

T = TypeVar("T")


class WireError(Exception):
    """Bytes that are no message of ours, or a value that cannot cross."""


@dataclass(frozen=True, slots=True)
class Handle:
    """A reference to an object that stays on the student's side.

    Attributes:
        number: which object, counted from 0.
        kind: the name of its type, for messages; whatever the student's side says it is.
    """

    number: int
    kind: str


class Encoder:
    """Writes values as bytes; `reference` turns an object that is not plain into its handle."""

    def __init__(self, reference: Callable[[object], Handle]) -> None:
        self._reference = reference
        self._pack = msgpack.Packer(default=self._extension, strict_types=True, autoreset=True).pack

    def encode(self, value: object) -> bytes:
        """The bytes of `value`.

        Raises:
            WireError: cyclic or too deeply nested data.
        """
        try:
            return bytes(self._pack(value))
        except (ValueError, OverflowError, RecursionError, TypeError, UnicodeEncodeError) as fault:
            raise WireError(f"cannot be sent as plain data ({fault})") from fault

    def _extension(self, value: object) -> msgpack.ExtType:
        kind = type(value)
        if kind is tuple:
            return msgpack.ExtType(_TUPLE, self._nested(list(value)))  # type: ignore[call-overload]
        if kind is Handle:
            return msgpack.ExtType(_HANDLE, self._nested([value.number, value.kind]))  # type: ignore[attr-defined]
        if kind is int and value.bit_length() < MAX_INTEGER_BITS:  # type: ignore[attr-defined]
            return msgpack.ExtType(_INTEGER, format(value, "x").encode())
        if kind is complex:
            return msgpack.ExtType(_COMPLEX, self._nested([value.real, value.imag]))  # type: ignore[attr-defined]
        if kind is np.ndarray and value.dtype.kind in _NUMERIC:  # type: ignore[attr-defined]
            return msgpack.ExtType(_ARRAY, self._array(value))  # type: ignore[arg-type]
        if isinstance(value, np.generic) and kind.__module__ == "numpy" and value.dtype.kind in _NUMERIC:
            return msgpack.ExtType(_NUMBER, self._array(np.asarray(value)))
        return self._extension(self._reference(value))

    def _nested(self, value: list[object]) -> bytes:
        packer = msgpack.Packer(default=self._extension, strict_types=True, buf_size=SMALL)
        return bytes(packer.pack(value))

    def _array(self, array: np.ndarray) -> bytes:
        return self._nested([array.dtype.str, list(array.shape), array.tobytes()])


class Decoder:
    """Reads values from bytes; `resolve` turns a handle into what it stands for on this side."""

    def __init__(self, resolve: Callable[[Handle], object]) -> None:
        self._resolve = resolve
        self._depth = 0

    def decode(self, data: bytes) -> object:
        """The value that `data` holds.

        Raises:
            WireError: not one whole message, too large, too deep, or malformed anywhere.
        """
        self._depth = 0
        value = self._value(data)
        if any(mark in data for mark in _TIMESTAMPS):
            _refuse_timestamps(value)
        return value

    def _value(self, data: bytes) -> object:
        if len(data) > MAX_BYTES:
            raise WireError(f"a message of {len(data)} bytes; at most {MAX_BYTES} are taken")
        try:
            return msgpack.unpackb(data, ext_hook=self._extension, strict_map_key=True)
        except WireError:
            raise
        except Exception as fault:  # whatever a hostile message provokes in the decoder is one fault to us
            raise WireError(f"not a message: {type(fault).__name__}") from None

    def _extension(self, code: int, data: bytes) -> object:
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                raise WireError("nested too deeply")
            return self._typed(code, data)
        finally:
            self._depth -= 1

    def _typed(self, code: int, data: bytes) -> object:
        match code:
            case 1:
                return tuple(_expect(self._value(data), list))
            case 2:
                return self._array(data)
            case 3:
                number, kind = _expect(self._value(data), list)
                return self._resolve(Handle(_expect(number, int), _expect(kind, str)[:MAX_KIND]))
            case 4 if len(data) <= MAX_INTEGER_BITS // 4 + 1:
                return int(data, 16)
            case 5:
                return self._array(data).reshape(())[()]
            case 6:
                real, imag = _expect(self._value(data), list)
                return complex(_expect(real, float), _expect(imag, float))
        raise WireError(f"unknown extension {code}")

    def _array(self, data: bytes) -> np.ndarray:
        name, shape, content = _expect(self._value(data), list)
        dtype = np.dtype(_expect(name, str)[:8])
        sizes = [_expect(size, int) for size in _expect(shape, list)]
        if dtype.kind not in _NUMERIC or min(sizes, default=0) < 0 or len(sizes) > MAX_AXES:
            raise WireError("an array of a kind that does not cross")
        if math.prod(sizes) * dtype.itemsize != len(_expect(content, bytes)):
            raise WireError("an array whose shape does not fit its content")
        return np.frombuffer(content, dtype=dtype).reshape(sizes).copy()


def _refuse_timestamps(value: object) -> None:
    """Refuse msgpack's own extension, which is decoded before ours are asked."""
    if isinstance(value, msgpack.Timestamp):
        raise WireError("a timestamp")
    if isinstance(value, (list, tuple, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            _refuse_timestamps(inner)


def _expect(value: object, kind: type[T]) -> T:
    if type(value) is not kind:
        raise WireError(f"{type(value).__name__} where {kind.__name__} belongs")
    return value
