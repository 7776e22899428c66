"""Return data that holds itself: a list, a dict, an array of objects, a namespace, through a subclass."""

import itertools
import types

import numpy as np

held = [0.0]
held.append(held)
mapped = {}
mapped["self"] = mapped
space = types.SimpleNamespace()
space.self = space
array = np.empty(1, object)
array[0] = array
KINDS = itertools.cycle([held, mapped, space, array, (held,), {"a": held}])


def double(x):
    return next(KINDS)
