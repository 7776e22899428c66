"""The outcomes as JUnit's XML, a suite a task; written even where Python was brought down."""

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
    root = ET.Element("testsuites", name="autograder check")
    root.extend(map(_suite, reports))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); choose another --junit") from error


def _suite(report: TaskReport) -> ET.Element:
    task, outcomes = report.task, [outcome for _, outcome in report.tests]
    errors = sum(outcome.status is Status.ERROR for outcome in outcomes)
    wrong = sum(outcome.status is not Status.PASSED for outcome in outcomes) - errors
    suite = ET.Element("testsuite", name=f"{task.id} {task.title}", tests=str(len(outcomes)), skipped="0")
    suite.attrib |= {"failures": str(wrong), "errors": str(errors)}
    suite.set("time", f"{sum(outcome.duration_s for outcome in outcomes):.3f}")
    properties = ET.SubElement(suite, "properties")
    # (a case may have no properties: Jenkins' schema knows them for suites alone)
    for name, value in {"task": task.id, "status": report.status.value, "points": f"{task.points:g}"}.items():
        ET.SubElement(properties, "property", name=name, value=value)
    suite.extend(_case(*parts) for parts in report.tests)
    return suite


def _case(test: Test, outcome: Outcome) -> ET.Element:
    module = test.node.partition("::")[0].removesuffix(".py").replace("/", ".")
    case = ET.Element("testcase", classname=module, name=test.name, time=f"{outcome.duration_s:.3f}")
    if outcome.status is not Status.PASSED:
        message = CONTROL.sub("?", outcome.message)
        kind = "error" if outcome.status is Status.ERROR else "failure"
        ET.SubElement(case, kind, message=message, type=outcome.status.value).text = message
    return case
