"""Raise SystemExit and KeyboardInterrupt in turns, which no `except Exception` holds."""


def double(x):
    raise (SystemExit(0) if x > 0 else KeyboardInterrupt)
