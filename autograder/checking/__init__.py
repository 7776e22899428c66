"""The student's own run: the public tests in a process of its own, and what their outcomes mean."""
