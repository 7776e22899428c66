"""Write what other tools take in: an autograder for Gradescope."""

from __future__ import annotations

from autograder.commands import export_gradescope

COMMANDS = {
    "gradescope": export_gradescope.command,
}
