"""`init`: a workspace to start from."""

from pathlib import Path

import click

from drills.cli.help import Command


@click.command("init", cls=Command, examples=["drillroom init", "drillroom init our-drills"])
@click.argument("folder", required=False, default=".", type=click.Path(path_type=Path))
def init_command(folder: Path) -> None:
    """Make a folder a workspace for your own files.

    It holds your scenarios, teams, protocols, runbooks and rubrics. FOLDER is the current one unless you name another;
    it is made if it is not there. Every command finds the workspace from any folder inside it. Files that are there
    already are left as they are.
    """
    from drills.cli.files import write_new_file
    from drills.cli.outcome import Impossible
    from drills.cli.terminal import note, say
    from scenarios.template import new_workspace
    from scenarios.workspace import MARK, workspace

    if (folder / MARK).exists():
        raise Impossible(f"{folder / MARK} is there: this is a workspace already")
    outer = workspace(folder)
    for name, text in new_workspace().items():
        path = folder / name
        if path.exists():
            note(f"{path} was there and is left as it is")
            continue
        write_new_file(path, text, force=False, folders=True)
        say(f"Wrote {path}")
    if outer is not None:
        note(f"it is inside the workspace {outer}; in this folder, names are looked up here and not there")
    say("\nTry it:")
    if folder != Path():
        say(f"  cd {folder}")
    for command in ("lint .", "run first-drill --team our-team", "serve"):
        say(f"  drillroom {command}")
