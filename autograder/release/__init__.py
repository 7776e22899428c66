"""From what the author writes to what a student gets: stubs, public tests, a tree that stands alone."""
