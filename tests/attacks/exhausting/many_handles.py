"""Return a million objects, each of which becomes a stand-in on the trusted side."""

MODULE = "greet"

LONG = True

held = [object()] * 900_000


def greet(name):
    return held
