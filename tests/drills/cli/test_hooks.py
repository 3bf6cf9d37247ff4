"""What other repositories use of this one: the GitHub Action and the hooks of pre-commit, tried as they stand."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.drills.command_line import call
from tests.support.extent import PROVE

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}


@pytest.mark.parametrize(
    ("schema", "file"), [("github-actions", "action.yml"), ("pre-commit-hooks", ".pre-commit-hooks.yaml")]
)
def test_each_is_as_its_schema_has_it(schema: str, file: str) -> None:
    if schema == "pre-commit-hooks":
        from pre_commit.clientlib import load_manifest  # type: ignore[import-untyped]

        assert [hook["id"] for hook in load_manifest(ROOT / file)] == ["drillroom-lint", "drillroom-test"]
        return
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(ROOT / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def inputs(text: str, given: dict[str, str]) -> str:
    """What the runner puts for an expression that is an input or the action's folder."""
    for name, said in ACTION["inputs"].items():
        text = text.replace(f"${{{{ inputs.{name} }}}}", given.get(name, said["default"]))
    return text.replace("${{ github.action_path }}", str(ROOT))


def run_step(name: str, folder: Path, **given: str) -> "subprocess.CompletedProcess[str]":
    """Run a step's shell lines as a runner does, with `drillroom` as it is here."""
    step = STEPS[name]
    environment = {key: inputs(value, given) for key, value in step["env"].items()}
    assert "${{" not in step["run"], "what a workflow sets is never part of a command"
    assert "${{" not in "".join(environment.values())
    program = folder.parent / "bin" / "drillroom"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!{sys.executable}\nfrom drills.cli import main\nmain()\n", encoding="utf-8")
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],  # noqa: S607
        cwd=folder,
        env={**os.environ, **environment, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def drills(here: Path) -> Path:
    """A repository with a workspace in it, and YAML of somebody else."""
    call("init", "repository")
    (here / "repository" / "compose.yaml").write_text("services: {}\n")
    return here / "repository"


def test_the_steps_of_the_action_do_what_they_say(drills: Path) -> None:
    linted = run_step("Lint", drills)
    assert (linted.returncode, linted.stdout) == (0, ""), linted.stderr
    tested = run_step("Test", drills, seeds="1", junit="out.xml")
    assert tested.returncode == 0, tested.stdout
    assert "passed, 0 failed" in tested.stdout
    assert (drills / "out.xml").is_file()
    odd = drills / "scenarios" / "odd; exit 0.yaml"
    odd.write_text("scenario: odd\n")
    broken = run_step("Lint", drills)
    assert broken.returncode == 1
    assert "::error file=scenarios/odd; exit 0.yaml,line=1,col=1::`brief` is missing" in broken.stdout
    assert run_step("Lint", drills, path="$(touch touched)").returncode == 2
    assert not (drills / "touched").exists()


def test_strict_fails_the_action_for_a_warning(drills: Path) -> None:
    scenario = drills / "scenarios" / "first-drill.yaml"
    scenario.write_text(scenario.read_text().replace("\nvary:\n", "\nvary:\n  spare: {fake: word}\n"))
    assert run_step("Lint", drills).returncode == 0
    strict = run_step("Lint", drills, strict="true")
    assert strict.returncode == 1
    assert "::warning file=scenarios/first-drill.yaml" in strict.stdout


@pytest.mark.skipif(not PROVE, reason="installs from the package index; PROVE_TESTS=1 runs it, as make prove does")
def test_pre_commit_runs_the_hooks_from_this_repository(drills: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache"), "PYTHONPATH": ""}

    def git(*args: str) -> None:
        subprocess.run(["git", "-C", str(drills), *args], check=True, capture_output=True)  # noqa: S607

    def hook(name: str) -> "subprocess.CompletedProcess[str]":
        tried = ["try-repo", str(ROOT), name, "--all-files", "--verbose", "--hook-stage", "manual"]
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", *tried],
            cwd=drills, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    git("init", "--quiet")
    git("add", "--all")
    for name in ("drillroom-lint", "drillroom-test"):
        done = hook(name)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Passed" in done.stdout
    (drills / "scenarios" / "odd.yaml").write_text("scenario: odd\n")
    git("add", "--all")
    done = hook("drillroom-lint")
    assert done.returncode == 1
    assert "scenarios/odd.yaml:1:1: `brief` is missing" in done.stdout
