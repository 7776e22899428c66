"""The formats of the tools around us as they publish them, to read back what we write.

Gradescope: "Autograder Specifications" (its documentation, 2023). Classroom 50: the schema
``result-v1`` and the checks of its runner and collector (2026). JUnit: the XSD ``junit-10`` that
Jenkins' xUnit plugin validates with. All three are written down anew here, from what they allow.
"""

import re
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import xmlschema

JUNIT = xmlschema.XMLSchema(str(Path(__file__).with_name("junit10.xsd")))

Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]
TextFormat = Literal["text", "html", "simple_format", "md", "ansi"]
Whole = Annotated[int, msgspec.Meta(ge=0)]
Named = Annotated[str, msgspec.Meta(min_length=1)]
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ")


class GradescopeTest(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One of ``tests``."""

    name: str
    number: str
    output: str
    tags: list[str]
    visibility: Visibility
    status: Literal["passed", "failed"] | None = None
    score: float | None = None
    max_score: float | None = None
    name_format: TextFormat = "text"
    output_format: TextFormat = "text"
    extra_data: dict = {}


class GradescopeResults(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The whole of ``results.json``."""

    tests: list[GradescopeTest]
    score: float | None = None
    execution_time: float | None = None
    output: str = ""
    output_format: TextFormat = "simple_format"
    test_output_format: TextFormat = "text"
    test_name_format: TextFormat = "text"
    visibility: Visibility = "visible"
    stdout_visibility: Visibility = "hidden"
    extra_data: dict = {}
    leaderboard: list = []

    @property
    def total(self) -> float | None:
        """What Gradescope shows: the score, else the sum of the tests' where there is one."""
        scores = [test.score for test in self.tests if test.score is not None]
        return self.score if self.score is not None else sum(scores) if scores else None

    @property
    def students_see_a_total(self) -> bool:
        """Whether no test is hidden, which would hide the total."""
        return {test.visibility for test in self.tests} == {"visible"} == {self.visibility}


class Classroom50Test(msgspec.Struct, rename="kebab", kw_only=True):
    """One of ``tests``; fields of an autograder's own are kept."""

    test_name: Named
    passed: bool
    score: Whole
    max_score: Whole

    def __post_init__(self):
        if self.score > self.max_score:
            raise ValueError(f"{self.test_name}: {self.score} of {self.max_score}")


class Classroom50(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The whole of ``result.json``, but for what the runner stamps itself."""

    schema: Literal["classroom50/result/v1"]
    classroom: Named
    assignment: Named
    submission: Annotated[str, msgspec.Meta(pattern="^submit/")]
    commit: Named
    release: Named
    review: Named
    datetime: Named
    score: Whole
    max_score: Whole = msgspec.field(name="max-score")
    tests: list[Classroom50Test]
    owner: Named | None = None
    assignment_type: Literal["individual", "group", "team"] | None = None

    def __post_init__(self):
        if self.score > self.max_score or not INSTANT.fullmatch(self.datetime):
            raise ValueError(f"{self.score} of {self.max_score} at {self.datetime}")
