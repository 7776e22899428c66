"""Due times and late policies in the registry, and the time at which a submission was handed in."""

import os
from datetime import UTC, datetime

import pytest
from handing_in import ALPHA, FILES, build_course, lay, pack, result

from autograder.errors import CourseError, SubmissionError
from autograder.grading.collecting import find_places
from autograder.grading.handed_in import dated, parse_time, submission_times, submitted_at
from autograder.grading.reference import course_version
from autograder.registry import find_course

DUE = 'due = 2026-10-01T23:59:00+02:00\n[late]\ngrace = "2h"\npercent_a_day = 10\ncutoff_days = 5\n'


@pytest.fixture
def course(tmp_path):
    return build_course(tmp_path / "course")


def registered(course, text):
    """The course with these lines at the end of what alpha's registry says of itself."""
    at = ALPHA.index("[tasks.task1_1]")
    (course.root / "solutions/alpha/assignment.toml").write_text(ALPHA[:at] + text + ALPHA[at:])
    return find_course(course.root)


def in_the_course(course, text):
    (course.root / "course.toml").write_text(text)
    return find_course(course.root)


def test_the_registry_says_when_it_is_due_and_what_being_late_costs(course):
    alpha = registered(course, DUE).assignment("alpha")
    assert alpha.due.astimezone(UTC) == datetime(2026, 10, 1, 21, 59, tzinfo=UTC)
    assert (alpha.late.grace_s, alpha.late.percent_a_day, alpha.late.cutoff_days) == (7200, 10, 5)


def test_the_courses_file_says_it_for_every_assignment_that_says_nothing_itself(course):
    registered(course, "[late]\npoints_a_day = 1\n")
    found = in_the_course(course, "[due]\nbeta = 2026-11-01T00:00:00Z\n[late]\ncutoff_days = 3\n")
    alpha, beta = found.assignments
    assert (alpha.due, alpha.late.points_a_day, alpha.late.cutoff_days) == (None, 1, None)
    assert (beta.due, beta.late.cutoff_days) == (datetime(2026, 11, 1, tzinfo=UTC), 3)


def test_a_new_due_time_grades_nothing_anew(course):
    before = course_version(course, course.assignment("alpha"))
    dated_course = registered(course, DUE)
    assert course_version(dated_course, dated_course.assignment("alpha")) == before
    other = registered(course, "").root / "solutions/alpha/assignment.toml"
    other.write_text(other.read_text().replace("points = 10", "points = 11"))
    changed = find_course(course.root)
    assert course_version(changed, changed.assignment("alpha")) != before


LIKE = r"\(a time is written like 2026-10-01T23:59:00\+02:00\); mend the"
FAULTS = {
    "no zone": ("due = 2026-10-01T23:59:00\n", f"timezone.*{LIKE}"),
    "no time": ("due = 2026-10-01\n", rf"Expected `datetime \| null`, got `date`.*{LIKE}"),
    "no date": ('due = "next week"\n', LIKE),
    "a misspelt key": ("[late]\npercent_per_day = 10\n", r"unknown field `percent_per_day`.*mend the"),
    "no grace": (
        '[late]\ngrace = "two hours"\ncutoff_days = 1\n',
        'late.grace is "two hours"; write a number',
    ),
    "nothing": ("[late]\n", r"late: costs nothing; give points_a_day, percent_a_day or cutoff_days, or no"),
    "two prices": ("[late]\npercent_a_day = 1\npoints_a_day = 1\n", "are both given; keep one"),
    "below zero": ("[late]\npoints_a_day = -1\n", "nothing may be below 0"),
    "too much": ("[late]\npercent_a_day = 200\n", "percent_a_day is 200; it is at most 100"),
    "of what": ('[late]\npercent_a_day = 1\nof = "all"\n', r"Invalid enum value 'all'.*\$\.late\.of"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_registry_is_one_line(course, fault):
    text, said = FAULTS[fault]
    with pytest.raises(CourseError, match=said) as raised:
        registered(course, text)
    assert "alpha/assignment.toml" in str(raised.value)
    assert "\n" not in str(raised.value)


COURSE_FAULTS = {
    "no such assignment": (
        "[due]\ngamma = 2026-10-01T00:00:00Z\n",
        "due.gamma: no such assignment; this course has alpha, beta",
    ),
    "twice": (
        "[due]\nalpha = 2026-10-01T00:00:00Z\n",
        "due.alpha is given in the assignment's own registry too",
    ),
    "no zone": ("[due]\nbeta = 2026-10-01T00:00:00\n", LIKE),
    "another schema": ('schema = "x"\n', 'schema is "x", not "autograder/course/v1"'),
    "no policy": ("[late]\n", "late: costs nothing"),
    "no toml": ("[due\n", "mend the file"),
}


@pytest.mark.parametrize("fault", COURSE_FAULTS)
def test_a_fault_in_the_courses_file_is_one_line(course, fault):
    registered(course, DUE)
    text, said = COURSE_FAULTS[fault]
    with pytest.raises(CourseError, match=said) as raised:
        in_the_course(course, text)
    assert "course.toml" in str(raised.value)


TIMES = {
    "2026-10-01 21:59:00 UTC": datetime(2026, 10, 1, 21, 59, tzinfo=UTC),
    "2026-10-01 23:59:00.734 Europe/Berlin\n": datetime(2026, 10, 1, 21, 59, tzinfo=UTC),
    "2026-10-01T21:59:00Z": datetime(2026, 10, 1, 21, 59, tzinfo=UTC),
    "2026-10-01T23:59:00+02:00": datetime(2026, 10, 1, 21, 59, tzinfo=UTC),
    "2026-10-01 21:59:00": datetime(2026, 10, 1, 21, 59, tzinfo=UTC),
    "2026-10-01": datetime(2026, 10, 1, tzinfo=UTC),
}

OFFSETS = ("2026-10-01 23:59:00.734190 +0200", "2026-10-01 16:29:00 -05:30")
"""nbgrader takes +0200 for 200 seconds and does not know -05:30."""


@pytest.mark.parametrize("text", OFFSETS)
def test_an_offset_is_one_from_utc(text):
    assert parse_time(text).replace(microsecond=0) == datetime(2026, 10, 1, 21, 59, tzinfo=UTC)


@pytest.mark.parametrize("text", TIMES)
def test_a_time_is_read_as_nbgrader_reads_it(text):
    utils = pytest.importorskip("nbgrader.utils", reason="an extra: pip install 'autodiff-course-kit[grade]'")
    assert parse_time(text).replace(microsecond=0) == TIMES[text]
    assert utils.parse_utc(text.strip()) == parse_time(text).replace(tzinfo=None)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01 00:00:00 UTC", "2026-10-01 00:00 Mars/Base", "\0"]
)
def test_what_is_no_time_is_a_line_for_staff(course, tmp_path, text):
    folder = lay(tmp_path / "class" / "ada" / "alpha", {**FILES, "timestamp.txt": text.encode()})
    (place,) = find_places(tmp_path / "class", course)
    with pytest.raises(SubmissionError, match=r"timestamp\.txt: .* is no time; write one like"):
        submitted_at(place)
    times, (line,) = submission_times([place], from_files=True)
    assert (times, str(folder) in line) == ({}, True)


def test_only_a_collected_folders_own_file_says_it(course, tmp_path):
    stamp = {"timestamp.txt": b"2026-10-01 21:59:00 UTC"}
    lay(tmp_path / "class" / "ada" / "alpha", {**FILES, **stamp})
    lay(tmp_path / "class" / "bob" / "assignments" / "alpha", {**FILES, **stamp})  # (bob's own checkout)
    lay(tmp_path / "class" / "cy", {**FILES, **stamp})
    pack(tmp_path / "class" / "dee" / "alpha.zip", {**FILES, **stamp})
    lay(tmp_path / "class" / "eve" / "alpha", FILES)
    (tmp_path / "elsewhere").write_text("2026-10-01 21:59:00 UTC")
    (tmp_path / "class/eve/alpha/timestamp.txt").symlink_to(tmp_path / "elsewhere")
    times, faults = submission_times(find_places(tmp_path / "class", course), from_files=False)
    assert times == {("ada", "alpha"): TIMES["2026-10-01 21:59:00"]}
    assert len(faults) == 1
    assert "is a link" in faults[0]


def test_the_files_own_times_where_staff_ask_for_them(course, tmp_path):
    lay(tmp_path / "class" / "ada" / "alpha", {**FILES, ".git/index": b""})
    pack(tmp_path / "class" / "dee.zip", {f"alpha/{name}": text for name, text in FILES.items()})
    for name, at in (("ada/alpha/rules.py", 1_000), ("ada/alpha/graphs.py", 2_000.7), ("dee.zip", 3_000)):
        os.utime(tmp_path / "class" / name, (at, at))
    times, _ = submission_times(find_places(tmp_path / "class", course), from_files=True)
    assert {student: at.timestamp() for (student, _), at in times.items()} == {"ada": 2_000, "dee": 3_000}


def test_a_result_says_it_where_it_is_known():
    at = TIMES["2026-10-01 21:59:00"]
    assert dated(result(), at).submitted == at
    assert dated(dated(result(), at), None).submitted == at
    assert dated(result(), None) == result()
