import json
import math
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.source import Path, Plain, Source, parse
from tests.support.extent import examples

LETTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\ufeff\ufffe\uffff")
TEXTS = st.text(LETTERS, max_size=12)
SCALARS: st.SearchStrategy[Plain] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18) + 1, 10**18 - 1),
    st.decimals(-1000, 1000, places=3).map(float),
    TEXTS,
    st.sampled_from(
        ["no", "on", "1:30", ".inf", "2024-13-45", "true", "null", "~", "", "12", "0.5", "<<", "=", "- a", "a: b"]
    ),
)
TREES: st.SearchStrategy[Plain] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=20,
)
FILES = st.dictionaries(TEXTS, TREES, min_size=1, max_size=4)


class Writer:
    """Writes data as YAML in block or flow style, and notes where it put each node."""

    def __init__(self, block: bool) -> None:
        self.block = block
        self.text = ""
        self.places: dict[Path, tuple[int, int]] = {}
        self.keys: dict[Path, tuple[int, int]] = {}

    def here(self) -> tuple[int, int]:
        return self.text.count("\n") + 1, len(self.text) - self.text.rfind("\n")

    def node(self, data: Plain, path: Path, depth: int) -> None:
        if self.block and isinstance(data, dict | list) and data:
            self.block_node(data, path, depth)
            return
        self.places[path] = self.here()
        if isinstance(data, dict):
            self.text += "{"
            for number, (key, inner) in enumerate(data.items()):
                self.text += ", " * (number > 0)
                self.key(key, (*path, key))
                self.node(inner, (*path, key), depth + 1)
            self.text += "}"
        elif isinstance(data, list):
            self.text += "["
            for number, inner in enumerate(data):
                self.text += ", " * (number > 0)
                self.node(inner, (*path, number), depth + 1)
            self.text += "]"
        else:
            self.text += self.scalar(data)

    def block_node(self, data: dict[str, Plain] | list[Plain], path: Path, depth: int) -> None:
        entries: Iterable[tuple[str | int, Plain]] = data.items() if isinstance(data, dict) else enumerate(data)
        for number, (key, inner) in enumerate(entries):
            if self.text:
                self.text += "\n"
            self.text += "  " * depth
            if number == 0:
                self.places[path] = self.here()
            if isinstance(key, str):
                self.key(key, (*path, key))
            else:
                self.text += "- "
            self.node(inner, (*path, key), depth + 1)

    def key(self, key: str, path: Path) -> None:
        self.keys[path] = self.here()
        self.text += json.dumps(key, ensure_ascii=False) + ": "

    @staticmethod
    def scalar(data: Plain) -> str:
        if isinstance(data, float):
            return f"{data:.3f}"
        return json.dumps(data, ensure_ascii=False)


def source_of(text: str) -> Source:
    return parse(text.encode(), "x.yaml")


def paths(data: Plain, path: Path = ()) -> list[Path]:
    inner: list[tuple[str | int, Plain]] = []
    if isinstance(data, dict):
        inner = list(data.items())
    elif isinstance(data, list):
        inner = list(enumerate(data))
    return [path, *(below for key, value in inner for below in paths(value, (*path, key)))]


@settings(max_examples=examples(150), deadline=None)
@given(FILES, st.booleans())
def test_what_is_written_is_read_again_with_every_place(data: dict[str, Plain], block: bool) -> None:
    """Data, keys and values, and for each of them the line and column at which its text begins."""
    writer = Writer(block)
    writer.node(data, (), 0)
    source = source_of(writer.text)
    assert source.data == data
    assert [type(value) for value in _leaves(source.data)] == [type(value) for value in _leaves(data)]
    for path in paths(data):
        assert source.has(path)
        assert source.value_at(path) == writer.places[path], path
        assert source.key_at(path) == writer.keys.get(path, writer.places[path]), path


def _leaves(data: Plain) -> list[Plain]:
    if isinstance(data, dict):
        return [leaf for value in data.values() for leaf in _leaves(value)]
    if isinstance(data, list):
        return [leaf for value in data for leaf in _leaves(value)]
    return [data]


@pytest.mark.parametrize(
    "text",
    [
        "no", "yes", "on", "off", "y", "n", "True", "NULL", "1:30", ".inf", "-.inf", ".nan", "2024-13-45", "2024-02-30",
        "2024-02-01", "0x1f", "0o7", "017", "1_000", "1e5", "1.5e3", "+5", ".5", "5.", "12:30:45", "=", "v412", "10m",
        "8%", "١٢", "-", "--", "1-2", "1.2.3", "tomorrow", "false alarm", "~x",
    ],
)  # fmt: skip
def test_stays_the_text_that_the_author_wrote(text: str) -> None:
    assert source_of(f"a: {text}" if text != "-" else "a: [-]").data in ({"a": text}, {"a": [text]})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("false", False), ("null", None), ("~", None), ("", None), ("0", 0), ("-7", -7), ("412", 412),
        ("0.4", 0.4), ("-1.50", -1.5), ("-0", 0),
    ],
)  # fmt: skip
def test_the_few_values_that_mean_something(text: str, value: Plain) -> None:
    found = source_of(f"a: {text}").data["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", ["true", "null", "~", "", "12", "0.4", "no"])
def test_what_is_quoted_is_text(text: str) -> None:
    assert source_of(f"a: '{text}'\nb: \"{text}\"").data == {"a": text, "b": text}


def test_block_text_is_text() -> None:
    assert source_of("a: |\n  12\nb: >-\n  one\n  two\n").data == {"a": "12\n", "b": "one two"}


def test_keys_are_always_text() -> None:
    assert source_of("1: a\ntrue: b\nnull: c\non: d").data == {"1": "a", "true": "b", "null": "c", "on": "d"}


def test_no_number_is_infinite_or_none() -> None:
    for text in (".inf", ".nan", "1e999", "9" * 17 + ".0"):
        value = source_of(f"a: {text}").data["a"]
        assert isinstance(value, str) or (isinstance(value, float) and math.isfinite(value))


def test_a_piece_of_a_text_has_its_own_place() -> None:
    source = source_of("a: x\nb: >-\n  one {two}\n  three {four}\nc: {two}\n")
    assert source.text_at(("b",), "{two}") == (3, 7)
    assert source.text_at(("b",), "{four}") == (4, 9)
    assert source.text_at(("b",), "{five}") == source.value_at(("b",)) == (2, 4)


def test_the_pure_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch, example: str) -> None:
    """PyYAML can be installed without its C parser."""
    import yaml

    fast = source_of(example)
    monkeypatch.setattr("scenarios.source._Parser", yaml.Loader)
    slow = source_of(example)
    assert slow.data == fast.data
    assert [slow.value_at(path) for path in paths(slow.data)] == [fast.value_at(path) for path in paths(fast.data)]
