"""Sends malformed and random frames to the trusted side: ``python tests/autograder/wire_fuzz.py --frames 200000``.

The trusted side is the real one, a `RemoteSession` with its channel, decoder and budget; in place of a
child there is a socket into which a stream of `wire_frames` was written. Prints how each kind of stream
ended. Exit code 1 where anything came out that must not: an exception of another kind, a wrong value, a
stream that took a hundred yardsticks (a second here, on a quiet day), or more memory than a budget allows.
"""

from __future__ import annotations

import argparse
import gc
import os
import socket
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np
from attack_watch import forget_peak, peak
from wire_frames import DTYPES, Frames, Stream, framed

from autograder.grading.forkserver import Child, Ended
from autograder.grading.load import Load
from autograder.grading.remote import RemoteSession
from autograder.sandbox.frames import DeadlineChannel
from autograder.testing.asking import MAX_FILE, MAX_TEXT, Question, Raised, Unresponsive
from autograder.testing.proxies import Remote
from autograder.wire.codec import MAX_INTEGER_BITS, MAX_KIND, Encoder

SECONDS = 0.02
YARDSTICKS = 100
"""A stream takes less time than counting so often to a million, on this machine at this minute."""
GROWTH_BYTES = 192 << 20
LEFT_BYTES = 48 << 20
LOADED = framed(b"\x91\xa6parsed") + framed(b"\x91\xa6loaded")
SMALL = 64 << 10
LARGE_EVERY = 500
PLAIN = {type(None), bool, float, complex, str, bytes}


class Sender:
    """In place of a fork server: its child is a socket that holds a stream."""

    def __init__(self) -> None:
        self.stream = Stream("none", b"", 1)
        self._theirs: socket.socket | None = None

    def fork(self) -> Child:
        """A child with a channel from which the stream can be read."""
        ours, self._theirs = socket.socketpair()
        data = LOADED + self.stream.data
        if len(data) > SMALL:
            threading.Thread(target=self._send, args=(self._theirs, data), daemon=True).start()
        else:
            self._send(self._theirs, data)
        return Child(1, None, DeadlineChannel(ours.detach()))

    def _send(self, theirs: socket.socket, data: bytes) -> None:
        try:
            theirs.sendall(data)
            if self.stream.kind != "truncated" or len(data) % 50:
                theirs.shutdown(
                    socket.SHUT_WR
                )  # else there is nothing more to come, and a deadline to wait for
        except OSError:
            pass  # the reader has read enough

    def end(self, pid: int, patience: float) -> Ended:  # noqa: ARG002  (a server's)
        """Close the socket."""
        self._theirs.close()
        return Ended(0, 0.0, 0)


@dataclass
class Report:
    """What came of the streams.

    Attributes:
        outcomes: how many streams of a kind ended in a certain way.
        faults: what must not be.
        slowest: the seconds of the slowest stream of a kind.
        grown: by how many bytes the memory rose at the most.
        left: and by how many at the end.
    """

    outcomes: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))
    faults: list[str] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    grown: int = 0
    left: int = 0

    @property
    def frames(self) -> int:
        """How many streams were sent."""
        return sum(count.total() for count in self.outcomes.values())

    def table(self) -> str:
        """A line a kind of stream, and the sums."""
        ways = sorted({way for count in self.outcomes.values() for way in count})
        lines = [f"{'stream':<16}" + "".join(f"{way:>12}" for way in ways) + f"{'slowest, ms':>14}"]
        for kind, count in sorted(self.outcomes.items()):
            cells = "".join(f"{count[way]:>12}" for way in ways)
            lines.append(f"{kind:<16}{cells}{1000 * self.slowest[kind]:>14.1f}")
        total = Counter()
        for count in self.outcomes.values():
            total += count
        lines.append(f"{'all':<16}" + "".join(f"{total[way]:>12}" for way in ways))
        lines.append(
            f"{self.frames} streams, {len(self.faults)} faults; memory rose by {self.grown >> 20} MiB at the most "
            f"and by {self.left >> 20} MiB in the end"
        )
        return "\n".join(lines + self.faults[:20])


def fuzz(frames: int, seed: int) -> Report:
    """Send so many streams and look at what comes out."""
    report, drawn, sender = Report(), Frames(seed), Sender()
    session = RemoteSession(sender)
    load = Load({"m": ("m.py", "")}, {}, [], 0)
    for _ in range(200):
        _one(session, sender, load, drawn.draw(), Report())
    large = [drawn.large() for _ in range(12)]
    gc.collect()
    held = forget_peak(os.getpid())
    for number in range(frames):
        stream = drawn.rng.choice(large) if number % LARGE_EVERY == LARGE_EVERY - 1 else drawn.draw()
        _one(session, sender, load, stream, report)
    session.close()
    report.grown = peak(os.getpid()) - held
    report.left = forget_peak(os.getpid()) - held
    if report.grown > GROWTH_BYTES or report.left > LEFT_BYTES:
        report.faults.append("the memory is not bounded")
    return report


def _one(session: RemoteSession, sender: Sender, load: Load, stream: Stream, report: Report) -> None:
    sender.stream = stream
    session.open(load, SECONDS if stream.kind != "large" else 5.0)
    since = time.thread_time()
    try:
        got = session.ask([Question("m:f") for _ in range(stream.wanted)])
    except Unresponsive as silence:
        outcome = silence.verdict if "protocol" not in str(silence) else "refused"
        if stream.values is not None:
            report.faults.append(f"{stream.kind}: an honest answer was refused: {silence}, {stream.values!r}")
    except BaseException as fault:  # what the fuzz looks for
        outcome = "escaped"
        report.faults.append(f"{stream.kind}: {type(fault).__name__}: {fault}; {stream.data[:200]!r}")
    else:
        outcome = "answered"
        report.faults += [f"{stream.kind}: {wrong}; {stream.data[:200]!r}" for wrong in _wrong(stream, got)]
    took = time.thread_time() - since
    report.outcomes[stream.kind][outcome] += 1
    report.slowest[stream.kind] = max(report.slowest[stream.kind], took)
    if took > 0.5 and took > YARDSTICKS * _yardstick():  # (half a second is quick on any machine)
        report.faults.append(f"{stream.kind}: took {took:.1f} s; {stream.data[:200]!r}")


def _yardstick() -> float:
    """Processor seconds of a plain loop."""
    since = time.thread_time()
    for _ in range(1_000_000):
        pass
    return time.thread_time() - since


def _wrong(stream: Stream, got: list[object]) -> list[str]:
    """What is wrong with the answers that were accepted."""
    if len(got) != stream.wanted:
        return [f"{len(got)} answers to {stream.wanted} questions"]
    if stream.values is not None and not all(map(same, got, stream.values)):
        return [f"{stream.values!r} arrived as {got!r}"]
    return [f"accepted {value!r:.100}" for value in got if not (_report(value) or sound(value))]


def _report(value: object) -> bool:
    """Whether it is the report of an error, of bounded size."""
    if not isinstance(value, Raised):
        return False
    sizes = (len(value.kind), len(value.text), len(value.file))
    return sizes <= (MAX_KIND, MAX_TEXT, MAX_FILE) and type(value.line) is int


def sound(value: object) -> bool:
    """Whether a value is wholly of the kinds that cross, without anything odd within."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if type(one) in (list, tuple):
            waiting += one
        elif type(one) is dict:
            waiting += one.values()
            if not all(type(key) is str for key in one):
                return False
        elif not _sound_leaf(one):
            return False
    return True


def _sound_leaf(value: object) -> bool:
    if isinstance(value, (np.ndarray, np.generic)):
        return _sound_array(value)
    if type(value) is int:
        return value.bit_length() < MAX_INTEGER_BITS
    if type(value) is Remote:
        return len(value.__handle__.kind) <= MAX_KIND
    return type(value) in PLAIN


def _sound_array(array: np.ndarray | np.generic) -> bool:
    if type(array).__module__ != "numpy" or array.dtype.char not in DTYPES:
        return False
    whole = np.asarray(array)
    return whole.dtype.kind != "b" or bool((np.ascontiguousarray(whole).view("u1") <= 1).all())


def same(one: object, other: object) -> bool:
    """Whether two values are one, to the last bit: written, both are the same bytes."""
    encode = Encoder(lambda value: value.__handle__).encode
    return type(one) is type(other) and encode(one) == encode(other)


def main() -> int:
    """Run what is asked for and print the table; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    report = fuzz(asked.frames, asked.seed)
    print(report.table())
    return int(bool(report.faults))


if __name__ == "__main__":
    sys.exit(main())
