"""The proof that a course's grades mean something, a module each; `autograder.validation.proving` runs them.

* `solutions`: the reference earns full marks for every seed, the stubs nothing.
* `wrong`: each known mistake loses points in its own task, and in no other.
* `knockout`: a task taken out breaks its own tests and those of the tasks that declare it, no others.
* `mutation`: a small change to a task's solution fails one of that task's own tests.

Each makes trials, submissions whose outcome is known beforehand, which `pool` has graded, and judges
what came of them; `record` is what all of them find, `page` and `table` show it.
"""
