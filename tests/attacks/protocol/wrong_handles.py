"""Hand out handles that nobody gave: negative, huge, text, nested, without a name."""

import itertools
import sys

import msgpack

codec = sys.modules["autograder.wire.codec"]
answering = sys.modules["autograder.wire.answering"]
NESTED = msgpack.packb([msgpack.ExtType(3, msgpack.packb([0, "float"])), "float"])
BODIES = itertools.cycle(
    [
        msgpack.packb([number, kind])
        for number in (-1, 2**63, "0", None, 1.5)
        for kind in ("float", "", None, "x" * 10**6)
    ]
    + [NESTED, b"", b"\xc1"]
)
answering.Answerer.answer = lambda self, question: msgpack.packb([0, msgpack.ExtType(3, next(BODIES))])


def double(x):
    return 0.5
