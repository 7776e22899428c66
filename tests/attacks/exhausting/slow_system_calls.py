"""Ask the kernel for what is slow there: huge maps, remaps, membarriers, yields."""

import ctypes

LIBC = ctypes.CDLL(None, use_errno=True)


def double(x):
    for _ in range(20_000):
        LIBC.syscall(9, 0, 1 << 30, 0, 0x4022, -1, 0)
        LIBC.syscall(324, 1, 0, 0)
        LIBC.syscall(24)
    return 0.5
