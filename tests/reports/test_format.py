from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reports.format import block, clean, escape, joined, minutes, points, score_points, spell, to_the_second
from tests.reports.build import HOSTILE
from tests.support.extent import examples

LINES = st.text(
    alphabet=st.one_of(st.sampled_from("\\`*_{}[]()<>#+-.!|~&$@:/= \t\n1a\u202e\x1b"), st.characters()), max_size=60
)
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def plain(markdown: str) -> tuple[str, set[str]]:
    """What a reader of Markdown that allows everything makes of it: the text, and all other kinds of tokens."""
    text, kinds = "", set()
    for token in READER.parse(markdown):
        kinds.add(token.type)
        for child in token.children or []:
            text += "\n" if child.type in ("softbreak", "hardbreak") else child.content
            kinds.add(child.type)
    return text, kinds - {"inline", "text", "paragraph_open", "paragraph_close", "text_special"}


@settings(max_examples=examples(400), deadline=None)
@given(LINES)
def test_escaped_text_reads_as_it_was_typed_and_is_nothing_else(text: str) -> None:
    """No emphasis, link, picture, heading, list, code or HTML comes of what people type."""
    assert plain(escape(text)) == (clean(text), set())


@settings(max_examples=examples(300), deadline=None)
@given(LINES)
def test_a_block_keeps_its_lines_and_is_nothing_but_paragraphs(text: str) -> None:
    read, kinds = plain(block(text))
    assert kinds <= {"hardbreak"}
    lines = [clean(line) for line in clean(text, lines=True).split("\n")]
    assert read.split() == [word for line in lines for word in line.split()]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    assert plain(escape(text))[1] == set()


def test_links_that_other_readers_make_of_bare_text_are_broken() -> None:
    """Some readers link bare addresses without any markup."""
    written = escape("see https://evil.example, www.evil.example or x@evil.example")
    assert "https://" not in written
    assert "www." not in written
    assert r"x\@evil.example" in written


@settings(max_examples=examples(200), deadline=None)
@given(st.text(max_size=60))
def test_cleaned_text_has_no_controls_overrides_or_halves_of_characters(text: str) -> None:
    cleaned = clean(text)
    assert not any(ord(char) < 32 or 0x202A <= ord(char) <= 0x202E or 0xD800 <= ord(char) < 0xE000 for char in cleaned)
    assert clean(cleaned) == cleaned


def test_escape_sequences_go_as_a_whole() -> None:
    assert clean("\x1b[31mred\x1b[0m \x1b]0;title\x07now") == "red now"


def test_times_are_written_as_people_say_them() -> None:
    assert [minutes(value) for value in (0, 59_600, 605_000, 3_725_000)] == ["0:00", "1:00", "10:05", "1:02:05"]
    assert [spell(value) for value in (45_000, 60_000, 245_000, 7_320_000)] == [
        "45 s",
        "1 min",
        "4 min 5 s",
        "2 h 2 min",
    ]
    assert (
        to_the_second(datetime(2026, 3, 12, 14, 0, 5, 600_000, tzinfo=UTC)).isoformat() == "2026-03-12T14:00:06+00:00"
    )


def test_scores_and_points_are_written_as_people_read_them() -> None:
    assert [score_points(value) for value in (None, 70.5, 99.4)] == ["–", "71", "99"]
    assert [points(value) for value in (-1.25, 0.04, -0.04)] == ["−1.2", "0.0", "0.0"]
    assert [joined(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
