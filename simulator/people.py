"""Names of people in what is typed and read: events know them by ids, which may mean nothing to anybody.

A handle is one word that names a person in a line that somebody types. A sentence of the program marks the ids in it,
so that names, or what people would type, can replace them when it is shown.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Mapping

__all__ = ["command", "handles", "named", "person"]

_LONGEST = 40
_MARKED = re.compile("\x02(/?)([^\x02\x03]*)\x03")


def handles(names: Mapping[str, str], taken: Container[str] = ()) -> dict[str, str]:
    """The handles for these names by id: from handle to id.

    A handle is the first name if nobody else has it, or else the whole name with dashes; never one that is taken.
    """
    firsts = {who: _plain(name.split(" ")[0]) for who, name in names.items()}
    counts = Counter(firsts.values())
    found: dict[str, str] = {}
    for who, name in names.items():
        base = (firsts[who] if counts[firsts[who]] == 1 else _plain(name))[:_LONGEST].strip("-") or "p"
        handle, number = base, 2
        while handle in found or handle in taken:
            handle, number = f"{base}-{number}", number + 1
        found[handle] = who
    return found


def _plain(name: str) -> str:
    """A name in lower case as one word, without accents; in its own letters if it has no Latin ones."""
    latin = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-") or re.sub(r"[\W_]+", "-", name.lower()).strip("-")


def person(who: str) -> str:
    """The id of somebody in a sentence, marked, to be read as a name."""
    return f"\x02{who}\x03"


def command(who: str) -> str:
    """The id of somebody in a sentence, marked, to be read as what people would type."""
    return f"\x02/{who}\x03"


def named(sentence: str, names: Mapping[str, str]) -> str:
    """A sentence with names and handles instead of the marked ids; an id stays if no name is known."""
    if "\x02" not in sentence:
        return sentence
    by_id = {who: handle for handle, who in handles(names).items()}
    return _MARKED.sub(lambda mark: (by_id if mark[1] else names).get(mark[2], mark[2]), sentence)
