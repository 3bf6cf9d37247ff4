"""Attachments: each is there, is what its name says, and is not too large; no two are called the same."""

from collections.abc import Iterator

from scenarios.attachments import MOST_IN_ALL, UnusableError, read_file
from scenarios.checks.base import Subject, finding
from scenarios.problem import Problem
from scenarios.workspace import workspace

__all__ = ["CHECKS"]


def _files(subject: Subject) -> Iterator[Problem]:
    path = subject.source.path
    root = workspace(path.absolute().parent) if path is not None else None
    sizes: dict[str, int] = {}
    said = False
    for place, one in subject.scenario.attachments:
        try:
            content = read_file(one.file, path, root)
        except UnusableError as error:
            yield finding(subject.source, place, error.message, error.hint)
            continue
        sizes[content.sha256] = len(content.data)
        if sum(sizes.values()) > MOST_IN_ALL and not said:
            said = True
            message = f"up to here the attachments have {sum(sizes.values()) / 1e6:.1f} MB"
            hint = f"a scenario has at most {MOST_IN_ALL / 1e6:g} MB of them"
            yield finding(subject.source, place, message, hint)


CHECKS = (_files,)
