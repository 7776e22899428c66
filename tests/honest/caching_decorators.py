"""Caches with functools, and with a decorator of its own."""

import functools


def remembered(function):
    known = {}

    @functools.wraps(function)
    def inner(*arguments):
        if arguments not in known:
            known[arguments] = function(*arguments)
        return known[arguments]

    return inner


@functools.cache
def divisor(epsilon):
    return 2 * epsilon


@functools.lru_cache(maxsize=None)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@remembered
def direction(arg, count):
    return tuple(float(i == arg) for i in range(count))


class Step:
    def __init__(self, epsilon):
        self.epsilon = epsilon

    @functools.cached_property
    def width(self):
        return divisor(self.epsilon)


def central_difference(f, *vals, arg=0, epsilon=1e-6):
    assert fibonacci(200) == 280571172992510140037611932413038677189525
    moved = functools.partial(along, f, vals, direction(arg, len(vals)))
    return (moved(epsilon) - moved(-epsilon)) / Step(epsilon).width


def along(f, vals, towards, length):
    return f(*[x + length if t else x for x, t in zip(vals, towards)])


MODULE = "central_difference"
