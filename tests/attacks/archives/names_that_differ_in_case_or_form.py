"""Modules whose names differ in case, in Unicode's form, by blanks and by marks that are not seen."""

import zipfile


def pack(folder, course):
    right = b"def double(x): return 2 * x\n"
    with zipfile.ZipFile(folder / "mini.zip", "w") as archive:
        archive.writestr("mini/double.py", b"def double(x): return 0.5\n")
        for name in (
            "Double.py",
            "DOUBLE.PY",
            "double.py ",
            "double.py\u200b",
            "d\u043euble.py",
            "mini/./double.py",
        ):
            archive.writestr(f"mini/{name}", right)
