"""`random`: a made-up incident."""

from pathlib import Path

import click

from drills.cli.help import Command, OneOf, WholeNumber

_MOST_SEED = 2**63 - 1


@click.command(
    "random",
    cls=Command,
    examples=[
        "drillroom random --seed 7 > incident.yaml",
        "drillroom random --seed 7 --severity 1 --difficulty hard --out tomorrow.yaml",
    ],
)
@click.option(
    "--seed",
    type=WholeNumber(0, _MOST_SEED),
    default=1,
    show_default=True,
    metavar="N",
    help="The same seed gives the same incident.",
)
@click.option("--severity", type=WholeNumber(0, 3), metavar="N", help="0 to 3; 0 is a false alarm.  [default: drawn]")
@click.option("--difficulty", type=OneOf(["easy", "medium", "hard"]), help="How hard it is.  [default: drawn]")
@click.option("--names", metavar="FILE", help="Your company's names.  [default: names.yaml, if it is there]")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="A file to write.  [default: standard output]"
)
@click.option("--force", is_flag=True, help="Replace the file if it already exists.")
def random_command(
    seed: int, severity: int | None, difficulty: str | None, names: str | None, out: Path | None, force: bool
) -> None:
    """Write a made-up incident.

    It is plausible and playable, and each seed gives a different one. `run random --seed N` plays one without writing
    it. If you are going to play it, do not read it.
    """
    from typing import cast

    from drills.cli.files import write_new_file
    from drills.cli.inputs import loading
    from drills.cli.terminal import say, say_bytes
    from scenarios.generate import Difficulty, random_text
    from scenarios.load import load_names

    with loading():
        own = load_names(names)
    text = random_text(seed, severity, cast("Difficulty | None", difficulty), own)
    if out is None or str(out) == "-":
        say_bytes(text.encode())
        return
    write_new_file(out, text, force=force)
    say(f"Wrote {out}. If you are going to play it, do not read it.")
