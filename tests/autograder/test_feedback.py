"""What a student reads beside the scores: all of it, nothing hidden, and nothing that a text could inject."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import nbconvert.filters
import pytest
from handing_in import build_course, result
from minicourse import write_course

from autograder.grading.result import Status, TaskScore, TestOutcome, WrittenAnswer
from autograder.scores.feedback import page
from autograder.scores.feedback_files import write_feedback
from autograder.scores.feedback_html import html
from autograder.scores.feedback_markdown import markdown

ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>1</script>",
    "``` <b>x</b> ` [click](javascript:alert(1)) ![](http://evil.example/x.png)",
    "| a | **bold** http://evil.example <!-- -->",
    "a\n\n# heading\n\n<iframe src='http://evil.example'>",
]
VOID = {"meta", "img", "link", "br"}


class Seen(HTMLParser):
    """The elements, attributes and text of a page, with unbalanced tags refused."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text, self.open = set(), [], "", []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data


def scored(status, tests, score=5.0, **fields):
    return TaskScore(
        task="task1_1",
        title="Rules",
        status=status,
        score=score,
        max_score=10.0,
        tests=tuple(tests),
        **fields,
    )


def outcome(name, status=Status.PASSED, message=""):
    return TestOutcome(name=name, status=status, message=message)


def graded(*tasks, **fields):
    return msgspec.structs.replace(result(), tasks=tasks, **fields)


FAILED = scored(
    Status.FAILED,
    [
        outcome("test_sum_of_two[ints]"),
        outcome("test_sum_of_two[floats]", Status.FAILED, "add(1.0, 2.0) is 2.0, expected 3.0"),
        outcome("test_sum_of_two[lists]", Status.FAILED, "add([0.0, 1.0], [1.0]) is 2.0, expected 3.0"),
        outcome("test_order", Status.PASSED),
        outcome("hidden test 1", Status.FAILED, "sums of many numbers"),
        outcome("hidden test 2"),
    ],
)


@pytest.fixture
def alpha(tmp_path):
    return build_course(tmp_path).assignment("alpha")


class TestPage:
    def test_the_smallest_counterexample_comes_first(self, alpha):
        task = page(graded(FAILED), alpha).tasks[0]
        assert [problem.found for problem in task.problems] == [
            "add(1.0, 2.0) is 2.0, expected 3.0",
            "add([0.0, 1.0], [1.0]) is 2.0, expected 3.0",
        ]
        assert task.problems[0].check == "sum of two"

    def test_a_hidden_test_shows_what_its_author_wrote_alone(self, alpha):
        task = page(graded(FAILED), alpha).tasks[0]
        assert task.hidden_problems == ("sums of many numbers",)
        assert (task.hidden, task.hidden_passed) == (2, 1)
        assert [check.words for check in task.checks] == ["sum of two", "order"]

    def test_hint_handout_and_command_come_from_the_registry(self, alpha):
        task = page(graded(FAILED), alpha).tasks[0]
        assert task.hint == "think"
        assert task.read == "assignments/alpha/README.md#rules"
        assert task.run == ("autograder check task1_1", "pytest -m task1_1")

    def test_a_message_that_many_tests_give_is_told_once(self, alpha):
        tests = [outcome(f"test_a[{n}]", Status.CRASHED, "it ended") for n in range(9)]
        (problem,) = page(graded(scored(Status.CRASHED, tests)), alpha).tasks[0].problems
        assert (problem.found, problem.by) == ("it ended", "a, and 8 more")

    def test_our_own_fault_is_no_zero(self, alpha):
        task = page(graded(scored(Status.ERROR, [outcome("t", Status.ERROR, "x")], None)), alpha).tasks[0]
        assert (task.points, task.word) == ("- of 10", "not graded")

    def test_a_recognised_mistake_is_shown_where_the_result_has_one(self, alpha):
        task = msgspec.structs.replace(FAILED, likely="mixed up", broken_by=("task1_2",))
        said = page(graded(task), alpha)
        for text in (markdown(said), html(said)):
            assert "mixed up" in text
            assert "right by itself; your own task1" in text


class TestRendering:
    @pytest.mark.parametrize("render", [markdown, html])
    def test_all_of_the_page_is_there(self, alpha, render):
        answer = WrittenAnswer(written="task1_1_why", title="Why", file="WHY.md", max_score=4.0, text="")
        text = render(page(graded(FAILED, notes=("a note",), written=(answer,)), alpha))
        for said in (
            "ada", "Rules", "5 of 10 points", "add(1.0, 2.0) is 2.0, expected 3.0", "sums of many numbers", "think",
            "assignments/alpha/README.md#rules", "pytest -m task1_1", "autograder check task1_1", "a note",
            "1 of 2 passed", "not handed in", "up to 4 further points",
        ):  # fmt: skip
            assert said in text

    @pytest.mark.parametrize("attack", ATTACKS)
    def test_no_text_becomes_markup_in_html(self, alpha, attack):
        plain = Seen(html(page(attacked("words"), alpha)))
        seen = Seen(html(page(attacked(attack), alpha)))
        assert seen.tags == plain.tags
        assert seen.attributes == plain.attributes
        assert attack in seen.text

    @pytest.mark.parametrize("attack", ATTACKS)
    def test_no_text_becomes_markup_in_markdown(self, alpha, attack):
        plain = Seen(nbconvert.filters.markdown2html(markdown(page(attacked("words"), alpha))))
        seen = Seen(nbconvert.filters.markdown2html(markdown(page(attacked(attack), alpha))))
        assert seen.tags == plain.tags
        assert [name for name, _ in seen.attributes] == [name for name, _ in plain.attributes]

    def test_html_loads_nothing(self, alpha):
        seen = Seen(html(page(graded(FAILED), alpha)))
        assert not seen.tags & {"script", "link", "img", "iframe", "object", "form"}
        assert all(value.startswith("#") for name, value in seen.attributes if name in ("href", "src"))
        assert "@import" not in html(page(graded(FAILED), alpha))
        assert "url(" not in html(page(graded(FAILED), alpha))


def attacked(text):
    tests = [outcome(f"test_a[{n}]", Status.FAILED, text) for n in range(2)]
    return graded(scored(Status.FAILED, [*tests, outcome("test_b")]), notes=(text,), student_id=text)


class TestFiles:
    def test_a_page_that_says_the_same_is_left_alone(self, alpha, tmp_path):
        write_feedback(tmp_path, graded(FAILED), alpha)
        before = {path: path.stat().st_mtime_ns for path in (tmp_path / "alpha").iterdir()}
        assert sorted(path.name for path in before) == ["ada.html", "ada.md"]
        write_feedback(tmp_path, graded(FAILED, duration_s=99.0), alpha)
        assert {path: path.stat().st_mtime_ns for path in (tmp_path / "alpha").iterdir()} == before

    def test_a_changed_result_changes_the_page(self, alpha, tmp_path):
        write_feedback(tmp_path, graded(FAILED), alpha)
        write_feedback(tmp_path, graded(scored(Status.PASSED, [outcome("test_order")], 10.0)), alpha)
        assert "10 of 10" in (tmp_path / "alpha" / "ada.md").read_text()
        assert "10 of 10" in (tmp_path / "alpha" / "ada.html").read_text()


def test_grading_writes_the_pages_and_the_next_run_mends_a_lost_one(tmp_path):
    root = write_course(tmp_path)
    folder = root / "submitted" / "ada" / "mini"
    folder.mkdir(parents=True)
    (folder / "double.py").write_text("def double(x):\n    return x + x if x < 1e9 else 0.0\n")
    grade(root, "--no-feedback")
    assert sorted(path.name for path in (root / "scores/mini").iterdir()) == ["ada.json"]
    said = grade(root)
    assert "1 skipped" in said
    page_md = (root / "scores/mini/ada.md").read_text()
    assert "doubling works for large numbers too" in page_md
    for text in (page_md, (root / "scores/mini/ada.html").read_text()):
        assert "SECRET" not in text
        assert "double_large" not in text
        assert "double large" not in text


def grade(root: Path, *options: str) -> str:
    command = [sys.executable, "-m", "autograder", "grade", "submitted", "--no-gradebook", *options]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=True).stdout
