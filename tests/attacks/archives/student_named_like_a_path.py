"""An archive whose folders and assignment are named like other students' score files and formulas."""

import zipfile


def pack(folder, course):
    with zipfile.ZipFile(folder / "mini.zip", "w") as archive:
        for name in (
            "mini/../neighbour/mini/double.py",
            "=cmd|' /C calc'!A0/mini/double.py",
            "neighbour.json/double.py",
        ):
            archive.writestr(name, b"def double(x): return 0.5\n")
