"""The small course of `minicourse` with secrets planted wherever a submission must not get at them."""

from __future__ import annotations

import base64
import codecs
import string
from collections.abc import Iterator
from pathlib import Path

from minicourse import write_course

from autograder.grading.submission import Submission

# A canary is a name and letters that occur nowhere else, so that a part of it tells where it came from.
CANARIES = {
    "a hidden test": "canary-hidden-qzxkvjwpbf",
    "an expected value": "canary-expected-wvkqjzxhgy",
    "the reference of a task it needs": "canary-needed-xjqvkzfwpd",
    "the reference of another task": "canary-reference-vqjxzkwhbm",
    "a hidden test's probe": "canary-probe-kqzvwxjygp",
    "a hidden test's input": "canary-input-jvzqwkxfcb",
    "the registry": "canary-hint-zqkwvjxmdh",
    "the environment": "canary-environment-xvwzkqjtgb",
    "another student": "canary-neighbour-qwjzvxkplr",
}
ENVIRONMENT = "AUTOGRADER_ATTACK_CANARY"

CHANGES = {
    "solutions/mini/assignment.toml": [("Add it to itself.", CANARIES["the registry"])],
    "solutions/mini/double.py": [
        (
            "return x + x",
            f"note = {CANARIES['the reference of a task it needs']!r}\n    return x + x if note else x",
        )
    ],
    "solutions/mini/greet.py": [
        (
            'return f"hello {name}"',
            f"""note = {CANARIES["the reference of another task"]!r}
    known = {{{CANARIES["a hidden test's input"]!r}: {CANARIES["an expected value"]!r}}}
    return known.get(name, f"hello {{name}}" if note else "")""",
        )
    ],
    "tests/tasks/mini/probes.py": [
        (
            "def greet(name):",
            f"""def greet_in_hiding(name):
    note = {CANARIES["a hidden test's probe"]!r}
    from mini.greet import greet
    return greet(name) if note else None

def greet(name):""",
        )
    ],
    "tests/tasks/mini/test_mini.py": [
        ("def test_double_large():", f"def test_double_large():\n    {CANARIES['a hidden test']!r}"),
        (
            '@pytest.mark.task9_3\n@pytest.mark.parametrize("name", ["ada", "bob"])',
            f"""@pytest.mark.task9_3
@pytest.mark.hidden("greeting works for everyone")
def test_greet_in_hiding():
    asked = {CANARIES["a hidden test's input"]!r}
    check_equal(probes.greet_in_hiding(asked), {CANARIES["an expected value"]!r}, "greet(SECRET)")

@pytest.mark.task9_3
@pytest.mark.parametrize("name", ["ada", "bob"])""",
        ),
    ],
}


def write_baited_course(root: Path) -> Path:
    """Write the course with its canaries below `root`, and return its root."""
    write_course(root)
    for name, changes in CHANGES.items():
        text = (root / name).read_text()
        for old, new in changes:
            assert old in text, f"{name} has changed: {old!r} is not in it"
            text = text.replace(old, new)
        (root / name).write_text(text)
    return root


def neighbour(course: Path) -> Submission:
    """An honest student's right submission, whose source holds a canary too."""
    folder = course / "solutions" / "mini"
    modules = {name: (folder / f"{name}.py").read_text() for name in ("double", "quadruple", "greet")}
    modules["double"] += f"\nMINE = {CANARIES['another student']!r}\n"
    return Submission("neighbour", "mini", modules, "1" * 64)


def leaked(written: bytes) -> list[str]:
    """Which canaries are in `written`, plain or as a submission might disguise them."""
    told = written.decode(errors="replace").lower()
    bare = "".join(c for c in told if c in string.ascii_lowercase + string.digits)
    cased = written.decode(errors="replace")
    return [
        what
        for what, canary in CANARIES.items()
        if any(form in told or form in bare for form in _disguises(canary)) or _in_base64(canary, cased)
    ]


def _disguises(canary: str) -> Iterator[str]:
    """The canary's own letters and ways to spell them, all in small letters."""
    own = canary.rpartition("-")[2]
    yield from (own, own[::-1], codecs.encode(own, "rot13"), own.encode().hex(), own.encode().hex()[::-1])
    yield from ("".join(str(ord(c)) for c in own), base64.b32encode(own[:10].encode()).decode().lower())


def _in_base64(canary: str, text: str) -> bool:
    """Whether the canary is in `text` in base64, at whichever of three places in a group of bytes."""
    own = canary.rpartition("-")[2].encode()
    forms = (base64.b64encode(own[skip : skip + 6]).decode() for skip in range(3))
    return any(form in text or form[::-1] in text for form in forms)
