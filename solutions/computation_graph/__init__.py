"""Computation graphs: values that remember what they were computed from, and a network that learns XOR."""
