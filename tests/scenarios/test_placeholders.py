import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.placeholders import fill, names_in


def test_a_name_in_braces_becomes_its_value() -> None:
    assert fill("{who} sees {rate}% on {who}", {"who": "Acme", "rate": 41}) == "Acme sees 41% on Acme"


@pytest.mark.parametrize(
    "text",
    [
        "{{rate}}",
        "{rate.__class__}",
        "{rate!r}",
        "{rate:>9}",
        "{rate[0]}",
        "{ rate }",
        "{Rate}",
        "{}",
        "{0}",
        "{unknown}",
        "{",
        "}",
        "%(rate)s",
        "${rate",
        "{{ rate }}",
        "{ràte}",
    ],
)
def test_everything_else_stays_as_it_was_written(text: str) -> None:
    assert fill(text, {"rate": 41}) == text


def test_braces_inside_a_value_are_not_filled_again() -> None:
    """A drawn value must not be able to pull in another one, nor to grow without end."""
    assert fill("{a}", {"a": "{a}{b}", "b": "no"}) == "{a}{b}"


@pytest.mark.parametrize(("value", "written"), [(40.0, "40"), (0.4, "0.4"), (7, "7"), (1e15, "1000000000000000")])
def test_numbers_are_written_as_people_write_them(value: float, written: str) -> None:
    assert fill("{n}", {"n": value}) == written


def test_names_are_listed_once_in_their_order() -> None:
    assert names_in("{b} {a} {b} {{c}} {d.e}") == ["b", "a"]


@given(st.text(alphabet="{}ab._:! "), st.dictionaries(st.sampled_from(["a", "b", "ab"]), st.text(), max_size=3))
def test_a_text_without_known_names_never_changes(text: str, values: dict[str, str]) -> None:
    if not set(names_in(text)) & set(values):
        assert fill(text, values) == text
