"""Submissions are found in every layout, and whatever is not graded is said."""

from pathlib import Path

import pytest
from handing_in import FILES, build_course, found, lay, pack, read_at

from autograder.errors import CourseError, SubmissionError
from autograder.grading.collecting import find_places, survey
from autograder.registry import Course

IN_ALPHA = {f"alpha/{name}": content for name, content in FILES.items()}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return build_course(tmp_path / "course")


@pytest.fixture
def class_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    folder.mkdir()
    return folder


class TestFinding:
    def test_nbgraders_layout(self, class_folder, course):
        lay(class_folder / "bob" / "alpha", FILES)
        lay(class_folder / "ada" / "beta", {"tensors.py": b""})
        lay(class_folder / "ada" / "alpha", FILES)
        assert found(class_folder, course) == [
            ("ada", "alpha", "ada/alpha"),
            ("ada", "beta", "ada/beta"),
            ("bob", "alpha", "bob/alpha"),
        ]

    @pytest.mark.parametrize("suffix", [".zip", ".tar.gz", ".tgz"])
    def test_an_archive_an_assignment(self, class_folder, course, suffix):
        pack(class_folder / "ada" / f"alpha{suffix}", FILES)
        assert found(class_folder, course) == [("ada", "alpha", f"ada/alpha{suffix}")]
        assert read_at(class_folder / "ada" / f"alpha{suffix}", course).missing == ()

    @pytest.mark.parametrize("suffix", [".zip", ".tar.gz", ".tgz"])
    def test_an_archive_a_student_with_every_assignment_in_it(self, class_folder, course, suffix):
        pack(class_folder / f"ada{suffix}", {**IN_ALPHA, "beta/tensors.py": b""})
        assert [place[:2] for place in found(class_folder, course)] == [("ada", "alpha"), ("ada", "beta")]

    def test_an_archive_a_student_with_only_modules_is_known_by_their_names(self, class_folder, course):
        pack(class_folder / "ada.zip", FILES)
        pack(class_folder / "bob.zip", {"fitting.py": b""})
        assert found(class_folder, course) == [("ada", "alpha", "ada.zip"), ("bob", "beta", "bob.zip")]

    def test_an_archive_inside_the_assignments_folder(self, class_folder, course):
        pack(class_folder / "ada" / "alpha" / "final_version.zip", FILES)
        assert found(class_folder, course) == [("ada", "alpha", "ada/alpha")]
        assert dict(read_at(class_folder / "ada" / "alpha", course).modules) == {
            "rules": "RULE = 1\n",
            "graphs": "GRAPH = 2\n",
        }

    def test_a_students_checkout_of_the_course(self, class_folder, course):
        lay(class_folder / "ada" / "assignments" / "alpha", FILES)
        lay(class_folder / "ada" / "tests" / "tasks" / "alpha", {"test_rules.py": b""})
        assert found(class_folder, course) == [("ada", "alpha", "ada/assignments/alpha")]
        assert find_places(class_folder / "ada", course)[0].student_id == "ada"

    def test_modules_loose_in_a_students_folder(self, class_folder, course):
        lay(class_folder / "ada", FILES)
        lay(class_folder / "bob" / "homework 1", FILES)
        assert found(class_folder, course) == [("ada", "alpha", "ada"), ("bob", "alpha", "bob")]

    def test_one_students_folder(self, class_folder, course):
        lay(class_folder / "ada" / "alpha", FILES)
        assert found(class_folder / "ada", course) == [("ada", "alpha", "alpha")]

    def test_one_submission(self, class_folder, course):
        lay(class_folder / "ada" / "alpha", FILES)
        assert found(class_folder / "ada" / "alpha", course) == [("ada", "alpha", ".")]

    def test_one_submission_in_which_a_copy_lies_deeper(self, class_folder, course):
        lay(class_folder / "ada" / "alpha", {**FILES, "backup/alpha/rules.py": b""})
        assert found(class_folder / "ada" / "alpha", course) == [("ada", "alpha", ".")]

    def test_one_submission_by_its_modules_alone(self, class_folder, course):
        lay(class_folder / "ada", FILES)
        assert found(class_folder / "ada", course) == [("ada", "alpha", ".")]

    def test_one_archive(self, class_folder, course):
        assert found(pack(class_folder / "ada.zip", FILES), course) == [("ada", "alpha", ".")]

    def test_one_archive_named_like_its_assignment_is_its_folders(self, class_folder, course):
        assert found(pack(class_folder / "ada" / "alpha.zip", FILES), course) == [("ada", "alpha", ".")]

    def test_only_the_assignment_that_is_asked_for(self, class_folder, course):
        lay(class_folder / "ada" / "alpha", FILES)
        lay(class_folder / "bob" / "beta", {"tensors.py": b""})
        pack(class_folder / "cy.zip", {"tensors.py": b""})
        assert found(class_folder, course, "alpha") == [("ada", "alpha", "ada/alpha")]

    def test_an_empty_assignment_folder_is_a_submission(self, class_folder, course):
        (class_folder / "ada" / "alpha").mkdir(parents=True)
        assert found(class_folder, course) == [("ada", "alpha", "ada/alpha")]

    def test_handed_in_twice_the_folder_is_graded_and_said_so(self, class_folder, course):
        lay(class_folder / "ada" / "alpha", FILES)
        pack(class_folder / "ada" / "alpha.zip", FILES)
        pack(class_folder / "ada.zip", FILES)
        (place,) = find_places(class_folder, course)
        assert place.path.name == "alpha"
        assert place.notes == ("handed in more than once: alpha is graded, not ada.zip, alpha.zip",)

    def test_both_forms_of_a_letter_make_one_id(self, class_folder, course):
        lay(class_folder / "jose\u0301" / "alpha", FILES)
        assert [place.student_id for place in find_places(class_folder, course)] == ["jos\u00e9"]

    def test_what_no_student_handed_in_is_passed_over(self, class_folder, course):
        lay(class_folder / "ada" / "alpha", FILES)
        lay(class_folder, {"README.md": b"", "grades.csv": b""})
        lay(class_folder / ".git" / "alpha", FILES)
        lay(class_folder / "__MACOSX" / "alpha", FILES)
        assert len(find_places(class_folder, course)) == 1

    def test_ten_thousand_students_are_found_without_reading(self, class_folder, course):
        for number in range(10_000):
            (class_folder / f"s{number:05}" / "alpha").mkdir(parents=True)
        assert len(find_places(class_folder, course)) == 10_000


class TestLeftOut:
    def test_a_folder_without_any_module(self, class_folder, course):
        lay(class_folder / "ada" / "alpha", FILES)
        lay(class_folder / "zoe", {"essay.txt": b""})
        assert survey(class_folder, course).left_out == (
            "zoe holds no module that tells its assignment; nothing of it is graded",
        )

    def test_a_link_in_place_of_a_students_folder(self, class_folder, course):
        lay(class_folder / "ada" / "alpha", FILES)
        (class_folder / "eve").symlink_to(class_folder / "ada")
        (line,) = survey(class_folder, course).left_out
        assert line.startswith("eve is a link, and links are not followed")

    @pytest.mark.parametrize("name", ["new\nline", "bell\a", "back\\slash", "x" * 129])
    def test_a_name_that_can_be_no_id(self, class_folder, course, name):
        lay(class_folder / "ada" / "alpha", FILES)
        lay(class_folder / name / "alpha", FILES)
        found_there = survey(class_folder, course)
        assert [place.student_id for place in found_there.places] == ["ada"]
        (line,) = found_there.left_out
        assert "cannot be a student's id" in line
        assert line.isprintable()

    def test_an_unreadable_archive_counts_as_what_the_others_handed_in(self, class_folder, course):
        lay(class_folder / "ada" / "alpha", FILES)
        lay(class_folder, {"bob.zip": b"no zip", "cy.rar": b"Rar!"})
        places = find_places(class_folder, course)
        assert [(place.student_id, place.assignment) for place in places] == [
            ("ada", "alpha"),
            ("bob", "alpha"),
            ("cy", "alpha"),
        ]

    def test_an_unreadable_archive_of_either_assignment_is_left_out_with_a_cure(self, class_folder, course):
        lay(class_folder / "ada" / "alpha", FILES)
        lay(class_folder / "ada" / "beta", {"tensors.py": b""})
        lay(class_folder, {"bob.zip": b"no zip"})
        assert survey(class_folder, course).left_out == (
            (
                "bob.zip is neither a .zip nor a .tar.gz; pack the folder again as one of these; "
                "name its assignment with --assignment"
            ),
        )
        assert [place.student_id for place in find_places(class_folder, course, "alpha")] == ["ada", "bob"]


class TestNoSubmission:
    def test_a_path_that_does_not_exist(self, tmp_path, course):
        with pytest.raises(SubmissionError, match="nowhere: no such file or folder; give the folder"):
            find_places(tmp_path / "nowhere", course)

    @pytest.mark.parametrize("files", [{}, {"notes.txt": b""}, {"ada/essay.txt": b""}, {"a/b/c/d.py": b""}])
    def test_a_folder_without_submissions_says_what_is_expected(self, class_folder, course, files):
        lay(class_folder, files)
        with pytest.raises(SubmissionError, match=r"no submission found.*expected <student>/<assignment>/"):
            find_places(class_folder, course)

    def test_a_file_that_is_no_archive(self, class_folder, course):
        lay(class_folder, {"rules.py": b""})
        with pytest.raises(SubmissionError, match="no submission found"):
            find_places(class_folder / "rules.py", course)

    def test_a_notebook_whose_name_tells_no_assignment(self, class_folder, course):
        path = class_folder / "ada" / "last_try.ipynb"
        path.parent.mkdir()
        path.write_text("{}")
        with pytest.raises(
            SubmissionError, match=r"its name is no assignment's; name its .* with --assignment"
        ):
            find_places(path, course)

    def test_an_archive_that_tells_no_assignment(self, class_folder, course):
        lay(class_folder, {"ada.zip": b"no zip"})
        with pytest.raises(
            SubmissionError, match=r"ada\.zip is neither .* name its assignment with --assignment"
        ):
            find_places(class_folder / "ada.zip", course)
        assert len(find_places(class_folder / "ada.zip", course, "alpha")) == 1

    def test_an_unknown_assignment_lists_the_known_ones(self, class_folder, course):
        with pytest.raises(CourseError, match="gamma: no such assignment; this course has alpha, beta"):
            find_places(class_folder, course, "gamma")

    def test_a_message_is_one_line(self, class_folder, course):
        with pytest.raises(SubmissionError) as fault:
            find_places(class_folder, course)
        assert "\n" not in str(fault.value)
