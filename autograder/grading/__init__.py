"""Grading: submissions in, results out; the student's code runs in a sandboxed process of its own."""
