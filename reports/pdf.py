"""HTML to PDF with WeasyPrint, which is an extra and needs a library of the system."""

from typing import NoReturn

__all__ = ["PdfError", "pdf_of"]


class PdfError(Exception):
    """No PDF can be made here; the message says what to install."""


def pdf_of(html: str) -> bytes:
    """The page as PDF; raises PdfError if WeasyPrint or what it needs is missing."""
    try:
        import weasyprint  # an extra, and slow to import
    except ImportError:
        raise PdfError("a PDF needs WeasyPrint; install it with: pip install 'drillroom[pdf]'") from None
    except OSError:
        raise PdfError(
            "a PDF needs the system's Pango; install it with: apt install libpango-1.0-0 libpangoft2-1.0-0 "
            "(Debian, Ubuntu), dnf install pango (Fedora) or brew install pango (macOS)"
        ) from None
    return bytes(weasyprint.HTML(string=html, url_fetcher=_nothing_from_elsewhere).write_pdf())


def _nothing_from_elsewhere(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(f"a report fetches nothing: {url}")
