"""Operator overloading: numbers whose + and * leave a trail, and a small network that learns by it."""
