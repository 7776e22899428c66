"""What the proofs found: the one record that the page, the table and the JSON are made from."""

from __future__ import annotations

import msgspec

SCHEMA = "autograder/validation/v1"


class Solutions(msgspec.Struct, frozen=True, kw_only=True):
    """What the reference and the stubs earned.

    Attributes:
        seeds: how many seeds the reference was graded with, from 0 upwards.
        full_marks: for how many of them it earned full marks.
        stub_points: what the stubs earned; must be 0.
        stub_tests: how many tests were run on the stubs.
        stub_own: how many of them said that their own task is still to do.
        stub_needs: how many said so of a task that theirs needs.
        faults: what must not be, a line each.
    """

    seeds: int
    full_marks: int
    stub_points: float
    stub_tests: int
    stub_own: int
    stub_needs: int
    faults: tuple[str, ...]


class WrongSolution(msgspec.Struct, frozen=True, kw_only=True):
    """What one known mistake cost.

    Attributes:
        says: the mistake, as the file's docstring begins.
        lost: points lost in its own task, out of `points`.
        leaked: points lost in all other tasks; must be 0.
        leaks_in_own_tree: points that it would cost there if the reference stood in for no module.
        failed: names of its own task's tests that did not pass.
        diagnosed: the mistake whose hint a submission with the same failures gets, "" for none.
    """

    task: str
    mistake: str
    says: str
    lost: float
    points: float
    leaked: float
    leaks_in_own_tree: float
    failed: tuple[str, ...]
    diagnosed: str
    faults: tuple[str, ...]


class KnockOut(msgspec.Struct, frozen=True, kw_only=True):
    """What one task taken out of a solved tree broke, with no reference to stand in for it.

    Attributes:
        task: the task that was a stub.
        failed: for each task, how many of its tests did not pass.
        tests: for each task, how many it has.
        declared: the other tasks whose ``needs`` lead to this one.
        found: the other tasks of which a test did not pass.
    """

    task: str
    failed: dict[str, int]
    tests: dict[str, int]
    declared: tuple[str, ...]
    found: tuple[str, ...]
    faults: tuple[str, ...]


class Survivor(msgspec.Struct, frozen=True, kw_only=True):
    """A mutant that no test of its task told from the solution.

    Attributes:
        file: the solution's file within the course.
        line: where the change begins, counted from 1.
        where: the function that holds it, ``Class.method``.
        before: the lines that were changed, without their indentation.
        after: what they became.
        diff: the change as a unified diff.
        note: why a test could not even decide, "" where all passed.
        reason: why it is equivalent, "" where nobody has said so.
    """

    task: str
    file: str
    line: int
    where: str
    before: str
    after: str
    diff: str
    note: str = ""
    reason: str = ""


class TaskMutants(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one task's mutants.

    Attributes:
        killed: how many failed a test of the task.
        timeouts: how many of those failed it by not answering in time.
        equivalent: survivors that were reviewed, each with its reason.
        survivors: those that nobody has explained.
        killers: how many mutants each test was the first to fail.
    """

    task: str
    mutants: int
    killed: int
    timeouts: int
    equivalent: tuple[Survivor, ...]
    survivors: tuple[Survivor, ...]
    killers: dict[str, int]

    @property
    def share(self) -> float:
        """The share killed of the mutants that could be, from 0 to 1."""
        distinct = self.mutants - len(self.equivalent)
        return self.killed / distinct if distinct else 1.0


class Mutation(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an assignment's mutants.

    Attributes:
        tool: whose operators made them, with its version.
    """

    tool: str
    tasks: tuple[TaskMutants, ...]
    faults: tuple[str, ...]

    @property
    def mutants(self) -> int:
        """How many there were."""
        return sum(task.mutants for task in self.tasks)

    @property
    def killed(self) -> int:
        """How many failed a test."""
        return sum(task.killed for task in self.tasks)

    @property
    def equivalent(self) -> tuple[Survivor, ...]:
        """The reviewed survivors of all tasks."""
        return tuple(survivor for task in self.tasks for survivor in task.equivalent)

    @property
    def survivors(self) -> tuple[Survivor, ...]:
        """The unexplained survivors of all tasks."""
        return tuple(survivor for task in self.tasks for survivor in task.survivors)


class AssignmentProof(msgspec.Struct, frozen=True, kw_only=True):
    """All that was found of one assignment.

    Attributes:
        points_leaked: what all wrong solutions together lost outside their own tasks; must be 0.
        points_kept: what they would have lost there if the reference stood in for no module.
        mutation: None where mutants were not asked for.
        idle: for each task, its tests that no wrong solution failed and no mutant failed first.
        seconds: wall clock, by proof.
    """

    assignment: str
    title: str
    tasks: dict[str, str]
    solutions: Solutions
    wrong: tuple[WrongSolution, ...]
    points_leaked: float
    points_kept: float
    knock_out: tuple[KnockOut, ...]
    mutation: Mutation | None
    idle: dict[str, tuple[str, ...]]
    seconds: dict[str, float]
    faults: tuple[str, ...]


class Validation(msgspec.Struct, frozen=True, kw_only=True):
    """A run of ``autograder validate``.

    Attributes:
        holds: whether there is no fault anywhere.
        workers: how many submissions were graded at once.
        seconds: wall clock of the whole run.
        started: UTC, ISO 8601.
    """

    schema: str = SCHEMA
    kit: str
    started: str
    workers: int
    seconds: float
    holds: bool
    assignments: tuple[AssignmentProof, ...]
