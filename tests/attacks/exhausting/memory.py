"""Take memory without end: in one piece, in small ones, and mapped and touched outside the interpreter."""

import ctypes


def double(x):
    held = []
    for size in (1 << 36, 1 << 32, 1 << 29, 1 << 26, 1 << 23):
        try:
            while len(held) < 300:
                held.append(bytearray(size))
        except MemoryError:
            pass
    ctypes.CDLL(None).malloc(1 << 40)
    return 0.5
