"""docs/how-to/sheets.md: its table and its commands do what it says."""

import re
import shlex
from pathlib import Path

from drills.planning.materials import gather
from tests.drills.command_line import ROOT, call

PAGE = (ROOT / "docs" / "how-to" / "sheets.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_every_block_of_the_page_runs(here: Path) -> None:
    for name, table in zip(("exercise.csv", "uebung.csv"), blocks("text"), strict=True):
        (here / name).write_text(table, encoding="utf-8")
    commands = [line for block in blocks("sh") for line in block.replace("\\\n", " ").splitlines()]
    assert len(commands) == 9
    for line in commands:
        program, *args = shlex.split(line)
        assert program == "drillroom"
        target = args.index(">") if ">" in args else len(args)
        result = call(*args[:target])
        assert result.exit_code == 0, (line, result.output)
        if args[target:]:
            (here / args[target + 1]).write_bytes(result.stdout_bytes)
    german = gather(here / "stiller-osten.yaml").scenario
    assert [(inject.at, inject.to) for inject in german.injects] == [
        (300_000, ["incident_commander"]), (900_000, ["communications"])
    ]  # fmt: skip
    assert (german.title, german.ends.after) == ("Notfallübung Stiller Osten", 2_400_000)
    scenario = gather(here / "blue-lake.yaml").scenario
    assert [inject.at for inject in scenario.injects] == [300_000, 1_200_000, 2_100_000]
    assert scenario.injects[1].text == "How long will it take?\n\nI have forty people here."
    assert scenario.ends.after == 3_600_000
    said = call("lint", "blue-lake.yaml").stdout.splitlines()
    assert said[-1].startswith("0 errors, ")
    assert scenario.title == "Exercise Blue Lake"
    assert all("this is still to be written: " in line for line in said[:-1])
