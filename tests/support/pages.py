"""The code blocks of a page of the documents, and a reader who types them in, one after the other, in an empty folder.

A comment above a block says what a reader knows without it:

    <!-- file: NAME -->          the block is what is in this file
    <!-- serves -->              it goes on running; the link that it prints is `$LINK` from then on
    <!-- stops -->               the reader has stopped what went on running
    <!-- exit: N -->             it ends with this code
    <!-- tested in PATH -->      a test of its own reads it from the page
    <!-- not run: REASON -->     nothing runs it, and why
    <!-- begin: COMMANDS -->     what the page takes as done before

`<!-- LANGUAGE: tested in PATH -->`, or `not run`, holds for all blocks of a language from there to the end of the page.
"""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

__all__ = ["Block", "Reader", "blocks"]

RUN = {"sh", "python"}
SHOWN = {"text"}
"""What the program prints, or what is no code."""
_MARK = re.compile(r"<!-- (?:(\w+): )??(?:(file|exit|begin|not run): (.+?)|tested in (\S+)|(serves|stops)) -->")
_READY = 60.0


class Block(NamedTuple):
    """A block of code on a page."""

    page: Path
    line: int
    language: str
    text: str
    marks: dict[str, str]

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{self.page.name}:{self.line}"

    @property
    def what(self) -> str:
        """What is done with it: `run`, `written`, `shown`, `tested`, `left`, or `` for what nobody has said."""
        if "tested" in self.marks:
            return "tested"
        if "not run" in self.marks:
            return "left"
        if "file" in self.marks:
            return "written"
        if self.language in RUN:
            return "run"
        return "shown" if self.language in SHOWN else ""


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, in its order."""
    always: dict[str, dict[str, str]] = {}
    marks: dict[str, str] = {}
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "html_block":
            for language, name, value, path, alone in _MARK.findall(token.content):
                mark = {"tested": path} if path else {alone: ""} if alone else {name: value}
                if language:
                    always[language] = mark
                else:
                    marks |= mark
        elif token.type in ("fence", "code_block"):
            language = (token.info.split() or [""])[0] if token.type == "fence" else "text"
            assert token.map is not None
            yield Block(page, token.map[0] + 1, language, token.content, always.get(language, {}) | marks)
            marks = {}
        elif token.type.endswith("_open"):
            marks = {}


@dataclass
class Reader:
    """Somebody who does what a page says."""

    folder: Path
    at: Path = field(init=False)
    link: str = ""
    servers: list["subprocess.Popen[str]"] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin in an empty folder, with the program at hand."""
        root = Path(__file__).parents[2]
        programs = self.folder / "bin"
        programs.mkdir(parents=True)
        program = programs / "drillroom"
        program.write_text(f"#!{sys.executable}\nfrom drills.cli import main\nmain()\n", encoding="utf-8")
        program.chmod(0o755)
        (programs / "python").symlink_to(sys.executable)
        self.at = self.folder / "home"
        self.at.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = str(probe.getsockname()[1])
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DRILLROOM_")},
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(root),
            "HOME": str(self.at),
            "COLUMNS": "100",
            "DRILLROOM_PORT": self.port,
        }

    def does(self, block: Block) -> None:
        """Do what a block says; an AssertionError says where it did not work, and how."""
        if "begin" in block.marks:
            self._run(block._replace(language="sh", text=block.marks["begin"], marks={}))
        if "file" in block.marks:
            file = self.at / block.marks["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        if "stops" in block.marks:
            self.leaves()
        if block.what == "run" and "serves" in block.marks:
            self._serve(block)
        elif block.what == "run":
            self._run(block)

    def _run(self, block: Block) -> None:
        here = self.folder / "here"
        text = block.text.replace("8484", self.port)
        script = f"set -euo pipefail\n{text}\npwd > {here}" if block.language == "sh" else text
        command = ["bash", "-c", script] if block.language == "sh" else [sys.executable, "-c", script]
        environment = {**self.environment, "LINK": self.link}
        done = subprocess.run(
            command, cwd=self.at, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        wanted = int(block.marks.get("exit", "0"))
        said = f"{block.place} ended with {done.returncode}, not {wanted}:\n{block.text}\n{done.stdout}{done.stderr}"
        assert done.returncode == wanted, said
        if here.is_file():
            self.at = Path(here.read_text(encoding="utf-8").strip())

    def _serve(self, block: Block) -> None:
        server = subprocess.Popen(
            ["bash", "-c", f"exec {block.text}"],  # noqa: S607 - a reader's own shell
            cwd=self.at,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.servers.append(server)
        late = threading.Timer(_READY, server.kill)
        late.start()
        said = []
        assert server.stdout is not None
        for line in server.stdout:
            said.append(line)
            if "/join/" in line:
                self.link = line.strip()
                break
        late.cancel()
        assert self.link, f"{block.place} printed no link:\n{''.join(said)}"

    def leaves(self) -> None:
        """End what still runs."""
        while self.servers:
            server = self.servers.pop()
            server.terminate()
            server.communicate(timeout=_READY)
