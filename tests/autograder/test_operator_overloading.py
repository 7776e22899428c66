"""What operator_overloading promises beyond its graded tests: data, commands, and loud mistakes."""

from __future__ import annotations

import hashlib
import importlib.util
import math
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from operator_overloading import classification, fit_neuron, training_command
from operator_overloading.autograd import ADiffFloat

PNG = b"\x89PNG\r\n\x1a\n"
HERE = Path(fit_neuron.__file__).parent
SOLUTIONS = HERE.parent
SMALL = ["--epochs", "2", "--hidden", "1"]
HASH = "165bc169a2f19063a0feffcade2fe588ec3240971528d5656e1c23e51ab9024f"


def run(*arguments: str, cwd: Path, **settings: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "operator_overloading.fit_neuron", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(SOLUTIONS), "TERM": "xterm"}
    settings = settings or {"capture_output": True, "text": True}
    return subprocess.run(command, cwd=cwd, env=environment, check=True, **settings)


def test_the_points_are_bit_for_bit_those_that_scikit_learn_made():
    x, t = classification.load()
    assert (x.shape, t.shape, x.dtype, t.dtype) == ((400, 20), (400,), np.float64, np.int64)
    assert np.bincount(t).tolist() == [197, 203]
    assert hashlib.sha256(x.astype("<f8").tobytes() + t.astype("<i8").tobytes()).hexdigest() == HASH


def test_no_test_point_is_trained_on_and_none_goes_into_the_scale():
    x, t = classification.load()
    data = classification.split(x, t, np.random.RandomState(42))
    assert (len(data.train_x), len(data.test_x)) == (380, 20)
    assert len({tuple(point) for point in data.train_x + data.test_x}) == 400
    assert abs(np.mean(data.train_x)) <= 1e-12
    assert abs(np.std(data.train_x) - 1) <= 1e-12
    assert sorted(data.train_t + data.test_t) == sorted(t.tolist())


def test_batches_hold_every_point_once_in_order():
    found = list(classification.batches([[float(i)] for i in range(7)], list(range(7)), 3))
    assert [t for _, t in found] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [x for x, _ in found] == [[[float(i)] for i in t] for _, t in found]


def test_the_students_modules_read_no_file_when_imported():
    code = (
        "import sys, operator_overloading.fit_neuron\n"
        "assert not any('classification' in name for name in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOLUTIONS)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_numbers_of_numpy_leave_the_operation_to_the_reflected_form():
    for two in (np.float64(2.0), np.float32(2.0), np.int64(2)):
        x = ADiffFloat(3.0)
        results = [two * x, two + x, two - x, x * two]
        assert [type(result) for result in results] == [ADiffFloat] * 4
        assert [result.value for result in results] == [6.0, 5.0, -1.0, 6.0]


def test_a_number_shows_its_value():
    assert repr(ADiffFloat(3.0)) == "ADiffFloat(3.0)"


def test_what_is_not_a_number_stays_so():
    x = ADiffFloat(math.nan)
    assert math.isnan(x.relu().value)
    assert math.isnan(x.sigmoid().value)


@pytest.mark.parametrize("seed", range(20))
def test_random_expressions_agree_with_central_differences(seed):
    draw = random.Random(seed)  # noqa: S311  (expressions, not secrets)
    steps = [(draw.choice("+*-sr"), draw.random(), draw.random()) for _ in range(8)]

    def expression(x: list[ADiffFloat]) -> ADiffFloat:
        nodes = list(x)
        for kind, i, j in steps:
            a, b = nodes[int(i * len(nodes))], nodes[int(j * len(nodes))]
            made = {"+": a + b, "*": a * b, "-": a - b, "s": a.sigmoid(), "r": (a * a + 0.5).relu()}
            nodes.append(made[kind])
        return sum(node * 0.3 for node in nodes)

    values, h = [draw.uniform(-1, 1) for _ in range(3)], 1e-5
    inputs = [ADiffFloat(v) for v in values]
    expression(inputs).backward()
    for i, x in enumerate(inputs):
        up, down = (
            expression([ADiffFloat(v + side * h * (k == i)) for k, v in enumerate(values)]).value
            for side in (1, -1)
        )
        slope = (up - down) / (2 * h)
        assert abs(x.partial - slope) <= 1e-6 * max(1.0, abs(slope))


def test_the_handouts_example_is_what_python_says():
    text = (HERE / "README.md").read_text(encoding="utf-8")
    names = {}
    for line, said in re.findall(r"    >>> (.*)\n(?:    (?!>>>)(\S.*)\n)?", text):
        if said:
            assert repr(eval(line, names)) == said  # noqa: S307  (the handout's own lines)
        else:
            exec(line, names)  # noqa: S102
    assert names["x"].partial == 4.0


def test_the_training_command_prints_its_log_and_writes_its_picture(tmp_path):
    done = run(*SMALL, cwd=tmp_path)
    lines = done.stdout.splitlines()
    assert [line.split()[:3] for line in lines[:2]] == [["epoch", "1", "cost"], ["epoch", "2", "cost"]]
    assert all(re.search(r"test accuracy [01]\.\d\d$", line) for line in lines[:2])
    assert lines[2:] == ["picture: training.png"]
    assert (tmp_path / "training.png").read_bytes().startswith(PNG)


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_the_bar_goes_to_the_terminal_and_the_log_to_the_file(tmp_path):
    ours, theirs = os.openpty()
    log = tmp_path / "log.txt"
    with log.open("wb") as file:
        run(*SMALL, "--no-picture", cwd=tmp_path, stdout=file, stderr=theirs)
    bar = os.read(ours, 1 << 16).decode()
    assert "epoch" in bar
    assert "cost" not in bar
    assert len(log.read_text().splitlines()) == 2


def test_a_training_that_dies_says_so_and_stops(monkeypatch, capsys):
    monkeypatch.setattr(training_command, "train_epoch", lambda *_: math.nan)
    training_command.main([*SMALL, "--no-picture"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == ["the training died: the cost is no number any more; try a smaller --rate"]


@pytest.mark.parametrize("name", ["epochs", "hidden", "batch"])
def test_a_number_below_one_is_refused(name):
    with pytest.raises(SystemExit, match=f"--{name} 0: at least 1 is needed"):
        training_command.main([f"--{name}", "0"])


@pytest.mark.parametrize("seed", ["-1", "4294967296"])
def test_a_seed_that_numpy_does_not_take_is_refused(seed):
    with pytest.raises(SystemExit, match=f"--seed {seed}: a whole number from 0 to 4294967295 is needed"):
        training_command.main([f"--seed={seed}"])


def test_training_without_matplotlib_says_how_to_get_it_or_do_without(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match="no picture without matplotlib: pip install matplotlib"):
        training_command.main(SMALL)


def test_training_before_the_tasks_are_done_names_the_task(monkeypatch):
    def todo(*_):
        raise NotImplementedError("task2_2: Gradient descent")

    monkeypatch.setattr(training_command, "train_epoch", todo)
    with pytest.raises(SystemExit, match="task2_2: Gradient descent; write it first, then train"):
        training_command.main(SMALL)


def test_a_picture_that_cannot_be_written_is_one_line(tmp_path):
    picture = tmp_path / "missing" / "picture.png"
    with pytest.raises(SystemExit, match=r"picture\.png: cannot write the picture \(No such file"):
        training_command.main(["--epochs", "1", "--hidden", "1", "--out", str(picture)])
