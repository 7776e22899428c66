"""Optimization: arrays that differentiate themselves, descent against Newton, and how to be faster."""
