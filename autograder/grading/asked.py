"""A child that is asked: what it used, how long it had to wait for a processor, how it ended."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

from autograder.grading.forkserver import Child, Ended
from autograder.grading.processes import processor_seconds, seconds_waited

# Where the system does not tell how long a process has waited for a processor, it did if it used this share
# of the seconds that it had, or more.
AT_WORK = 0.2


@dataclass(slots=True)
class Usage:
    """What the children of one submission used, and what became of them.

    Attributes:
        peak_bytes: the most memory that one of them held.
        waited_s: how long they were waited for beyond their deadlines, on a busy machine.
        broke_protocol: how often one sent what no answer of ours can be.
    """

    children: int = 0
    cpu_s: float = 0.0
    peak_bytes: int = 0
    waited_s: float = 0.0
    broke_protocol: int = 0

    def add(self, ended: Ended) -> None:
        """Count one more child."""
        self.children += 1
        self.cpu_s += ended.cpu_s
        self.peak_bytes = max(self.peak_bytes, ended.peak_bytes)


@dataclass(slots=True)
class Asked:
    """A child and what has been said to it.

    Attributes:
        fresh: whether the next question is the first of its test.
        told: whether it has what hidden tests need.
        used_s: processor seconds that it had used when it was last asked.
        waited_s: seconds that it had waited for a processor when that was last looked at.
    """

    child: Child
    fresh: bool = True
    told: bool = False
    used_s: float = 0.0
    waited_s: float = 0.0

    def missed(self, seconds: float) -> float:
        """Of the seconds that it had to answer, those in which it waited for a processor."""
        used = processor_seconds(self.child.system_pid) - self.used_s
        waited = seconds_waited(self.child.system_pid)
        if not used < seconds:  # (or not known)
            return 0.0
        if waited is None:
            return seconds - used if used >= AT_WORK * seconds else 0.0
        missed, self.waited_s = waited - self.waited_s, waited
        return missed


def death(status: int) -> str:
    """How a process ended, in words, from its wait status."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGKILL:
            return "the process was killed; does your code use too much memory or time?"
        return f"the interpreter crashed ({signal.Signals(number).name})"
    return f"your code ended the interpreter (exit code {os.WEXITSTATUS(status)})"
