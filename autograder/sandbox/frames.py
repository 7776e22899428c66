"""Length-prefixed messages over a file descriptor, with a size cap and a deadline on the trusting side."""

from __future__ import annotations

import os
import select
import struct
import time

from autograder.wire.limits import MAX_BYTES, TooLarge

# What a child says, unframed, when it is shut in.
READY = b"!"

_LENGTH = struct.Struct("!I")
# Below malloc's threshold for memory maps: a larger buffer would cost a map and an unmap a read.
_CHUNK = 1 << 16
# What had crossed by the deadline may be read after it, by a grader that had to wait for the processor, but
# not what a child goes on to send: twice the reads that the largest message takes.
_LATE_READS = 2 * MAX_BYTES // _CHUNK


class Closed(Exception):  # noqa: N818  (an end of the conversation, not an error)
    """The other side is gone."""


class TooLate(Exception):  # noqa: N818  (a verdict)
    """The deadline passed before a whole message had crossed."""


class BlockingChannel:
    """The child's end: waits as long as it takes; plain reads and writes, no socket calls."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = bytearray()

    def send(self, message: bytes) -> None:
        """Write one message; `Closed` where nobody reads it any more."""
        rest = memoryview(_LENGTH.pack(len(message)) + message)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except ConnectionError:
            raise Closed from None

    def receive(self) -> bytes:
        """The next message; `Closed` at the end."""
        self._fill(_LENGTH.size)
        (length,) = _LENGTH.unpack_from(self._buffer)
        self._fill(_LENGTH.size + length)
        return _taken(self._buffer, length)

    def _fill(self, count: int) -> None:
        while len(self._buffer) < count:
            try:
                part = os.read(self._descriptor, _CHUNK)
            except ConnectionError:
                raise Closed from None
            if not part:
                raise Closed
            self._buffer += part


class DeadlineChannel:
    """The trusting end: never waits past a deadline, never takes a message larger than the cap.

    Args:
        descriptor: a socket's, which becomes non-blocking; closed with `close`.
    """

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._poll = select.poll()
        self._buffer = bytearray()

    def close(self) -> None:
        """Close the descriptor; once more is no fault."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def send(self, message: bytes, deadline: float) -> None:
        """Write one message before `deadline`, a time of `time.monotonic`.

        Raises:
            Closed: the other side is gone.
            TooLate: it does not read.
        """
        rest = memoryview(_LENGTH.pack(len(message)) + message)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)
            except OSError:
                raise Closed from None

    def receive(self, deadline: float, most: int = MAX_BYTES) -> bytes:
        """The next message, whole, of at most `most` bytes, before `deadline`.

        Raises:
            Closed: the other side is gone.
            TooLate: it sent nothing, or not all.
            TooLarge: it announces a message above the cap.
        """
        self._fill(_LENGTH.size, deadline)
        (length,) = _LENGTH.unpack_from(self._buffer)
        if length > most:
            raise TooLarge(f"a message of {length:,} bytes where at most {most:,} are taken")
        self._fill(_LENGTH.size + length, deadline)
        return _taken(self._buffer, length)

    def _fill(self, count: int, deadline: float) -> None:
        late = 0
        while len(self._buffer) < count:
            late += time.monotonic() > deadline
            if late > _LATE_READS:
                raise TooLate
            self._wait(select.POLLIN, deadline)
            try:
                part = os.read(self._descriptor, _CHUNK)
            except OSError:
                raise Closed from None
            if not part:
                raise Closed
            self._buffer += part

    def _wait(self, events: int, deadline: float) -> None:
        self._poll.register(self._descriptor, events)
        if not self._poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise TooLate


def _taken(buffer: bytearray, length: int) -> bytes:
    """Take the first message, of `length` bytes, off the buffer."""
    end = _LENGTH.size + length
    message = bytes(memoryview(buffer)[_LENGTH.size : end])
    del buffer[:end]
    return message
