"""What a machine that grades must share with the one that asks, for results to be the same byte for byte."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import autograder

# Whoever changes the examples drawn, the numbers computed or the words of a message.
PACKAGES = ("hypothesis", "msgspec", "numpy", "pytest")


@cache
def versions() -> dict[str, str]:
    """What decides results here: Python, the kit's own source, the packages."""
    folder, digest = Path(autograder.__file__).parent, hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    major_minor = ".".join(platform.python_version_tuple()[:2])
    kit = f"{autograder.__version__} ({digest.hexdigest()[:12]})"
    return {"python": major_minor, "autograder": kit} | {name: version(name) for name in PACKAGES}


def differences(client: Mapping[str, str]) -> str:
    """What is otherwise here than at the client, as its `versions` say, in a line; "" where nothing is."""
    others = [
        f"{name} is {mine} there, {client.get(name, 'missing')} here"
        for name, mine in versions().items()
        if client.get(name) != mine
    ]
    return f"{'; '.join(others)}: install the same on both" if others else ""
