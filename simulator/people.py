"""What people are called where somebody types or reads: events know them by ids, which may say nothing to anybody.

A handle is one word by which a person can be named in a line that somebody types. A sentence of the program marks the
ids in it, so that whoever shows it can put names, or what one would type, in their places.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Mapping

__all__ = ["command", "handles", "named", "person"]

_LONGEST = 40
_MARKED = re.compile("\x02(/?)([^\x02\x03]*)\x03")


def handles(names: Mapping[str, str], taken: Container[str] = ()) -> dict[str, str]:
    """Whose handle is whose: from handle to id, for these names by id.

    It is the first name where nobody else has it, else the whole name with dashes; none of those that are taken.
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
    """A name in lower case as one word, without accents; in its own letters where it has no Latin ones."""
    latin = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-") or re.sub(r"[\W_]+", "-", name.lower()).strip("-")


def person(who: str) -> str:
    """The id of somebody in a sentence, marked, to be read as a name."""
    return f"\x02{who}\x03"


def command(who: str) -> str:
    """The id of somebody in a sentence, marked, to be read as what one would type."""
    return f"\x02/{who}\x03"


def named(sentence: str, names: Mapping[str, str]) -> str:
    """A sentence with names and handles in the places of the marked ids; an id stays where no name is known."""
    if "\x02" not in sentence:
        return sentence
    by_id = {who: handle for handle, who in handles(names).items()}
    return _MARKED.sub(lambda mark: (by_id if mark[1] else names).get(mark[2], mark[2]), sentence)
