"""Print a gigabyte to standard output and error, and write it to the descriptors below them."""

import os
import sys


def double(x):
    block = "x" * (1 << 20)
    for _ in range(1024):
        sys.stdout.write(block)
        os.write(2, b"y" * (1 << 20))
        os.write(1, b"z" * (1 << 20))
    return 0.5
