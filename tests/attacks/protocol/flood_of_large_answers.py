"""Send sixty answers of 7 MB each to a batch of a hundred questions, without a pause for the deadline."""

import os


def channel():
    """The descriptor that leads to the grader: the only one above the standard three."""
    for number in range(3, 4096):
        try:
            os.read(number, 0)
            return number
        except OSError:
            pass


SECONDS = 10.0

SIZE = 7 << 20
MESSAGE = b"\x92\xa7answers\x91\x92\0\xc6" + SIZE.to_bytes(4, "big") + bytes(SIZE)
FRAME = len(MESSAGE).to_bytes(4, "big") + MESSAGE


def double(x):
    for _ in range(60):
        rest = memoryview(FRAME)
        while rest:
            rest = rest[os.write(channel(), rest) :]
    return 0.5
