"""The attack corpus in ``tests/attacks/``: read without running any of it.

An attack is one file, ``<family>/<name>.py``, whose docstring says what it tries. It is a module of the
small course, and says in constants of its own, where that differs from the usual:

- ``ASSIGNMENT``: ``mini``, the small course's, or one of the real course's;
- ``MODULE``: the module that it is handed in as (``double``);
- ``EARNS``: the points that the same submission earns without its attack (0);
- ``SECONDS``: how long grading it may take (15);
- ``LONG``: it takes long, or much memory, and is left to the long run (False).

In the family ``archives`` the file is ours: its ``pack(folder, course)`` writes a submission into a
student's folder.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "attacks"
PACKED = "archives"

# Attacks that are not stopped yet, each with the reason; a run fails when one of them is. There are none.
KNOWN_OPEN: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack.

    Attributes:
        name: its family and its file.
        says: the first line of its docstring.
        assignment: the one that it is handed in for.
        module: the module that it is handed in as.
        earns: points of the same submission without the attack.
        seconds: how long grading it may take.
        long: whether it is left to the long run.
    """

    path: Path
    name: str
    text: str
    says: str
    assignment: str
    module: str
    earns: float
    seconds: float
    long: bool

    @property
    def packed(self) -> bool:
        """Whether the file packs a submission, rather than being one."""
        return self.path.parent.name == PACKED


def attacks() -> list[Attack]:
    """All attacks, by family and name."""
    return [_read(path) for path in sorted(CORPUS.glob("*/*.py"))]


def _read(path: Path) -> Attack:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, str(path))
    says = ast.get_docstring(tree)
    assert says, f"{path}: an attack's docstring says what it tries"
    known = {"ASSIGNMENT": "mini", "MODULE": "double", "EARNS": 0.0, "SECONDS": 15.0, "LONG": False}
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in known:
                known[name] = ast.literal_eval(value)
    return Attack(
        path=path,
        name=f"{path.parent.name}/{path.stem}",
        text=text,
        says=says.splitlines()[0],
        assignment=str(known["ASSIGNMENT"]),
        module=str(known["MODULE"]),
        earns=float(known["EARNS"]),
        seconds=float(known["SECONDS"]),
        long=bool(known["LONG"]),
    )
