"""What makes a student's tree a project of its own: README, pyproject.toml, .gitignore, constraints."""

from __future__ import annotations

import importlib.metadata
import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from string import Template

from packaging.requirements import Requirement

from autograder import __version__
from autograder.errors import CourseError
from autograder.registry import Assignment, Course

PACKAGES = (
    "hypothesis", "matplotlib", "msgpack", "msgspec", "networkx", "numpy", "pytest", "pytest-timeout", "rich",
    "typer", "watchfiles",
)  # fmt: skip
CONSTRAINTS = "constraints.txt"

# What runs the checks on every push, in the two services that courses use most.
CI = {".github/workflows/check.yml": "github.yml", ".gitlab-ci.yml": "gitlab.yml"}

# What the author's course has for an editor and for nox, students get as it is.
TOOLS = ("noxfile.py", ".vscode/settings.json", ".vscode/tasks.json", ".vscode/extensions.json")

PYPROJECT = Template("""\
[build-system]
requires = $build
build-backend = "hatchling.build"

[project]
name = $name
version = "$version"
description = "Automatic differentiation from scratch: the assignments, and what checks them"
readme = "README.md"
requires-python = $python
dependencies = [
$dependencies
]

[project.scripts]
autograder = "autograder.__main__:main"

[tool.hatch.build]
dev-mode-dirs = [".", "assignments"]

[tool.hatch.build.targets.wheel]
packages = $packages

[tool.pytest.ini_options]
$pytest
""")


def written(course: Course, assignments: Sequence[Assignment]) -> dict[str, str]:
    """The texts of the files that surround the assignments, by name.

    Raises:
        CourseError: the course has no ``pyproject.toml`` to take versions and options from.
    """
    project = _project(course.root)
    needed = _requirements(project)
    texts = {
        "pyproject.toml": _pyproject(project, needed, assignments),
        ".gitignore": _template("gitignore"),
    }
    if (course.root / CONSTRAINTS).is_file():
        texts[CONSTRAINTS] = locked(course, needed)
    texts |= {name: _ci(template, constrained=CONSTRAINTS in texts) for name, template in CI.items()}
    tools = {name: course.root / name for name in TOOLS if (course.root / name).is_file()}
    texts |= {name: path.read_text(encoding="utf-8") for name, path in tools.items()}
    return texts | {"README.md": _readme(assignments, constrained=CONSTRAINTS in texts)}


def grader_requirements(course: Course) -> list[str]:
    """What grading needs, one requirement a line: what the course's own project depends on.

    Raises:
        CourseError: the course has no ``pyproject.toml``, or it cannot be read.
    """
    asked = _project(course.root).get("project", {}).get("dependencies", [])
    return list(asked) if isinstance(asked, list) else []


def locked(course: Course, needed: Iterable[str]) -> str:
    """The course's lock, as far as it is about these requirements and what they pull in.

    Raises:
        CourseError: there is no lock.
    """
    lock = course.root / CONSTRAINTS
    if not lock.is_file():
        raise CourseError(f"{lock}: not there; make lock writes it")
    return _restricted(lock.read_text(encoding="utf-8"), needed)


def _project(root: Path) -> dict[str, dict[str, object]]:
    path = root / "pyproject.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise CourseError(f"{path}: not there; students' versions and options are taken from it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: {error}; mend it first") from None


def requirements(course: Course, packages: Sequence[str]) -> list[str]:
    """These packages with the versions that the course asks for.

    Raises:
        CourseError: see `written`.
    """
    return _requirements(_project(course.root), packages)


def _requirements(project: dict[str, dict[str, object]], packages: Sequence[str] = PACKAGES) -> list[str]:
    table = project.get("project", {})
    extras = table.get("optional-dependencies", {})
    lists = [table.get("dependencies", []), *(extras.values() if isinstance(extras, dict) else ())]
    asked = {Requirement(line).name: line for lines in lists for line in reversed(lines)}
    return [asked.get(name, name) for name in packages]


def _pyproject(
    project: dict[str, dict[str, object]], needed: Sequence[str], assignments: Sequence[Assignment]
) -> str:
    table = project.get("project", {})
    tool = project.get("tool", {})
    options = {
        **tool.get("pytest", {}).get("ini_options", {}),  # type: ignore[attr-defined]
        "testpaths": ["tests/tasks"],
        # A warning in a student's code is worth reading, but it fails no test at grading either.
        "filterwarnings": ["default"],
        # (of a test that sets no limit of its own, in seconds)
        "timeout": 60,
    }
    options.pop("markers", None)  # (they are for the author's own tests)
    return PYPROJECT.substitute(
        build=_toml(project.get("build-system", {}).get("requires", ["hatchling"])),
        name=_toml(table.get("name", "autodiff-course")),
        version=__version__,
        python=_toml(table.get("requires-python", ">=3.11")),
        dependencies="\n".join(f"    {_toml(line)}," for line in needed),
        packages=_toml(["autograder", *(f"assignments/{a.name}" for a in assignments)]),
        pytest="\n".join(f"{key} = {_toml(value)}" for key, value in options.items()),
    )


def _toml(value: object) -> str:
    # JSON's strings, numbers, booleans and lists of them are TOML's.
    return json.dumps(value, ensure_ascii=False)


def _template(name: str) -> str:
    return resources.files("autograder.release").joinpath("student", name).read_text(encoding="utf-8")


def _ci(template: str, *, constrained: bool) -> str:
    """A CI's file; its own dollars are doubled in the template."""
    return Template(_template(template)).substitute(
        constraints=f" -c {CONSTRAINTS}" if constrained else "",
        pinned=CONSTRAINTS if constrained else "pyproject.toml",
    )


def _readme(assignments: Sequence[Assignment], *, constrained: bool) -> str:
    first = assignments[0].tasks[0].id
    return Template(_template("README.md")).substitute(
        constraints=f" -c {CONSTRAINTS}" if constrained else "",
        assignments="".join(map(_described, assignments)),
        first=first,
        hand_in="\n" + "\n".join(map(_handed_in, assignments)) + "\n",
    )


def _described(assignment: Assignment) -> str:
    """The README's section on one assignment."""
    rows = "\n".join(
        f"| `{task.id}` | [{task.title}](assignments/{assignment.name}/README.md#{task.section}) "
        f"| `{task.module}.py` | {task.points} |"
        for task in assignment.tasks
    )
    rows += "".join(
        f"\n| `{written.id}` | [{written.title}](assignments/{assignment.name}/README.md#{written.section}) "
        f"| `{written.file}`, graded by hand | {written.points} |"
        for written in assignment.written
    )
    return (
        f"\n### {assignment.title}\n\n"
        f"Read the [handout](assignments/{assignment.name}/README.md) first; the modules lie beside it in "
        f"`assignments/{assignment.name}/`.\n\n"
        f"| task | what | module | points |\n|---|---|---|---:|\n{rows}\n"
    )


def _handed_in(assignment: Assignment) -> str:
    own = f" (and `{'.py`, `'.join(assignment.helpers)}.py`, if you wrote them)" if assignment.helpers else ""
    files = [f"{name}.py" for name in assignment.task_modules] + [w.file for w in assignment.written]
    return f"- `{assignment.name}/`: {', '.join(f'`{file}`' for file in files)}{own}"


def _restricted(constraints: str, needed: Iterable[str]) -> str:
    """The constraints on what a student's install pulls in, directly or not."""
    names = _closure([Requirement(line).name for line in needed])
    lines = constraints.splitlines(keepends=True)
    return "".join(line for line in lines if not (found := _constrained(line)) or found in names)


def _constrained(line: str) -> str | None:
    match = re.match(r"[A-Za-z0-9][\w.-]*", line)
    return _normal(match[0]) if match else None


def _closure(names: Iterable[str]) -> set[str]:
    """The packages of these names and all that they require here, as far as they are installed."""
    waiting, found = [_normal(name) for name in names], set[str]()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        try:
            required = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        waiting += [_normal(Requirement(line).name) for line in required if "extra ==" not in line]
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
