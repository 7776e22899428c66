"""The grader's hold on its fork server: start it, have children forked, end them."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Self, TypeVar

import msgpack
import msgspec

from autograder.grading.early import Known
from autograder.grading.processes import ask_for_sender, receive_with_sender
from autograder.grading.result import Sandbox
from autograder.sandbox.frames import READY, DeadlineChannel

T = TypeVar("T")

START_SECONDS = 60.0
FORK_SECONDS = 20.0
NOTHING = Known()
# The exit code of a worker whose fork server was killed.
SERVER_KILLED = 75

# Nothing of the grader's surroundings reaches the server; one thread, or a fork could deadlock. Each arena
# of glibc's sets 64 MiB of a child's address space aside, which its threads need for their stacks.
ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "PYTHONHASHSEED": "0",
    "PYTHONSAFEPATH": "1",
    "PYTHONNOUSERSITE": "1",
}


class ServerLost(Exception):  # noqa: N818  (a fault of ours, never the student's)
    """The fork server is gone or does not answer."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended.

    Attributes:
        status: as of `os.waitpid`.
        cpu_s: processor seconds it used.
        peak_bytes: the most memory it held.
    """

    status: int
    cpu_s: float
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class Child:
    """A forked child.

    Attributes:
        pid: its process id as its server knows it.
        system_pid: its process id on this side, None where the system does not tell.
    """

    pid: int
    system_pid: int | None
    channel: DeadlineChannel


class ForkServer:
    """A running fork server; a context manager that stops it.

    Args:
        highest: no rung above this one is applied.
        known: the modules that every child may import; None where `tell` is called later, before anything
            else.
    """

    sandbox: Sandbox

    def __init__(self, highest: int = 4, known: Known | None = NOTHING) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            program = (
                "from autograder.sandbox.memory_folder import install; install()\n"
                f"from autograder.sandbox.server import serve; serve({theirs.fileno()}, {highest})"
            )
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and program)
                [sys.executable, "-c", program],
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
            )
        if known:
            self.tell(known)

    def tell(self, known: Known) -> None:
        """Have the server know the modules, and wait until it can fork.

        Raises:
            ServerLost: it has ended.
        """
        self._send_known(known)
        self._control.settimeout(START_SECONDS)
        rung, missing = self._reply(tuple[int, tuple[str, ...]])
        self.sandbox = Sandbox(rung=rung, missing=missing)
        self._control.settimeout(FORK_SECONDS)

    def _send_known(self, known: Known) -> None:
        assert self._process.stdin is not None
        try:
            with self._process.stdin as stdin:
                stdin.write(msgpack.packb([dict(known.code), list(known.packages), list(known.early)]))
        except BrokenPipeError as fault:
            raise ServerLost("the fork server has ended as it started") from fault

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the server and with it every child."""
        self._control.close()
        if self._process.stdin:  # one that has not been told anything waits for it
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        try:
            self._process.wait(FORK_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def fork(self) -> Child:
        """A new child, shut in and waiting.

        Raises:
            ServerLost: no child could be had; nothing that a student's code does can cause this.
        """
        ours, theirs = socket.socketpair()
        with ours:
            ask_for_sender(ours)
            with theirs:
                try:
                    socket.send_fds(self._control, [msgpack.packb(["fork"])], [theirs.fileno()])
                except OSError as fault:
                    raise ServerLost(f"the fork server is gone ({fault})") from fault
            return self._ready(ours, self._reply(int))

    def _ready(self, ours: socket.socket, pid: int) -> Child:
        """The child, once it has said over the socket `ours`, which is detached, that it is shut in."""
        ours.settimeout(FORK_SECONDS)
        try:
            said, system_pid = receive_with_sender(ours, len(READY))
        except OSError:
            said = b""
        if said != READY:
            raise ServerLost(f"a child was not shut in ({self.end(pid)})")
        return Child(pid, system_pid, DeadlineChannel(ours.detach()))

    def end(self, pid: int, patience: float = 0.0) -> Ended:
        """How a child ended and what it used; one that still runs after `patience` seconds is killed."""
        try:
            self._control.send(msgpack.packb(["end", pid, patience]))
        except OSError as fault:
            raise ServerLost(f"the fork server is gone ({fault})") from fault
        return Ended(*self._reply(tuple[int, float, int]))

    @property
    def was_killed(self) -> bool:
        """Whether the server, which has been closed, was killed by then."""
        return self._process.returncode == -signal.SIGKILL

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._process.pid

    def _reply(self, kind: type[T]) -> T:
        try:
            message = self._control.recv(1 << 16)
        except OSError as fault:
            raise ServerLost(f"the fork server does not answer ({fault})") from fault
        if not message:
            raise ServerLost("the fork server has ended")
        return msgspec.msgpack.decode(message, type=kind)
