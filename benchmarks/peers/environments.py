"""Each peer in an environment of its own, from the registries, every version pinned.

What is asked for stands in `REQUIREMENTS`; the versions are those of ``constraints.txt`` and ``pins.txt``.
The kit goes into each environment too, since the graded tests are written with ``autograder.testing``.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.class_speed import ROOT

PINS = Path(__file__).parent / "pins.txt"
REQUIREMENTS = {
    "pytest": ("pytest",),
    "gradescope-utils": ("gradescope-utils",),
    "nbgrader": ("nbgrader", "ipykernel"),
    "otter-grader": ("otter-grader", "ipykernel"),
}
SHOWN = ("hypothesis", "numpy", "pytest", "ipykernel", "nbclient", "nbconvert")
SETTING_UP_S = 1800
LINES_OF_AN_ERROR = 5


class NotInstalledError(Exception):
    """A peer can't be set up here; the message is what its installer said."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment and what is installed in it, version by package name."""

    folder: Path
    versions: dict[str, str]

    @property
    def python(self) -> str:
        """The interpreter's path."""
        return str(self.folder / "bin" / "python")

    def variables(self) -> dict[str, str]:
        """The variables of a process that runs in this environment."""
        left_out = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
        kept = {key: value for key, value in os.environ.items() if key not in left_out}
        return {**kept, "PATH": f"{self.folder / 'bin'}{os.pathsep}{kept['PATH']}"}

    def shown_versions(self, package: str) -> str:
        """The package's version and those of what it runs on, as one line."""
        names = [package, *(name for name in SHOWN if name in self.versions and name != package)]
        return ", ".join(f"{name} {self.versions[name]}" for name in names)


def environment(cache: Path, package: str) -> Environment:
    """The environment of `package` below `cache`, made unless it is there as it should be.

    Raises:
        NotInstalledError: the package could not be installed.
    """
    folder = cache / package
    packages, kit = folder / "made-of", folder / "kit"
    if not _says(packages, wanted := _packages(package)):
        _set_up(folder, package)
        packages.write_text(wanted)
    elif not _says(kit, _kit()):
        _pip(folder, "install", "-q", "--no-deps", "--force-reinstall", str(ROOT))
    kit.write_text(_kit())
    said = _pip(folder, "list", "--format", "json")
    return Environment(folder, {one["name"].lower(): one["version"] for one in json.loads(said)})


def _set_up(folder: Path, package: str) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    pins = ["-c", str(ROOT / "constraints.txt"), "-c", str(PINS)]
    _pip(folder, "install", "-q", *pins, *REQUIREMENTS[package], str(ROOT))


def _pip(folder: Path, *arguments: str) -> str:
    command = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=SETTING_UP_S, cwd=folder
        )
    except subprocess.TimeoutExpired:
        raise NotInstalledError(f"pip took longer than {SETTING_UP_S} s") from None
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise NotInstalledError(" ".join(errors[-LINES_OF_AN_ERROR:]) or "pip failed and did not say why")
    return done.stdout


def _says(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted


def _packages(package: str) -> str:
    """A digest of what the environment's packages are decided by."""
    digest = hashlib.sha256(repr((sys.version, REQUIREMENTS[package])).encode())
    for file in (ROOT / "constraints.txt", ROOT / "pyproject.toml", PINS):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _kit() -> str:
    """A digest of the kit's own code."""
    digest = hashlib.sha256()
    for file in sorted((ROOT / "autograder").rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
