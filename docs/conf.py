"""How the site is built from these pages: `make docs-site`. Sphinx reads this file by its name.

The list of pages is docs/index.md: what it links under a heading is what the navigation shows under it, and a page that
it does not link stops the build.
"""

import re
import tomllib
from pathlib import Path

from sphinx.application import Sphinx

_HERE = Path(__file__).parent
_PROJECT = tomllib.loads((_HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "Drillroom"
version = release = _PROJECT["version"]
copyright = "the Drillroom maintainers"  # noqa: A001 - Sphinx's name for it
extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["notebooks/**"]
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
suppress_warnings = ["myst.header"]  # pages may leave out a level
nitpicky = True

html_theme = "furo"
html_title = f"Drillroom {version}"
html_show_sphinx = False
html_copy_source = False
html_static_path: list[str] = []
html_theme_options = {"footer_icons": []}

_SECTION = re.compile(r"^## (.+)\n((?:(?!^## ).*\n?)*)", re.MULTILINE)
_LINKED = re.compile(r"\]\(([\w/-]+)\.md\)")


def _contents(_: Sphinx, page: str, source: list[str]) -> None:
    """Give the index its tables of contents, one for each heading, from its own links."""
    if page == root_doc:
        for title, text in _SECTION.findall(source[0]):
            pages = "\n".join(_LINKED.findall(text))
            source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n{pages}\n```\n"


def setup(app: Sphinx) -> None:
    """Tell Sphinx of what this file adds."""
    app.connect("source-read", _contents)
