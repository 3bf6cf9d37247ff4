"""The page about the API, as a reader follows it: its shell and its Python against a real server."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.log import verify
from tests.drills.command_line import ROOT, call
from tests.drills.server import Place, serving

PAGE = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")
SCOPES = ("--scope", "read", "--scope", "run")


def blocks(kind: str, place: Place) -> str:
    found = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    return "\n".join(found).replace("http://127.0.0.1:8484", place.base)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_what_the_page_says_works_with_a_token_that_the_command_made(tmp_path: Path) -> None:
    with serving(tmp_path) as place:
        database = place.server.settings.database
        token = call("tokens", "create", "nightly-ci", *SCOPES, "--database", database).stdout.strip()
        shell = f'drillroom() {{ "{sys.executable}" -m drillroom "$@"; }}\n' + blocks("sh", place)
        environment = {**os.environ, "TOKEN": token, "PYTHONPATH": str(ROOT)}
        for command in (["bash", "-euc", shell], [sys.executable, "-c", blocks("python", place)]):
            done = subprocess.run(
                command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60
            )
            assert done.returncode == 0, done.stdout + done.stderr
        assert re.search(r"drill-\w+ respond None", done.stdout), done.stdout
        assert verify((tmp_path / "log.jsonl").read_bytes()).right
        listed = call("tokens", "list", "--database", database).stdout
        assert re.search(r"nightly-ci +read, run +valid", listed), listed
        assert call("tokens", "revoke", "nightly-ci", "--database", database).stdout == "nightly-ci is revoked.\n"
        assert place.browser().get("/api/drills", headers={"Authorization": f"Bearer {token}"}).status_code == 401
