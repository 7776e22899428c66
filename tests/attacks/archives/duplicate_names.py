"""The same module twice in a zip: a harmless one to be looked at, another to be run."""

import warnings
import zipfile


def pack(folder, course):
    with warnings.catch_warnings(), zipfile.ZipFile(folder / "mini.zip", "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("mini/double.py", b"def double(x): return 0.5\n")
        archive.writestr("mini/double.py", b"def double(x): return 2 * x\n")
