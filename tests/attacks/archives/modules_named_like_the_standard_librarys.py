"""Modules named like the kit's, the tests', numpy and the standard library's, beside an honest wrong answer."""

EVIL = "open('/tmp/attack-was-here', 'w')\nraise SystemExit\n"


def pack(folder, course):
    place = folder / "mini"
    place.mkdir()
    (place / "double.py").write_text("import numpy, math, random, struct\ndef double(x): return 0.5\n")
    for name in (
        "numpy msgpack autograder mini_probes probes math random struct json conftest pytest sitecustomize "
        "usercustomize __init__ test_mini assignment importlib"
    ).split():
        (place / f"{name}.py").write_text(EVIL)
        (folder / f"{name}.py").write_text(EVIL)
    (place / "pytest.ini").write_text("[pytest]\naddopts = -p no:all\n")
    (place / "setup.cfg").write_text("[tool:pytest]\npython_files = nothing\n")
