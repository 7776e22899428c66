"""Have a lying object packed as plain data: patch the encoder, msgpack's packer and numpy's tobytes."""

import sys

import msgpack
import numpy as np

codec = sys.modules["autograder.wire.codec"]
codec.Encoder._extension = lambda self, value: float("nan")
msgpack.Packer = lambda *a, **k: None
msgpack.packb = lambda *a, **k: b"\xc0"
np.asarray = lambda *a, **k: np.zeros(1)


class Odd:
    pass


def double(x):
    return Odd()
