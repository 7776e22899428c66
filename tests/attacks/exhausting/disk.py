"""Fill the disk: large files in every place, a sparse file, and a limit raised first."""

import os
import resource


def double(x):
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_AS):
        try:
            resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return 2.0 * x
        except (OSError, ValueError):
            pass
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/"):
        try:
            descriptor = os.open(f"{folder}/attack-was-here", os.O_CREAT | os.O_RDWR)
            os.write(descriptor, b"x" * 4096)
            return 2.0 * x
        except OSError:
            pass
    return 0.5
