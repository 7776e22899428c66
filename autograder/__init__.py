"""A course kit for automatic differentiation: release, check, grade, validate."""

__version__ = "0.1.0"
