"""The temporary folder of a child: there on every rung, small, and gone with the child."""

from pathlib import Path

import pytest
from sandboxed import ask, linux

from autograder.grading.forkserver import ForkServer
from autograder.sandbox.ladder import FILE_BYTES, OPEN_FILES
from autograder.testing.asking import Raised

pytestmark = linux


@pytest.fixture(scope="module", params=[2, 3, 4])
def server(request):
    with ForkServer(request.param) as started:
        if started.sandbox.rung < request.param:
            pytest.skip(f"rung {request.param} is not to be had here: {started.sandbox.missing}")
        yield started


def answer(server, body):
    """What a function of this body answers in a fresh child."""
    lines = ["import os, tempfile", "def f():", *(f"    {line}" for line in body.strip().splitlines())]
    return ask(server, "\n".join(lines), ("f",), seconds=10.0)[0]


WORKS = {
    "a temporary file": (
        """
with tempfile.TemporaryFile("w+") as file:
    file.write("hello")
    file.seek(0)
    return file.read()
""",
        "hello",
    ),
    "a named one, read while it is written": (
        """
with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
    seen = []
    for line in ("a,b", "1,2"):
        file.write(line)
        file.flush()
        with open(file.name) as reader:
            seen.append(reader.read())
return [*seen, os.path.exists(file.name)]
""",
        ["a,b", "a,b1,2", False],
    ),
    "a folder with pathlib": (
        """
import json, pathlib
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "a.txt").write_text("one")
    (folder / "inner" / "more").mkdir(parents=True)
    (folder / "inner" / "b.json").write_text(json.dumps({"x": 1}))
    with open(folder / "a.txt", "a") as file:
        file.write(", two")
    (folder / "a.txt").rename(folder / "c.txt")
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
    sizes = [len(files) for _, _, files in os.walk(folder)]
    read = [(folder / "c.txt").read_text(), (folder / "c.txt").stat().st_size, (folder / "inner").is_dir()]
return [found, sizes, read, folder.exists(), os.listdir("/tmp")]
""",
        [["c.txt", "inner", "inner/b.json", "inner/more"], [1, 1, 0], ["one, two", 8, True], False, []],
    ),
    "numpy's files": (
        """
import numpy as np
with tempfile.TemporaryDirectory() as name:
    np.save(f"{name}/w.npy", np.arange(5.0))
    np.savez(f"{name}/w.npz", b=np.ones(3))
    np.savetxt(f"{name}/w.csv", np.eye(2), delimiter=",")
    mapped = np.memmap(f"{name}/m", dtype=float, mode="w+", shape=4)
    mapped[:] = 2.0
    mapped.flush()
    arrays = np.load(f"{name}/w.npy"), np.load(f"{name}/w.npz")["b"], np.loadtxt(f"{name}/w.csv", delimiter=",")
    return [float(array.sum()) for array in (*arrays, np.memmap(f"{name}/m", dtype=float, mode="r"))]
""",
        [10.0, 3.0, 2.0, 8.0],
    ),
    "copies and pickles": (
        """
import pickle, shutil
folder = tempfile.mkdtemp()
with open(f"{folder}/a", "wb") as file:
    pickle.dump({"k": [1, 2]}, file)
shutil.copy(f"{folder}/a", f"{folder}/b")
shutil.copy2(f"{folder}/a", f"{folder}/c")
shutil.move(f"{folder}/c", f"{folder}/d")
with open(f"{folder}/b", "rb") as file:
    read = pickle.load(file)
names = sorted(os.listdir(folder))
shutil.rmtree(folder)
return [read, names, os.path.exists(folder)]
""",
        [{"k": [1, 2]}, ["a", "b", "d"], False],
    ),
    "a descriptor": (
        """
descriptor, path = tempfile.mkstemp()
os.write(descriptor, b"abc")
os.fsync(descriptor)
size = os.fstat(descriptor).st_size
os.close(descriptor)
with os.scandir("/tmp") as entries:
    found = [[entry.is_file(), entry.is_dir(), entry.is_symlink(), entry.stat().st_size] for entry in entries]
os.remove(path)
return [size, found]
""",
        [3, [[True, False, False, 3]]],
    ),
    "two readers at once": (
        """
with open("/tmp/x", "w") as file:
    file.write("same")
with open("/tmp/x") as one, open("/tmp/x") as other:
    return [one.read(), other.read()]
""",
        ["same", "same"],
    ),
}

FAILS = {
    "a file that is not there": ("open('/tmp/none')", "FileNotFoundError"),
    "a file in no folder": ("open('/tmp/none/x', 'w')", "FileNotFoundError"),
    "a folder as a file": ("open('/tmp', 'w')", "IsADirectoryError"),
    "making a file twice": ("for _ in range(2): open('/tmp/x', 'x')", "FileExistsError"),
    "making a folder twice": ("for _ in range(2): os.mkdir('/tmp/x')", "FileExistsError"),
    "removing a full folder": ("os.mkdir('/tmp/x')\nopen('/tmp/x/y', 'w')\nos.rmdir('/tmp/x')", "OSError"),
    "a large file": (f"with open('/tmp/x', 'wb') as file: file.write(bytes({FILE_BYTES} + 1))", "OSError"),
    "a sparse file": (
        f"os.ftruncate(os.open('/tmp/x', os.O_CREAT | os.O_RDWR), {FILE_BYTES} + 1)",
        "OSError",
    ),
    "many files": (f"for n in range({OPEN_FILES}): open(f'/tmp/{{n}}', 'w').close()", "OSError"),
}


@pytest.mark.parametrize("what", WORKS)
def test_what_students_do_with_temporary_files_works(server, what):
    body, expected = WORKS[what]
    assert answer(server, body) == expected


@pytest.mark.parametrize("what", FAILS)
def test_what_fails_on_a_disk_fails_alike(server, what):
    body, kind = FAILS[what]
    failed = answer(server, body)
    assert isinstance(failed, Raised), failed
    assert failed.kind == kind


def test_the_folder_is_empty_for_every_child_and_nothing_is_on_the_disk(server):
    mark = "autograder-kept"
    assert answer(server, f"open('/tmp/{mark}', 'w').write('x')\nreturn os.listdir('/tmp')") == [mark]
    assert answer(server, "return os.listdir('/tmp')") == []
    assert not Path("/tmp", mark).exists()  # noqa: S108  (the machine's)
