"""The outcomes as JUnit's XML, in pytest's shape; written even where Python was brought down."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

from autograder.checking.events import Outcome, Status, Test
from autograder.checking.report import TaskReport
from autograder.errors import OutputError

CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(path: Path, reports: Sequence[TaskReport]) -> None:
    """Write the outcomes of all tasks to `path`.

    Raises:
        OutputError: it cannot be written.
    """
    cases = {test.node: (report, test, outcome) for report in reports for test, outcome in report.tests}
    outcomes = [outcome for _, _, outcome in cases.values()]
    errors = sum(outcome.status is Status.ERROR for outcome in outcomes)
    suite = ET.Element("testsuite", name="autograder check", skipped="0", errors=str(errors))
    suite.set("failures", str(sum(o.status is not Status.PASSED for o in outcomes) - errors))
    suite.set("tests", str(len(outcomes)))
    suite.set("time", f"{sum(outcome.duration_s for outcome in outcomes):.3f}")
    suite.extend(_case(*parts) for parts in cases.values())
    root = ET.Element("testsuites", name="autograder check")
    root.append(suite)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); choose another --junit") from error


def _case(report: TaskReport, test: Test, outcome: Outcome) -> ET.Element:
    module = test.node.partition("::")[0].removesuffix(".py").replace("/", ".")
    case = ET.Element("testcase", classname=module, name=test.name, time=f"{outcome.duration_s:.3f}")
    properties = ET.SubElement(case, "properties")
    ET.SubElement(properties, "property", name="task", value=report.task.id)
    if outcome.status is not Status.PASSED:
        message = CONTROL.sub("?", outcome.message)
        kind = "error" if outcome.status is Status.ERROR else "failure"
        fault = ET.SubElement(case, kind, message=message, type=outcome.status.value)
        fault.text = message
    return case
