"""A grading run: find the submissions, grade what is not graded yet, write scores after every one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path

from autograder.errors import KitError, SubmissionError
from autograder.grading.collecting import survey
from autograder.grading.engine import Engine, Progress, Step
from autograder.grading.reference import course_version
from autograder.grading.submission import Place
from autograder.registry import Assignment, Course
from autograder.scores.exports import Format, write_exports
from autograder.scores.feedback_files import write_feedback
from autograder.scores.files import (
    finished,
    read_results,
    remove_unfinished,
    result_path,
    write_csv,
    write_result,
)
from autograder.scores.gradebook import write_gradebook
from autograder.scores.ledger import Ledger, signature_of


@dataclass(frozen=True, slots=True)
class Order:
    """What to grade and where to write.

    Attributes:
        submitted: a class, a student's folder, an archive or one submission.
        out: the folder of the scores.
        assignment: the only assignment to grade, None for all.
        gradebook: SQLAlchemy URL of nbgrader's database, None to leave it out.
        feedback: write each student's pages beside the result.
        formats: of other tools, in which each result is written as well.
    """

    submitted: Path
    out: Path
    assignment: str | None = None
    seed: int = 0
    gradebook: str | None = None
    feedback: bool = True
    formats: tuple[Format, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What a run did.

    Attributes:
        ledger: the results below the scores' folder, in short.
        steps: how many submissions were graded and how many skipped because their result was there.
        left_out: one line for each thing that looks handed in and was not graded.
    """

    ledger: Ledger
    steps: Counter[str] = field(default_factory=Counter)
    left_out: tuple[str, ...] = ()


def grade(
    course: Course,
    order: Order,
    engine: Engine,
    begin: Callable[[int], None],
    advance: Callable[[Progress], None],
) -> Outcome:
    """Grade and write; also after an interrupt, the summaries hold every result that is there.

    Args:
        begin: called once with the number of submissions.
        advance: called after each submission, when its result is on the disk.

    Raises:
        KitError: nothing to grade, a course or output at fault.
    """
    found = survey(order.submitted, course, order.assignment)
    if not found.places:
        raise SubmissionError(f"{order.submitted}: nothing to grade here")
    begin(len(found.places))
    remove_unfinished(order.out)
    outcome = Outcome(Ledger(order.out), left_out=found.left_out)
    by_assignment = sorted(found.places, key=lambda place: place.assignment)
    try:
        for name, places in groupby(by_assignment, key=lambda place: place.assignment):
            for progress in _graded(course, course.assignment(name), list(places), order, engine, outcome):
                outcome.steps[progress.step] += 1
                advance(progress)
    except (
        BaseException
    ):  # an interrupt above all: what is graded is kept, and this stays the fault that is told
        with suppress(KitError):
            write_summaries(course, order, outcome.ledger)
        raise
    write_summaries(course, order, outcome.ledger)
    return outcome


def _graded(  # noqa: PLR0913, PLR0917  (what a run is made of)
    course: Course,
    assignment: Assignment,
    places: Sequence[Place],
    order: Order,
    engine: Engine,
    outcome: Outcome,
) -> Iterator[Progress]:
    """Grade one assignment's submissions and write what becomes of them; what is as it was is not read."""
    key, ledger = (course_version(course, assignment), order.seed), outcome.ledger
    signatures = {place.student_id: signature_of(place.path) for place in places}
    todo = []
    for place in places:
        as_it_was = ledger.unchanged(place, signatures[place.student_id], key, pages=order.feedback)
        if as_it_was and not order.formats:
            yield Progress(Step.SKIPPED, as_it_was)
        else:
            todo.append(place)
    for progress in engine.grade(assignment, todo, order.seed, partial(finished, order.out)):
        result = progress.result
        path = result_path(order.out, result.assignment, result.student_id)
        if progress.step is Step.GRADED:
            write_result(order.out, result)
        if order.feedback:
            write_feedback(order.out, result, assignment)
        write_exports(order.out, result, assignment, order.formats)
        ledger.add(result, path, signatures[result.student_id])
        yield progress


def write_summaries(course: Course, order: Order, ledger: Ledger) -> None:
    """Write the CSV and the gradebook anew from the results that lie in the scores' folder."""
    write_csv(order.out, course, ledger.results(_unsaid))
    ledger.save()
    if order.gradebook:
        write_gradebook(read_results(order.out, _unsaid), course, order.gradebook)


def _unsaid(_: str) -> None:
    """Of a file that is no result: the closing table's reading says it, once is enough."""
