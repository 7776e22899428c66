"""Rung 4: namespaces of the fork server's own, made once, so that a fork costs no more (Linux).

The server moves into new mount, process, network, IPC and host-name namespaces (and, where it is not
root, a user namespace: ``namespaces(7)``, ``user_namespaces(7)``). Its whole file system is an empty,
read-only tmpfs with the standard library and numpy bound into it; its only processes are its children;
its network has no device but a loopback that is down.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
from collections.abc import Iterable
from typing import Final

from autograder.sandbox import kernel

_NEW_MOUNTS, _NEW_HOST_NAME, _NEW_IPC = 0x0002_0000, 0x0400_0000, 0x0800_0000
_NEW_USER, _NEW_PROCESSES, _NEW_NETWORK = 0x1000_0000, 0x2000_0000, 0x4000_0000

_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_EXEC = 1, 2, 4, 8
_REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 32, 4096, 16384, 1 << 18
_DETACH = 2

# A tmpfs, seen by this process alone, is mounted over one of these to be furnished.
_SITES: Final = ("/mnt", "/media", "/srv", "/opt", "/tmp", "/var/tmp", "/home")  # noqa: S108

# The user and group that a child of a root server runs as: no account's, in no file system's books. Each
# server has one of its own, so that one child's threads do not count as another's; where a container does
# not have that many, all have the last.
_FIRST_USER, _USERS, NOBODY = 0x7000_0000, 1 << 22, 65533

_CAPABILITY_VERSION_3: Final = 0x20080522
_PIVOT_ROOT: Final = {"x86_64": 155, "aarch64": 41}
_CAPSET: Final = {"x86_64": 126, "aarch64": 91}

_libc = ctypes.CDLL(None, use_errno=True)


def enter(readable: Iterable[str]) -> None:
    """Move into the room; returns in a new process, its first, while this one waits for it and ends.

    Args:
        readable: the folders that can still be read there.

    Raises:
        OSError: the kernel refuses; this process is then as it was, or partly moved, and may go on.
    """
    spaces = _NEW_MOUNTS | _NEW_PROCESSES | _NEW_NETWORK | _NEW_IPC | _NEW_HOST_NAME
    if os.geteuid() != 0:
        _new_user_namespace()
    _check(_libc.unshare(spaces))
    first = os.fork()
    if first:
        _wait(first)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    _furnish(readable)


def _new_user_namespace() -> None:
    """A user namespace in which this user, and nobody else, is root."""
    user, group = os.geteuid(), os.getegid()
    _check(_libc.unshare(_NEW_USER))
    for name, line in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(descriptor, line.encode())
        os.close(descriptor)


def _wait(first: int) -> None:
    """Outside the room: end as the process inside ends."""
    _, status = os.waitpid(first, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _furnish(readable: Iterable[str]) -> None:
    """Make the room the whole file system."""
    readable = list(readable)
    site = _site(readable)
    _mount("none", "/", "", _RECURSIVE | _PRIVATE)
    _mount("room", site, "tmpfs", _NO_SUID | _NO_DEVICES | _NO_EXEC, "size=1m,mode=755")
    for path in readable:
        inside = site + path
        os.makedirs(inside, exist_ok=True)  # noqa: PTH103  (no pathlib on this side)
        _bind(path, inside)
    os.makedirs(f"{site}/dev", exist_ok=True)  # noqa: PTH103
    os.close(os.open(f"{site}/dev/null", os.O_CREAT | os.O_WRONLY, 0o666))
    _mount("/dev/null", f"{site}/dev/null", "", _BIND)
    os.mkdir(f"{site}/outside")  # noqa: PTH102
    os.chdir(site)
    kernel.syscall(_PIVOT_ROOT[os.uname().machine], b".", b"outside")
    os.chdir("/")
    _check(_libc.umount2(b"/outside", _DETACH))
    os.rmdir("/outside")  # noqa: PTH106
    _mount("room", "/", "", _REMOUNT | _BIND | _READ_ONLY | _NO_SUID | _NO_DEVICES | _NO_EXEC)


def _site(readable: list[str]) -> str:
    """A folder to build the room over, which holds nothing that the room needs."""
    for site in _SITES:
        if os.path.isdir(site) and not any(path.startswith(f"{site}/") for path in readable):  # noqa: PTH112
            return site
    raise OSError(errno.ENOENT, f"none of {' '.join(_SITES)} is free to build the room over")


def _bind(path: str, inside: str) -> None:
    """Show the folder `path` at `inside`, read-only; flags that its mount has cannot be taken away."""
    _mount(path, inside, "", _BIND | _RECURSIVE)
    kept = os.statvfs(path).f_flag & (os.ST_NOEXEC | os.ST_NOATIME | os.ST_NODIRATIME | os.ST_RELATIME)
    flags = _REMOUNT | _BIND | _READ_ONLY | _NO_SUID | _NO_DEVICES
    relative = 1 << 21 if kept & os.ST_RELATIME else 0
    _mount(path, inside, "", flags | (kept & ~os.ST_RELATIME) | relative)


def user_of(pid: int) -> int:
    """The number of the user and of the group for the children of a root server."""
    user = _FIRST_USER + pid % _USERS
    return user if _mapped(user, "uid") and _mapped(user, "gid") else NOBODY


def _mapped(number: int, kind: str) -> bool:
    """Whether this user namespace has a user (``uid``) or a group (``gid``) of this number."""
    with open(f"/proc/self/{kind}_map", encoding="ascii") as lines:  # noqa: PTH123  (no pathlib on this side)
        ranges = [[int(word) for word in line.split()] for line in lines]
    return any(first <= number < first + count for first, _, count in ranges)


def give_up_powers(user: int | None) -> None:
    """In a child: hold no capability, and (of a root server) be the user and the group of this number."""
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    kernel.syscall(_CAPSET[os.uname().machine], header, nothing)


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    words = [word.encode() or None for word in (source, target, kind)]
    _check(_libc.mount(*words, ctypes.c_ulong(flags), options.encode() or None))


def _check(result: int) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
