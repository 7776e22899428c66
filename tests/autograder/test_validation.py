"""The proofs of solutions, stubs, known mistakes and needs, on a course with faults planted in it."""

from proving_minicourse import DOUBLE, PROBES, REGISTRY, TESTS, planted, proven

ALWAYS = """
@pytest.mark.task9_3
def test_always():
    assert True
"""

WITHOUT_TODO = """
@pytest.mark.task9_3
def test_without_todo():
    try:
        probes.greet("ada")
    except Exception:
        check_equal(1, 2, "greet('ada')")
"""

FLAKY = """
@pytest.mark.task9_3
@for_all(x=floats())
def test_flaky(x):
    got = yield ask(probes.greet, "ada")
    check_equal(got if abs(x) < 99.0 else "", "hello ada", "greet('ada')")
"""

GREET = """

def greet(name):
    ### BEGIN SOLUTION task9_3
    return f"hello {name}"
    ### END SOLUTION task9_3
"""

# Its first statement, given, rests on the task before it.
QUADRUPLE = """

def quadruple(x):
    y = double(x)
    ### BEGIN SOLUTION task9_2
    return double(y)
    ### END SOLUTION task9_2
"""

TRIPLES = '"""Twice is enough: 2 * x, not 3 * x | or x ** 2."""\ndef double(x):\n    return 3 * x\n'


def test_a_course_whose_tests_are_right_is_proven(tmp_path):
    proof = proven(planted(tmp_path), seeds=3, workers=2)
    assert proof.faults == ()
    assert (proof.solutions.seeds, proof.solutions.full_marks) == (3, 3)
    assert (proof.solutions.stub_points, proof.solutions.stub_tests, proof.solutions.stub_own) == (0.0, 5, 5)
    assert proof.mutation is None
    assert list(proof.seconds) == ["wrong solutions", "knock-out", "solutions and stubs"]


def test_a_test_that_passes_on_the_stub_is_named(tmp_path):
    course = planted(tmp_path)
    with (tmp_path / TESTS).open("a") as file:
        file.write(ALWAYS)
    proof = proven(course)
    assert proof.solutions.stub_points > 0
    assert proof.faults == (
        "stubs: task9_3: test_always passes; it must fail with the TODO of task9_3",
        "without task9_3: its own test_always passes; it must fail with the TODO of task9_3",
    )


def test_a_test_that_fails_on_the_stub_without_its_todo_is_named(tmp_path):
    course = planted(tmp_path)
    with (tmp_path / TESTS).open("a") as file:
        file.write(WITHOUT_TODO)
    proof = proven(course)
    assert proof.solutions.stub_points == 0
    assert proof.faults == (
        (
            "stubs: task9_3: test_without_todo is failed (greet('ada') is 1, expected 2); it must fail with the "
            "TODO of task9_3"
        ),
        (
            "without task9_3: its own test_without_todo is failed (greet('ada') is 1, expected 2); it must fail "
            "with the TODO of task9_3"
        ),
    )


def test_two_tasks_in_one_module_may_rest_on_each_other_if_they_say_so(tmp_path):
    course = planted(
        tmp_path,
        {
            REGISTRY: [('module = "quadruple"', 'module = "double"')],
            PROBES: [("mini.quadruple", "mini.double")],
        },
        {"solutions/mini/quadruple.py": None},
    )
    with (tmp_path / DOUBLE).open("a") as file:
        file.write(QUADRUPLE)
    proof = proven(course)
    assert proof.faults == ()
    assert (proof.solutions.stub_own, proof.solutions.stub_needs) == (4, 1)


def test_a_test_that_the_reference_fails_for_some_seed_is_named(tmp_path):
    course = planted(tmp_path)
    with (tmp_path / TESTS).open("a") as file:
        file.write(FLAKY)
    proof = proven(course, seeds=4)
    assert proof.solutions.full_marks < 4
    assert proof.faults[0].startswith("reference, seed ")
    assert "task9_3: test_flaky is failed (greet('ada') is '', expected 'hello ada')" in proof.faults[0]


def test_a_known_mistake_is_caught_and_its_cost_is_told(tmp_path):
    course = planted(tmp_path, files={"tests/wrong/mini/task9_1/triples.py": TRIPLES})
    (wrong,) = proven(course).wrong
    assert (wrong.task, wrong.mistake, wrong.lost, wrong.points, wrong.leaked) == (
        *("task9_1", "triples"),
        *(4.0, 4.0, 0.0),
    )
    assert wrong.leaks_in_own_tree == 6.0
    assert wrong.says == "Twice is enough: 2 * x, not 3 * x | or x ** 2."
    assert wrong.failed == ("test_double", "hidden test 1")
    assert wrong.faults == ()


def test_a_known_mistake_that_costs_nothing_is_a_fault(tmp_path):
    right = '"""Right."""\ndef double(x):\n    return 2 * x\n'
    proof = proven(planted(tmp_path, files={"tests/wrong/mini/task9_1/doubles.py": right}))
    assert proof.faults == ("task9_1/doubles: the mistake is not caught; sharpen a test of task9_1",)


def test_points_that_a_mistake_costs_in_another_task_are_counted(tmp_path):
    course = planted(
        tmp_path,
        {
            REGISTRY: [('module = "greet"', 'module = "double"')],
            PROBES: [("from mini.greet", "from mini.double")],
        },
        {
            "solutions/mini/greet.py": None,
            "tests/wrong/mini/task9_1/both.py": f"{TRIPLES}\ndef greet(name):\n    return 'hello ada'\n",
        },
    )
    with (tmp_path / DOUBLE).open("a") as file:
        file.write(GREET)
    proof = proven(course)
    assert (proof.wrong[0].lost, proof.wrong[0].leaked, proof.points_leaked) == (4.0, 1.0, 1.0)
    assert proof.faults == (
        "task9_1/both: costs task9_3 too: test_greet[bob]: greet('bob') is 'hello ada', expected 'hello bob'",
    )


def test_what_breaks_without_a_task_is_what_needs_it(tmp_path):
    first, second, third = proven(planted(tmp_path)).knock_out
    assert first.failed == {"task9_1": 2, "task9_2": 1, "task9_3": 0}
    assert first.tests == {"task9_1": 2, "task9_2": 1, "task9_3": 2}
    assert first.declared == first.found == ("task9_2",)
    assert second.declared == second.found == third.declared == third.found == ()


def test_a_dependence_that_is_not_declared_is_a_fault(tmp_path):
    proof = proven(planted(tmp_path, {REGISTRY: [('needs = ["task9_1"]\n', "")]}))
    first = proof.knock_out[0]
    assert (first.declared, first.found) == ((), ("task9_2",))
    assert first.faults == (
        (
            "without task9_1: task9_2 fails (test_quadruple: task9_1 is still to do), but does not declare that it "
            "needs task9_1; add it to the needs of task9_2, or take the dependence out of its tests"
        ),
    )
    assert first.faults[0] in proof.faults


def test_a_declared_dependence_that_is_not_there_is_a_fault(tmp_path):
    greets = ('module = "greet"\n', 'module = "greet"\nneeds = ["task9_1"]\n')
    proof = proven(planted(tmp_path, {REGISTRY: [greets]}))
    assert proof.faults == (
        (
            "without task9_1: task9_3 passes all its tests, but declares that it needs task9_1; take it out of the "
            "needs of task9_3, or test what rests on it"
        ),
    )


def test_needs_count_through_other_tasks(tmp_path):
    greets = ('module = "greet"\n', 'module = "greet"\nneeds = ["task9_2"]\n')
    chain = GREET.replace("    return", "    quadruple(1.0)\n    return")
    chain = f"from mini.quadruple import quadruple\n{chain}"
    course = planted(tmp_path, {REGISTRY: [greets]}, {"solutions/mini/greet.py": chain})
    proof = proven(course)
    assert proof.faults == ()
    assert proof.knock_out[0].declared == proof.knock_out[0].found == ("task9_2", "task9_3")
