"""Whether a built site stands on its own: `python -m tests.support.site FOLDER` says what it would fetch elsewhere.

Links that a reader may follow to other hosts are fine; what a browser loads by itself is not, and neither is a link to
a file that is not there. Sphinx checks the links between pages, but not those that the theme makes.
"""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["faults"]

_LOADED = {"src", "srcset", "poster", "data"}
_IN_STYLES = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


class _Addresses(HTMLParser):
    """The addresses in a page: what it loads, and what it links to."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.linked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value is None:
                continue
            if name in _LOADED or (tag == "link" and name == "href"):
                self.loaded.append(value)
            elif name == "href":
                self.linked.append(value)


def faults(site: Path) -> Iterator[str]:
    """What is wrong with the site in this folder, a line for each thing."""
    for page in sorted(site.rglob("*.html")):
        found = _Addresses()
        found.feed(page.read_text(encoding="utf-8"))
        name = page.relative_to(site)
        for address in found.loaded:
            if _elsewhere(address):
                yield f"{name} loads {address}"
            elif not _there(site, page, address):
                yield f"{name} loads {address}, which is not there"
        for address in found.linked:
            if not _elsewhere(address) and not _there(site, page, address):
                yield f"{name} links to {address}, which is not there"
    for style in sorted(site.rglob("*.css")):
        for one in _IN_STYLES.finditer(style.read_text(encoding="utf-8")):
            address = one[1] or one[2]
            if _elsewhere(address):
                yield f"{style.relative_to(site)} loads {address}"


def _elsewhere(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "data")


def _there(site: Path, page: Path, address: str) -> bool:
    path = unquote(urlsplit(address).path)
    if not path or address.startswith("data:"):
        return True
    target = site / path.lstrip("/") if path.startswith("/") else page.parent / path
    return target.is_file() or (target / "index.html").is_file()


if __name__ == "__main__":
    wrong = list(faults(Path(sys.argv[1])))
    if not wrong and not any(Path(sys.argv[1]).rglob("*.html")):
        wrong = [f"there is no page in {sys.argv[1]}"]
    sys.exit("\n".join(wrong) or 0)
