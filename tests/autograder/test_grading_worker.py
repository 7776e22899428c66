"""What a worker makes of submissions that are right, wrong, hostile or broken."""

import os
from pathlib import Path

import pytest
from minicourse import write_course

from autograder.errors import CourseError
from autograder.grading.grader import Grader
from autograder.grading.messages import Manner
from autograder.grading.result import Result, Status
from autograder.grading.submission import Submission
from autograder.registry import find_course

RIGHT = {
    "double": "def double(x):\n    return 2 * x\n",
    "quadruple": "from mini.double import double\ndef quadruple(x):\n    return double(double(x))\n",
    "greet": "def greet(name):\n    return 'hello ' + name\n",
}


@pytest.fixture(scope="module")
def grader(tmp_path_factory):
    course = find_course(write_course(tmp_path_factory.mktemp("course")))
    with Grader(course, course.assignment("mini")) as started:
        yield started


def graded(grader: Grader, seed: int = 0, faults=None, **modules: str) -> Result:
    return grader.grade(Submission("ada", "mini", {**RIGHT, **modules}, "0" * 64, faults or {}), seed)


def scores(result: Result) -> list[float | None]:
    return [task.score for task in result.tasks]


def outcomes(result: Result, task: int):
    return result.tasks[task - 1].tests


def test_a_right_submission_gets_full_marks_in_the_sandbox(grader):
    result = graded(grader)
    assert scores(result) == [4.0, 6.0, 2.0]
    assert result.score == result.max_score == 12.0
    assert {task.status for task in result.tasks} == {Status.PASSED}
    assert result.sandbox.rung >= 2
    assert grader.last.children == 3


def test_a_wrong_task_costs_its_own_points_only(grader):
    result = graded(grader, double="def double(x):\n    return 3 * x\n")
    assert scores(result) == [0.0, 6.0, 2.0]


def test_the_message_names_the_simplest_example(grader):
    result = graded(grader, double="def double(x):\n    return 3 * x + 1\n")
    assert outcomes(result, 1)[0].message == "double(0.0) is 1.0, expected 0.0"


def test_a_hidden_test_shows_its_sentence_and_nothing_else(grader):
    result = graded(grader, double="def double(x):\n    return 2 * x if x < 1e6 else 0.0\n")
    public, hidden = outcomes(result, 1)
    assert public.status is Status.PASSED
    assert (hidden.name, hidden.message) == ("hidden test 1", "doubling works for large numbers too")
    assert result.tasks[0].score == 1.0


def test_a_missing_module_is_its_stub(grader):
    modules = {name: text for name, text in RIGHT.items() if name != "double"}
    result = grader.grade(Submission("ada", "mini", modules, "0" * 64), 0)
    assert scores(result) == [0.0, 6.0, 2.0]
    assert result.tasks[0].status is Status.TODO
    assert {test.message for test in outcomes(result, 1)} == {"task9_1 is still to do"}


def test_a_syntax_error_is_named_by_line_and_column(grader):
    result = graded(grader, double="x = 1\ndef double(x:\n    return 2\n")
    assert scores(result) == [0.0, 6.0, 2.0]
    assert "double.py, line 2: SyntaxError" in outcomes(result, 1)[0].message
    assert "column" in outcomes(result, 1)[0].message


def test_an_error_is_named_by_its_line(grader):
    result = graded(grader, double="def double(x):\n    return 2 * x / 0\n")
    assert outcomes(result, 1)[0].message == "double.py, line 2: ZeroDivisionError: float division by zero"


def test_no_text_of_the_student_is_shown_beside_reference_modules(grader):
    leak = "def quadruple(x):\n    import mini.double, inspect\n    raise ValueError(repr(mini.double.double.__code__))\n"
    result = graded(grader, quadruple=leak)
    assert outcomes(result, 2)[0].message == "quadruple.py, line 3: ValueError"


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("import os\nos._exit(3)\n", Status.CRASHED, "ended the interpreter (exit code 3)"),
        ("raise SystemExit\n", Status.CRASHED, "ended the interpreter"),
        ("raise KeyboardInterrupt\n", Status.CRASHED, "ended the interpreter"),
        ("import ctypes\nctypes.string_at(0)\n", Status.CRASHED, "crashed (SIGSEGV)"),
        ("1 / 0\n", Status.FAILED, "double.py, line 1: ZeroDivisionError"),
        ("import nothing_like_it\n", Status.FAILED, "ModuleNotFoundError"),
    ],
)
def test_a_module_that_ends_its_import_fails_its_own_task(grader, code, status, message):
    result = graded(grader, double=code)
    assert scores(result) == [0.0, 6.0, 2.0]
    assert {test.status for test in outcomes(result, 1)} == {status}
    assert message in outcomes(result, 1)[0].message


def test_a_loop_is_a_timeout_and_the_next_tests_go_on(grader):
    result = graded(grader, double="def double(x):\n    while x < 1e6:\n        pass\n    return 2 * x\n")
    assert [test.status for test in outcomes(result, 1)] == [Status.TIMEOUT, Status.PASSED]
    assert "double(0.0): no answer within 0.5 s" in outcomes(result, 1)[0].message
    assert scores(result) == [3.0, 6.0, 2.0]


def test_a_crash_in_one_call_fails_its_test_and_the_next_tests_go_on(grader):
    result = graded(
        grader,
        greet="import os\ndef greet(name):\n    if name == 'ada': os.abort()\n    return 'hello ' + name\n",
    )
    assert [test.status for test in outcomes(result, 3)] == [Status.CRASHED, Status.PASSED]
    assert result.tasks[2].score == 1.0


def test_a_module_that_could_not_be_taken_fails_with_its_line(grader):
    result = graded(grader, faults={"double": "double.py: not UTF-8 at byte 7; save it as UTF-8"})
    assert scores(result) == [0.0, 6.0, 2.0]
    assert outcomes(result, 1)[0].message == "double.py: not UTF-8 at byte 7; save it as UTF-8"


@pytest.mark.parametrize(
    "lie",
    [
        "class Lie(float):\n    def __eq__(self, o): return True\n    def __sub__(self, o): return 0.0\n    __rsub__ = __sub__\n    def __abs__(self): return 0.0\n    def __le__(self, o): return True\n",
        "class Lie:\n    def __init__(self, x): pass\n    def __getattr__(self, n): return lambda *a: True\n    __class__ = float\n",
    ],
)
def test_a_value_that_lies_is_no_number(grader, lie):
    result = graded(grader, double=lie + "def double(x):\n    return Lie(0.0)\n")
    assert scores(result)[0] == 0.0
    assert "an object of type Lie" in outcomes(result, 1)[0].message


def test_nan_is_close_to_nothing(grader):
    assert scores(graded(grader, double="def double(x):\n    return float('nan')\n"))[0] == 0.0


def test_printing_a_lot_changes_nothing(grader):
    result = graded(grader, double="def double(x):\n    print('x' * 100000)\n    return 2 * x\n")
    assert scores(result) == [4.0, 6.0, 2.0]


def test_a_helper_that_the_registry_lists_may_be_imported(grader):
    result = graded(
        grader,
        double="from mini.extra import twice\ndef double(x):\n    return twice(x)\n",
        extra="def twice(x):\n    return 2 * x\n",
    )
    assert scores(result) == [4.0, 6.0, 2.0]


def test_the_child_holds_no_solution_that_the_task_does_not_need(grader):
    spy = "import mini.greet\ndef double(x):\n    mini.greet.greet('x')\n    return 2 * x\n"
    result = graded(grader, double=spy)
    assert result.tasks[0].status is Status.TODO
    assert "task9_3 is still to do" in outcomes(result, 1)[0].message


def test_a_submission_does_not_touch_the_next_one(grader):
    graded(
        grader,
        double="import builtins, sys\nbuiltins.float = None\nsys.modules.clear()\ndef double(x):\n    return 0.0\n",
    )
    assert graded(grader).score == 12.0


def test_the_same_seed_gives_the_same_result_and_another_seed_too(grader):
    def told(seed):
        result = graded(grader, seed=seed, double="def double(x):\n    return 2 * x if x < 50 else 0.0\n")
        return result.tasks

    assert told(1) == told(1)
    assert told(2)[0].score == told(1)[0].score


def test_no_process_is_left_when_the_grader_is_closed(tmp_path):
    course = find_course(write_course(tmp_path))
    with Grader(course, course.assignment("mini")) as grader:
        graded(grader, double="while True: pass")
        worker = grader.pid
        children = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
        assert children
    for pid in [str(worker), *children]:
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


WRITES_TO_THE_CHANNEL = """
import os
for descriptor in range(3, 32):
    try:
        os.write(descriptor, bytes([0, 0, 0, 1, 0xc1]))
    except OSError:
        pass
def greet(name): return "hello " + name
"""


def test_code_that_writes_to_the_channel_is_flagged_and_a_large_answer_is_not(grader):
    result = graded(grader, greet=WRITES_TO_THE_CHANNEL)
    assert result.tampering == ("task9_3: wrote to the grader's channel, or ended the grader",)
    assert scores(result) == [4.0, 6.0, 0.0]
    honest = graded(grader, double="def double(x):\n    return [x] * 600_000\n")
    assert "too large" in outcomes(honest, 1)[0].message
    assert honest.tampering == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def test_x():\n    pass\n", "marked with 0 tasks"),
        (
            "import pytest\n@pytest.mark.task9_1\n@pytest.mark.task9_2\ndef test_x():\n    pass\n",
            "marked with 2 tasks",
        ),
        (
            "import pytest\n@pytest.mark.task9_1\n@pytest.mark.skip\ndef test_x():\n    pass\n",
            "never left out",
        ),
        ("import pytest\n@pytest.mark.task9_7\ndef test_x():\n    pass\n", "task9_7"),
        ("import mini.double\n", "imports the student's code"),
        ("def test_x(:\n", "test_more.py:1: invalid syntax"),
        ("import pytest\n@pytest.mark.task9_1\ndef test_x(tmp_path):\n    pass\n", r"uses .*tmp_path"),
    ],
)
def test_a_test_module_at_fault_is_the_authors_fault(tmp_path, text, said):
    course = find_course(write_course(tmp_path))
    (tmp_path / "tests/tasks/mini/test_more.py").write_text(text)
    with pytest.raises(CourseError, match=said):
        Grader(course, course.assignment("mini"))


def test_only_the_tasks_asked_for_are_graded(grader):
    scores = grader.scores(Submission("ada", "mini", RIGHT, ""), 0, Manner(tasks=("task9_1", "task9_3")))
    assert [(score.task, score.score) for score in scores] == [("task9_1", 4.0), ("task9_3", 2.0)]
    assert grader.last.children == 2


def test_in_its_own_tree_an_earlier_mistake_costs_the_later_task_too(grader):
    modules = {**RIGHT, "double": "def double(x):\n    return 3 * x\n"}
    own = grader.scores(Submission("ada", "mini", modules, ""), 0, Manner(own_tree=True))
    assert [score.score for score in own] == [0.0, 0.0, 2.0]
    assert own[1].tests[0].message.startswith("quadruple(")


def test_in_its_own_tree_a_missing_module_is_its_stub(grader):
    modules = {name: text for name, text in RIGHT.items() if name != "double"}
    own = grader.scores(Submission("ada", "mini", modules, ""), 0, Manner(own_tree=True))
    assert [score.status for score in own] == [Status.TODO, Status.TODO, Status.PASSED]
    assert own[1].tests[0].message == "task9_1 is still to do"


def test_after_the_first_failure_a_task_is_left(grader):
    modules = {**RIGHT, "double": "def double(x):\n    return 3 * x\n"}
    scores = grader.scores(Submission("ada", "mini", modules, ""), 0, Manner(first_failure=True))
    assert [[test.status for test in score.tests] for score in scores] == [
        [Status.FAILED],
        [Status.PASSED],
        [Status.PASSED, Status.PASSED],
    ]


def test_patience_shortens_what_a_hanging_task_costs(grader):
    modules = {**RIGHT, "greet": "def greet(name):\n    while True: pass\n"}
    scores = grader.scores(Submission("ada", "mini", modules, ""), 0, Manner(patience=0.2))
    assert scores[2].status is Status.TIMEOUT
    assert scores[2].tests[0].message == "no answer within 0.1 s"


def test_the_trusted_process_has_a_limit_of_its_own(grader):
    limits = Path(f"/proc/{grader.pid}/limits").read_text()
    limit = int(limits.partition("Max address space")[2].split()[0])
    held = int(Path(f"/proc/{grader.pid}/statm").read_text().split()[0]) * os.sysconf("SC_PAGESIZE")
    assert held < limit < held + 2**30 + 2**28
    assert graded(grader).score == 12.0
