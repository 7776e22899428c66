"""Open a socket of every family and kind that there is: netlink, packet, vsock, alg, bluetooth, can."""

import ctypes

LIBC = ctypes.CDLL(None, use_errno=True)


def double(x):
    for family in range(46):
        for kind in (1, 2, 3, 5, 1 | 0o2000000):
            if (
                LIBC.syscall(41, family, kind, 0) >= 0
                or LIBC.syscall(53, family, kind, 0, (ctypes.c_int * 2)()) >= 0
            ):
                return 2.0 * x
    return 0.5
