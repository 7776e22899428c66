"""Forge integers, complex numbers, timestamps and extensions that the other side has to interpret."""

import itertools
import sys

import msgpack

answering = sys.modules["autograder.wire.answering"]
BODIES = itertools.cycle(
    [
        msgpack.ExtType(4, b"f" * 1025),
        msgpack.ExtType(4, b"f" * 10**6),
        msgpack.ExtType(4, b"0x_1"),
        msgpack.ExtType(4, b""),
        msgpack.ExtType(6, msgpack.packb(["1", 0.0])),
        msgpack.ExtType(6, msgpack.packb([float("nan"), float("nan")])),
        msgpack.ExtType(7, b""),
        msgpack.ExtType(127, b"x"),
        msgpack.Timestamp(0),
        [msgpack.Timestamp(2**33)],
        {b"bytes": 0},
    ]
)
answering.Answerer.answer = lambda self, question: msgpack.packb([0, next(BODIES)])


def double(x):
    return 0.5
