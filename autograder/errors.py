"""The faults that are expected, by whose they are; whatever else is raised is a fault of ours.

Each message says in one line what happened, where, and what to do next.
"""


class KitError(Exception):
    """An expected fault: shown as one line, without a traceback, exit code 1."""


class CourseError(KitError):
    """The course author's fault: a registry entry, a solution's marker, a test or a probe."""


class SubmissionError(KitError):
    """A fault of what was handed in, or of the path that should lead to it."""


class OutputError(KitError):
    """Results cannot be written where they were asked to go (full disk, read-only folder)."""
