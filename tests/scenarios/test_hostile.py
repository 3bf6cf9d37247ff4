"""Files that an author wrote carelessly, or somebody else with intent: one clear line, and nothing is built."""

import os
from pathlib import Path

import pytest

from scenarios.decode import MOST_BYTES
from scenarios.problem import LoadError, Problem
from scenarios.source import MOST_NODES, parse, read


def refused(content: str | bytes) -> Problem:
    with pytest.raises(LoadError) as caught:
        parse(content.encode() if isinstance(content, str) else content, "drill.yaml")
    [problem] = caught.value.problems
    assert "Traceback" not in str(problem)
    assert "\n" not in str(problem)
    return problem


def test_alias_bomb() -> None:
    """Nine levels of nine aliases each are 387 million items when they are built."""
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for one, other in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{other}: &{other} [{', '.join([f'*{one}'] * 9)}]\n"
    assert str(refused(bomb)) == "drill.yaml:1:4: anchors such as '&a' are not accepted (write the value out)"


def test_alias_without_an_anchor() -> None:
    assert str(refused("a: *b\n")) == "drill.yaml:1:4: aliases such as '*b' are not accepted (write the value out)"


def test_anchor_on_a_key_and_alias_as_a_key() -> None:
    assert "anchors" in refused("&a a: 1").message
    assert "aliases" in refused("a: 1\n*a : 2").message


def test_merge_key_bomb() -> None:
    """Merge keys over lists of merge keys cost the safe loader of PyYAML half a minute in less than a kilobyte."""
    assert str(refused("a:\n  <<: {b: 1}\n")) == "drill.yaml:2:3: merge keys (<<) are not accepted (write the keys out)"


def test_a_hundred_thousand_levels() -> None:
    assert refused("a: " + "[" * 100_000).message == "this is nested too deeply"
    assert refused("a: " + "{a: " * 100_000).message == "this is nested too deeply"
    assert refused("- " * 100_000).message == "this is nested too deeply"
    assert refused("? " * 100_000).message == "a key cannot be a list or a mapping"


def test_fifty_levels_are_enough_and_one_more_is_not() -> None:
    parse(("a: " + "[" * 49 + "]" * 49).encode(), "drill.yaml")
    problem = refused("a: " + "[" * 50 + "]" * 50)
    assert str(problem) == "drill.yaml:1:53: this is nested too deeply (at most 50 levels)"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: !!python/object/apply:os.system [ls]", (1, 4)),
        ("a: !!int 1", (1, 4)),
        ("a: ! x", (1, 4)),
        ("a: !local {b: 1}", (1, 4)),
        ("a: !!set {b}", (1, 4)),
        ("!!map\na: 1", (1, 1)),
        ("a: 1\n!x b: 1", (2, 1)),
        ("a: [1, !x [2]]", (1, 8)),
    ],
)
def test_tags_on_scalars_keys_and_collections(text: str, place: tuple[int, int]) -> None:
    problem = refused(text)
    assert problem.message.startswith("tags such as '")
    assert (problem.line, problem.column) == place


def test_undeclared_tag_handle() -> None:
    assert refused("a: !foo!bar 1").message == "tags are not accepted"


def test_many_tag_directives() -> None:
    """The C parser compares each directive with all before it: seventy thousand of them would take minutes."""
    directives = "".join(f"%TAG !{number:x}! x\n" for number in range(60_000))
    assert str(refused(directives)).startswith("drill.yaml:1:1: directives such as %TAG and %YAML are not accepted")
    assert str(refused("# a comment\n\n" + directives)).startswith("drill.yaml:3:1: directives")
    assert refused("a: 1\n...\n" + directives).message == "a second document begins here"


def test_duplicate_key() -> None:
    assert str(refused("a: 1\nb: 2\na: 3")) == "drill.yaml:3:1: the key 'a' is here twice (keep one of them)"
    assert refused('a: 1\n"a": 2').message == "the key 'a' is here twice"


def test_integer_of_five_thousand_digits() -> None:
    problem = refused("a: 1\nb: " + "7" * 5_000)
    assert str(problem) == "drill.yaml:2:4: a number with more than 18 digits (put it in quotes if it is a text)"
    assert "18 digits" in refused("a: 0." + "3" * 500_000).message
    assert parse(b"a: 999999999999999999", "x").data == {"a": 999_999_999_999_999_999}


def test_a_key_that_is_a_collection() -> None:
    assert str(refused("? [a, b]\n: 1")).startswith("drill.yaml:1:3: a key cannot be a list or a mapping")


def test_a_value_without_a_key() -> None:
    assert refused("? \n: 1").message == "there is a value without a key"
    assert refused(": 1").line == 1


@pytest.mark.parametrize("text", ["a: 1\n---\nb: 2", "a: 1\n...\nb: 2", "a: 1\n--- b"])
def test_second_document(text: str) -> None:
    problem = refused(text)
    assert problem.message == "a second document begins here"
    assert problem.line in (2, 3)


def test_one_document_between_its_marks_is_accepted() -> None:
    assert parse(b"# first\n---\na: 1\n...\n# the end\n", "x").data == {"a": 1}


def test_file_of_a_hundred_megabytes(tmp_path: Path) -> None:
    """Its size is known before a byte of it is read; the file is sparse."""
    path = tmp_path / "huge.yaml"
    path.touch()
    os.truncate(path, 100 * 1024 * 1024)
    with pytest.raises(LoadError, match=r"huge.yaml: the file has 104,857,600 bytes \(at most 1,048,576 are read\)"):
        read(path)


def test_more_bytes_than_the_limit_in_memory() -> None:
    assert "more than 1,048,576 bytes" in refused(b"#" * (MOST_BYTES + 1)).message


def test_a_million_injects() -> None:
    """Whichever limit comes first, it comes early."""
    inject = "  - {id: a, at: 3m, text: x}\n"
    assert "bytes" in refused("injects:\n" + inject * 1_000_000).message
    problem = refused("injects:\n" + inject * 30_000)
    assert problem.message == "there is too much in this file"
    assert problem.line < MOST_NODES // 6
    assert refused("a: [" + "1," * 500_000).message == "there is too much in this file"


def test_binary_file() -> None:
    problem = refused(b"\x7fELF\x02\x01\x01\0\0\0")
    assert str(problem) == (
        "drill.yaml: this is a binary file or one in another encoding (expected YAML text in UTF-8)"
    )


def test_wrong_encodings() -> None:
    problem = refused("title: Störung\n".encode("latin-1"))
    assert str(problem) == "drill.yaml:1:10: the byte 0xf6 is not UTF-8 (save the file as UTF-8)"
    assert "another encoding" in refused("a: 1".encode("utf-16")).message
    bom_first = refused(b"\xef\xbb\xbfa: 1\nb: \xff")
    assert (bom_first.line, bom_first.column) == (2, 4)


def test_byte_order_mark_is_no_part_of_the_text() -> None:
    source = parse(b"\xef\xbb\xbfa: 1", "x")
    assert source.data == {"a": 1}
    assert source.key_at(("a",)) == (1, 1)


@pytest.mark.parametrize("sign", ["\x07", "\x1b", "\x7f", "\x85", "\u2028", "\ufeff", "\uffff"])
def test_characters_that_nobody_can_see(sign: str) -> None:
    problem = refused(f"a: 1\nb: x{sign}y")
    assert problem.message == f"the character U+{ord(sign):04X} is not allowed"
    assert (problem.line, problem.column) == (2, 5)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only a comment\n", b"\xef\xbb\xbf", b"  \t\n"])
def test_empty_file(content: bytes) -> None:
    assert str(refused(content)) == "drill.yaml: the file is empty (`drillroom new NAME` writes one to start from)"


@pytest.mark.parametrize("content", ["---", "--- # nothing", "just words", "- a\n- b", "5", "null"])
def test_file_that_holds_no_keys(content: str) -> None:
    problem = refused(content)
    assert problem.message in (
        "the file should hold keys and values",
        "there is nothing in this file",
        "this is not YAML",
    )


@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        ("text: Note: it fails", (1, 11), "put text with a colon in quotes"),
        ("a: [1, 2", (2, 1), "it opens in line 1"),
        ("a: 1\nb: 'x\n\n", (2, 4), "the quoted text is not closed"),
        ("a: 1\n\tb: 1", (2, 1), "indent with spaces"),
        ("a:\n\t- 1", (2, 1), "indent with spaces"),
        ("...", (1, 1), "expected a value"),
        ("a: @x", (1, 4), "a value cannot begin with this character"),
        ("a: 'b' c", (1, 8), "does not fit"),
        ("a: {b} c", (1, 8), "a value that begins with a quote, { or [ ends with its counterpart"),
        ("a:\n  - b\n  c: 1", (3, 3), "this is not an item of the list above"),
        ("a: ]", (1, 4), "begins with a closing bracket"),
        ('a: "\\z"', (1, 5), "unknown \\ sequence"),
    ],
)
def test_what_is_not_yaml_is_said_in_plain_words(text: str, place: tuple[int, int], part: str) -> None:
    problem = refused(text)
    assert part in str(problem)
    assert (problem.line, problem.column) == place


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path, part in [
        (tmp_path, "this is a folder, not a file"),
        (tmp_path / "none.yaml", "there is no such file"),
        (fifo, "this is not a regular file"),
        (loop, "the file cannot be read: too many levels of symbolic links"),
        (tmp_path / ("x" * 300), "the file cannot be read: file name too long"),
        (tmp_path / "none.yaml" / "x", "there is no such file"),
        (Path("a\0b"), "the file cannot be read"),
    ]:
        with pytest.raises(LoadError) as caught:
            read(path)
        assert part in str(caught.value)
        assert str(caught.value).count("\n") == 0


def test_escape_sequences_in_a_name_never_reach_a_terminal(tmp_path: Path) -> None:
    with pytest.raises(LoadError) as caught:
        read(tmp_path / "\x1b[2J")
    assert "\x1b" not in str(caught.value)
