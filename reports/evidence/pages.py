"""The pages of the evidence: one to read and to print, and one that checks the folder in a browser, offline."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from reports.charts.palette import GROUND, TONES
from reports.evidence.chain import last_seal
from reports.evidence.period import Evidence, says
from reports.evidence.record import Record
from reports.evidence.standards import STANDARDS
from reports.render import TEMPLATES

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["CHECKER", "check_page", "evidence_page", "record_page"]

CHECKER = TEMPLATES / "evidence-check.js"
"""What checks a folder in the browser."""


def evidence_page(evidence: Evidence, chain: bytes, *, paper_only: bool = False) -> str:
    """The evidence to read, as one HTML file without a script."""
    page = _page(evidence, paper_only=paper_only) | {
        "accounted": evidence.accounted,
        "records": [one.record for one in evidence.kept],
        "notes": evidence.notes,
        "changed": evidence.changed,
        "standards": STANDARDS,
        "seal": last_seal(chain),
        "after": evidence.after if evidence.after.strip("0") else "",
        "unsigned": sum(one.record.signature is None for one in evidence.kept),
        "unwitnessed": sum(one.record.witness is None for one in evidence.kept),
    }
    return _environment().get_template("evidence.html").render(page=page)


def record_page(record: Record, name: str, *, may_sign: bool, ran: bool) -> str:
    """The record of one drill for whoever may sign it: `name` is the reader's, `ran` whether they ran the drill."""
    page = _look(paper_only=False) | {"one": record, "name": name, "may_sign": may_sign, "ran": ran}
    return _environment().get_template("record.html").render(page=page)


def check_page(evidence: Evidence) -> str:
    """The page that checks the folder, as one HTML file whose script loads nothing."""
    script = CHECKER.read_text("utf-8")
    allowed = b64encode(sha256(script.encode()).digest()).decode()
    page = _page(evidence, paper_only=False) | {"script": script, "allowed": allowed}
    return _environment().get_template("evidence-check.html").render(page=page)


def _look(*, paper_only: bool) -> dict[str, Any]:
    return {
        "tones": [(name, light, dark) for light, (name, dark) in TONES.items()],
        "ground": GROUND,
        "paper_only": paper_only,
    }


def _page(evidence: Evidence, *, paper_only: bool) -> dict[str, Any]:
    return _look(paper_only=paper_only) | {
        "since": evidence.since,
        "until": evidence.until,
        "made": evidence.made[:16].replace("T", " "),
        "by": evidence.by,
        "says": says(evidence),
    }


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
