"""Texts that a `#` cuts short: to YAML it begins a comment, and to its author it was part of the text."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from scenarios.model_keys import takes_text
from scenarios.problem import Problem, quoted
from scenarios.source import Source

__all__ = ["check_comments"]

_HINT = "put the whole text in quotes; a comment has a space after its #"


def check_comments(source: Source, models: Sequence[type[BaseModel]]) -> Iterator[Problem]:
    """No text loses its end, such as `Ticket #12 is open`; `models` are those that the file may be read as."""
    for path, left, lost, (line, column) in source.cut_texts():
        if " " in left or any(takes_text(model, path) for model in models):
            kept = f"of this text only {quoted(left)} is kept" if left else "nothing of this text is kept"
            yield Problem(source.file, line, column, f"{kept}: {quoted(lost)} is read as a comment", _HINT, "warning")
