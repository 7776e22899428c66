"""A zip of a 30,000 members, of which one is a module."""

import zipfile


def pack(folder, course):
    with zipfile.ZipFile(folder / "mini.zip", "w") as archive:
        for number in range(30_000):
            archive.writestr(f"mini/{number}", b"")
        archive.writestr("mini/double.py", b"def double(x): return 0.5\n")
