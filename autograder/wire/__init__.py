"""What crosses between the tests and the student's code: plain data, handles, questions, answers.

The same code runs on both sides and, in a student's own run, within one process; it knows
nothing of tests, expected values or scores.
"""
