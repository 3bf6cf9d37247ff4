"""The rules of the house: the direction of imports, who imports what, and documents that match the code."""

import ast
import inspect
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import drills
from drills.cli.commands import COMMANDS
from drills.cli.commands_page import commands_page
from drills.cli.files_page import files_page
from drills.cli.library_page import library_page
from drills.cli.scorecard_page import scorecard_page
from drills.planning.materials import version
from scenarios.lint import lint
from scenarios.load import MODELS
from simulator.fields import typed_in
from simulator.kinds import EVENTS
from simulator.log import DrillLog, Sealer

ROOT = Path(drills.__file__).parent.parent
ORDER = ["scenarios", "simulator", "scoring", "reports", "drills", "drillroom"]
ROOMS = ["guidance", "planning", "records", "live", "channels", "web", "cli"]
"""The rooms of `drills`, each of which imports only those before it; what lies beside them is for all."""
HOMES: dict[str, str | tuple[str, ...]] = {
    "yaml": "scenarios/source.py",
    "matplotlib": "reports/charts/",
    "click": "drills/cli/",
    "openpyxl": ("scenarios/sheets/workbook.py", "reports/spreadsheet.py"),
    "distributed": "drills/planning/calibration/cluster.py",
    "numpy": ("scoring/statistics/", "scoring/history/"),
    "pandas": "drillroom/frames.py",
    "pyarrow": "reports/history_export.py",
}
HIGHEST_FILE = 500
"""Lines. The two longest are lists of events and of acts, which one looks things up in."""


@cache
def modules() -> list[tuple[str, ast.Module]]:
    return [
        (path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for package in ORDER
        for path in sorted((ROOT / package).rglob("*.py"))
    ]


@pytest.fixture(scope="module", autouse=True)
def trees_are_kept_for_these_tests_alone() -> Iterator[None]:
    yield
    modules.cache_clear()


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_each_package_imports_only_what_stands_to_its_left() -> None:
    wrong = [
        (name, target)
        for name, tree in modules()
        for target in imports(tree)
        if target.split(".")[0] in ORDER and ORDER.index(target.split(".")[0]) > ORDER.index(name.split("/")[0])
    ]
    assert wrong == []


def room_of(module: str) -> int:
    """The place of a module's room in `drills`; before all of them for what lies in none."""
    parts = module.split(".")
    return ROOMS.index(parts[1]) if len(parts) > 1 and parts[1] in ROOMS else -1


def test_each_room_of_drills_imports_only_those_before_it() -> None:
    wrong = [
        (name, target)
        for name, tree in modules()
        if name.startswith("drills/")
        for target in imports(tree)
        if target.startswith("drills.") and room_of(target) > room_of(name.removesuffix(".py").replace("/", "."))
    ]
    assert wrong == []


def test_every_folder_of_drills_is_one_of_its_rooms() -> None:
    found = {path.name for path in (ROOT / "drills").iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert found == set(ROOMS)


VAGUE = re.compile(r"(?:words?|wording|texts?|utils?|helpers?|misc|stuff|things|\w+(?:ing|ed))")
"""What says nothing of what a module does in the field's terms: a participle, or a word for any words at all."""
ALLOWED = {"feed", "texts", "learning", "matching", "rendering", "standing", "timing", "training", "understanding"}
"""Nouns of the field that merely end like participles; `texts` are what lies beside a log as texts.json."""


def test_no_module_is_named_for_a_participle_or_for_words() -> None:
    vague = {stem for name, _ in modules() if VAGUE.fullmatch(stem := Path(name).stem)}
    assert sorted(vague - ALLOWED) == []
    assert sorted(ALLOWED - vague) == [], "allowed, and no module is called so"


def test_no_module_imports_itself_through_others() -> None:
    known = {name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): tree for name, tree in modules()}
    edges = {
        name: {target for target in imports(tree) if target in known and target != name} for name, tree in known.items()
    }
    # A package's __init__ gathers its modules, and importing a module runs it: that alone is no circle.
    edges = {name: {t for t in targets if not name.startswith(t + ".")} for name, targets in edges.items()}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join([*path[path.index(name) :], name])
        if name not in done:
            for target in sorted(edges[name]):
                visit(target, (*path, name))
            done.add(name)

    for name in edges:
        visit(name, ())


def test_some_libraries_have_one_home() -> None:
    wrong = [
        (name, target)
        for name, tree in modules()
        for target in imports(tree)
        if not name.startswith(HOMES.get(target.split(".")[0], ""))
    ]
    assert wrong == []


def test_words_are_read_where_they_are_typed_and_nowhere_else() -> None:
    """What they mean stands in the event, so that no fold and no score depends on a library, or on a text at all."""
    readers = {name for name, tree in modules() if "simulator.matching" in set(imports(tree))}
    assert readers == {"simulator/rules.py", "simulator/upgrade.py", "drills/guidance/advice.py"}
    alike = {name for name, tree in modules() if "rapidfuzz" in set(imports(tree))}
    assert alike == {"simulator/matching.py", "scenarios/problem.py"}  # the other says what was meant instead


_FOLDS = (
    "scoring/",
    "simulator/state.py",
    "simulator/folds.py",
    "simulator/phases.py",
    "simulator/conditions.py",
    "simulator/customers.py",
    "simulator/signals.py",
)
_TEXTS = {name for kind in EVENTS for name in typed_in(kind)} - {"reason", "summary"}


def test_folds_and_scores_look_only_whether_a_text_is_there() -> None:
    """Every place in which they touch a field that somebody types, or one of its name: a new one is a decision."""
    found = {
        (name, ast.unparse(node))
        for name, tree in modules()
        if name.startswith(_FOLDS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in _TEXTS
    }
    assert found == {
        ("scoring/components/protocol.py", "alert.topic"),  # whether it is there
        ("scoring/components/protocol.py", "event.topic"),
        ("scoring/facts.py", "event.text"),
        ("scoring/components/learning.py", "last.solution"),
        ("scoring/components/learning.py", "last.who_impacted"),
        ("scoring/components/learning.py", "last.how_impacted"),
        ("scoring/components/learning.py", "one.learnings"),
        ("scoring/components/learning.py", "action.text"),
        ("scoring/own_ledger.py", "line.item"),  # of the scorecard
        ("scoring/ledger.py", "one.item"),
        ("scoring/calibration/counts.py", "line.item"),
        ("scoring/whatif.py", "line.item"),
        *(("scoring/told.py", f"{one}.item") for one in ("item", "one", "one.line", "self.line")),
        ("scoring/remedies/common.py", "hands.facts.scenario.topic"),  # of the scenario
        ("scoring/remedies/fix_and_papers.py", "one.learnings"),  # whether it is there
        *(
            ("scoring/remedies/fix_and_papers.py", f"filed[-1].{one}")
            for one in ("solution", "who_impacted", "how_impacted")
        ),
        ("simulator/customers.py", "text.sender"),  # what the program wrote
        ("simulator/customers.py", "text.text"),
    }


def test_only_a_rehearsal_is_sealed_with_salts_that_follow_from_its_seed() -> None:
    """In the database salts are random; with these, what somebody typed could be guessed from its digest."""
    wanted = {"repeating", "reproducible"}
    named = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if wanted & {getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "name", "")}
    }
    assert named == {"simulator/seal.py", "simulator/log.py", "drills/planning/rehearsal.py"}
    for function in (DrillLog.seal, Sealer):
        assert inspect.signature(function).parameters["salt"].default is inspect.Parameter.empty


def test_pyplot_is_not_used() -> None:
    assert [name for name, tree in modules() if "matplotlib.pyplot" in set(imports(tree))] == []


def test_files_can_be_read_in_a_sitting() -> None:
    long = {name: (ROOT / name).read_text(encoding="utf-8").count("\n") for name, _ in modules()}
    assert {name: lines for name, lines in long.items() if lines > HIGHEST_FILE} == {}


def blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


def test_the_readme_has_three_commands_and_the_two_of_make() -> None:
    install, first = blocks("README.md", "sh")
    assert install.count("\n") == 3
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make drill", "make test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^drill:", makefile, re.MULTILINE)
    assert re.search(r"^test:", makefile, re.MULTILINE)
    assert "\ndrill: $(INSTALLED)\n" in makefile
    assert "\n$(INSTALLED): pyproject.toml\n\t$(call set_up)\n" in makefile, "what a drill needs, and no tools"


def test_the_tutorials_scenario_is_twenty_lines_and_lints_clean(tmp_path: Path) -> None:
    scenario = blocks("docs/tutorial/first-scenario.md", "yaml")[0]
    assert scenario.count("\n") <= 22
    file = tmp_path / "search-slow.yaml"
    file.write_text(scenario, encoding="utf-8")
    assert [str(problem) for problem in lint(file)] == []


def test_the_page_of_the_library_is_current() -> None:
    """Make it again with `make docs`."""
    assert (ROOT / "docs/reference/library.md").read_text(encoding="utf-8") == library_page()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_every_page_and_picture_that_is_named_outside_the_site_is_there(page: str) -> None:
    """The links of docs/ are checked when the site is built."""
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)[^)]*\)|(?:src|srcset)=\"([^\"]+)\"", text)
    links = [one or other for one, other in links]
    assert links != []
    assert [link for link in links if not link.startswith("http") and not (ROOT / link).is_file()] == []


def test_the_reference_of_the_commands_is_current() -> None:
    """Make it again with `python -m drills.cli.commands_page > docs/reference/commands.md`."""
    assert (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8") == commands_page()


def test_the_reference_of_the_files_is_current() -> None:
    """Make it again with `make docs`."""
    assert (ROOT / "docs/reference/files.md").read_text(encoding="utf-8") == files_page()


def test_every_kind_of_file_has_all_its_keys_with_a_meaning_in_the_reference() -> None:
    page = files_page()
    for kind, model in MODELS.items():
        table = page.partition(f"\n## {kind.capitalize()}\n")[2].partition("\n#")[0]
        keys = [field.alias or name for name, field in model.model_fields.items()]
        assert [key for key in keys if f"| `{key}` | " not in table] == [], kind
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| `")]
    assert [row for row in rows if not all(cell.strip("| ") and cell != "``" for cell in row)] == []
    assert "| --- |\n\n" not in page
    assert "`` " not in page
    assert not re.search(r"(?m)^(.+\.) \1", page)


def test_the_reference_of_the_scorecard_is_current_and_explains_every_key() -> None:
    """Make it again with `make docs`."""
    page = scorecard_page()
    assert (ROOT / "docs/reference/scorecard.md").read_text(encoding="utf-8") == page
    assert re.findall(r"^\| `\w+` \|  \|.*", page, re.MULTILINE) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_documented_with_an_example(name: str) -> None:
    section = commands_page().split(f"## drillroom {name}\n")[1].split("\n## ")[0]
    assert f"  drillroom {name}" in section.split("Examples:")[1]


def test_the_changelog_knows_this_version() -> None:
    assert f"## {version()}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_nothing_that_ships_names_a_place_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    files = listed.stdout.split() if listed.returncode == 0 else ["README.md", "pyproject.toml", "Makefile"]
    private = re.compile(r"(?<![\w.])/(?:root|work|home|farm)/\w")
    texts = {name: (ROOT / name).read_bytes().decode("utf-8", "replace") for name in files if (ROOT / name).is_file()}
    assert [name for name, text in texts.items() if private.search(text) and name != "tests/test_house.py"] == []
