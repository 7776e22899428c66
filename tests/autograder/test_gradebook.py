"""The gradebook is nbgrader's own: its exporter shows our scores, and what staff entered stays."""

import csv
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from handing_in import ALPHA, build_course, result

from autograder.errors import KitError, OutputError
from autograder.registry import Course, load_course
from autograder.scores.gradebook import write_gradebook

pytest.importorskip("nbgrader", reason="an extra: pip install 'autodiff-course-kit[grade]'")


@pytest.fixture(scope="module")
def new_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook that nbgrader has set up, with nothing in it: that takes seconds."""
    folder = tmp_path_factory.mktemp("gradebook")
    path = folder / "gradebook.db"
    write_gradebook([], build_course(folder / "course"), url_of(path))
    return path


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return build_course(tmp_path / "course")


@pytest.fixture
def database(tmp_path: Path, new_gradebook: Path) -> Path:
    path = tmp_path / "gradebook.db"
    path.write_bytes(new_gradebook.read_bytes())
    return path


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


@contextmanager
def opened(database: Path) -> Iterator:
    from nbgrader.api import Gradebook  # noqa: PLC0415  (an extra)

    with Gradebook(url_of(database)) as gradebook:
        yield gradebook
        gradebook.db.commit()


def grade_of(gradebook, student: str, task: str):
    return gradebook.find_grade(task, "alpha", "alpha", student)


def exported(database: Path) -> dict[tuple[str, str], tuple[float, float]]:
    """Score and full marks by assignment and student, as nbgrader's own program exports them."""
    program = [sys.executable, "-m", "nbgrader", "export", f"--db={url_of(database)}", "--to=grades.csv"]
    subprocess.run(program, cwd=database.parent, check=True, capture_output=True)
    rows = csv.DictReader((database.parent / "grades.csv").read_text().splitlines())
    return {
        (row["assignment"], row["student_id"]): (float(row["score"]), float(row["max_score"])) for row in rows
    }


def test_nbgraders_own_export_shows_the_scores(tmp_path, course):
    database = tmp_path / "gradebook.db"
    write_gradebook([result("ada"), result("bob", scores=(0.0, 30.0))], course, url_of(database))
    assert exported(database) == {("alpha", "ada"): (17.5, 40.0), ("alpha", "bob"): (30.0, 40.0)}


def test_a_task_is_a_code_cell_with_its_points(database, course):
    write_gradebook([result()], course, url_of(database))
    with opened(database) as gradebook:
        (notebook,) = gradebook.find_assignment("alpha").notebooks
        cells = {cell.name: (cell.max_score, cell.cell_type) for cell in notebook.grade_cells}
        grade = grade_of(gradebook, "ada", "task1_2")
        assert cells == {"task1_1": (10.0, "code"), "task1_2": (30.0, "code")}
        assert (grade.auto_score, grade.manual_score, grade.needs_manual_grade) == (7.5, None, False)


def test_what_staff_entered_stays_when_graded_again(database, course):
    write_gradebook([result()], course, url_of(database))
    with opened(database) as gradebook:
        grade = grade_of(gradebook, "ada", "task1_2")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 20.0, 2.0, False
        gradebook.find_student("ada").first_name = "Ada"
        gradebook.find_submission_notebook("alpha", "alpha", "ada").late_submission_penalty = 5.0
    write_gradebook([result()], course, url_of(database))
    with opened(database) as gradebook:
        grade = grade_of(gradebook, "ada", "task1_2")
        assert (grade.auto_score, grade.manual_score, grade.extra_credit) == (7.5, 20.0, 2.0)
        assert not grade.needs_manual_grade
        assert gradebook.find_student("ada").first_name == "Ada"
        submission = gradebook.find_submission("alpha", "ada")
        assert (submission.score, submission.late_submission_penalty) == (10 + 20 + 2.0, 5.0)


def test_another_score_under_a_manual_one_is_flagged_for_staff(database, course):
    write_gradebook([result()], course, url_of(database))
    with opened(database) as gradebook:
        grade_of(gradebook, "ada", "task1_2").manual_score = 20.0
    write_gradebook([result(scores=(10.0, 30.0))], course, url_of(database))
    with opened(database) as gradebook:
        grade = grade_of(gradebook, "ada", "task1_2")
        assert (grade.auto_score, grade.manual_score, grade.needs_manual_grade) == (30.0, 20.0, True)
        assert not grade_of(gradebook, "ada", "task1_1").needs_manual_grade


def test_a_task_that_could_not_be_graded_keeps_its_score_and_is_flagged(database, course):
    write_gradebook([result()], course, url_of(database))
    write_gradebook([result(scores=(10.0, None))], course, url_of(database))
    with opened(database) as gradebook:
        grade = grade_of(gradebook, "ada", "task1_2")
        assert (grade.auto_score, grade.needs_manual_grade) == (7.5, True)
    write_gradebook([result(scores=(10.0, 9.0))], course, url_of(database))
    with opened(database) as gradebook:
        grade = grade_of(gradebook, "ada", "task1_2")
        assert (grade.auto_score, grade.needs_manual_grade) == (9.0, False)


def test_a_task_added_after_submissions_came_in(database, course, tmp_path):
    write_gradebook([result("ada"), result("bob")], course, url_of(database))
    registry = ALPHA + ALPHA[ALPHA.index("[tasks.task1_2]") :].replace("task1_2", "task1_3")
    (course.root / "solutions" / "alpha" / "assignment.toml").write_text(registry)
    longer = load_course(course.root, course.modules)
    third = msgspec.structs.replace(result().tasks[1], task="task1_3", score=1.0)
    more = msgspec.structs.replace(result("ada"), tasks=(*result().tasks, third))
    write_gradebook([more, result("bob")], longer, url_of(database))
    with opened(database) as gradebook:
        assert grade_of(gradebook, "ada", "task1_3").auto_score == 1.0
        late = grade_of(gradebook, "bob", "task1_3")
        assert (late.auto_score, late.needs_manual_grade) == (None, True)
    assert exported(database) == {("alpha", "ada"): (18.5, 70.0), ("alpha", "bob"): (17.5, 70.0)}


def test_notebooks_that_staff_added_are_handed_in_too(database, course):
    with opened(database) as gradebook:
        gradebook.add_assignment("alpha")
        gradebook.add_notebook("essay", "alpha")
        gradebook.add_grade_cell("essay1", "essay", "alpha", max_score=3, cell_type="markdown")
        gradebook.add_solution_cell("essay1", "essay", "alpha")
    write_gradebook([result()], course, url_of(database))
    with opened(database) as gradebook:
        grade = gradebook.find_grade("essay1", "essay", "alpha", "ada")
        assert (grade.auto_score, grade.needs_manual_grade) == (None, True)
        gradebook.find_comment("essay1", "essay", "alpha", "ada").manual_comment = "well put"
        grade.manual_score, grade.needs_manual_grade = 2.0, False
    write_gradebook([result()], course, url_of(database))
    with opened(database) as gradebook:
        assert gradebook.find_comment("essay1", "essay", "alpha", "ada").comment == "well put"
        assert gradebook.find_submission("alpha", "ada").score == 19.5


def test_nothing_is_written_twice(database, course):
    for _ in range(2):
        write_gradebook([result("ada"), result("bob")], course, url_of(database))
    with opened(database) as gradebook:
        assert len(gradebook.students) == 2
        assert len(gradebook.assignment_submissions("alpha")) == 2
        assert len(gradebook.find_submission_notebook("alpha", "alpha", "ada").grades) == 2


def test_more_results_than_a_batch_holds(database, course):
    write_gradebook((result(f"s{number}") for number in range(1_200)), course, url_of(database))
    with opened(database) as gradebook:
        assert gradebook.find_assignment("alpha").num_submissions == 1_200
        assert gradebook.average_assignment_score("alpha") == 17.5


def test_a_result_of_an_assignment_that_is_gone_is_left_out(database, course):
    gone = msgspec.structs.replace(result("eve"), assignment="gamma")
    write_gradebook([gone, result("ada")], course, url_of(database))
    with opened(database) as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]


@pytest.mark.parametrize("url", ["gradebook.db", "nosuch://x", "", "postgresql+nosuch://user:secret@host/db"])
def test_no_database_url(course, url):
    with pytest.raises(
        KitError, match=r"--db is no database's URL \(.*\); it looks like sqlite:///"
    ) as fault:
        write_gradebook([result()], course, url)
    assert "secret" not in str(fault.value)


def test_a_folder_that_does_not_exist(tmp_path, course):
    with pytest.raises(
        OutputError, match=r"nowhere/gradebook\.db: cannot be written \(unable to open database"
    ):
        write_gradebook([result()], course, url_of(tmp_path / "nowhere" / "gradebook.db"))


def test_a_file_that_is_no_database(tmp_path, course):
    (tmp_path / "gradebook.db").write_text("this is no database, whatever its name says" * 100)
    with pytest.raises(
        OutputError, match=r"gradebook\.db: cannot be written \(file is not a database\); make room"
    ):
        write_gradebook([result()], course, url_of(tmp_path / "gradebook.db"))


def test_a_read_only_database_keeps_what_it_has(database, course):
    write_gradebook([result()], course, url_of(database))
    read_only = f"sqlite:///file:{database}?mode=ro&uri=true"
    with pytest.raises(OutputError, match="attempt to write a readonly database"):
        write_gradebook([result(scores=(0.0, 0.0))], course, read_only)
    with opened(database) as gradebook:
        assert gradebook.find_submission("alpha", "ada").score == 17.5


def test_a_full_disk_keeps_what_the_database_has(database, course):
    write_gradebook([result()], course, url_of(database))
    room = (database.stat().st_size, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, room)
    try:
        with pytest.raises(OutputError, match=r"gradebook\.db: cannot be written \(.*\); make room"):
            write_gradebook((result(f"s{number}") for number in range(500)), course, url_of(database))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    with opened(database) as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]
        assert gradebook.find_submission("alpha", "ada").score == 17.5


def test_without_nbgrader_the_cure_is_named(tmp_path):
    program = (
        "import sys; sys.modules['nbgrader'] = None\n"
        "from autograder.errors import KitError\n"
        "from autograder.scores.gradebook import write_gradebook\n"
        "try: write_gradebook([], None, 'sqlite://')\n"
        "except KitError as fault: print(fault)\n"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert printed == (
        "the gradebook needs nbgrader, which is not installed; all scores are in the other files. "
        "To have it as well: pip install 'autodiff-course-kit[grade]'\n"
    )
