"""Runs the proofs of one assignment, one after the other, on one pool of warm workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from autograder.registry import Assignment, Course
from autograder.validation import knockout, mutation, solutions, wrong
from autograder.validation.equivalents import load
from autograder.validation.mutants import mutants
from autograder.validation.pool import Outcome, Pool, Stopwatch, Trial
from autograder.validation.record import AssignmentProof, Mutation


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for.

    Attributes:
        seeds: how many seeds the reference is graded with.
        mutants: whether the mutants are graded too.
        workers: how many submissions are graded at once.
    """

    seeds: int
    mutants: bool = False
    workers: int = 1


Grade = Callable[[str, Sequence[Trial]], list[Outcome]]


def prove(
    course: Course,
    assignment: Assignment,
    plan: Plan,
    begin: Callable[[str, int], None],
    advance: Callable[[], None],
) -> AssignmentProof:
    """Prove one assignment.

    Args:
        begin: called with the name of each proof and how many submissions it takes.
        advance: called after each submission.

    Raises:
        KitError: the course cannot be graded at all, or mutmut is asked for and not installed.
    """
    watch = Stopwatch()
    with Pool(course, assignment, plan.workers) as pool:

        def grade(name: str, trials: Sequence[Trial]) -> list[Outcome]:
            begin(name, len(trials))
            outcomes = pool.outcomes(trials, advance)
            watch.lap(name)
            return outcomes

        about_wrong = wrong.judged(assignment, grade("wrong solutions", wrong.trials(course, assignment)))
        knock_out = knockout.judged(assignment, grade("knock-out", knockout.trials(assignment)))
        about_mutants = _mutation(course, assignment, grade) if plan.mutants else None
        of_solutions = grade("solutions and stubs", solutions.trials(assignment, plan.seeds))
        about_solutions = solutions.judged(assignment, of_solutions)
    faults = [
        about_solutions.faults,
        *(one.faults for one in about_wrong),
        *(one.faults for one in knock_out),
    ]
    faults += [about_mutants.faults] if about_mutants else []
    return AssignmentProof(
        assignment=assignment.name,
        title=assignment.title,
        tasks={task.id: task.title for task in assignment.tasks},
        solutions=about_solutions,
        wrong=about_wrong,
        points_leaked=round(sum(one.leaked for one in about_wrong), 2),
        knock_out=knock_out,
        mutation=about_mutants,
        seconds=watch.seconds,
        faults=tuple(chain.from_iterable(faults)),
    )


def _mutation(course: Course, assignment: Assignment, grade: Grade) -> Mutation:
    equivalents, found = load(course, assignment), mutants(assignment)
    outcomes = grade("mutants", mutation.trials(assignment, found))
    return mutation.judged(assignment, found, equivalents, outcomes)
