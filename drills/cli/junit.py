"""Results as JUnit XML, the form in which CI servers read what was checked and what failed."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.etree import ElementTree as Tree  # written here, and never read

__all__ = ["Case", "junit"]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML file may hold, not even escaped."""


class Case(NamedTuple):
    """One thing that was checked."""

    group: str
    """What it belongs to, such as the file."""
    name: str
    """What was checked."""
    failures: Sequence[str] = ()
    """Why it failed; nothing if it passed."""
    notes: Sequence[str] = ()
    """What else is to be said."""
    seconds: float = 0.0
    """How long it took."""
    file: str = ""
    """The file that it is about."""


def junit(suite: str, cases: Iterable[Case]) -> bytes:
    """The cases as a file."""
    cases = list(cases)
    failed = sum(bool(case.failures) for case in cases)
    whole = Tree.Element("testsuites")
    above = Tree.SubElement(
        whole, "testsuite", name=suite, tests=str(len(cases)), failures=str(failed), errors="0", skipped="0",
        time=f"{sum(case.seconds for case in cases):.3f}",
    )  # fmt: skip
    for case in cases:
        one = Tree.SubElement(
            above, "testcase", classname=_safe(case.group), name=_safe(case.name), time=f"{case.seconds:.3f}"
        )
        if case.file:
            one.set("file", _safe(case.file))
        if case.failures:
            first, count = case.failures[0], len(case.failures)
            short = first if count == 1 else f"{first}; and {count - 1} more"
            Tree.SubElement(one, "failure", message=_safe(short)).text = _safe("\n".join(case.failures))
        if case.notes:
            Tree.SubElement(one, "system-out").text = _safe("\n".join(case.notes))
    Tree.indent(whole)
    data: bytes = Tree.tostring(whole, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _safe(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
