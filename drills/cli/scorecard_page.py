"""docs/reference/scorecard.md, made from the shapes themselves: `python -m drills.cli.scorecard_page`."""

import ast
import inspect
import sys
from collections.abc import Iterator

from scoring import result

__all__ = ["fields_of", "scorecard_page"]

_SCORECARD = """\
# The scorecard

What `scorecard.json`, `drillroom score --json` and the API say of a drill: one JSON object, a *Scorecard*. It is made
from the log and a rubric and nothing else; [what the score means](../explanation/score.md) has the formulas. This page
is generated from the program by `make docs`.

Names that end in `_s` are seconds. What could not be judged is `null`, and a reason stands beside it.
"""
_FIRST = ("Scorecard", "ComponentScore", "Item", "Lost")


def scorecard_page() -> str:
    """The page about the scorecard, in Markdown."""
    parts = [_SCORECARD]
    for name in dict.fromkeys((*_FIRST, *result.__all__)):
        kind = getattr(result, name)
        parts.append(f"## {name}\n\n{inspect.getdoc(kind)}\n")
        rows = (f"| `{field}` | {meaning} | `{kinds}` |" for field, meaning, kinds in fields_of(kind))
        parts.append("\n".join(["| Key | Meaning | Type |", "| --- | --- | --- |", *rows]) + "\n")
    return "\n".join(parts)


def fields_of(kind: type) -> Iterator[tuple[str, str, str]]:
    """Each field with its docstring, which Python itself does not keep, and its type as it is written."""
    [node] = (one for one in ast.parse(inspect.getsource(kind)).body if isinstance(one, ast.ClassDef))
    for field, after in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            said = after.value if isinstance(after, ast.Expr) else None
            meaning = said.value if isinstance(said, ast.Constant) else ""
            yield field.target.id, " ".join(str(meaning).split()), ast.unparse(field.annotation).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(scorecard_page())
