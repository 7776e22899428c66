"""A result as JUnit's XML, in pytest's shape: a suite a task, with its points as properties."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from autograder.grading.result import Result, Status, TaskScore, TestOutcome

_UNSHOWABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(result: Result) -> str:
    """The document; a task or test that our own fault kept from being graded is an error, no failure."""
    root = ET.Element("testsuites", name=f"{result.assignment}: {result.student_id}")
    for task in result.tasks:
        root.append(_suite(result.assignment, task))
    return f"<?xml version='1.0' encoding='utf-8'?>\n{ET.tostring(root, encoding='unicode')}\n"


def _suite(assignment: str, task: TaskScore) -> ET.Element:
    errors = sum(test.status is Status.ERROR for test in task.tests)
    wrong = sum(test.status is not Status.PASSED for test in task.tests) - errors
    suite = ET.Element("testsuite", name=f"{task.task} {task.title}", tests=str(len(task.tests)))
    suite.attrib |= {"failures": str(wrong), "errors": str(errors), "skipped": "0"}
    points = {} if task.score is None else {"score": f"{task.score:g}"}
    properties = ET.SubElement(suite, "properties")
    for name, value in {"task": task.task, **points, "max_score": f"{task.max_score:g}"}.items():
        ET.SubElement(properties, "property", name=name, value=value)
    suite.extend(_case(f"{assignment}.{task.task}", test) for test in task.tests)
    return suite


def _case(place: str, test: TestOutcome) -> ET.Element:
    case = ET.Element("testcase", classname=place, name=_UNSHOWABLE.sub("?", test.name))
    if test.status is not Status.PASSED:
        message = _UNSHOWABLE.sub("?", test.message)
        kind = "error" if test.status is Status.ERROR else "failure"
        ET.SubElement(case, kind, message=message, type=test.status.value).text = message
    return case
