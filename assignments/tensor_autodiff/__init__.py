"""Reverse-mode automatic differentiation on arrays, and a network that learns to read digits."""
