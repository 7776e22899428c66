"""The commands that students run: training with its picture, and drawings of expressions."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from scalar_autodiff import show_expression, training_command
from scalar_autodiff.expression import ExpressionError, evaluate
from scalar_autodiff.graph import computation_graph
from scalar_autodiff.scalar_functions import Mul, Scalar
from scalar_autodiff.training import ScalarTrain

PNG = b"\x89PNG\r\n\x1a\n"
SOLUTIONS = Path(training_command.__file__).parents[1]
SMALL = ["--points", "8", "--epochs", "12"]


def run(module: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"scalar_autodiff.{module}", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(SOLUTIONS)}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False)


def test_the_training_command_prints_its_log_and_writes_its_picture(tmp_path):
    done = run("training", "--dataset", "Xor", "--hidden", "3", "--rate", "0.5", *SMALL, cwd=tmp_path)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines[:3]] == [["epoch", "0"], ["epoch", "10"], ["epoch", "11"]]
    assert all("loss" in line and "of 8" in line for line in lines[:3])
    assert lines[3:] == ["picture: training_Xor.png"]
    assert (tmp_path / "training_Xor.png").read_bytes().startswith(PNG)


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_the_bar_goes_to_the_terminal_and_the_log_to_the_file(tmp_path):
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "scalar_autodiff.training", *SMALL, "--no-picture"]
    environment = {**os.environ, "PYTHONPATH": str(SOLUTIONS), "TERM": "xterm"}
    log = tmp_path / "log.txt"
    with log.open("wb") as file:
        subprocess.run(command, stdout=file, stderr=theirs, env=environment, check=True)
    bar = os.read(ours, 1 << 16).decode()
    assert "12/12" in bar
    assert "loss" not in bar
    assert len(log.read_text().splitlines()) == 3


def test_a_training_that_dies_says_so_and_is_drawn_up_to_there(tmp_path, capsys):
    picture = tmp_path / "dead.png"
    training_command.main([*SMALL, "--rate", "1e6", "--out", str(picture)])
    output = capsys.readouterr().out
    assert 'the training died: the handout\'s section "When a training dies" says why' in output
    assert picture.read_bytes().startswith(PNG)
    handout = (SOLUTIONS / "scalar_autodiff" / "README.md").read_text(encoding="utf-8")
    assert "## When a training dies" in handout


@pytest.mark.parametrize("name", ["points", "hidden", "epochs"])
def test_a_number_below_one_is_refused(name):
    with pytest.raises(SystemExit, match=f"--{name} 0: at least 1 is needed"):
        training_command.main([f"--{name}", "0"])


def test_training_without_matplotlib_says_how_to_get_it_or_do_without(monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match="no picture without matplotlib: pip install matplotlib"):
        training_command.main(SMALL)
    training_command.main([*SMALL, "--no-picture"])
    assert "picture" not in capsys.readouterr().out


def test_training_before_the_tasks_are_done_names_the_task(monkeypatch):
    def todo(*_):
        raise NotImplementedError("task1_5: Training")

    monkeypatch.setattr(ScalarTrain, "train", todo)
    with pytest.raises(SystemExit, match="task1_5: Training; write it first, then train"):
        training_command.main(SMALL)


def test_a_picture_that_cannot_be_written_is_one_line(tmp_path):
    picture = tmp_path / "missing" / "picture.png"
    with pytest.raises(SystemExit, match=r"picture\.png: cannot write the picture \(No such file"):
        training_command.main([*SMALL, "--out", str(picture)])


def test_the_drawing_command_writes_svg_and_png_of_its_own_expression(tmp_path):
    done = run("show_expression", cwd=tmp_path)
    assert done.stdout == "drawing: expression.svg\ndrawing: expression.png\n"
    assert (tmp_path / "expression.png").read_bytes().startswith(PNG)
    assert ET.parse(tmp_path / "expression.svg").getroot().tag.endswith("svg")  # noqa: S314  (our own file)


def test_a_typed_expression_is_drawn_with_its_values(tmp_path):
    out = tmp_path / "typed"
    show_expression.main(["--expression", "x * y + relu(x)", "x=2", "y=-3", "--out", str(out)])
    assert out.with_suffix(".png").read_bytes().startswith(PNG)


def test_an_expression_can_be_drawn_before_backward_is_written(tmp_path, monkeypatch):
    def todo(*_):
        raise NotImplementedError("task1_4: Backpropagation")

    monkeypatch.setattr(Mul, "backward", todo)
    show_expression.main(["--expression", "x * x", "x=2", "--out", str(tmp_path / "values")])
    assert (tmp_path / "values.svg").exists()


def test_drawing_before_forward_is_written_names_the_task(monkeypatch):
    def todo(*_):
        raise NotImplementedError("task1_2: Scalar functions")

    monkeypatch.setattr(Mul, "forward", todo)
    with pytest.raises(SystemExit, match="task1_2: Scalar functions; write it first, then draw"):
        show_expression.main([])


def test_drawing_without_its_packages_says_how_to_get_them(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match="needs two packages: pip install matplotlib networkx"):
        show_expression.main([])


def test_a_drawing_that_cannot_be_written_is_one_line(tmp_path):
    with pytest.raises(SystemExit, match="cannot write the drawing"):
        show_expression.main(["--out", str(tmp_path / "missing" / "drawing")])


@pytest.mark.parametrize("text", ["x", "x=two", "2=x", "=3"])
def test_a_value_that_is_no_assignment_of_a_number_is_refused(text):
    with pytest.raises(SystemExit, match=r"give each name a number, like x=2"):
        show_expression.main(["--expression", "x", text])


def test_an_expression_has_the_value_that_python_gives_it():
    x, y = 2.0, -3.0
    text = "-(x - y) * (x + 1.5) / y"
    assert evaluate(text, {"x": x, "y": y}).data == -(x - y) * (x + 1.5) / y
    assert evaluate("relu(y) + (x > y) + (x < y) + (x == 2)", {"x": x, "y": y}).data == 2.0
    assert evaluate("exp(log(4)) + sigmoid(0)", {}).data == pytest.approx(4.5)
    assert evaluate("7", {}).data == 7.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x +", "not an expression"),
        ("z", "z has no value; add z=2 to the command"),
        ("__import__('os').system('true')", "use only"),
        ("x.data", "use only"),
        ("x ** 2", "use only"),
        ("relu(x, x)", "use only"),
        ("1 < x < 3", "use only"),
        ("'text'", "use only"),
        ("True", "use only"),
    ],
)
def test_anything_else_is_refused_with_what_to_write_instead(text, message):
    with pytest.raises(ExpressionError, match=message):
        evaluate(text, {"x": 2.0})


def test_a_graph_holds_every_variable_once_with_value_and_derivative():
    x, y = Scalar(2.0, name="x"), Scalar(3.0, name="y")
    z = x * y + x.relu() * 5.0
    graph = computation_graph(z)
    boxes = {box.label: box for _, box in graph.nodes(data="box") if not box.is_constant}
    assert (boxes["x = 2"].derivative, boxes["x = 2"].symbol) == (8.0, "")
    assert (boxes["y = 3"].derivative, boxes["16"].is_result) == (2.0, True)
    symbols = sorted(box.symbol for _, box in graph.nodes(data="box"))
    assert symbols == ["", "", "", "+", "relu", "×", "×"]  # noqa: RUF001
    assert x.derivative is None
