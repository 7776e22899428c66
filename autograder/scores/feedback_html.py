"""A student's feedback as one HTML file, complete in itself: no script, no link, no other file.

It is built as a tree, so that every text is escaped when it is written out.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from importlib import resources

from autograder.grading.result import Status
from autograder.scores.feedback import Check, Page, Problem, TaskPage

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Even a browser's own rules let nothing but the style sheet in."""

_UNSHOWABLE = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STYLE = resources.files("autograder.scores").joinpath("feedback.css").read_text(encoding="utf-8")


def html(page: Page) -> str:
    """The page."""
    root = ET.Element("html", lang="en")
    head = _add(root, "head")
    _add(head, "meta", charset="utf-8")
    _add(head, "meta", **{"http-equiv": "Content-Security-Policy", "content": POLICY})
    _add(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _add(head, "title", f"{page.title}: {page.student}")
    _add(head, "style", _STYLE)
    main = _add(_add(root, "body"), "main")
    _summary(main, page)
    for task in page.tasks:
        _task(_add(main, "section", **{"class": task.status.value, "id": task.task}), task)
    if page.written:
        written = _add(main, "section")
        _add(written, "h2", "Answers in words")
        _items(written, page.written)
    _add(main, "footer", f"Graded from {page.made_from}.")
    return f"<!DOCTYPE html>\n{ET.tostring(root, encoding='unicode', method='html')}\n"


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """A new element at the end of `parent`."""
    element = ET.SubElement(parent, tag, attributes)
    element.text = _UNSHOWABLE.sub("?", text)
    return element


def _items(parent: ET.Element, lines: tuple[str, ...]) -> None:
    listed = _add(parent, "ul")
    for line in lines:
        _add(listed, "li", line)


def _summary(main: ET.Element, page: Page) -> None:
    header = _add(main, "header")
    _add(header, "h1", page.title)
    said = _add(header, "p", f"{page.student}: ")
    _add(said, "strong", f"{page.points} points")
    if page.notes:
        _items(header, page.notes)
    table = _add(header, "table")
    for task in page.tasks:
        row = _add(table, "tr", **{"class": task.status.value})
        _add(_add(row, "td"), "a", task.task, href=f"#{task.task}")
        _add(row, "td", task.title)
        _add(_add(row, "td"), "span", task.word, **{"class": "status"})
        bar = _add(_add(row, "td"), "span", **{"class": "bar"})
        _add(bar, "span", style=f"width: {100 * task.share:.0f}%")
        _add(row, "td", task.points, **{"class": "points"})


def _task(section: ET.Element, task: TaskPage) -> None:
    heading = _add(section, "h2", f"{task.task} {task.title} ")
    _add(heading, "span", task.word, **{"class": "status"})
    _add(heading, "span", f"{task.points} points", **{"class": "points"})
    for problem in task.problems:
        _problem(section, problem)
    if task.more:
        _add(section, "p", task.further)
    if task.hidden_problems:
        box = _add(section, "div", **{"class": "found"})
        _add(box, "p", "Hidden tests that did not pass:")
        _items(box, task.hidden_problems)
    facts = [("Likely", task.likely), ("In your own tree", task.broken_by), ("Hint", task.hint)]
    told = _add(section, "dl")
    for name, text in facts:
        if text:
            _add(told, "dt", name)
            _add(told, "dd", text)
    if task.status is not Status.PASSED:
        _add(told, "dt", "Read")
        _add(_add(told, "dd"), "code", task.read)
        _add(told, "dt", "Run just this")
        for command in task.run:
            _add(_add(told, "dd"), "code", command)
    if not len(told):
        section.remove(told)
    _checks(section, task)


def _problem(section: ET.Element, problem: Problem) -> None:
    box = _add(section, "div", **{"class": "found"})
    if problem.by:
        _add(box, "p", f"Found by the test: {problem.by}")
    _add(box, "pre", problem.found)


def _checks(section: ET.Element, task: TaskPage) -> None:
    details = _add(section, "details")
    if task.status not in (Status.PASSED, Status.TODO):
        details.set("open", "open")
    _add(details, "summary", "What was checked")
    listed = _add(details, "ul", **{"class": "checks"})
    for check in task.checks:
        _check(listed, check)
    if task.hidden:
        kind = "yes" if task.hidden == task.hidden_passed else "no"
        said = f"hidden tests: {task.hidden_passed} of {task.hidden} passed"
        _add(listed, "li", said, **{"class": kind})


def _check(listed: ET.Element, check: Check) -> None:
    count = f" ({len(check.cases)} cases)" if len(check.cases) > 1 else ""
    wrong = check.wrong_cases
    item = _add(listed, "li", f"{check.words}{count}{': not for ' if wrong else ''}")
    item.set("class", "yes" if check.passed else "no")
    for case in wrong:
        code = _add(item, "code", case)
        code.tail = ", " if case is not wrong[-1] else ""
