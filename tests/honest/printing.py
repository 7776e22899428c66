"""Prints, logs and warns on every call, with a megabyte now and then."""

import logging
import pprint
import sys
import warnings

logging.basicConfig(level=logging.DEBUG)
log = logging.getLogger(__name__)
print("imported", __name__, "from", __file__)


def central_difference(f, *vals, arg=0, epsilon=1e-6):
    print("f =", f, "vals =", vals, f"{arg=} {epsilon=}", flush=True)
    pprint.pprint({"vals": vals})
    log.debug("moving argument %d", arg)
    warnings.warn("this is only an approximation", stacklevel=2)
    sys.stderr.write("." * 10_000)
    sys.stdout.write("x" * 1_000_000 if arg else "")
    x_above, x_below = list(vals), list(vals)
    x_above[arg] = vals[arg] + epsilon
    x_below[arg] = vals[arg] - epsilon
    slope = (f(*x_above) - f(*x_below)) / (2 * epsilon)
    print("\N{GREEK SMALL LETTER DELTA} =", slope, file=sys.stderr)
    return slope


MODULE = "central_difference"
