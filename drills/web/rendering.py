"""Making pages from templates: what somebody typed is never anything but text."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from fastapi import Request
from markupsafe import Markup
from starlette.responses import HTMLResponse

from drills.guidance.visibility import Viewer
from drills.live.rooms import Room
from drills.web.context import session_of

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["STATIC", "json_block", "part", "render"]

HERE = Path(__file__).parent
STATIC = HERE / "static"
_ESCAPED = (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


@lru_cache(maxsize=1)
def _templates() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # only pages need it, and not at start

    class _Missing(StrictUndefined):
        """A missing value in a template: it may test whether it is there, but never print it."""

        def __bool__(self) -> Literal[False]:  # type: ignore[override]  # otherwise even the test would fail
            return False

    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=_Missing,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["json_block"] = json_block
    made.globals["static"] = _static
    return made


def json_block(data: object) -> Markup:
    """JSON for a script block in a page: nothing in it can end the block."""
    text = msgspec.json.encode(data).decode()
    for sign, written in _ESCAPED:
        text = text.replace(sign, written)
    return Markup(text)  # noqa: S704 - everything that is markup is escaped


def _static(name: str) -> str:
    """A static file's address; it changes with the file, so that browsers may cache it."""
    path = STATIC / name
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return f"/static/{name}"
    return f"/static/{name}?v={_digest(path, changed)}"


@lru_cache(maxsize=512)
def _digest(path: Path, changed: int) -> str:  # noqa: ARG001 - a file that has changed is read again
    from hashlib import sha256  # only the first page asks for each file

    return sha256(path.read_bytes()).hexdigest()[:10]


def part(name: str, values: dict[str, Any]) -> str:
    """A part of a page, as its template in `parts` makes it."""
    return _templates().get_template(f"parts/{name}.html").render(**values)


def render(
    request: Request,
    name: str,
    title: str,
    status: int = 200,
    *,
    room: Room | None = None,
    viewer: Viewer | None = None,
    **values: Any,  # noqa: ANN401 - a template's variables
) -> HTMLResponse:
    """A page, with its drill, if there is one, as the viewer may see it."""
    session = session_of(request)
    seen_by = None
    if viewer is not None and room is not None:
        seen_by = {"role": viewer.role, "member": viewer.member, "name": room.called(viewer.role, viewer.member)}
    page = {
        "title": title,
        "path": request.url.path,
        "drill_name": room.id if room is not None else None,
        "viewer": seen_by,
        "owner": session.owner,
        "known": session.known,
    }
    if room is not None:
        values["drill"] = room.id
    return HTMLResponse(_templates().get_template(name).render(page=page, title=title, **values), status)
