"""How much memory a process of ours may take; where the system does not tell a process's size, any."""

from __future__ import annotations

SUBMISSION_BYTES = 2**30
"""What a submission's process may hold, Python and numpy included."""

BARE_BYTES = 150 * 2**20
"""What Python and numpy hold of it."""


def grow_at_most(size: int) -> None:
    """Let this process grow by `size` bytes and no more: beyond that an allocation is a `MemoryError`.

    A stricter limit that somebody else has set (``ulimit -v``) stays.
    """
    try:
        import resource  # noqa: PLC0415  (Windows has none)

        with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123  (one line of a pseudo-file)
            held = int(sizes.read().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    set_before = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min([held + size, *set_before]), hard))
