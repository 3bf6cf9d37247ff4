"""Whatever somebody does to a file, they get problems with places, and never anything else."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.lint import lint
from tests.support.extent import examples

EXAMPLE = Path(__file__).with_name("example.yaml").read_text(encoding="utf-8")
PIECES = st.one_of(
    st.sampled_from(
        ["{{x}}", "{a: b}", "[", "]", "null", "\n", "\n  - ", ": ", "&a ", "*a", "!x ", "<<: ", "\t", "'", '"']
    ),
    st.characters(codec="utf-8"),
)
EDITS = st.lists(
    st.tuples(st.integers(0, len(EXAMPLE)), st.integers(0, 60), st.one_of(st.just(""), PIECES)), min_size=1, max_size=5
)


@settings(max_examples=examples(80), deadline=None)
@given(EDITS)
def test_a_damaged_scenario_is_answered_with_problems(edits: list[tuple[int, int, str]]) -> None:
    text = EXAMPLE
    for place, removed, put in edits:
        text = text[:place] + put + text[place + removed :]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "drill.yaml"
        path.write_bytes(text.encode())
        for problem in lint(path):
            said = str(problem)
            assert said.isprintable()
            assert problem.message
            assert "Input should" not in said
            assert "Value error" not in said
            assert problem.line <= text.count("\n") + text.count("\r") + 2
