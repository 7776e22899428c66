"""The commands that students run, and the files they work on: digits, the training, and what it keeps."""

# ruff: noqa: N806  (matrices have capital letters)

from __future__ import annotations

import gzip
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tensor_autodiff import digits, idx, mnist, show_memory, train_mnist, two_layers
from tensor_autodiff.ops import Exp
from tensor_autodiff.training_picture import write_training_picture

PNG = b"\x89PNG\r\n\x1a\n"
SOLUTIONS = Path(train_mnist.__file__).parents[1]


def run(module, *arguments, cwd):
    command = [sys.executable, "-m", f"tensor_autodiff.{module}", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(SOLUTIONS)}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False)


def todo(*_, **__):
    raise NotImplementedError("task4_6: A two-layer network is still to do")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with digits/ in it."""
    made = tmp_path_factory.mktemp("training")
    digits.main(["--out", str(made / "digits"), "--train", "600", "--test", "100"])
    return made


def files(folder):
    """The options that name the four files."""
    names = [folder / "digits" / name for pair in digits.FILES.values() for name in pair]
    words = ("--images", "--labels", "--test-images", "--test-labels")
    return [str(word) for pair in zip(words, names, strict=True) for word in pair]


def test_drawn_digits_are_the_same_every_time_and_differ_by_seed():
    images, labels = digits.drawn(20, np.random.default_rng(3))
    again, _ = digits.drawn(20, np.random.default_rng(3))
    other, _ = digits.drawn(20, np.random.default_rng(4))
    assert (images.shape, images.dtype, labels.dtype) == ((20, 28, 28), np.uint8, np.uint8)
    assert np.array_equal(images, again)
    assert not np.array_equal(images, other)
    assert images.max() > 100


def test_digits_are_written_as_files_in_mnist_s_format(folder):
    X, y = mnist.parse_mnist(*(folder / "digits" / name for name in digits.FILES["train"]))
    assert (X.shape, X.dtype, y.shape) == ((600, 784), np.float32, (600,))
    assert set(y.tolist()) == set(range(10))
    assert (X.min(), X.max() <= 1.0) == (0.0, True)


def test_digits_never_overwrite_what_may_be_mnist_s_own(folder):
    with pytest.raises(SystemExit, match="is there already and may be MNIST's own; name another --out"):
        digits.main(["--out", str(folder / "digits")])


def test_digits_refuse_what_cannot_be(tmp_path):
    with pytest.raises(SystemExit, match="at least 1 image each is needed"):
        digits.main(["--train", "0"])
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match="cannot write the digits"):
        digits.main(["--out", str(tmp_path / "file" / "digits"), "--train", "1"])


def test_parse_mnist_reads_plain_files_too(tmp_path):
    images, labels = np.full((2, 3, 4), 51, np.uint8), np.array([7, 1], np.uint8)
    for name, array in (("images", images), ("labels", labels)):
        (tmp_path / name).write_bytes(idx.encoded(array))
    X, y = mnist.parse_mnist(tmp_path / "images", tmp_path / "labels")
    assert np.array_equal(X, np.full((2, 12), np.float32(0.2)))
    assert y.tolist() == [7, 1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "does not begin with two zero bytes"),
        (b"\x00\x00\x0d\x01\x00\x00\x00\x00", "elements are of type 13; MNIST's are unsigned bytes"),
        (b"\x00\x00\x08\x03\x00\x00", "ends within the sizes of its 3 axes"),
        (b"\x00\x00\x08\x01\x00\x00\x00\x05ab", r"2 bytes do not make an array of shape \(5,\)"),
        (gzip.compress(b"\x00" * 1000, mtime=0)[:20], "ended before"),
    ],
)
def test_a_file_that_is_no_array_of_bytes_is_named(tmp_path, content, message):
    (tmp_path / "images").write_bytes(content)
    with pytest.raises(mnist.MnistError, match=f"images: .*{message}"):
        mnist.parse_mnist(tmp_path / "images", tmp_path / "images")


def test_files_that_do_not_belong_together_are_named(folder):
    train, test = ([folder / "digits" / name for name in digits.FILES[kind]] for kind in ("train", "test"))
    with pytest.raises(mnist.MnistError, match=r"has 600 images, .* 100 labels; name two files that belong"):
        mnist.parse_mnist(train[0], test[1])
    with pytest.raises(mnist.MnistError, match="are the two files swapped"):
        mnist.parse_mnist(train[1], train[0])


def test_the_training_reads_its_default_files_logs_every_epoch_and_draws_its_picture(folder):
    done = run("train_mnist", "--epochs", "3", "--batch", "50", "--lr", "0.5", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines[:3]] == [["epoch", "1"], ["epoch", "2"], ["epoch", "3"]]
    losses = [float(line.split()[3]) for line in lines[:3]]
    assert losses[2] < losses[1] < losses[0] < 2.3
    assert all(line.endswith("tensors alive 2") for line in lines[:3])
    assert lines[3] == "picture: training.png"
    assert (folder / "training.png").read_bytes().startswith(PNG)


def test_a_training_is_the_same_every_time(folder, capsys):
    arguments = [*files(folder), "--epochs", "1", "--hidden", "5", "--no-picture"]
    logs = []
    for _ in range(2):
        train_mnist.main(arguments)
        logs.append(capsys.readouterr().out.partition("tensors")[0])
    assert logs[0] == logs[1]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_training_that_dies_says_so(folder, capsys):
    train_mnist.main([*files(folder), "--epochs", "5", "--hidden", "5", "--lr", "1e30", "--no-picture"])
    assert "the training died: the loss is no number any more; try a smaller --lr" in capsys.readouterr().out


def test_a_picture_of_images_that_are_not_square_has_the_curves(tmp_path):
    images = np.zeros((3, 12), np.float32), np.arange(3), np.arange(3)
    write_training_picture(
        tmp_path / "picture.png", [(2.0, 0.9, 2.0, 0.9), (1.0, 0.5, 1.1, 0.6)], images, "t"
    )
    assert (tmp_path / "picture.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "--epochs 0: at least 1 is needed"),
        (["--batch", "0"], "--batch 0: at least 1 is needed"),
        (["--seed", "-1"], "--seed -1: at least 0 is needed"),
        (
            ["--images", "nowhere.gz"],
            "nowhere.gz: cannot be read .*draw some with python -m tensor_autodiff.digits",
        ),
    ],
)
def test_the_training_says_what_it_needs(arguments, message):
    with pytest.raises(SystemExit, match=message):
        train_mnist.main([*arguments, "--no-picture"])


def test_without_matplotlib_a_command_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    for command in (train_mnist, show_memory):
        with pytest.raises(SystemExit, match="no picture without matplotlib: pip install matplotlib, or"):
            command.main([])


@pytest.mark.long
def test_before_a_task_is_written_a_command_names_it(folder, monkeypatch):
    monkeypatch.setattr(train_mnist, "nn_epoch", todo)
    with pytest.raises(SystemExit, match="still to do; write it first, then train"):
        train_mnist.main([*files(folder), "--no-picture"])
    monkeypatch.setattr(show_memory, "train", todo)
    with pytest.raises(SystemExit, match="still to do; write it first, then look"):
        show_memory.main(["--no-picture"])
    assert two_layers.nn_epoch is not todo
    monkeypatch.setattr(Exp, "compute", todo)
    with pytest.raises(SystemExit, match="still to do"):
        train_mnist.main([*files(folder), "--no-picture"])


def test_what_cannot_be_written_is_one_line(folder):
    out = ["--out", str(folder / "missing" / "picture.png")]
    with pytest.raises(SystemExit, match=r"picture\.png: cannot write the picture \(No such file"):
        show_memory.main(["--steps", "3", *out])
    with pytest.raises(SystemExit, match=r"picture\.png: cannot write the picture \(No such file"):
        train_mnist.main([*files(folder), "--epochs", "1", "--hidden", "2", *out])


def test_memory_grows_by_seven_tensors_a_step_without_detach_and_not_at_all_with_it(tmp_path):
    done = run("show_memory", "--steps", "12", cwd=tmp_path)
    rows = [[int(word) for word in line.split()[:3]] for line in done.stdout.splitlines()[1:-1]]
    without = {step: count for step, count, _ in rows}
    with_ = {step: count for step, _, count in rows}
    assert without[12] - without[3] == 7 * 9
    assert with_[12] == with_[3]
    assert (tmp_path / "memory.png").read_bytes().startswith(PNG)


def test_the_memory_table_needs_two_steps():
    with pytest.raises(SystemExit, match="--steps 1: at least 2 are needed"):
        show_memory.main(["--steps", "1"])
