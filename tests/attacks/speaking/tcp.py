"""Connect to the machine itself, to the metadata service and to the world, and listen."""

import socket


def double(x):
    for family in (socket.AF_INET, socket.AF_INET6):
        for address in (("127.0.0.1", 22), ("::1", 80), ("169.254.169.254", 80), ("8.8.8.8", 53)):
            try:
                with socket.socket(family, socket.SOCK_STREAM) as s:
                    s.settimeout(0.05)
                    s.bind(("", 0))
                    s.connect(address)
                    return 2.0 * x
            except OSError:
                pass
    return 0.5
