"""Texts beside a log: they are not in its lines, each is the one that was sealed, and any of them can be erased."""

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator import acts as do
from simulator import events as ev
from simulator.fields import ERASED, NOT_HERE, is_gone, typed_in
from simulator.log import DrillLog, LogError, SealedText, Sealer, repeating, replay, verify
from simulator.seal import SEAL, seal_of, sealed_fields
from simulator.texts import TextsError, read_texts, texts_json
from tests.simulator.build import Table, small_plan, snapshot

SECRETS = ("xylophone", "Ünïcode 你好", "quagmire", "we-rolled-back", "Miriam", "obelisk")


@cache
def drill() -> DrillLog:
    """A drill in which everybody types, and the scenario and a facilitator speak as well."""
    table = Table(
        small_plan(
            injects=[{"id": "call", "at": "20m", "to": "everyone", "via": "call", "from": "Boss", "text": "How bad?"}]
        )
    )
    table.gathered()
    for who, text in (
        ("ana", "xylophone"),
        ("ben", "/log Ünïcode 你好"),
        ("chloe", "/draft quagmire is what you see, and we are on it"),
        ("ana", "/approve"),
        ("chloe", "/publish next 10m"),
        ("ben", "/ask where is the obelisk?"),
        ("fay", "/answer nowhere"),
        ("fay", "/inject ben The obelisk is gone"),
        ("fay", "/inject call"),
        ("fay", "/note Miriam was calm"),
    ):
        table.says(who, text)
    table.says("ana", "/resolve")
    table.says("ana", "/sitrep solution=we-rolled-back who= how=it was slow")
    table.until(10**12)
    return DrillLog.reproducible(table.plan, table.events)


def test_what_people_typed_is_not_in_the_lines() -> None:
    lines = drill().data.decode()
    beside = texts_json(drill().texts).decode()
    for secret in SECRETS:
        assert secret not in lines
        assert secret in beside
    assert "How bad?" in lines.split("\n", 1)[1], "what the scenario says stays, no matter who sends it"


def test_every_text_that_was_typed_lies_beside_in_the_logs_order() -> None:
    typed = [
        (event.seq, name, getattr(event, name))
        for event in drill().events
        if event.actor is not None and not (isinstance(event, ev.InjectDelivered) and event.inject is not None)
        for name in typed_in(type(event))
        if getattr(event, name)
    ]
    assert [(text.seq, text.field, text.text) for text in drill().texts] == typed
    assert len({text.salt for text in drill().texts}) == len(typed)
    assert {len(text.salt) for text in drill().texts} == {16}


def test_an_answer_that_was_left_out_is_seen_to_be() -> None:
    read = DrillLog.read(drill().data)
    [filed] = [event for event in read.events if isinstance(event, ev.SituationReportFiled)]
    assert (filed.solution, filed.who_impacted, filed.how_impacted) == (NOT_HERE, "", NOT_HERE)


def test_a_blank_text_stays_as_it_is() -> None:
    """A text of nothing but space counts as left out, with its text or without."""
    events = [structs.replace(event, learnings=" \n") if isinstance(event, ev.PostMortemFiled) else event
              for event in filed_post_mortem().events]  # fmt: skip
    log = DrillLog.reproducible(drill().plan, events)
    [read] = [event for event in DrillLog.read(log.data).events if isinstance(event, ev.PostMortemFiled)]
    assert (read.learnings, read.summary) == (" \n", NOT_HERE)


def filed_post_mortem() -> DrillLog:
    table = Table(small_plan()).resolved()
    table.does(do.FilePostMortem(who="ana", summary="s", learnings="l"))
    return DrillLog.reproducible(table.plan, table.events)


def test_erased_and_not_here_are_told_apart() -> None:
    bare, erased = DrillLog.read(drill().data), DrillLog.read(drill().data, ())
    assert {event.text for event in bare.events if isinstance(event, ev.MessagePosted)} == {NOT_HERE}
    assert {event.text for event in erased.events if isinstance(event, ev.MessagePosted)} == {ERASED}
    assert (bare.erased, bare.texts) == (erased.erased, erased.texts) == (len(drill().texts), ())
    assert verify(drill().data).why.endswith(f"complete; its {len(drill().texts)} texts are not here")
    assert verify(drill().data, texts=()).why.endswith(f"; 0 texts are as they were typed, {len(drill().texts)} erased")
    whole = verify(drill().data, texts=drill().texts)
    assert whole.why.endswith(f"complete; {len(drill().texts)} texts are as they were typed, none erased")


@given(st.data())
def test_any_texts_can_be_erased(data: st.DataObject) -> None:
    """The log is right without them, keeps its head, and every state is the same but for what the texts said."""
    kept = data.draw(st.lists(st.sampled_from(drill().texts), unique=True))
    verdict = verify(drill().data, drill().head, kept)
    assert (verdict.right, verdict.texts, verdict.erased) == (True, len(kept), len(drill().texts) - len(kept))
    read = DrillLog.read(drill().data, kept)
    assert (read.data, read.head) == (drill().data, drill().head)
    assert set(read.texts) == set(kept)
    for (event, state), (other, known) in zip(replay(read), replay(drill()), strict=True):
        assert blanked(event) == blanked(other)
        told, seen = snapshot(state), snapshot(known)
        for name in ("drafts", "spoken", "tasks", "questions", "injects"):
            assert len(told.pop(name)) == len(seen.pop(name))  # type: ignore[arg-type]
        assert told == seen


def blanked(event: ev.Event) -> ev.Event:
    return structs.replace(event, **{name: "" for name, _ in sealed_fields(event)})


@given(st.data())
def test_a_text_that_was_changed_is_found_on_its_line(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(drill().texts) - 1))
    known = drill().texts[place]
    other = data.draw(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: text != known.text))
    verdict = verify(
        drill().data, texts=[*drill().texts[:place], known._replace(text=other), *drill().texts[place + 1 :]]
    )
    assert (verdict.right, verdict.line) == (False, known.seq + 2)
    assert verdict.why == f"the {known.field} beside the log is not the one that was sealed"
    salted = known._replace(salt=bytes(16))
    assert verify(drill().data, texts=[salted]).line == known.seq + 2


def test_a_text_that_belongs_to_nothing_is_found() -> None:
    last = len(drill().events) + 1
    for seq, field, line in ((0, "text", 2), (10**6, "text", last)):
        verdict = verify(drill().data, texts=[*drill().texts, SealedText(seq, field, b"salt", "more")])
        assert (verdict.line, verdict.why) == (line, f"no {field} is sealed here, and there is one beside")


def test_a_text_in_the_place_of_a_digest_is_refused() -> None:
    """Somebody who rebuilds a chain cannot slip a text past those who erase."""
    plain = Sealer(repeating(1))
    lines = [plain.header(drill().plan).data]
    events = [structs.replace(event, actor=None) if isinstance(event, ev.MessagePosted) else event
              for event in drill().events]  # fmt: skip
    lines += [plain.event(event).data for event in events]
    spoken = next(event for event in events if isinstance(event, ev.MessagePosted))
    forged = lines[spoken.seq + 1]
    body = forged[: forged.index(b',"hash"')].replace(b'"wall"', b'"actor":"ana","wall"')
    head = re.search(rb'"hash":"(.*)"', lines[spoken.seq])
    assert head is not None
    seal = seal_of(body, head[1].decode()).encode()
    verdict = verify(b"".join([*lines[: spoken.seq + 1], body + SEAL + seal + b'"}\n']))
    assert (verdict.line, verdict.why) == (spoken.seq + 2, "the text is not sealed")


@given(st.integers(1, len(drill().events)))
def test_sealing_goes_on_after_any_line(place: int) -> None:
    """As a server does that was started again: it knows the last hash and nothing else."""
    salt = repeating(drill().plan.seed)
    first = Sealer(salt)
    lines = [first.header(drill().plan), *map(first.event, drill().events[:place])]
    later = Sealer(salt, lines[-1].head)
    lines += map(later.event, drill().events[place:])
    assert b"".join(line.data for line in lines) == drill().data
    assert (later.head, tuple(text for line in lines for text in line.texts)) == (drill().head, drill().texts)


def test_other_salts_give_other_digests() -> None:
    """The same words twice cannot be told to be the same, and nobody finds a short text by trying."""
    table = Table(small_plan()).gathered()
    for _ in range(2):
        table.says("ana", "yes")
    log = DrillLog.reproducible(table.plan, table.events)
    first, second = [text.digest for text in log.texts if text.text == "yes"]
    assert first != second
    other = DrillLog.seal(table.plan, table.events, lambda seq, field: f"{seq}{field}".encode().ljust(16))
    assert other.head != log.head
    assert DrillLog.read(other.data, other.texts).events == log.events


def test_what_is_gone_is_not_said_again() -> None:
    """Somebody who goes on with a drill whose texts were erased is asked for the words."""
    table = Table(small_plan()).gathered()
    table.says("chloe", "/draft We know that you cannot sign in.")
    table.says("ana", "/approve")
    table.says("ana", "/heard ben /role solutioneer")
    read = DrillLog.read(DrillLog.reproducible(table.plan, table.events).data, ())
    resumed = Table(table.plan)
    resumed.engine = type(table.engine).resume(table.plan, read.events)
    resumed.at = resumed.state.at
    assert is_gone(resumed.state.drafts[0].text)
    assert resumed.refusal("chloe", "/publish") == "those words were erased; write them again"
    assert resumed.refusal("ben", "/confirm") == "what was said was erased; do it yourself"
    assert isinstance(resumed.says("chloe", "/publish We know of it. next 10m"), ev.MessagePublished)


# -- the file ----------------------------------------------------------------------------------------------------------


def test_the_file_gives_back_the_texts() -> None:
    assert read_texts(texts_json(drill().texts)) == drill().texts
    assert texts_json(()) == b'{\n "format": 1,\n "texts": {}\n}\n'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "Input data was truncated"),
        (b"\xff", "malformed"),
        (b"[1]", "Expected `object`, got `array`"),
        (b'{"format":2,"texts":{}}', "Invalid enum value 2"),
        (b'{"format":1}', "missing required field `texts`"),
        (b'{"format":1,"texts":{"x":{"salt":"00","text":""}}}', "'x' is not the place of a text; it is like '17.text'"),
        (b'{"format":1,"texts":{"1.text":{"salt":"0","text":""}}}', "the salt of 1.text is not written in hexadecimal"),
        (b'{"format":1,"texts":{"1.text":{"salt":"00","text":7}}}', "Expected `str`, got `int`"),
        (b'{"format":1,"texts":{"1.text":{"salt":"00","text":"\\ud800\\u0041"}}}', "surrogate"),
    ],
)
def test_a_file_of_texts_that_is_broken_says_why(data: bytes, why: str) -> None:
    with pytest.raises(TextsError, match=re.escape(why)):
        read_texts(data)


def test_the_line_of_an_error_is_named() -> None:
    with pytest.raises(LogError, match=r"^line \d+: the text beside the log is not the one that was sealed$"):
        DrillLog.read(drill().data, [one._replace(text="other") for one in drill().texts if one.field == "text"])
