"""Write what other tools take in: Canvas, Moodle, nbgrader's formgrader, Gradescope."""

from __future__ import annotations

from autograder.commands import export_canvas, export_formgrader, export_gradescope, export_moodle

COMMANDS = {
    "canvas": export_canvas.command,
    "formgrader": export_formgrader.command,
    "gradescope": export_gradescope.command,
    "moodle": export_moodle.command,
}
