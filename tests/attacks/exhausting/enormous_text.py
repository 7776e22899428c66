"""Raise an error whose message is a gigabyte long, and one whose type's name is."""

import itertools

TYPES = itertools.cycle([ValueError, type("E" * (1 << 20), (Exception,), {})])


def double(x):
    raise next(TYPES)("\x1b[31m" * (200 << 20))
