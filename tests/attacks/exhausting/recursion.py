"""Recurse without end in Python, through calls, generators and data that holds itself."""


def deeper(x):
    return deeper([x])


def double(x):
    try:
        return deeper(x)
    except RecursionError:
        held = []
        for _ in range(100_000):
            held = [held]
        return held
