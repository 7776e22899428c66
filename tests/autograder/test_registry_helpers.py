"""Modules that a registry lets a student add: each has a name of its own."""

import pytest
from minicourse import REGISTRY, write_course

from autograder.errors import CourseError
from autograder.registry import find_course


@pytest.mark.parametrize(
    ("helper", "said"),
    [
        ("extra.py", 'helper "extra.py" is no module\'s name; write it without .py'),
        ("../secret", "is no module's name"),
        ("class", "is no module's name"),
        ("double", "helper double is a task's module, which is taken anyway"),
        ("__init__", "helper __init__ is given to students; rename one of the two"),
    ],
)
def test_a_helper_that_cannot_be_taken_is_the_authors_fault(tmp_path, helper, said):
    write_course(tmp_path)
    registry = tmp_path / "solutions/mini/assignment.toml"
    registry.write_text(REGISTRY.replace('helpers = ["extra"]', f'helpers = ["{helper}"]'))
    with pytest.raises(CourseError) as fault:
        find_course(tmp_path)
    assert said in str(fault.value)
    assert "assignment.toml" in str(fault.value)


def test_a_helper_of_its_own_name_is_declared(tmp_path):
    (assignment,) = find_course(write_course(tmp_path)).assignments
    assert assignment.helpers == ("extra",)
