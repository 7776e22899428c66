"""Through ctypes, rewrite the very float objects 0.0 and 2.0, type flags and reference counts."""

import ctypes


def poke(value, number):
    ctypes.c_double.from_address(id(value) + 16).value = number


for constant in (0.0, 1.0, 2.0, 2e12):
    poke(constant, 0.5)


def double(x):
    poke(x, float("nan"))
    return x
