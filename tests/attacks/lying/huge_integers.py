"""Integers too large for a float, with which a trusted side that converts them would stumble."""

SIZES = iter(range(1, 10_000, 37))


def double(x):
    return 1 << next(SIZES)
