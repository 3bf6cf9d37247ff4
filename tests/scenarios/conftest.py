from collections.abc import Callable
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).with_name("example.yaml").read_text(encoding="utf-8")


@pytest.fixture
def example() -> str:
    """A scenario in which nothing is wrong."""
    return EXAMPLE


@pytest.fixture
def changed() -> Callable[..., str]:
    """The example with pieces of its text replaced, each of which must be there."""

    def change(*pairs: tuple[str, str]) -> str:
        text = EXAMPLE
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        return text

    return change


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A file with this text, in a folder of its own."""

    def write(text: str, name: str = "drill.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write
