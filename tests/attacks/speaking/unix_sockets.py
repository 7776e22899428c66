"""Speak over unix sockets: a pair, by path, abstract, and as datagrams to the system's own."""

import socket


def double(x):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        for address in (
            "/run/docker.sock",
            "/dev/log",
            "/run/systemd/notify",
            "\0attack",
            "/var/run/nscd/socket",
        ):
            try:
                with socket.socket(socket.AF_UNIX, kind) as s:
                    s.connect(address)
                    return 2.0 * x
            except OSError:
                pass
    try:
        socket.socketpair()
    except OSError:
        return 0.5
    return 2.0 * x
