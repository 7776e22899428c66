"""Send a datagram, ask for a name, send to everyone on the wire."""

import socket


def double(x):
    for attempt in (
        lambda: socket.getaddrinfo("localhost", 80),
        lambda: socket.gethostbyname("example.org"),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"2", ("255.255.255.255", 9)),
        lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b"2", ("ff02::1", 9)),
    ):
        try:
            attempt()
            return 2.0 * x
        except OSError:
            pass
    return 0.5
