"""Overflow the C stack: no limit on recursion, and a comparison that recurses in C."""

import sys

sys.setrecursionlimit(10**9)


class Deep:
    def __eq__(self, other):
        return [self] == [other]


def double(x):
    return Deep() == Deep()
