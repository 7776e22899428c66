"""Write what other tools take in: gradebooks for Canvas and Moodle, a folder for formgrader."""

from __future__ import annotations

from autograder.commands import export_canvas, export_formgrader, export_moodle

COMMANDS = {
    "canvas": export_canvas.command,
    "formgrader": export_formgrader.command,
    "moodle": export_moodle.command,
}
