"""Draws on the standard library: random numbers, clocks, exact fractions, regular expressions, contexts."""

import contextlib
import copy
import datetime
import decimal
import fractions
import hashlib
import heapq
import io
import itertools
import math
import operator
import random
import re
import secrets
import statistics
import string
import time
import uuid

random.seed(7)
STARTED = time.perf_counter()
SAMPLE = [random.gauss(0.0, 1.0) for _ in range(100)]


@contextlib.contextmanager
def timed(into):
    since = time.perf_counter()
    try:
        yield
    finally:
        into.append(time.perf_counter() - since)


def checked():
    assert statistics.stdev(SAMPLE) > 0
    assert fractions.Fraction("1/3") + fractions.Fraction(1, 6) == fractions.Fraction(1, 2)
    assert decimal.Decimal("0.1") * 3 == decimal.Decimal("0.3")
    assert re.findall(r"x_(\d+)", "x_1 + x_22") == ["1", "22"]
    assert heapq.nsmallest(2, [3, 1, 2]) == [1, 2]
    assert datetime.datetime.strptime("2024-02-29", "%Y-%m-%d") < datetime.datetime.now()
    assert len(hashlib.sha256(secrets.token_bytes(8)).hexdigest()) == 64
    assert uuid.uuid4() != uuid.uuid4()
    assert string.capwords("a slope") == "A Slope"
    with contextlib.redirect_stdout(io.StringIO()) as said:
        print("quiet")
    time.sleep(0.0001)
    return said.getvalue()


def central_difference(f, *vals, arg=0, epsilon=1e-6):
    assert checked() == "quiet\n"
    took = []
    with timed(took), contextlib.suppress(ZeroDivisionError):
        x_above, x_below = copy.copy(list(vals)), copy.deepcopy(list(vals))
        x_above[arg] = operator.add(vals[arg], epsilon)
        x_below[arg] = operator.sub(vals[arg], epsilon)
        first, second = itertools.starmap(f, (x_above, x_below))
    assert math.isfinite(took[0])
    return (first - second) / (2 * epsilon)


MODULE = "central_difference"
