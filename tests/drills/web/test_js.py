"""The browser's modules by their own tests, under Node."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.node import NODE

FOLDER = Path(__file__).parent / "js"
TESTS = sorted(FOLDER.glob("*.test.js"))


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.name)
def test_javascript(file: Path) -> None:
    command = [str(NODE), "--test-reporter=tap", str(file)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    said = done.stdout + done.stderr
    counts = {name: int(count) for name, count in re.findall(r"^# (pass|fail|skipped|todo) (\d+)$", said, re.M)}
    assert done.returncode == 0, said
    assert counts["pass"] > 0
    assert counts["fail"] == counts["skipped"] == counts["todo"] == 0, said
