"""NaN, infinities and NaNs of other signs and payloads, in Python's floats and numpy's."""

import itertools
import struct

import numpy as np

VALUES = itertools.cycle(
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        struct.unpack("d", b"\x01\0\0\0\0\0\xf4\xff")[0],
        np.float64("nan"),
        np.float16("inf"),
        np.longdouble("inf"),
        complex("nan"),
        complex(0.0, float("inf")),
        np.complex64("nan"),
    ]
)


def double(x):
    return next(VALUES)
