"""What a machine that grades must share with the one that asks, for results to be the same byte for byte."""

from __future__ import annotations

import hashlib
import platform
import socket
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

import autograder
from autograder.grading.forkserver import ForkServer
from autograder.grading.result import Sandbox

# Whoever changes the examples drawn, the numbers computed or the words of a message.
PACKAGES = ("hypothesis", "msgspec", "numpy", "pytest")


class Machine(msgspec.Struct, frozen=True):
    """A machine as a Dask worker finds it.

    Attributes:
        host: its name in the network.
        versions: of Python, the kit and the packages that decide results.
    """

    host: str
    versions: dict[str, str]
    sandbox: Sandbox


@cache
def versions() -> dict[str, str]:
    """What decides results here: Python, the kit's own source, the packages."""
    folder, digest = Path(autograder.__file__).parent, hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    major_minor = ".".join(platform.python_version_tuple()[:2])
    kit = f"{autograder.__version__} ({digest.hexdigest()[:12]})"
    return {"python": major_minor, "autograder": kit} | {name: version(name) for name in PACKAGES}


@cache
def machine() -> Machine:
    """This machine; its sandbox is tried in a fork server of its own, which takes half a second."""
    with ForkServer() as server:
        return Machine(socket.gethostname(), versions(), server.sandbox)


def refusal(client: Mapping[str, str], require_rung: int) -> str:
    """Why this machine must not grade for a client, in a line; "" where it may.

    Args:
        client: what decides results there, as of `versions`.
        require_rung: the lowest sandbox rung that will do.
    """
    others = [
        f"{name} is {mine} there, {client.get(name, 'missing')} here"
        for name, mine in versions().items()
        if client.get(name) != mine
    ]
    if others:
        return f"{'; '.join(others)}: install the same on both"
    sandbox = machine().sandbox
    if sandbox.rung >= require_rung:
        return ""
    missing = "; ".join(sandbox.missing) or "nothing is missing for it"
    return f"the sandbox reaches rung {sandbox.rung}, rung {require_rung} is required ({missing})"
