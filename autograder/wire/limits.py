"""What may cross at a time, and the faults of what does not; all that a side needs which decodes nothing."""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 8 * 2**20
MAX_VALUES: Final = 500_000
MAX_EXTENSIONS: Final = 50_000

TOO_LARGE: Final = (
    f"an answer is too large (at most {MAX_BYTES >> 20} MiB, {MAX_VALUES:,} elements and "
    f"{MAX_EXTENSIONS:,} tuples, arrays or objects cross at a time)"
)


class WireError(Exception):
    """Bytes that are no message of ours, or a value that cannot cross."""


class TooLarge(WireError):  # noqa: N818  (a verdict)
    """More than may cross at a time; honest code can answer so."""
