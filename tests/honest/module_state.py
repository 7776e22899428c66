"""Counts its calls and keeps what it found in the module."""

import atexit
import itertools
from collections import Counter, defaultdict, deque

calls = 0
history = deque(maxlen=1000)
by_argument = defaultdict(list)
kinds = Counter()
numbers = itertools.count()
config = {"order": 2}
atexit.register(lambda: history.clear())


def central_difference(f, *vals, arg=0, epsilon=1e-6):
    global calls
    calls += 1
    kinds[type(vals[arg]).__name__] += 1
    x_above, x_below = list(vals), list(vals)
    x_above[arg] += epsilon
    x_below[arg] -= epsilon
    slope = (f(*x_above) - f(*x_below)) / (config["order"] * epsilon)
    history.append((next(numbers), slope))
    by_argument[arg].append(slope)
    assert sum(kinds.values()) == calls == sum(map(len, by_argument.values()))
    return slope


MODULE = "central_difference"
