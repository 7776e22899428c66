"""Return a million numbers by ordinary means, in the hope that the trusted side shows them all."""

MODULE = "greet"

held = [0] * 1_000_000


def greet(name):
    return held
