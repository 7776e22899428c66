"""A handout in the pieces that a notebook's Markdown cells are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HEADING = re.compile(r"(#{1,3}) (.+)")
# A section of every handout begins with which files are handed in, which is not so for a notebook.
_FILES = re.compile(r"\A## What you hand in\n\nExactly [^\n]*(?:\n[^\n]+)*\n\n")
_CHECK = re.compile(r"^\*\*Check\*\*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the handout with a heading of its own.

    Attributes:
        slug: the heading as the target of a link, as GitHub makes it.
        anchor: the same as Jupyter makes it.
        text: the heading and all up to the next one.
    """

    slug: str
    anchor: str
    text: str

    def around_check(self) -> tuple[str, str]:
        """What is read before the cells of a task, and after: from where it says how to check them."""
        found = _CHECK.search(self.text)
        at = found.start() if found else len(self.text)
        return self.text[:at].rstrip(), self.text[at:].strip()


def sections(handout: str, folder: str) -> list[Section]:
    """The handout's sections, in order.

    Args:
        folder: the assignment's, as the notebook reaches it; pictures are shown from there.
    """
    cut: list[list[str]] = [[]]
    fenced = False
    for line in handout.splitlines():
        fenced ^= line.startswith("```")
        if not fenced and _HEADING.match(line) and cut[-1]:
            cut.append([])
        cut[-1].append(line)
    found = [_section(lines) for lines in cut]
    anchors = {section.slug: section.anchor for section in found}
    return [Section(s.slug, s.anchor, _relinked(s.text, anchors, folder)) for s in found]


def _section(lines: Sequence[str]) -> Section:
    heading = _HEADING.match(lines[0])
    title = heading[2].strip() if heading else ""
    slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
    return Section(slug, title.replace(" ", "-"), "\n".join(lines).strip())


def _relinked(text: str, anchors: dict[str, str], folder: str) -> str:
    """The text with links to headings, and pictures, that lead somewhere from a notebook."""
    text = _FILES.sub("## What you write\n\n", text)
    linked = re.sub(r"\]\(#([\w-]+)\)", lambda found: f"](#{anchors.get(found[1], found[1])})", text)
    return re.sub(r"\]\(figures/", f"]({folder}/figures/", linked)
