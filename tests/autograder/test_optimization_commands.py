"""The commands that students run: two landscapes, a training, counted work, experiments."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from optimization import (
    compare_methods,
    controlled_newton,
    descent,
    learning,
    measure_work,
    run_experiments,
    train_network,
)
from optimization.cache import Differentials
from optimization.cache import differentials as cached
from optimization.chain_rule import differentials
from optimization.landscapes import START, far_sides

PNG = b"\x89PNG\r\n\x1a\n"
SOLUTIONS = Path(train_network.__file__).parents[1]
HANDOUT = (SOLUTIONS / "optimization" / "README.md").read_text(encoding="utf-8")
COMMANDS = {
    compare_methods: [],
    train_network: ["--epochs", "2"],
    measure_work: ["--depth", "3"],
    run_experiments: ["--epochs", "1"],
}


def run(module: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"optimization.{module}", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(SOLUTIONS)}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False)


def todo(*_, **__):
    raise NotImplementedError("task5_1: Gradient descent is still to do")


def test_the_methods_are_compared_in_two_tables_and_two_pictures(tmp_path):
    done = run("compare_methods", cwd=tmp_path)
    assert done.stderr == ""
    rows = [line.split() for line in done.stdout.splitlines()]
    trials = [row[-5:-3] for row in rows if "descent" in row or "Newton" in row]
    assert trials == [["154", "yes"], ["4", "yes"], ["4", "yes"], ["15", "yes"], ["3", "no"], ["8", "yes"]]
    for name in ("near_quadratic", "far_sides"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize(
    "row", ["120     154      yes", "4       4      yes", "12      15      yes", "3       3       no"]
)
def test_the_handouts_tables_show_what_the_command_prints(row, capsys):
    compare_methods.main(["--no-picture"])
    assert row in capsys.readouterr().out
    assert row in HANDOUT


def test_before_task_5_2_the_other_methods_are_compared_without_it(monkeypatch):
    monkeypatch.setattr(compare_methods, "controlled_newton", todo)
    assert [walk.method for walk in compare_methods.walks(far_sides, START)] == ["gradient descent", "Newton"]


def test_a_training_prints_ten_lines_and_draws_its_picture(tmp_path):
    done = run("train_network", cwd=tmp_path)
    lines = done.stdout.splitlines()
    assert lines[0] in HANDOUT
    assert len(lines) == 12
    assert float(lines[10].split()[3]) < 0.0 < float(lines[10].split()[-1])
    assert lines[-1] == "picture: training.png"
    assert (tmp_path / "training.png").read_bytes().startswith(PNG)


def test_a_training_whose_weights_are_lost_says_so(capsys):
    train_network.main(["--rate", "50", "--epochs", "30", "--no-picture"])
    assert "the weights are lost far away: try a smaller --rate" in capsys.readouterr().out


def test_the_fastest_chain_rule_that_is_written_is_taken(monkeypatch):
    assert train_network.fastest() is cached
    monkeypatch.setattr(Differentials, "__call__", todo)
    assert train_network.fastest() is differentials


def test_work_is_counted_as_the_handout_says(tmp_path):
    done = run("measure_work", cwd=tmp_path)
    for line in done.stdout.splitlines()[2:7]:
        local_derivatives, elements = line.split()[-2:]
        assert f"| {local_derivatives} | {elements} |" in HANDOUT
    assert "12        8,190              24" in done.stdout
    assert (tmp_path / "work.png").read_bytes().startswith(PNG)


def test_all_experiments_are_printed_and_drawn(tmp_path):
    done = run("run_experiments", "--epochs", "2", cwd=tmp_path)
    assert done.stderr == ""
    assert [line.rsplit(None, 5)[0] for line in done.stdout.splitlines()[1:-1]] == [
        *(f"step size {rate}" for rate in ("0.001", "0.01", "0.1", "0.3", "0.5")),
        *(f"batch size {size}" for size in (1, 5, 20, 100)),
        *(f"samples {count}" for count in (15, 30, 100, 300)),
        "from the true weights",
    ]
    assert (tmp_path / "experiments.png").read_bytes().startswith(PNG)


@pytest.mark.long
def test_the_answers_that_graders_compare_with_hold(capsys):
    run_experiments.main(["--no-picture"])
    rows = {line.rsplit(None, 5)[0]: line.split()[-4:] for line in capsys.readouterr().out.splitlines()[1:]}
    training = {name: float(row[0]) for name, row in rows.items()}
    spread = {name: float(row[2]) - float(row[1]) for name, row in rows.items()}
    test = {name: float(row[3]) for name, row in rows.items()}
    assert training["step size 0.001"] > 1.0 > training["step size 0.01"] > training["step size 0.1"]
    assert spread["step size 0.5"] > spread["step size 0.3"] > spread["step size 0.1"]
    assert (
        spread["batch size 1"] > spread["batch size 5"] > spread["batch size 20"] > spread["batch size 100"]
    )
    assert (
        training["samples 15"]
        < -0.2
        < 0.4
        < test["samples 15"]
        == max(error for name, error in test.items() if name.startswith("samples"))
    )
    assert training["from the true weights"] < 0.0 < test["from the true weights"]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_without_matplotlib_a_command_says_how_to_get_it(command, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(
        SystemExit, match="no picture without matplotlib: pip install matplotlib, or use --no-"
    ):
        command.main([])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_what_cannot_be_written_is_one_line(command, tmp_path):
    out = tmp_path / "missing"
    with pytest.raises(
        SystemExit, match=r"missing: cannot write the picture \(No such file.*name another fold"
    ):
        command.main([*COMMANDS[command], "--out", str(out)])


@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        (train_network, ["--epochs", "0"], "--epochs 0: at least 1 is needed"),
        (train_network, ["--size", "0"], "--size 0: at least 1 is needed"),
        (train_network, ["--seed", "-1"], "--seed -1: a whole number from 0 is needed"),
        (run_experiments, ["--epochs", "-3"], "--epochs -3: at least 1 is needed"),
        (measure_work, ["--depth", "0"], "--depth 0: at least 1 is needed"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(command, arguments, message):
    with pytest.raises(SystemExit, match=message):
        command.main(arguments)


@pytest.mark.parametrize(
    ("command", "module", "name"),
    [
        (compare_methods, descent, "gradient"),
        (train_network, learning, "outputs"),
        (measure_work, measure_work.shortcuts, "constant_times"),
        (run_experiments, run_experiments, "vary_rate"),
    ],
)
def test_before_its_task_is_written_a_command_names_it(command, module, name, monkeypatch):
    monkeypatch.setattr(module, name, todo)
    if command is measure_work:
        monkeypatch.setitem(measure_work.WAYS, "constant_times, hints", (todo, differentials))
    if command is run_experiments:
        monkeypatch.setitem(run_experiments.VARIED, "step size", (todo, [0.1]))
    with pytest.raises(SystemExit, match="still to do; write it first"):
        command.main(["--no-picture"])


def test_a_bend_in_the_walks_is_counted_as_a_trial():
    path = controlled_newton.controlled_newton(far_sides, START)
    assert path.trials > len(path.points) - 1
    assert np.array_equal(path.points[0], START)
