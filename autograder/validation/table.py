"""What was found of an assignment, as a table for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from autograder.validation.record import AssignmentProof


def table(proof: AssignmentProof) -> Table:
    """One line for each thing that must hold, with how far it does."""
    shown = Table(
        "", "", title=f"{proof.assignment}: what must hold", title_justify="left", show_header=False
    )
    for says, count in _rows(proof):
        shown.add_row(says, count)
    return shown


def _rows(proof: AssignmentProof) -> Iterator[tuple[str, str]]:
    solutions, wrong, knock_out = proof.solutions, proof.wrong, proof.knock_out
    yield "full marks for the reference solutions, by seeds", f"{solutions.full_marks} of {solutions.seeds}"
    todo = solutions.stub_own + solutions.stub_needs
    yield "tests that fail on a stub with their task's TODO", f"{todo} of {solutions.stub_tests}"
    yield "points for the stubs", f"{solutions.stub_points:g}"
    yield (
        "known mistakes that cost points in their own task",
        f"{sum(one.lost > 0 for one in wrong)} of {len(wrong)}",
    )
    diagnosed = sum(one.diagnosed == one.mistake for one in wrong)
    yield "known mistakes that feedback names rightly", f"{diagnosed} of {len(wrong)}"
    yield "points that known mistakes cost in other tasks", f"{proof.points_leaked:g}"
    yield "points that they would cost there without the reference", f"{proof.points_kept:g}"
    right = sum(not one.faults for one in knock_out)
    yield "tasks that break those alone that say they need them", f"{right} of {len(knock_out)}"
    if proof.mutation:
        left = proof.mutation.mutants - len(proof.mutation.equivalent)
        yield "mutants killed by their own task's tests", f"{proof.mutation.killed} of {left}"
        yield "mutants that are equivalent, each with its reason", f"{len(proof.mutation.equivalent)}"
    yield "seconds", f"{sum(proof.seconds.values()):.0f}"
