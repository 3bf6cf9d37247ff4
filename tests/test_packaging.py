"""What is installed: every file that the program reads ships with it, and every library that it uses is declared."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import drills
from drills.cli.doctor import MODULES

ROOT = Path(drills.__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WHEEL = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
PACKAGES: list[str] = WHEEL["packages"]
PARTS = {"pydantic_core": "pydantic"}
"""What comes with another module, which asks for just the version that it needs."""
EXTRAS = {"pandas": "pandas", "weasyprint": "pdf"}
"""Modules that only some commands need, and by which name they are installed."""


def test_the_wheel_takes_whole_packages() -> None:
    """All files of a package ship, whatever their kind, as long as nothing is said of which do."""
    assert set(WHEEL) == {"packages"}
    assert set(PROJECT["tool"]["hatch"]["build"]["targets"]) == {"wheel"}
    assert set(PROJECT["tool"]["hatch"]["build"]) == {"targets"}
    parents = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert set(PACKAGES) == parents


def test_nothing_of_a_package_is_left_out_as_ignored() -> None:
    """What .gitignore names is not put into the wheel, though git may track it."""
    asked = ["git", "ls-files", "--cached", "--ignored", "--exclude-standard", "--", *PACKAGES]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("needs a checkout")
    assert listed.stdout.splitlines() == []


def test_each_library_that_is_used_is_asked_for_and_no_other() -> None:
    used = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    used |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    used.add(node.module.split(".")[0])
    used = {PARTS.get(name, name) for name in used} - sys.stdlib_module_names - set(PACKAGES)
    by_name = {"tzdata"}  # zoneinfo looks for it itself
    assert used - set(EXTRAS) == set(MODULES.values()) - by_name
    for module, extra in EXTRAS.items():
        asked = PROJECT["project"]["optional-dependencies"][extra]
        assert module in {re.split(r"[<>=\[]", one)[0] for one in asked}
