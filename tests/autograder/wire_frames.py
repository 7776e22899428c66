"""Malformed, random and valid streams of frames, as a hostile child could send them; all from one seed."""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Callable
from dataclasses import dataclass

import msgpack
import numpy as np

from autograder.wire.codec import Encoder, Handle
from autograder.wire.limits import MAX_BYTES, MAX_VALUES

DTYPES = "?bBhHiIlLqQefdFD"
# Where a mutation likes to put a byte: formats of msgpack, and the borders between them.
TELLING = bytes([0, 1, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, *range(0xC0, 0xE0), 0xFF])


@dataclass(frozen=True, slots=True)
class Stream:
    """What one child sends after its word that it has loaded.

    Attributes:
        kind: the generator's name.
        data: frames, or what should be frames.
        wanted: to how many questions it answers.
        values: what the trusted side must make of it, None where it may be anything but wrong.
    """

    kind: str
    data: bytes
    wanted: int
    values: list[object] | None = None


def framed(message: bytes) -> bytes:
    """A message with its length."""
    return struct.pack("!I", len(message)) + message


def answers(*encoded: bytes) -> bytes:
    """The message that holds these encoded answers."""
    head = b"\x92\xa7answers\xdc" + len(encoded).to_bytes(2, "big")
    return head + b"".join(encoded)


class Frames:
    """Draws streams.

    Args:
        seed: decides all of them.
    """

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311  (a seed must give the same frames)
        self._encode = Encoder(lambda value: Handle(0, type(value).__name__)).encode
        self.kinds: dict[str, Callable[[], Stream]] = {
            name.removeprefix("draw_"): getattr(self, name) for name in dir(self) if name.startswith("draw_")
        }
        self._names = list(self.kinds)

    def draw(self) -> Stream:
        """The next stream."""
        return self.kinds[self.rng.choice(self._names)]()

    def draw_valid(self) -> Stream:
        """What an honest child sends, in one message or several: it must arrive as it is."""
        values = [self.value(3) for _ in range(self.rng.randint(1, 4))]
        parts = [answers(self._encode([0, value])) for value in values]
        if self.rng.random() < 0.5:
            parts = [answers(*(self._encode([0, value]) for value in values))]
        return Stream("valid", b"".join(map(framed, parts)), len(values), values)

    def draw_mutated(self) -> Stream:
        """A valid stream with bytes flipped, put in, taken out, doubled, or that of another spliced in."""
        stream, other = self.draw_valid(), self.draw_valid()
        data = bytearray(stream.data)
        for _ in range(self.rng.choice((1, 1, 2, 4, 16))):
            at = self.rng.randrange(len(data))
            match self.rng.randrange(6):
                case 0:
                    data[at] ^= 1 << self.rng.randrange(8)
                case 1:
                    data[at] = self.rng.choice(TELLING)
                case 2:
                    data[at:at] = self.rng.randbytes(self.rng.randint(1, 8))
                case 3 if len(data) > 16:
                    del data[at : at + self.rng.randint(1, 8)]
                case 4:
                    data[at:at] = data[at : at + self.rng.randint(1, 64)]
                case _:
                    data[at:] = other.data[self.rng.randrange(len(other.data)) :] or b"\0"
        return Stream("mutated", bytes(data), stream.wanted)

    def draw_mutated_within(self) -> Stream:
        """A valid message of the right length, whose contents are changed."""
        message = bytearray(self.draw_valid().data[4:])
        for _ in range(self.rng.randint(1, 6)):
            message[self.rng.randrange(min(10, len(message)), len(message))] = self.rng.choice(TELLING)
        return Stream("mutated_within", framed(bytes(message)), self.rng.randint(1, 3))

    def draw_random(self) -> Stream:
        """Random bytes, with a right length or without."""
        data = self.rng.randbytes(self.rng.choice((0, 1, 4, 5, 16, 100, 1000)))
        return Stream("random", framed(data) if self.rng.random() < 0.5 else data, 1)

    def draw_garbage(self) -> Stream:
        """Well-formed msgpack that is no answer of ours, or one with formats that ours never has."""
        body = self.garbage(4)
        message = answers(b"\x92\0" + body) if self.rng.random() < 0.8 else body
        return Stream("garbage", framed(message), self.rng.randint(1, 2))

    def draw_truncated(self) -> Stream:
        """A valid stream, or garbage, that ends too early."""
        data = (self.draw_valid() if self.rng.random() < 0.5 else self.draw_garbage()).data
        cut = data[: self.rng.randrange(len(data))]
        whole = cut if self.rng.random() < 0.5 else framed(cut[4:])
        return Stream("truncated", whole, 9)

    def draw_huge(self) -> Stream:
        """Lengths of frames, lists, dictionaries, texts and extensions far beyond what follows, or just beyond."""
        length = self.rng.choice(
            (2**32 - 1, 2**31, 10**9, MAX_BYTES + 1, MAX_BYTES, MAX_VALUES, MAX_VALUES + 1)
        )
        if self.rng.random() < 0.3:
            return Stream("huge", length.to_bytes(4, "big") + self.rng.randbytes(64), 1)
        head = self.rng.choice((b"\xdd", b"\xdf", b"\xdb", b"\xc6", b"\xc9")) + length.to_bytes(4, "big")
        deep = head * self.rng.choice((1, 1, 2, 50)) if head[0] in b"\xdd\xdf" else head
        return Stream("huge", framed(answers(b"\x92\0" + deep + self.rng.randbytes(64))), 1)

    def draw_deep(self) -> Stream:
        """Lists, dictionaries and tuples within each other, up to thousands of them."""
        depth = self.rng.choice((10, 60, 70, 500, 1000, 1030, 5000))
        core = self.rng.choice((b"\xc0", b"\xc1", b"\xd6\xff\0\0\0\0", b"", b"\x01"))
        match self.rng.randrange(3):
            case 0:
                data = b"\x91" * depth + core
            case 1:
                data = b"\x81\xa1k" * depth + core
            case _:
                data = core
                for _ in range(min(depth, 150)):
                    data = self.extension(1, b"\x91" + data)
        return Stream("deep", framed(answers(b"\x92\0" + data)), 1)

    def draw_extension(self) -> Stream:
        """An extension of any code, with the body of another, a mutated one, a random one or none."""
        bodies = (
            b"",
            self.rng.randbytes(self.rng.randrange(40)),
            self.garbage(2),
            msgpack.packb(
                [self.rng.choice(("<f8", "|O", "f8,f8", "", "?", "<U4", "x")), [2], self.rng.randbytes(16)]
            ),
            msgpack.packb(
                [self.rng.choice((-1, 0, 2**63, 1.5, None)), self.rng.choice(("k", "k" * 99, b"k", 1))]
            ),
            self.rng.choice(
                (b"-1", b"0x1", b"1_0", b" 1", b"f" * 1024, b"f" * 1025, b"00", "\u0661".encode())
            ),
            msgpack.packb([self.rng.choice((1.0, 1, None)), math.nan]),
        )
        code = self.rng.choice((self.rng.randrange(256), self.rng.randint(1, 6)))
        data = self.extension(code, self.rng.choice(bodies))
        return Stream("extension", framed(answers(b"\x92\0" + data)), 1)

    def draw_array(self) -> Stream:
        """An array whose kind, shape and contents need not fit, or only just fit."""
        name = self.rng.choice((*DTYPES, "<f8", ">c16", "|b1", "<f16", "O", "V8", "M8", "S3"))
        shape = [
            self.rng.choice((0, 1, 2, 3, 2**31, 2**62, -1)) for _ in range(self.rng.choice((0, 1, 2, 3, 33)))
        ]
        small = [size if 0 <= size < 4 else 1 for size in shape]
        try:
            size = math.prod(small) * np.dtype(name).itemsize
        except TypeError:
            size = 8
        body = [name, self.rng.choice((shape, small, small)), self.rng.randbytes(size)]
        data = self.extension(self.rng.choice((2, 5)), msgpack.packb(body))
        return Stream("array", framed(answers(b"\x92\0" + data)), 1)

    def draw_timestamp(self) -> Stream:
        """msgpack's own extension, in each of its forms, somewhere in an answer."""
        heads = (
            b"\xd6\xff",
            b"\xd7\xff",
            b"\xc7\x0c\xff",
            b"\xc7\x04\xff",
            b"\xc8\0\x0c\xff",
            b"\xc9\0\0\0\x08\xff",
        )
        head = self.rng.choice(heads)
        stamp = head + self.rng.randbytes({0xD6: 4, 0xD7: 8}.get(head[0], head[-2]))
        for _ in range(self.rng.randrange(5)):
            around = (b"\x91", b"\x92\x00", b"\x81\xa1t", b"\x82\xa1a\x01\xa1t")
            stamp = (
                self.rng.choice(around) + stamp
                if self.rng.random() < 0.7
                else self.extension(1, b"\x91" + stamp)
            )
        return Stream("timestamp", framed(answers(b"\x92\0" + stamp)), 1)

    def draw_error(self) -> Stream:
        """Reports of errors with parts of any kind and length."""
        parts = [self.rng.choice(("E", "t" * 5000, b"b", 7, -(2**63), None, [], 1.5)) for _ in range(4)]
        message = answers(
            msgpack.packb([self.rng.choice((0, 1, 2, True)), *parts[: self.rng.choice((3, 4, 4))]])
        )
        return Stream("error", framed(message), 1)

    def draw_protocol(self) -> Stream:
        """Messages of the protocol, at the wrong time, with the wrong number of answers, or none of it."""
        one = self._encode([0, 1])
        messages = (
            answers(),
            answers(one, one, one),
            msgpack.packb(["loaded"]),
            msgpack.packb(["ready"]),
            msgpack.packb(["broken", [[1, "E", "t", "f", 1]]]),
            msgpack.packb(
                [self.rng.choice(("answers", b"answers", None, 1)), self.rng.choice(([], {}, 1, [[]]))]
            ),
            b"",
        )
        chosen = [self.rng.choice(messages) for _ in range(self.rng.randint(1, 3))]
        return Stream("protocol", b"".join(map(framed, chosen)), 2)

    def large(self) -> Stream:
        """As much of one thing as a frame or a budget holds, or a little more."""
        count = self.rng.choice((MAX_VALUES - 4, MAX_VALUES, 2_000_000))
        many = count.to_bytes(4, "big")
        body = self.rng.choice(
            (
                b"\xdd" + many + self.rng.choice((b"\x90", b"\x80", b"\x01", b"\xa2xy", b"\xcd\1\1")) * count,
                b"\xdc\x00\x64"
                + (b"\xdd" + (count // 100).to_bytes(4, "big") + b"\x90" * (count // 100)) * 100,
                b"\xdd" + many + b"\xd4\x01\x90" * count,
                b"\xdf" + many + b"".join(b"\xa3%03x\xc0" % (n % 4096) for n in range(count)),
                b"\xc6" + (MAX_BYTES - 64).to_bytes(4, "big") + bytes(MAX_BYTES - 64),
                b"\xdb" + (MAX_BYTES - 64).to_bytes(4, "big") + b"x" * (MAX_BYTES - 64),
            )
        )
        return Stream("large", framed(answers(b"\x92\0" + body)), 1)

    def value(self, depth: int) -> object:
        """A value that crosses."""
        match self.rng.randrange(12 if depth else 8):
            case 0:
                return self.rng.choice((None, True, False))
            case 1:
                return self.rng.choice(
                    (0, -1, 127, 128, 2**63, 2**64, -(2**63) - 1, self.rng.getrandbits(300))
                )
            case 2 | 3:
                return self.rng.choice((self.rng.gauss(0, 1e3), math.nan, math.inf, -0.0, 5e-324))
            case 4:
                return "".join(self.rng.choices("ab\u00e9\u4e2d\U0001f600\n", k=self.rng.randrange(40)))
            case 5:
                return self.rng.randbytes(self.rng.randrange(40))
            case 6:
                return complex(self.rng.gauss(0, 1), self.rng.choice((0.0, -0.0, math.nan)))
            case 7 | 8:
                shape = [self.rng.randrange(4) for _ in range(self.rng.randrange(4))]
                array = np.array(self.rng.randrange(2), self.rng.choice(DTYPES)) + np.zeros(shape, "?")
                return array if isinstance(array, np.ndarray) else np.float64(self.rng.random())
            case 9:
                return [self.value(depth - 1) for _ in range(self.rng.randrange(5))]
            case 10:
                return tuple(self.value(depth - 1) for _ in range(self.rng.randrange(5)))
        return {f"k{n}": self.value(depth - 1) for n in range(self.rng.randrange(4))}

    def garbage(self, depth: int) -> bytes:
        """One object in any of msgpack's formats, often with a length that does not fit."""
        first = self.rng.choice((self.rng.randrange(256), *TELLING[9:]))
        if depth and first in range(0x80, 0xA0):
            count = (first & 15) * (2 if first < 0x90 else 1)
            return bytes([first]) + b"".join(self.garbage(depth - 1) for _ in range(count))
        sizes = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xC7: 1, 0xC8: 2, 0xC9: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}
        fixed = {0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8, 0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8}
        if first in sizes:
            body = self.rng.randbytes(self.rng.randrange(30))
            length = len(body) + self.rng.choice((0, 0, 0, 1, -1, 200))
            code = self.rng.randbytes(1) if first in (0xC7, 0xC8, 0xC9) else b""
            return bytes([first]) + max(0, length).to_bytes(4, "big")[-sizes[first] :] + code + body
        if first in (0xDC, 0xDD, 0xDE, 0xDF):
            count = self.rng.randrange(4)
            inner = b"".join(
                self.garbage(max(0, depth - 1)) for _ in range(count * (2 if first > 0xDD else 1))
            )
            return bytes([first]) + count.to_bytes(4, "big")[-2 if first in (0xDC, 0xDE) else -4 :] + inner
        if first in (0xD4, 0xD5, 0xD6, 0xD7, 0xD8):
            return bytes([first]) + self.rng.randbytes(1 + (1 << (first - 0xD4)))
        return bytes([first]) + self.rng.randbytes(
            fixed.get(first, first & 31 if 0xA0 <= first < 0xC0 else 0)
        )

    def extension(self, code: int, body: bytes) -> bytes:
        """An extension in one of the formats that hold its length."""
        formats = [b"\xc9" + len(body).to_bytes(4, "big")]
        if len(body) < 256:
            formats.append(b"\xc7" + bytes([len(body)]))
        if len(body) in (1, 2, 4, 8, 16):
            formats.append(bytes([0xD4 + len(body).bit_length() - 1]))
        return self.rng.choice(formats) + bytes([code % 256]) + body
