"""Scores: each result in a file of its own, and the class's table and gradebook made from these files."""
