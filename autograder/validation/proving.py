"""Runs the proofs of one assignment, one after the other, on one pool of warm workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from autograder.registry import Assignment, Course
from autograder.validation import knockout, mutation, solutions, wrong
from autograder.validation.equivalents import load
from autograder.validation.mutants import Mutant, mutants
from autograder.validation.pool import Outcome, Pool, Stopwatch, Trial
from autograder.validation.record import AssignmentProof, Mutation, WrongSolution


class Proof(StrEnum):
    """The proofs, in the order in which they are run."""

    WRONG = "wrong solutions"
    KNOCK_OUT = "knock-out"
    MUTATION = "mutants"
    SOLUTIONS = "solutions and stubs"


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


def prove(
    course: Course,
    assignment: Assignment,
    plan: Plan,
    begin: Callable[[Proof, int], None],
    advance: Callable[[], None],
) -> AssignmentProof:
    """Prove one assignment.

    Args:
        begin: called with each proof and how many submissions it takes.
        advance: called after each submission.

    Raises:
        KitError: the course cannot be graded at all, or mutmut is asked for and not installed.
    """
    watch, outcomes, made = Stopwatch(), {}, None
    equivalents, changed = load(course, assignment), mutants(assignment) if plan.mutants else []
    trials = _trials(course, assignment, plan, changed)
    with Pool(course, assignment, plan.workers) as pool:
        for proof, of_proof in trials.items():
            begin(proof, len(of_proof))
            outcomes[proof] = pool.outcomes(of_proof, advance)
            watch.lap(proof)
    if plan.mutants:
        made = mutation.judged(assignment, changed, equivalents, outcomes[Proof.MUTATION])
    return _record(assignment, outcomes, made, watch.seconds)


def _trials(
    course: Course, assignment: Assignment, plan: Plan, changed: Sequence[Mutant]
) -> dict[Proof, list[Trial]]:
    trials = {
        Proof.WRONG: wrong.trials(course, assignment),
        Proof.KNOCK_OUT: knockout.trials(assignment),
        Proof.MUTATION: mutation.trials(assignment, changed),
        Proof.SOLUTIONS: solutions.trials(assignment, plan.seeds),
    }
    return {proof: found for proof, found in trials.items() if plan.mutants or proof is not Proof.MUTATION}


def _record(
    assignment: Assignment,
    outcomes: Mapping[Proof, Sequence[Outcome]],
    made: Mutation | None,
    seconds: Mapping[str, float],
) -> AssignmentProof:
    of_solutions = solutions.judged(assignment, outcomes[Proof.SOLUTIONS])
    of_wrong = wrong.judged(assignment, outcomes[Proof.WRONG])
    of_knock_out = knockout.judged(assignment, outcomes[Proof.KNOCK_OUT])
    faults = [fault for one in (of_wrong, of_knock_out) for part in one for fault in part.faults]
    return AssignmentProof(
        assignment=assignment.name,
        title=assignment.title,
        tasks={task.id: task.title for task in assignment.tasks},
        solutions=of_solutions,
        wrong=of_wrong,
        points_leaked=round(sum(one.leaked for one in of_wrong), 2),
        points_kept=round(sum(one.leaks_in_own_tree for one in of_wrong), 2),
        knock_out=of_knock_out,
        mutation=made,
        idle=_idle(outcomes[Proof.SOLUTIONS][0], of_wrong, made),
        seconds=dict(seconds),
        faults=(
            *of_solutions.faults,
            *faults,
            *wrong.undiagnosed(assignment, of_wrong),
            *(made.faults if made else ()),
        ),
    )


def _idle(
    stub: Outcome, of_wrong: Sequence[WrongSolution], made: Mutation | None
) -> dict[str, tuple[str, ...]]:
    """For each task, the tests on its stub that caught nothing else."""
    caught = {(one.task, name) for one in of_wrong for name in one.failed}
    caught |= {(task.task, name) for task in (made.tasks if made else ()) for name in task.killers}
    return {
        score.task: tuple(test.name for test in score.tests if (score.task, test.name) not in caught)
        for score in stub.tasks
    }
