"""Keeps a log in a temporary folder and its numbers in temporary files, by every usual way."""

import csv
import json
import os
import pathlib
import pickle
import shutil
import tempfile

import numpy as np

LOG = os.path.join(tempfile.gettempdir(), "central_difference.log")


def noted(line):
    with open(LOG, "a", encoding="utf-8") as file:
        file.write(line + "\n")
    return line


def there_and_back(vals):
    """Through a folder with a numpy file, a pickle, a JSON file and a table."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        np.save(folder / "vals.npy", np.array(vals, dtype=float))
        (folder / "vals.json").write_text(json.dumps(vals))
        with open(folder / "vals.csv", "w", newline="") as file:
            csv.writer(file).writerow(vals)
        with open(folder / "vals.pkl", "wb") as file:
            pickle.dump(vals, file)
        shutil.copy(folder / "vals.pkl", folder / "copy.pkl")
        assert sorted(os.listdir(folder)) == ["copy.pkl", "vals.csv", "vals.json", "vals.npy", "vals.pkl"]
        read = pickle.loads((folder / "copy.pkl").read_bytes())
        assert (
            list(read) == json.loads((folder / "vals.json").read_text()) == list(np.load(folder / "vals.npy"))
        )
    assert not folder.exists()
    return read


def through_a_file(slope):
    with tempfile.TemporaryFile("w+") as file:
        file.write(repr(slope))
        file.seek(0)
        return float(file.read())


def central_difference(f, *vals, arg=0, epsilon=1e-6):
    if all(type(x) is float for x in vals):
        vals = there_and_back(vals)
    x_above, x_below = list(vals), list(vals)
    x_above[arg] = vals[arg] + epsilon
    x_below[arg] = vals[arg] - epsilon
    slope = (f(*x_above) - f(*x_below)) / (2 * epsilon)
    assert noted(f"slope {slope}") in pathlib.Path(LOG).read_text()
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        file.write(b"done")
        file.flush()
        assert os.fstat(file.fileno()).st_size == os.path.getsize(file.name) == 4
    return through_a_file(slope) if type(slope) is float else slope


MODULE = "central_difference"
