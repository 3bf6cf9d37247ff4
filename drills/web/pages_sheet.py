"""The page on which a facilitator turns an exercise sheet into a scenario: upload, look, correct, take the draft.

Nothing is kept between two looks: the page sends the file along with what was corrected.
"""

import asyncio
import base64
import binascii
import re
import sys
from collections.abc import Mapping
from typing import Any, get_args

import msgspec
from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse

from drills.planning.sheet_reader import MOST_SECONDS, Answer, Question
from drills.web.pages_setup import owner_of
from drills.web.rendering import render
from scenarios.lookup import is_name, names
from scenarios.scenario import Via
from scenarios.sheets.columns import FIELDS
from scenarios.sheets.corrections import END, NOTHING, START
from scenarios.sheets.csv_table import ENCODINGS
from scenarios.sheets.expectations import ACTS
from scenarios.sheets.times import MEANT, READINGS
from scenarios.workspace import place_for, workspace

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
MOST_FILE = 2**20
"""Bytes of a sheet that is uploaded; the middleware limits the whole body."""
_MOST_FIELDS = 1_200
"""A recipient for each of 500 rows, and what is asked beside them."""
_MOST_DIGITS = 6
_ONE_AT_A_TIME = asyncio.Semaphore(1)
_MEANINGS = {"via": get_args(Via), "expected": (*ACTS, NOTHING)}
_FOR_A_ROW = re.compile(r"to-[1-9][0-9]{0,6}", re.ASCII)
"""The field that says whom the inject of a row goes to."""
_COLUMNS = [field for field in FIELDS if field != "number"]


@router.get("/sheet")
async def sheet(request: Request) -> Response:
    """The page before a file is chosen."""
    owner_of(request)
    return _page(request, {}, None, b"")


@router.post("/sheet")
async def understood(request: Request) -> Response:
    """What the file was understood to say; or the draft, to download or saved into the workspace."""
    owner_of(request)
    form, content = await _upload(request)
    asked = _question(form)
    if not content:
        return _page(request, form, Answer(problems=["choose a file: CSV, TSV or XLSX"]), b"", 422)
    if len(content) > MOST_FILE:
        return _page(request, form, Answer(problems=[f"the file is larger than {MOST_FILE // 2**20} MB"]), b"", 413)
    answer = await _answer(asked, content)
    doing = form.get("do", "look")
    if answer.problems:
        return _page(request, form, answer, content, 422)
    if doing in ("download", "save"):
        if not answer.draft:
            why = "say how its times are meant" if answer.choices else "give the scenario a name: words joined by -"
            return _page(request, form, answer, content, 422, why)
        return await _given(request, form, answer, content, doing)
    return _page(request, form, answer, content)


async def _given(request: Request, form: Mapping[str, str], answer: Answer, content: bytes, doing: str) -> Response:
    name = form["name"].strip()
    if doing == "download":
        named = {"content-disposition": f'attachment; filename="{name}.yaml"'}
        return Response(answer.draft, media_type="application/yaml; charset=utf-8", headers=named)
    why = await run_in_threadpool(_save, name, answer.draft)
    if why:
        return _page(request, form, answer, content, 409, why)
    return RedirectResponse(f"/author/{name}", 303)


def _save(name: str, draft: str) -> str:
    """Write a new scenario into the workspace; why not, if that cannot be done."""
    if workspace() is None:
        return "the server was not started in a workspace; download the draft instead"
    file = place_for("scenario", name)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(draft)
    except FileExistsError:
        return f"there is a {file.name} already, and it was left as it is; choose another name"
    except OSError as error:
        return f"{file.name} cannot be written: {(error.strerror or 'no access').lower()}; download the draft instead"
    return ""


async def _upload(request: Request) -> tuple[dict[str, str], bytes]:
    """The fields of the form and the file: a new one, or the one that the page sends along."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "expected a form with a file")
    async with request.form(max_files=1, max_fields=_MOST_FIELDS, max_part_size=2 * MOST_FILE) as form:
        fields = {key: value for key, value in form.multi_items() if isinstance(value, str)}
        chosen = form.get("sheet")
        if isinstance(chosen, UploadFile) and chosen.filename:
            fields["file"] = chosen.filename
            return fields, await chosen.read(MOST_FILE + 1)
    try:
        return fields, base64.b64decode(fields.pop("content", ""), validate=True)
    except binascii.Error:
        raise HTTPException(422, "the file did not come along; choose it again") from None


def _question(form: Mapping[str, str]) -> Question:
    """What a form asks."""
    name = form.get("name", "").strip()
    row = form.get("headings-row", "").strip()
    times = next((reading for reading in READINGS if reading == form.get("times")), None)
    columns: dict[str, str] = {field: form[f"column-{field}"] for field in _COLUMNS if form.get(f"column-{field}")}
    means = {said: form[f"means-{key[5:]}"] for key, said in form.items()
             if key.startswith("said-") and form.get(f"means-{key[5:]}")}  # fmt: skip
    rows = {int(key[3:]): to for key, to in form.items() if _FOR_A_ROW.fullmatch(key) and to}
    return Question(
        rows=rows,
        file=form.get("file", "sheet")[:200],
        name=name if is_name(name) else "",
        times=times,
        columns={field: "" if said == "-" else said for field, said in columns.items()},
        means=means,
        protocol=form.get("protocol") or None,
        headings_row=int(row) if row.isdecimal() and len(row) < _MOST_DIGITS else None,
        sheet=form.get("tab", "").strip() or None,
        jumps=form.get("gaps") != "keep",
        encoding=next((one for one in ENCODINGS if one == form.get("encoding")), None),
    )


async def _answer(question: Question, content: bytes) -> Answer:
    """What a process of its own makes of a sheet, one sheet at a time."""
    late = Answer(problems=["it took too long to read this file; keep the table of injects alone"])
    async with _ONE_AT_A_TIME:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "drills.planning.sheet_reader"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            sent = msgspec.json.encode(question) + b"\n" + content
            out, _ = await asyncio.wait_for(process.communicate(sent), 3 * MOST_SECONDS)
        except TimeoutError:
            return late
        finally:
            if process.returncode is None:
                process.kill()
    return msgspec.json.decode(out, type=Answer) if process.returncode == 0 else late


def _page(
    request: Request, form: Mapping[str, str], answer: Answer | None, content: bytes, status: int = 200, why: str = ""
) -> Response:
    said: dict[str, Any] = {
        "form": form,
        "answer": answer,
        "why": why,
        "content": base64.b64encode(content).decode(),
        "columns": _COLUMNS,
        "meanings": {**_MEANINGS, "to": [] if answer is None else answer.roles},
        "whom": [] if answer is None else [*answer.roles, START, END],
        "protocols": names("protocol"),
        "encodings": ENCODINGS,
        "means": dict(_question(form).means),
        "rows": {str(row): to for row, to in _question(form).rows.items()},
        "readings": [(reading, MEANT[reading]) for reading in READINGS],
        "saves": workspace() is not None,
    }
    return render(request, "sheet.html", "A scenario from a sheet", status, **said)
