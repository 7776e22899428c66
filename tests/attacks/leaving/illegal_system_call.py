"""Call the kernel through the tables of other architectures, which kills the process."""

import ctypes


def double(x):
    ctypes.CDLL(None).syscall(0x40000000 | 57)
    return 0.5
