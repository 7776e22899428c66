"""Notebooks: an nbgrader course from the solutions, and modules again from a notebook that was handed in.

`parts`, `cells`, `assembling`, `reloading`, `checking` and `kernel` also go to students: what a notebook's
own test cells run is put together by the same rules as what is graded.
"""

BESIDE = "course"
"""The folder beside a notebook that holds what is given: modules, tests, what runs them."""
