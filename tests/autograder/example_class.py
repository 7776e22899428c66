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

OF_THE_RUN = ("started", "duration_s", "course_version")
OF_THE_MACHINE = ("sandbox",)


def grade_class(out: Path) -> subprocess.CompletedProcess[str]:
    """Grade all of the example class, as its instructor would."""
    command = [sys.executable, "-m", "autograder", "grade", str(SUBMITTED), "--out", str(out), "-j", "2"]
    return subprocess.run([*command, "--no-gradebook"], cwd=ROOT, capture_output=True, text=True, check=False)


def results(out: Path) -> dict[str, dict[str, object]]:
    """Each student's whole result, as it was written."""
    paths = sorted((out / "scalar_autodiff").glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def lasting(result: dict[str, object]) -> dict[str, object]:
    """The result without what another run or another machine may give otherwise."""
    return {key: value for key, value in result.items() if key not in (*OF_THE_RUN, *OF_THE_MACHINE)}


def write_golden() -> None:
    """Grade the class and take its results for right."""
    GOLDEN.mkdir(exist_ok=True)
    with TemporaryDirectory() as out:
        done = grade_class(Path(out))
        print(done.stdout, done.stderr, sep="\n")
        for student, result in results(Path(out)).items():
            text = json.dumps(lasting(result), indent=1, ensure_ascii=False)
            (GOLDEN / f"{student}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_golden()
