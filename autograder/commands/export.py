"""Write what other tools take in: gradebooks for Canvas and Moodle."""

from __future__ import annotations

from autograder.commands import export_canvas, export_moodle

COMMANDS = {
    "canvas": export_canvas.command,
    "moodle": export_moodle.command,
}
