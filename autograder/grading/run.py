"""A grading run: find the submissions, grade what is not graded yet, write scores after every one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path

from autograder.errors import KitError, SubmissionError
from autograder.grading.collecting import survey
from autograder.grading.engine import Engine, Progress, Step
from autograder.grading.handed_in import dated, submission_times
from autograder.grading.reference import course_version
from autograder.grading.result import Result
from autograder.grading.submission import Place
from autograder.registry import Assignment, Course
from autograder.scores.exports import Format, write_exports
from autograder.scores.feedback_files import write_feedback
from autograder.scores.files import (
    finished,
    remove_unfinished,
    write_csv,
    write_result,
)
from autograder.scores.gradebook import warm_up, write_gradebook
from autograder.scores.ledger import Ledger, signature_of
from autograder.scores.roster import Roster, write_absences


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
        file_times: where nothing else says when it was handed in, the time of the files says it.
        roster: who is in the course, None where nobody says it.
    """

    submitted: Path
    out: Path
    assignment: str | None = None
    seed: int = 0
    gradebook: str | None = None
    feedback: bool = True
    formats: tuple[Format, ...] = ()
    file_times: bool = False
    roster: Roster | None = None


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
    if order.gradebook:
        warm_up()
    found = survey(order.submitted, course, order.assignment)
    if not found.places:
        raise SubmissionError(f"{order.submitted}: nothing to grade here")
    begin(len(found.places))
    remove_unfinished(order.out)
    times, faults = submission_times(found.places, from_files=order.file_times)
    outcome = Outcome(Ledger(order.out), left_out=(*found.left_out, *faults))
    by_assignment = sorted(found.places, key=lambda place: place.assignment)
    try:
        for name, places in groupby(by_assignment, key=lambda place: place.assignment):
            asked = _Asked(course, course.assignment(name), order, times)
            for progress in _graded(asked, list(places), engine, outcome.ledger):
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for one assignment; `times` are those at which it was handed in."""

    course: Course
    assignment: Assignment
    order: Order
    times: Mapping[tuple[str, str], datetime]

    def dated(self, result: Result) -> Result:
        """The result with the time at which it was handed in."""
        return dated(result, self.times.get((result.student_id, self.assignment.name)))


def _graded(asked: _Asked, places: Sequence[Place], engine: Engine, ledger: Ledger) -> Iterator[Progress]:
    """Grade one assignment's submissions and write what becomes of them; what is as it was is not read."""
    order, assignment = asked.order, asked.assignment
    key = course_version(asked.course, assignment), order.seed
    signatures = {place.student_id: signature_of(place.path) for place in places}
    todo = []
    for place in places:
        as_it_was = ledger.unchanged(place, signatures[place.student_id], key, pages=order.feedback)
        if as_it_was and not order.formats and asked.dated(as_it_was) == as_it_was:
            yield Progress(Step.SKIPPED, as_it_was)
        else:
            todo.append(place)
    for progress in engine.grade(assignment, todo, order.seed, partial(finished, order.out)):
        result = asked.dated(progress.result)
        _write(order, assignment, result, anew=progress.step is Step.GRADED or result != progress.result)
        ledger.add(result, signatures[result.student_id])
        yield progress


def _write(order: Order, assignment: Assignment, result: Result, *, anew: bool) -> None:
    """Write a result, if it is there `anew`, and what is made of it alone."""
    if anew:
        write_result(order.out, result)
    if order.feedback:
        write_feedback(order.out, result, assignment)
    write_exports(order.out, result, assignment, order.formats)


def write_summaries(course: Course, order: Order, ledger: Ledger) -> None:
    """Write the CSV and the gradebook anew from the results that lie in the scores' folder."""
    results = list(ledger.results(_unsaid))
    write_csv(order.out, course, results)
    ledger.save()
    if order.gradebook:
        write_gradebook(results, course, order.gradebook, order.roster)
    if order.roster:
        write_absences(order.out, order.roster, results)


def _unsaid(_: str) -> None:
    """Of a file that is no result: the closing table's reading says it, once is enough."""
