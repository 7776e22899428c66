"""Plain data as bytes, by msgpack; everything else crosses as an opaque handle.

Exact builtin scalars, strings, lists, tuples, dicts with string keys and numeric numpy arrays
keep their type. A subclass of one of them is *not* plain: it becomes a handle, so that a value
which lies about itself never reaches an assertion. Nothing is ever unpickled.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgpack
import numpy as np

from autograder.wire.limits import MAX_BYTES, MAX_EXTENSIONS, MAX_VALUES, TOO_LARGE, TooLarge, WireError

# An extension's body is copied before it is read, once for each that it lies in.
MAX_COPIED: Final = 4 * MAX_BYTES
MAX_TEXT_BYTES: Final = 2**20
MAX_DEPTH: Final = 64
MAX_INTEGER_BITS: Final = 4096
MAX_KIND: Final = 80
MAX_AXES: Final = 32
# Nested values are small and many: a packer's usual buffer, 256 KiB, would cost more than the packing.
SMALL: Final = 512

_TUPLE, _ARRAY, _HANDLE, _INTEGER, _NUMBER, _COMPLEX = range(1, 7)
# Extended precision is left out: not all of its bit patterns are numbers, and every machine has another.
_NUMERIC: Final = frozenset("?bBhHiIlLqQefdFD")
# msgpack's own extension is decoded before ours are asked: to a float, which is plain data.
_AS_FLOAT: Final = 1

T = TypeVar("T")


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
        if kind is np.ndarray and value.dtype.char in _NUMERIC:  # type: ignore[attr-defined]
            return msgpack.ExtType(_ARRAY, self._array(value))  # type: ignore[arg-type]
        if isinstance(value, np.generic) and kind.__module__ == "numpy" and value.dtype.char in _NUMERIC:
            return msgpack.ExtType(_NUMBER, self._array(np.asarray(value)))
        return self._extension(self._reference(value))

    def _nested(self, value: list[object]) -> bytes:
        packer = msgpack.Packer(default=self._extension, strict_types=True, buf_size=SMALL)
        return bytes(packer.pack(value))

    def _array(self, array: np.ndarray) -> bytes:
        return self._nested([array.dtype.str, list(array.shape), array.tobytes()])


@dataclass(slots=True)
class Budget:
    """What the other side may still make this one read, whatever it sends; a batch of answers has one.

    A message of a megabyte can hold a million lists, each sixty-four times as large here as there.

    Attributes:
        size: bytes of messages.
        values: elements of lists and dictionaries, and these themselves.
        extensions: tuples, arrays, handles, large integers and complex numbers.
        copied: bytes of extensions, each counted once for every extension that it lies in.
        uncounted: bytes of messages too short to do harm, whose elements are not counted one by one.
    """

    size: int = MAX_BYTES
    values: int = MAX_VALUES
    extensions: int = MAX_EXTENSIONS
    copied: int = MAX_COPIED
    uncounted: int = MAX_VALUES

    def spend(self, *, size: int = 0, values: int = 0) -> None:
        """Take from what is left.

        Raises:
            TooLarge: there is not that much left.
        """
        self.size -= size
        self.values -= values
        self.check()

    def check(self) -> None:
        """Raise TooLarge where more has been taken than there was."""
        if self.size < 0 or self.values < 0 or self.extensions < 0 or self.copied < 0:
            raise TooLarge(TOO_LARGE)


class Decoder:
    """Reads values from bytes.

    Args:
        resolve: turns a handle into what it stands for on this side.
        trusted: the bytes come from the grader, which holds to the rules.
    """

    def __init__(self, resolve: Callable[[Handle], object], *, trusted: bool = False) -> None:
        self._resolve = resolve
        self._depth = 0
        self._budget = Budget()
        # An element takes a byte or more: what is short need not be counted, which takes half of the time.
        self._uncounted: dict[str, Any] = {
            "ext_hook": self._extension,
            "object_hook": None if trusted else _with_text_keys,
            "strict_map_key": True,
            "timestamp": _AS_FLOAT,
        }
        self._counted = (
            self._uncounted
            if trusted
            else self._uncounted
            | {
                "list_hook": self._list,
                "object_hook": self._dict,
                "max_array_len": MAX_VALUES,
                "max_map_len": MAX_VALUES // 2,
                "max_str_len": MAX_TEXT_BYTES,
                "max_bin_len": MAX_BYTES,
                "max_ext_len": MAX_BYTES,
            }
        )
        self._options = self._counted

    def decode(self, data: bytes, budget: Budget | None = None) -> object:
        """The value that `data` holds.

        Args:
            data: one message.
            budget: what may be read, which is taken from it; by default as much as one batch may hold.

        Raises:
            WireError: not one whole message, too large, too deep, or malformed anywhere.
        """
        self._depth, self._budget = 0, budget or Budget()
        self._budget.spend(size=len(data))
        short = len(data) <= self._budget.uncounted
        self._budget.uncounted -= len(data) if short else 0
        self._options = self._uncounted if short else self._counted
        try:
            return self._value(data)
        except WireError:
            raise
        except ValueError as fault:
            raise TooLarge(TOO_LARGE) if "exceeds max_" in str(fault) else _no_message(fault) from None
        except Exception as fault:  # whatever a hostile message provokes in the decoder is one fault to us
            raise _no_message(fault) from None

    def _value(self, data: bytes) -> object:
        return msgpack.unpackb(data, **self._options)

    def _list(self, value: list[object]) -> list[object]:
        self._budget.spend(values=1 + len(value))
        return value

    def _dict(self, value: dict[object, object]) -> dict[object, object]:
        self._budget.spend(values=1 + 2 * len(value))
        return _with_text_keys(value)

    def _extension(self, code: int, data: bytes) -> object:
        budget = self._budget
        budget.extensions -= 1
        budget.copied -= len(data)
        budget.check()
        if self._depth >= MAX_DEPTH:
            raise WireError("nested too deeply")
        self._depth += 1
        value = self._typed(code, data)
        self._depth -= 1  # (where it raises, all of the message is refused)
        return value

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
                return _integer(data)
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
        if dtype.char not in _NUMERIC or min(sizes, default=0) < 0 or len(sizes) > MAX_AXES:
            raise WireError("an array of a kind that does not cross")
        if math.prod(sizes) * dtype.itemsize != len(_expect(content, bytes)):
            raise WireError("an array whose shape does not fit its content")
        if dtype.kind == "b" and content.strip(b"\0\1"):
            raise WireError("a truth value that is neither true nor false")
        return np.frombuffer(content, dtype=dtype).reshape(sizes).copy()


def _no_message(fault: Exception) -> WireError:
    return WireError(f"not a message: {type(fault).__name__}")


def _with_text_keys(value: dict[object, object]) -> dict[object, object]:
    for key in value:
        if type(key) is not str:  # bytes pass as keys too
            raise WireError("a dictionary whose keys are no text")
    return value


def _integer(data: bytes) -> int:
    """The integer of `data`, as the encoder writes one: in hexadecimal digits, and no others."""
    value = int(data, 16)
    if value.bit_length() >= MAX_INTEGER_BITS or format(value, "x").encode() != data:
        raise WireError("an integer in a form of its own")
    return value


def _expect(value: object, kind: type[T]) -> T:
    if type(value) is not kind:
        raise WireError(f"{type(value).__name__} where {kind.__name__} belongs")
    return value
