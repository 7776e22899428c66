"""The commands that students run: the example's picture and the training of XOR."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from computation_graph import show_example, train_xor
from computation_graph.graph import computation_graph
from computation_graph.network import MLP
from computation_graph.value import Value

PNG = b"\x89PNG\r\n\x1a\n"
SOLUTIONS = Path(train_xor.__file__).parents[1]
GRADIENTS = {"x_1": 8.0, "x_2": 6.0, "x_3": 2.0, "x_4": 2.0, "x_5": 2.0, "x_6": 17.0, "l": 1.0}


def run(module: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"computation_graph.{module}", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(SOLUTIONS)}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False)


def todo(*_):
    raise NotImplementedError("task3_2: Backpropagation is still to do")


def test_one_command_prints_the_example_s_gradients_and_draws_them_as_svg_and_png(tmp_path):
    done = run("show_example", cwd=tmp_path)
    lines = done.stdout.splitlines()
    assert lines[0] == "x_1 = 3, gradient 8"
    assert lines[6:] == ["l = 34, gradient 1", "drawing: example.svg", "drawing: example.png"]
    assert (tmp_path / "example.png").read_bytes().startswith(PNG)
    assert ET.parse(tmp_path / "example.svg").getroot().tag.endswith("svg")  # noqa: S314  (our own file)


def test_the_picture_s_graph_holds_every_value_once_with_its_gradient():
    values = show_example.example()
    values["l"].backwards()
    graph = computation_graph(values["l"], values, with_grads=True)
    boxes = {box.label.split(" = ")[0]: box for _, box in graph.nodes(data="box")}
    assert {name: box.derivative for name, box in boxes.items()} == GRADIENTS
    assert boxes["x_3"].label == "x_3 = 12"
    assert [boxes[name].symbol for name in ("x_1", "x_3", "x_5", "l")] == ["", "×", "+", "×"]  # noqa: RUF001
    assert [name for name, box in boxes.items() if box.is_result] == ["l"]
    assert graph.number_of_edges() == 6


def test_a_value_used_twice_has_two_edges_and_a_power_its_exponent():
    x = Value(3.0)
    graph = computation_graph(x * x + x**-0.5, {"x": x}, with_grads=False)
    assert sorted(box.symbol for _, box in graph.nodes(data="box")) == ["", "+", "^-0.5", "×"]  # noqa: RUF001
    assert graph.number_of_edges() == 5
    assert all(box.derivative is None for _, box in graph.nodes(data="box"))


def test_the_example_is_drawn_without_gradients_before_task_3_2_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(Value, "backward", todo)
    show_example.main(["--out", str(tmp_path / "values")])
    assert "x_1 = 3\n" in capsys.readouterr().out
    assert (tmp_path / "values.svg").exists()


def test_drawing_before_task_3_1_is_written_names_the_task(monkeypatch):
    monkeypatch.setattr(Value, "__mul__", todo)
    with pytest.raises(SystemExit, match="still to do; write it first, then draw"):
        show_example.main([])


@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        (show_example, [], "a drawing needs two packages: pip install matplotlib networkx"),
        (train_xor, [], "no picture without matplotlib: pip install matplotlib, or train with --no-picture"),
    ],
)
def test_without_its_packages_a_command_says_how_to_get_them(monkeypatch, command, arguments, message):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match=message):
        command.main(arguments)


@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        (show_example, [], "cannot write the drawing"),
        (train_xor, ["--steps", "1"], "cannot write the picture"),
    ],
)
def test_what_cannot_be_written_is_one_line(tmp_path, command, arguments, message):
    out = tmp_path / "missing" / "picture.png"
    with pytest.raises(SystemExit, match=rf"picture\.png: {message} \(No such file.*name another --out"):
        command.main([*arguments, "--out", str(out)])


def test_the_training_prints_its_log_and_draws_its_picture(tmp_path):
    done = run("train_xor", "--steps", "220", cwd=tmp_path)
    lines = done.stdout.splitlines()
    steps = ["step", "0"], ["step", "50"], ["step", "100"], ["step", "150"], ["step", "200"], ["step", "220"]
    assert [line.split()[:2] for line in lines[:6]] == list(steps)
    assert [line[-1] for line in lines[6:10]] == ["0", "1", "1", "0"]
    assert lines[10:] == ["the loss came down to 0.05 in 178 steps", "picture: xor.png"]
    assert (tmp_path / "xor.png").read_bytes().startswith(PNG)


def test_a_training_that_does_not_arrive_points_to_the_handout(capsys):
    train_xor.main(["--steps", "20", "--no-picture"])
    assert 'the section "How long it takes" of the handout says why' in capsys.readouterr().out
    handout = (SOLUTIONS / "computation_graph" / "README.md").read_text(encoding="utf-8")
    assert "## How long it takes" in handout


def test_training_needs_a_step_and_the_tasks_before_it(monkeypatch):
    with pytest.raises(SystemExit, match="--steps 0: at least 1 is needed"):
        train_xor.main(["--steps", "0"])
    monkeypatch.setattr(MLP, "__call__", todo)
    with pytest.raises(SystemExit, match="still to do; write it first, then train"):
        train_xor.main(["--no-picture"])


def test_a_training_is_the_same_every_time_and_reports_the_first_step_at_the_goal():
    _, losses, reached = train_xor.training((1, 1, 0, 0), seed=0, steps=30, rate=0.1)
    assert reached == 22
    assert len(losses) == 31
    assert losses[reached] <= train_xor.GOAL < losses[reached - 1]
    assert train_xor.training((1, 1, 0, 0), seed=0, steps=30, rate=0.1)[1] == losses
