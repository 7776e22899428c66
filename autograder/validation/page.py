"""The report that an instructor reads, in Markdown, and the same facts as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import msgspec

from autograder.release.files import cannot_write
from autograder.validation.record import AssignmentProof, KnockOut, Mutation, Solutions, Survivor, Validation

PAGE, DATA = "validation.md", "validation.json"
IDLE = (
    "No known mistake fails them, and they were not the first to fail a mutant. What are they for? A wrong "
    "solution in `tests/wrong` would say."
)
KNOCK_OUT = (
    "One task is a stub, all others are solved, and the reference stands in for none. In brackets: a task "
    "that declares that it needs the missing one."
)


def write_report(validation: Validation, folder: Path) -> None:
    """Write the page and the data into `folder`.

    Raises:
        OutputError: it cannot be written.
    """
    data = msgspec.json.format(msgspec.json.encode(validation), indent=1) + b"\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / DATA).write_bytes(data)
        (folder / PAGE).write_text(page(validation), encoding="utf-8")
    except OSError as error:
        raise cannot_write(folder, error) from error


def page(validation: Validation) -> str:
    """The whole report."""
    faults = sum(len(proof.faults) for proof in validation.assignments)
    verdict = (
        "Everything holds." if validation.holds else f"**{faults} faults**, listed with their assignments."
    )
    lines = [
        "# What the tests of this course prove",
        "",
        f"{verdict} {_run(validation)}",
        "",
        *_overview(validation.assignments),
    ]
    for proof in validation.assignments:
        lines += ["", f"## {proof.assignment}: {_plain(proof.title)}", *_assignment(proof)]
    return "\n".join(lines) + "\n"


def _run(validation: Validation) -> str:
    return (
        f"Begun {validation.started}, {validation.seconds:.0f} s with {validation.workers} at once, "
        f"autograder {validation.kit}."
    )


def _overview(proofs: Sequence[AssignmentProof]) -> list[str]:
    heads = (
        "assignment|reference|stubs|mistakes caught|diagnosed|points leaked|mutants|killed|equivalent|"
        "survive|seconds"
    )
    return _table(heads.split("|"), (_overview_row(proof) for proof in proofs))


def _overview_row(proof: AssignmentProof) -> list[str]:
    made = proof.mutation
    caught = sum(one.lost > 0 for one in proof.wrong)
    return [
        f"[{proof.assignment}](#{proof.assignment}-{_anchor(proof.title)})",
        f"{proof.solutions.full_marks} of {proof.solutions.seeds} seeds",
        f"{proof.solutions.stub_points:g} points",
        f"{caught} of {len(proof.wrong)}",
        f"{sum(one.diagnosed == one.mistake for one in proof.wrong)}",
        f"{proof.points_leaked:g}",
        *([str(made.mutants), str(made.killed)] if made else ["", ""]),
        *([str(len(made.equivalent)), str(len(made.survivors))] if made else ["", ""]),
        f"{sum(proof.seconds.values()):.0f}",
    ]


def _assignment(proof: AssignmentProof) -> Iterator[str]:
    if proof.faults:
        yield from ("", "### Faults", "", *(f"- {_plain(fault)}" for fault in proof.faults))
    yield from ("", _solutions(proof.solutions))
    yield from _knock_outs(proof.knock_out)
    if proof.mutation:
        yield from _mutation(proof.mutation)
    yield from _wrong(proof)
    yield from _idle(proof)


def _solutions(found: Solutions) -> str:
    return (
        f"The reference solutions earn full marks for {found.full_marks} of {found.seeds} seeds. The stubs "
        f"earn {found.stub_points:g} points: of {found.stub_tests} tests {found.stub_own} fail with the TODO "
        f"of their own task, {found.stub_needs} with that of a task that theirs needs."
    )


def _knock_outs(found: Sequence[KnockOut]) -> Iterator[str]:
    yield from ("", "### Which tests fail without a task", "", KNOCK_OUT, "")
    tasks = [one.task for one in found]
    rows = ([one.task, *(_cell(one, task) for task in tasks)] for one in found)
    yield from _table(["without", *tasks], rows)


def _cell(one: KnockOut, task: str) -> str:
    count = f"{one.failed[task]} of {one.tests[task]}"
    if task == one.task:
        return f"**{count}**"
    if task in one.declared:
        return f"({count})"
    return count if one.failed[task] else ""


def _mutation(made: Mutation) -> Iterator[str]:
    yield from ("", "### Mutants", "", f"Made with {made.tool}.", "")
    rows = (
        [
            task.task,
            str(task.mutants),
            str(task.killed),
            str(task.timeouts),
            str(len(task.equivalent)),
            str(len(task.survivors)),
            f"{task.share:.1%}",
        ]
        for task in made.tasks
    )
    yield from _table(
        "task|mutants|killed|of these by hanging|equivalent|survive|killed of those that differ".split("|"),
        rows,
    )
    for title, survivors in (("Survivors", made.survivors), ("Equivalent", made.equivalent)):
        if survivors:
            yield from ("", f"#### {title}")
        for _, alike in groupby(survivors, key=lambda one: (one.task, one.where, one.before, one.reason)):
            yield from _alike(list(alike))


def _alike(survivors: Sequence[Survivor]) -> Iterator[str]:
    """Changes of the same lines; whoever explained one explained them all."""
    first = survivors[0]
    yield from ("", f"{first.task}, `{first.where}`, `{first.file}` line {first.line}:")
    for survivor in survivors:
        yield from ("", "```diff", survivor.diff if survivor is first else _short(survivor), "```")
        if survivor.note:
            yield from ("", f"A test gave up: {_plain(survivor.note)}")
    if first.reason:
        yield from ("", _plain(first.reason))


def _short(survivor: Survivor) -> str:
    """The changed lines alone, for those whose surroundings were shown before."""
    lines = survivor.diff.splitlines()
    return "\n".join(line for line in lines if line.startswith(("+", "-")))


def _wrong(proof: AssignmentProof) -> Iterator[str]:
    yield from ("", "### Known mistakes", "", _paid_once(proof), "")
    rows = (
        [
            one.task,
            f"`{one.mistake}`",
            _plain(one.says),
            f"{one.lost:g} of {one.points:g}",
            str(len(one.failed)),
            f"{one.leaked:g}",
            f"{one.leaks_in_own_tree:g}",
            "right" if one.diagnosed == one.mistake else _plain(one.diagnosed),
        ]
        for one in proof.wrong
    )
    heads = "task|mistake|hint|points lost|tests failed|lost elsewhere|without the reference|diagnosed"
    yield from _table(heads.split("|"), rows)


def _idle(proof: AssignmentProof) -> Iterator[str]:
    rows = [[task, _plain(", ".join(names))] for task, names in proof.idle.items() if names]
    if rows:
        yield from ("", "### Tests that caught nothing", "", IDLE, "")
        yield from _table(["task", "tests"], rows)


def _paid_once(proof: AssignmentProof) -> str:
    return (
        f"{len(proof.wrong)} wrong solutions lose {proof.points_leaked:g} points outside their own tasks. If "
        f"the reference did not stand in for what a task needs, they would lose {proof.points_kept:g} there."
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _plain(text: str) -> str:
    """Text in which Markdown sees nothing of its own; an underscore within a word it leaves alone."""
    return re.sub(r"([\\`*<>|\[\]]|(?<!\w)_|_(?!\w))", r"\\\1", " ".join(text.split()))


def _anchor(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
