"""Grades the example class and keeps what must not change unnoticed.

After a change of the tests, the solutions or the messages that is meant to change results, write the
golden files anew and read their difference: ``python tests/autograder/example_class.py``.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
SUBMITTED = ROOT / "tests" / "submitted"
GOLDEN = Path(__file__).parent / "golden"

OF_THE_RUN = ("started", "duration_s", "waited_s", "course_version")
OF_THE_MACHINE = ("sandbox",)


def grade_class(out: Path) -> subprocess.CompletedProcess[str]:
    """Grade all of the example class, as its instructor would."""
    command = [sys.executable, "-m", "autograder", "grade", str(SUBMITTED), "--out", str(out), "-j", "2"]
    return subprocess.run([*command, "--no-gradebook"], cwd=ROOT, capture_output=True, text=True, check=False)


def submissions() -> list[str]:
    """What was handed in, as ``assignment/student``."""
    return sorted(f"{path.name.removesuffix('.zip')}/{path.parent.name}" for path in SUBMITTED.glob("*/*"))


def results(folder: Path) -> dict[str, dict[str, object]]:
    """Each whole result in a folder of scores, or of golden ones, by ``assignment/student``."""
    paths = sorted(folder.glob("*/*.json"))
    return {f"{path.parent.name}/{path.stem}": json.loads(path.read_text(encoding="utf-8")) for path in paths}


def lasting(result: dict[str, object]) -> dict[str, object]:
    """The result without what another run or another machine may give otherwise."""
    return {key: value for key, value in result.items() if key not in (*OF_THE_RUN, *OF_THE_MACHINE)}


def write_golden() -> None:
    """Grade the class and take its results for right."""
    with TemporaryDirectory() as out:
        done = grade_class(Path(out))
        print(done.stdout, done.stderr, sep="\n")
        for name, result in results(Path(out)).items():
            text = json.dumps(lasting(result), indent=1, ensure_ascii=False)
            path = GOLDEN / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_golden()
