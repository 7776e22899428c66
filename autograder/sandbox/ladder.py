"""The sandbox's rungs: what shuts a child in, what this machine offers of it, and the proof by attack.

1  a process of its own with resource limits and a wall clock (any POSIX; no security boundary);
2  adds a seccomp allow-list: no fork, no exec, no socket, no file opened;
3  adds Landlock: the standard library and numpy may be read, so that imports work; nothing written;
4  adds namespaces (see `autograder.sandbox.room`), a user of its own where the grader is root, and no
   capability.
"""

from __future__ import annotations

import errno
import os
import resource
import signal
import socket
import sys
import sysconfig
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import numpy as np

from autograder.memory import SUBMISSION_BYTES
from autograder.sandbox import kernel, landlock, room, seccomp

CPU_SECONDS: Final = 120
THREADS: Final = 128
# A temporary file is memory beyond the address space's: at the most so many files of so many bytes.
OPEN_FILES, FILE_BYTES = 128, 4 * 2**20

LINUX: Final = sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class Reached:
    """What a machine offers.

    Attributes:
        rung: the highest rung on which every attack tried was stopped.
        missing: what is missing for the rungs above, each in a few words.
    """

    rung: int
    missing: tuple[str, ...] = ()


FILTER, FILES, ROOM = 2, 3, 4
FEW_THREADS: Final = 8

REFUSALS: Final = {errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOENT, errno.ESRCH}


class Ladder:
    """Shuts a child in, up to the rung that the machine supports; made once, in the server.

    Args:
        highest: no higher rung is tried. With 4 the server itself moves into the room: what follows
            runs in a new process.
    """

    def __init__(self, highest: int = ROOM) -> None:
        self.missing: list[str] = []
        self._own_user = room.user_of(os.getpid()) if LINUX and os.geteuid() == 0 else None
        self._filtered = highest >= FILTER and LINUX and seccomp.supported()
        if highest >= FILTER and not self._filtered:
            self.missing.append("seccomp: not Linux, or system calls of an unknown architecture")
        self._in_room = highest >= ROOM and self._filtered and self._entered()
        self._counts_threads = self._in_room and not _tried(self._start_threads)
        self._rules = self._ruleset() if highest >= FILES and self._filtered else None
        if self._filtered:
            self._filter()  # what is the same for all children is made here, once

    def _entered(self) -> bool:
        """Whether this process is in the room now; tried in a throw-away child first."""
        fault = _tried(lambda: room.enter(_readable()))
        if fault:
            self.missing.append(f"namespaces: {fault}")
            return False
        room.enter(_readable())
        return True

    def _start_threads(self) -> None:
        """Raise OSError unless a limit on a user's processes counts this child's threads, and no others'."""
        if self._own_user == room.NOBODY:
            raise OSError(errno.ENOTSUP, "all children are one user")
        room.give_up_powers(self._own_user)
        resource.setrlimit(resource.RLIMIT_NPROC, (FEW_THREADS, FEW_THREADS))
        done, started = threading.Event(), 0
        with suppress(RuntimeError):
            for _ in range(FEW_THREADS):
                threading.Thread(target=done.wait, daemon=True).start()
                started += 1
        done.set()
        if not 0 < started < FEW_THREADS:
            raise OSError(errno.ENOTSUP, "threads are not counted by child")

    def _ruleset(self) -> int | None:
        try:
            return landlock.ruleset(_readable())
        except OSError as fault:
            self.missing.append(f"Landlock: {fault.strerror}")
            return None

    @property
    def planned(self) -> int:
        """The rung that `shut_in` applies."""
        if not self._filtered:
            return 1
        return FILTER if self._rules is None else ROOM if self._in_room else FILES

    @property
    def reads_library(self) -> bool:
        """Whether a child may read the standard library, and so import what its server did not."""
        return self._rules is not None or not self._filtered

    @property
    def has_temporary_files(self) -> bool:
        """Whether a child gets a temporary folder, in its memory: where the filter keeps it off the disk."""
        return self._filtered

    def shut_in(self, keep: int) -> None:
        """Shut this freshly forked child in, for good; only the descriptor `keep` stays open.

        Raises:
            OSError: the kernel refused a block; the child must end.
        """
        if self._in_room:
            room.give_up_powers(self._own_user)
        os.setsid()
        if LINUX:
            kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
            kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        _only_descriptor(keep, also=self._rules)
        _limit(FILE_BYTES if self._filtered else 0)
        if self._counts_threads:
            resource.setrlimit(resource.RLIMIT_NPROC, (THREADS, THREADS))
        if self._filtered:
            kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
            if self._rules is not None:
                landlock.restrict(self._rules)
                os.close(self._rules)
            seccomp.install(self._filter())

    def _filter(self) -> bytes:
        return seccomp.program(seccomp.MACHINE, os.getpid(), files=self._rules is not None)


def _readable() -> list[str]:
    """Folders that a student's imports may need: the standard library's and numpy's."""
    paths = sysconfig.get_paths()
    libraries = Path(np.__file__).parent
    folders = [paths["stdlib"], paths["platstdlib"], str(libraries), f"{libraries}.libs"]
    return [folder for folder in dict.fromkeys(folders) if Path(folder).is_dir()]


def _only_descriptor(keep: int, also: int | None) -> None:
    """Put /dev/null on standard input, output and error; close all else but `keep` and `also`."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    previous = 2
    for kept in sorted({keep, also} - {None}):  # type: ignore[type-var]
        os.closerange(previous + 1, kept)  # type: ignore[arg-type]
        previous = kept  # type: ignore[assignment]
    os.closerange(previous + 1, os.sysconf("SC_OPEN_MAX") if previous > 1 << 16 else 1 << 16)


def _limit(file_bytes: int) -> None:
    for what, limit in (
        (resource.RLIMIT_AS, SUBMISSION_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def _tried(attempt: Callable[[], None]) -> str:
    """What kept `attempt` from working in a throw-away child, "" if it worked."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            attempt()
        except OSError as fault:
            os.write(writing, (fault.strerror or str(fault)).encode())
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as report:
        said = report.read().decode()
    _, status = os.waitpid(child, 0)
    return said or ("the attempt died" if status else "")


def probe(ladder: Ladder) -> Reached:
    """What `ladder` does on this machine, found out in a throw-away child that attempts the attacks."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _attack(ladder, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as report:
        got_through = report.read().decode()
    _, status = os.waitpid(child, 0)
    if status:
        return Reached(0, (f"the sandbox could not be set up: {got_through or 'the child died'}",))
    through = tuple(got_through.splitlines())
    return Reached(1 if through else ladder.planned, (*ladder.missing, *through))


def _attack(ladder: Ladder, writing: int) -> NoReturn:
    """As a throw-away child: be shut in, try every attack, report those that got through, end."""
    try:
        ladder.shut_in(writing)
        if ladder.planned > 1:
            attacks = ATTACKS | (IN_ROOM if ladder.planned == ROOM else {})
            through = [name for name, attempt in attacks.items() if _succeeds(attempt)]
            os.write(writing, "\n".join(through).encode())
    except OSError as fault:
        os.write(writing, str(fault).encode())
        os._exit(1)
    os._exit(0)


def _succeeds(attempt: Callable[[], object]) -> bool:
    """Whether an attack goes through in this process; one that forks ends its own child."""
    here = os.getpid()
    try:
        attempt()
    except OSError as fault:
        return fault.errno not in REFUSALS
    if os.getpid() != here:
        os._exit(0)
    return True


ATTACKS: Final[dict[str, Callable[[], object]]] = {
    "a child can fork": os.fork,
    "a child can start a program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606
    "a child can open a socket": socket.socket,
    "a child can signal its parent": lambda: os.kill(os.getppid(), 0),
    "a child can read other files": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "a child can read its parent's memory": lambda: os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY),
    "a child can write files": lambda: os.open("/tmp/autograder-probe", os.O_RDWR | os.O_CREAT),  # noqa: S108
}

IN_ROOM: Final[dict[str, Callable[[], object]]] = {
    "a child sees the machine's files": lambda: os.stat("/etc/passwd"),  # noqa: PTH116
    "a child sees the machine's processes": lambda: os.stat("/proc/1"),  # noqa: PTH116
}
