"""What text is, and what is none."""

import pytest

from scenarios.visible_text import cleaned, says_something


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u200b", "\u2060\u00ad\ufeff", "\u2800", "\u3164", "\u0301\ufe0f", "\x00"]
)
def test_what_nobody_can_see_is_no_text(text: str) -> None:
    assert not says_something(text)
    assert cleaned(text) == ""


@pytest.mark.parametrize("text", [".", "Ω", "故障", "🚧", "👩‍💻", "\u200bWe know.", "é", "[erased]"])
def test_what_can_be_seen_is_text_and_stays_as_it_is(text: str) -> None:
    assert says_something(text)
    assert cleaned(f"  {text}\x07\n") == text
