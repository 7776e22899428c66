"""A pytest that has collected the tests already and forks for every run: it answers within a second."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import msgspec

from autograder.checking.forking import Order, Reply
from autograder.checking.running import Files, Launch, Process, pytest_command

LOST = -1
CLOSE_S = 5.0


def can_fork() -> bool:
    """Whether a warm process can be had here (a fork of macOS's libraries is not safe)."""
    return hasattr(os, "fork") and sys.platform != "darwin"


class _Fork:
    """A fork of the warm process."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel, self._ended = channel, False
        self.returncode = LOST
        self.pid = self._reply().pid

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        if not self._ended:
            self._channel.settimeout(0)
            with suppress(BlockingIOError):
                self._end(self._reply())
        return self.returncode if self._ended else None

    def stop(self) -> None:
        """End it, if it runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._channel.settimeout(CLOSE_S)
            self._end(self._reply())

    def _reply(self) -> Reply:
        """The next reply; where the warm process is lost, that its fork has ended."""
        try:
            received = self._channel.recv(1 << 12)
        except (TimeoutError, ConnectionError):
            received = b""
        return msgspec.json.decode(received, type=Reply) if received else Reply(0, LOST)

    def _end(self, reply: Reply) -> None:
        self._ended, self.returncode = True, LOST if reply.code is None else reply.code


class WarmPytest:
    """The warm process; a context manager that ends it.

    Args:
        root: the course's folder.
        modules: the tree of modules to test.
        paths: the folders of the tests.
    """

    def __init__(self, root: Path, modules: Path, paths: Sequence[Path]) -> None:
        self._command, self._root = pytest_command(root, modules, paths), root

    def __enter__(self) -> Self:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel = ours
        self._output = tempfile.NamedTemporaryFile(prefix="autograder-", suffix=".txt")
        options = ["-p", "autograder.checking.forking", "--autograder-orders", str(theirs.fileno()), "-s"]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  (our own command)
                [*self._command, *options],
                cwd=self._root,
                env={"OPENBLAS_NUM_THREADS": "1", **os.environ},
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # an interrupt at the terminal is for us to handle
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._channel.close()
        try:
            self._process.wait(CLOSE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()

    def launcher(self, marks: Sequence[str], *, quick: bool) -> Launch:
        """Runs the tests with one of the marks.

        Args:
            quick: on examples that were drawn before, without hypothesis' search for the simplest.
        """

        @contextmanager
        def launch(files: Files) -> Iterator[Process]:
            order = Order(tuple(marks), quick, str(files.log), str(files.done))
            self._channel.settimeout(None)
            with suppress(ConnectionError):
                self._channel.send(msgspec.json.encode(order))
            fork = _Fork(self._channel)
            try:
                yield fork
            finally:
                fork.stop()
                files.output.write_bytes(Path(self._output.name).read_bytes())

        return launch
