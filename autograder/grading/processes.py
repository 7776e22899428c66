"""What the system tells of a child: its process id here, its processor time, how long it waited for more."""

from __future__ import annotations

import math
import os
import socket
import struct
import time

NANOSECOND = 1e-9
_CREDENTIALS = struct.Struct("=iII")
# Not named by Python's socket module on all systems that have it.
_PASS_CREDENTIALS: int | None = getattr(socket, "SO_PASSCRED", None)


def ask_for_sender(channel: socket.socket) -> None:
    """Have the next message on a unix socket tell which process sent it, where the system can (Linux)."""
    if _PASS_CREDENTIALS is not None:
        channel.setsockopt(socket.SOL_SOCKET, _PASS_CREDENTIALS, 1)


def receive_with_sender(channel: socket.socket, size: int) -> tuple[bytes, int | None]:
    """A message of at most `size` bytes and the id that its sender has here; the next ones tell no more.

    A process in a PID namespace knows itself under another number.
    """
    message, ancillary, _, _ = channel.recvmsg(size, socket.CMSG_SPACE(_CREDENTIALS.size))
    if _PASS_CREDENTIALS is None:
        return message, None
    channel.setsockopt(socket.SOL_SOCKET, _PASS_CREDENTIALS, 0)
    found = [
        data
        for level, kind, data in ancillary
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS)
    ]
    return message, _CREDENTIALS.unpack(found[0])[0] if found else None


def processor_seconds(pid: int | None) -> float:
    """The processor seconds that a process has used; infinite where the system does not tell.

    Linux gives each process a clock, whose number is made of the process id (``clock_getcpuclockid(3)``).
    """
    if pid is None:
        return math.inf
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return math.inf


def seconds_waited(pid: int | None) -> float | None:
    """How long the thread of a process that waited longest was ready to run and was not; None where unknown.

    Linux: ``/proc/<pid>/task/<tid>/schedstat``, second field (Documentation/scheduler/sched-stats.rst).
    """
    threads = f"/proc/{pid}/task"
    try:
        return max(_waited(f"{threads}/{thread}/schedstat") for thread in os.listdir(threads))  # noqa: PTH208
    except (OSError, ValueError, IndexError):
        return None


def _waited(file: str) -> float:
    with open(file, encoding="ascii") as fields:  # noqa: PTH123  (one line of a pseudo-file)
        return int(fields.read().split()[1]) * NANOSECOND
