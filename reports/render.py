"""Papers as Markdown and as one HTML file. Everything that people typed stays text in both."""

import re
from collections.abc import Callable, Container, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from reports.earlier import Earlier
from reports.format import block, escape
from reports.handed_out import Enclosed
from reports.page import Page
from reports.postmortem import PostMortem
from reports.situation import SituationReport
from scenarios.runbook import Runbook

if TYPE_CHECKING:  # both are imported where they are used, since not every command renders
    from jinja2 import Environment
    from markdown_it import MarkdownIt

__all__ = [
    "beside_html",
    "html_environment",
    "html_of",
    "post_mortem_markdown",
    "report_html",
    "runbook_markdown",
    "situation_markdown",
]

TEMPLATES = Path(__file__).parent / "templates"
_UNESCAPED = re.compile(r"\\([\\`*_\[\]<>|~&$@:.])")
_TAGS = {"h3", "h4", "h5", "p", "ul", "ol", "li", "strong", "em", "br", "hr", "code"}


class _Written(str):
    """Markdown of our own, or escaped already."""


def _as_markdown(value: object) -> str:
    """The filter for every expression in a Markdown template."""
    return str(value) if isinstance(value, _Written) else _Written(escape(str(value)))


def _environment(*, html: bool) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    finalize: Callable[[object], object] | None = None if html else _as_markdown
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=html,  # noqa: S701 - Markdown has an escaping of its own: every expression goes through it
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=finalize,
    )
    environment.filters["coded"] = lambda text: _Written(_coded(text))
    environment.filters["address"] = lambda text: _Written(_address(text))
    environment.filters["block"] = lambda text: _Written(block(text))
    environment.filters["linked"] = lambda files, beside: _Written(_linked(files, beside))
    return environment


@cache
def _markdown() -> "Environment":
    return _environment(html=False)


@cache
def html_environment() -> "Environment":
    """The templates of pages."""
    return _environment(html=True)


def _address(text: str) -> str:
    """An address that Markdown turns into a link; anything else stays text."""
    return f"<{text}>" if re.fullmatch(r"https?://[^\s<>]+", text) else escape(text)


def _linked(files: Sequence[Enclosed], beside: Container[str]) -> str:
    """The names of files; those that lie beside the paper are links."""
    names = ((escape(file.name), file.path) for file in files)
    return ", ".join(f"[{name}]({quote(path)})" if path in beside else name for name, path in names)


def _coded(text: str) -> str:
    """Like `block`, but what an author put between backticks on one line stays code."""
    return re.sub(r"\\`([^`\n]+?)\\`", lambda found: "`" + _UNESCAPED.sub(r"\1", found[1]) + "`", block(text))


def runbook_markdown(runbook: Runbook) -> str:
    """A runbook as Markdown, for a wiki or for paper."""
    return _markdown().get_template("runbook.md").render(runbook=runbook).rstrip() + "\n"


def situation_markdown(report: SituationReport, beside: Container[str] = ()) -> str:
    """The situation report as Markdown, with links to those of its files that lie `beside` it, by their paths."""
    return _markdown().get_template("situation-report.md").render(report=report, beside=beside)


def post_mortem_markdown(paper: PostMortem, beside: Container[str] = ()) -> str:
    """The post-mortem as Markdown, with links to those of its files that lie `beside` it, by their paths."""
    return _markdown().get_template("post-mortem.md").render(paper=paper, beside=beside)


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).disable(["image", "link", "autolink", "html_block", "html_inline"])


def html_of(markdown: str, *, below: int = 2) -> str:
    """Markdown as HTML without pictures, links or raw HTML; its headings are `below` so many levels."""
    import nh3

    tokens = _reader().parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + below, 6)}"
    written = _reader().renderer.render(tokens, _reader().options, {})
    return nh3.clean(str(written), tags=_TAGS, attributes={})


def report_html(page: Page) -> str:
    """The whole report as one file: no script, nothing loaded from elsewhere."""
    return html_environment().get_template("report.html").render(page=page)


def beside_html(earlier: Earlier) -> str:
    """A drill beside earlier ones as a part of a page, the same as in its report; its tables are `beside-table`."""
    written = html_environment().get_template("earlier.html").module.beside(earlier, tables="beside-table")  # type: ignore[attr-defined]
    return str(written)
