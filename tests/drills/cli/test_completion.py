"""What the Tab key finds, and where."""

import shutil
from pathlib import Path

import pytest

from tests.drills.command_line import call, ran, refused


def completed(*words: str) -> list[str]:
    """What bash is told for the last of these words."""
    asked = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1), "_DRILLROOM_COMPLETE": "bash_complete"}
    code, out, err = ran(**asked)
    assert (code, err) == (0, "")
    return out.splitlines()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("drillroom", "li"), ["plain,lint"]),
        (("drillroom", "run", "login"), ["plain,login-outage"]),
        (("drillroom", "run", "rand"), ["plain,random"]),
        (("drillroom", "run", "x", "--team", "off"), ["plain,officeluv"]),
        (("drillroom", "run", "x", "--players", "ex"), ["plain,expert"]),
        (("drillroom", "run", "./my-"), ["file,./my-"]),
    ],
)
def test_the_tab_key_completes_commands_names_and_files(words: tuple[str, ...], found: list[str]) -> None:
    assert completed(*words) == found


def test_names_of_the_workspace_are_completed_too(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call("init", "ours")
    monkeypatch.chdir(here / "ours")
    assert completed("drillroom", "test", "first") == ["plain,first-drill"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_what_a_shell_is_to_keep_is_printed(shell: str) -> None:
    result = call("completion", shell)
    assert result.exit_code == 0
    assert f"_DRILLROOM_COMPLETE={shell}_complete" in result.stdout
    if shell == "bash" and shutil.which("bash"):
        assert "complete -o nosort -F _drillroom_completion drillroom" in result.stdout


def test_a_shell_that_is_not_known_gets_one_line() -> None:
    assert refused("completion", "bsh") == (
        "drillroom completion: invalid value for '{bash|zsh|fish}': 'bsh' is not known here; did you mean 'bash'? "
        "(see `drillroom completion --help`)"
    )
