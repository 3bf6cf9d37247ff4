"""Papers as Markdown and as one HTML file. Whatever people typed stays text in both."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reports.page import Page
from reports.postmortem import PostMortem
from reports.situation import SituationReport
from reports.text import block, escape

if TYPE_CHECKING:  # both are imported where they are used: not every command renders
    from jinja2 import Environment
    from markdown_it import MarkdownIt

__all__ = ["html_of", "post_mortem_markdown", "report_html", "situation_markdown"]

TEMPLATES = Path(__file__).parent / "templates"
_TAGS = {"h3", "h4", "h5", "p", "ul", "ol", "li", "strong", "em", "br", "hr", "code"}


class _Written(str):
    """Markdown of our own, or escaped already."""


def _as_markdown(value: object) -> str:
    """What every expression in a Markdown template goes through."""
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
    environment.filters["block"] = lambda text: _Written(block(text))
    return environment


@cache
def _markdown() -> "Environment":
    return _environment(html=False)


@cache
def _html() -> "Environment":
    return _environment(html=True)


def situation_markdown(report: SituationReport) -> str:
    """The situation report as Markdown."""
    return _markdown().get_template("situation-report.md").render(report=report)


def post_mortem_markdown(paper: PostMortem) -> str:
    """The post-mortem as Markdown."""
    return _markdown().get_template("post-mortem.md").render(paper=paper)


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).disable(["image", "link", "autolink", "html_block", "html_inline"])


def html_of(markdown: str, *, below: int = 2) -> str:
    """Markdown as HTML without pictures, links or raw HTML; its headings come `below` so many levels."""
    import nh3

    tokens = _reader().parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + below, 6)}"
    written = _reader().renderer.render(tokens, _reader().options, {})
    return nh3.clean(str(written), tags=_TAGS, attributes={})


def report_html(page: Page) -> str:
    """The whole report as one file: no script, nothing from elsewhere."""
    return _html().get_template("report.html").render(page=page)
