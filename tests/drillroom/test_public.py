"""What users of Python rely on: the names, their signatures and their types. A change here is a decision.

`python -m tests.drillroom.test_public` writes the listing again; say in the commit why it changed.
"""

import ast
import inspect
import subprocess
import sys
import textwrap
from pathlib import Path

import drillroom
from drillroom import DrillLog
from drillroom.frames import row
from scenarios.base import Model

ROOT = Path(drillroom.__file__).parent.parent
LISTING = Path(__file__).with_name("public.txt")
HEAVY = {"pandas", "numpy", "pydantic", "yaml", "msgspec", "matplotlib", "scenarios", "simulator", "drills", "click"}


def listing() -> str:
    """Each name as its source declares it, so that the listing is the same under every Python."""
    lines = []
    for name in drillroom.__all__:
        thing = getattr(drillroom, name)
        (node,) = ast.parse(textwrap.dedent(inspect.getsource(thing))).body
        if isinstance(node, ast.FunctionDef):
            returns = ast.unparse(node.returns).strip("'") if node.returns is not None else ""
            lines.append(f"{name}({ast.unparse(node.args)}) -> {returns}")
        elif isinstance(node, ast.ClassDef):
            lines.append(f"class {name}({', '.join(base.__name__ for base in thing.__bases__)})")
            if not issubclass(thing, Model):  # what authors write is pinned by its JSON Schema
                lines += [
                    f"    {ast.unparse(field.target)}: {ast.unparse(field.annotation)}"
                    for field in node.body
                    if isinstance(field, ast.AnnAssign)
                ]
    return "\n".join(lines) + "\n"


def test_what_is_public_is_as_it_was() -> None:
    assert listing() == LISTING.read_text(encoding="utf-8")


def test_the_columns_of_a_frame_are_as_they_were(poor_day: DrillLog) -> None:
    assert list(row(poor_day)) == [
        *("drill", "scenario", "protocol", "team", "players", "seed", "start", "severity", "complete"),
        *("score", "uncapped", "reachable", "rating", "caps"),
        *("component_response_time", "component_role_coverage", "component_protocol", "component_communication"),
        *("component_judgement", "component_learning"),
        *("time_to_alert_s", "time_to_acknowledge_s", "time_to_commander_s", "time_to_first_message_s"),
        *("time_to_fix_s", "time_to_resolve_s", "longest_silence_s"),
        *("mode", "hints", "interventions", "paused_s", "skipped_s"),
    ]


def test_every_public_name_is_documented_and_says_what_it_is() -> None:
    page = (ROOT / "docs/reference/python.md").read_text(encoding="utf-8")
    missing = [name for name in drillroom.__all__ if f"`{name}" not in page]
    assert missing == []
    assert [name for name in drillroom.__all__ if not getattr(drillroom, name).__doc__] == []
    assert dir(drillroom) == sorted([*drillroom.__all__, "__version__"])
    assert set(drillroom._HOMES) == set(drillroom.__all__) - {"ForeignPackageError"}


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import drillroom, sys; print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert set(out.split()) & HEAVY == set()


if __name__ == "__main__":
    LISTING.write_text(listing(), encoding="utf-8")
