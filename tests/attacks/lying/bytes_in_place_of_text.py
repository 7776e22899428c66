"""Answers of every other kind where a number or a text belongs: bytes, True, None, dicts, empty arrays."""

import itertools

import numpy as np

KINDS = itertools.cycle(
    [
        b"0.0",
        True,
        None,
        {},
        {"": 0.0},
        [],
        (),
        np.zeros(0),
        np.zeros((0, 2**31)),
        np.array(True),
        np.array("x"),
        np.array([None]),
        np.datetime64("NaT"),
        "\ud800",
        range(3),
        ...,
        slice(1),
    ]
)


def double(x):
    return next(KINDS)
