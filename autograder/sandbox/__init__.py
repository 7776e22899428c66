"""The untrusted side: a clean, warm fork server and the children in which a student's code runs.

Nothing in this package knows tests, expected values, seeds or scores, and nothing here imports
what does: a child inherits its server's memory.
"""
