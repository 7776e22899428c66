"""Automatic differentiation on scalars: from a numerical derivative to a trained network."""
