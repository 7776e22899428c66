"""Answer with arrays of truth values that are neither true nor false, and of numbers that are no numbers."""

import itertools
import sys

import msgpack

answering = sys.modules["autograder.wire.answering"]
BODIES = [["|b1", [], b"\2"], ["|b1", [1], b"\xff"], ["<f16", [], b"\xff" * 16], ["<f16", [], bytes(8) + b"\1" * 8]]
ANSWERS = itertools.cycle(
    b"\x92\0" + msgpack.packb(msgpack.ExtType(code, msgpack.packb(body))) for body in BODIES for code in (2, 5)
)
answering.Answerer.answer = lambda self, question: next(ANSWERS)


def double(x):
    return 0.5
