"""Recurses as deeply as Python's usual limit of a thousand calls allows."""

import sys


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def replaced(values, arg, value):
    """Replace one element, by recursion over the list."""
    if not values:
        return []
    head = value if arg == 0 else values[0]
    return [head, *replaced(values[1:], arg - 1, value)]


def central_difference(f, *vals, arg=0, epsilon=1e-6):
    assert sys.getrecursionlimit() >= 1000
    assert depth(900) == 900
    x_above = replaced(list(vals), arg, vals[arg] + epsilon)
    x_below = replaced(list(vals), arg, vals[arg] - epsilon)
    return (f(*x_above) - f(*x_below)) / (2 * epsilon)


MODULE = "central_difference"
