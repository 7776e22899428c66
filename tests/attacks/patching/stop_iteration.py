"""Raise StopIteration and GeneratorExit, with which a property test's generator would count as finished."""


def double(x):
    raise StopIteration(2 * x + 1)
