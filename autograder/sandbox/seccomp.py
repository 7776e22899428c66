"""A seccomp allow-list as a classic BPF program (Linux: ``seccomp(2)``, ``linux/filter.h``).

Everything that is not named fails with EPERM: no fork, no exec, no socket, no ptrace, no mount. A
call of another architecture's table (32-bit, x32) kills the process.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from functools import cache
from typing import Final

from autograder.sandbox import kernel
from autograder.sandbox.syscalls import ALWAYS, AUDIT_ARCH, FILES, GUARDED

_LOAD, _JUMP_EQUAL, _JUMP_SET, _JUMP_GE, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16
_X32 = 0x40000000
_CLONE_THREAD, _TCGETS, _FIOCLEX, _MFD_CLOEXEC, _AT_EMPTY_PATH = 0x00010000, 0x5401, 0x5451, 1, 0x1000
_F_GETFD, _F_GETFL, _F_DUPFD_CLOEXEC = 1, 3, 1030
_MODE_FILTER = 2
_OWN: Final = b"\xde\xc0\xde\xc0"  # no offset, number or verdict of ours

MACHINE: Final = platform.machine()


def supported() -> bool:
    """Whether this machine's system call numbers are known here."""
    return MACHINE in AUDIT_ARCH


def program(machine: str, own_pid: int, *, files: bool) -> bytes:
    """The filter as the kernel's ``struct sock_filter[]``.

    Args:
        machine: ``x86_64`` or ``aarch64``.
        own_pid: the only process that may be signalled.
        files: whether files may be opened, because something else narrows down which.
    """
    return _template(machine, files).replace(_OWN, struct.pack("=I", own_pid))


@cache
def _template(machine: str, files: bool) -> bytes:  # noqa: FBT001  (a key of the cache)
    """The filter with `_OWN` in place of the process that may be signalled, made once for all children."""
    (own_pid,) = struct.unpack("=I", _OWN)
    refuse = _ERRNO | errno.EPERM
    lines = [
        *((_LOAD, 0, 0, _ARCH), (_JUMP_EQUAL, 1, 0, AUDIT_ARCH[machine]), (_RETURN, 0, 0, _KILL)),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        lines += [(_JUMP_GE, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    guarded = GUARDED[machine]
    lines += _when(guarded["clone"], [(_LOAD, 0, 0, _argument(0)), (_JUMP_SET, 0, 1, _CLONE_THREAD)], refuse)
    for name in ("kill", "tgkill"):
        lines += _when(guarded[name], [(_LOAD, 0, 0, _argument(0)), (_JUMP_EQUAL, 0, 1, own_pid)], refuse)
    allowed = [
        *(("ioctl", 1, request) for request in (_TCGETS, _FIOCLEX)),
        *(("fcntl", 1, command) for command in (_F_GETFD, _F_GETFL, _F_DUPFD_CLOEXEC)),
        ("memfd_create", 1, _MFD_CLOEXEC),
        ("newfstatat", 3, _AT_EMPTY_PATH),  # what glibc makes of fstat
    ]
    for name, index, value in allowed:
        lines += _when(guarded[name], [(_LOAD, 0, 0, _argument(index)), (_JUMP_EQUAL, 0, 1, value)], None)
    lines += [(_JUMP_EQUAL, 0, 1, guarded["clone3"]), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    numbers = set(ALWAYS[machine].values()) | (set(FILES[machine].values()) if files else set())
    for number in sorted(numbers):
        lines += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    lines.append((_RETURN, 0, 0, refuse))
    return b"".join(struct.pack("=HBBI", code, true, false, value) for code, true, false, value in lines)


def _when(
    number: int, test: list[tuple[int, int, int, int]], otherwise: int | None
) -> list[tuple[int, int, int, int]]:
    """Allow call `number` if `test` (which ends in a jump) holds, else return `otherwise` or go on."""
    body = [*test, (_RETURN, 0, 0, _ALLOW)]
    body.append((_RETURN, 0, 0, otherwise) if otherwise is not None else (_LOAD, 0, 0, _NUMBER))
    return [(_JUMP_EQUAL, 0, len(body), number), *body]


def _argument(index: int) -> int:
    """Offset of the low half of a call's argument (both architectures are little-endian)."""
    return _ARGUMENTS + 8 * index


def install(code: bytes) -> None:
    """Put this process, for good, under the filter `code`; OSError where the kernel refuses."""
    buffer = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(
        struct.pack("@HxxxxxxP", len(code) // 8, ctypes.addressof(buffer)), 16
    )
    kernel.prctl(kernel.PR_SET_SECCOMP, _MODE_FILTER, ctypes.c_void_p(ctypes.addressof(header)))
