"""The API's description: what FastAPI makes of the routes, and what it does not know."""

from typing import Any

from fastapi import FastAPI

from drills.web.tokens import OPENED

__all__ = ["describe"]


def describe(app: FastAPI, stream: str) -> None:
    """Describe what FastAPI does not know: the answers, the stream and its path, the cookie, the tokens."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        from pydantic.json_schema import models_json_schema

        from drills.planning.materials import version
        from drills.web.openapi_answers import ANSWERS

        app.version = version()
        found = made()
        template = "#/components/schemas/{model}"
        wanted = [(answer, "serialization") for answer in ANSWERS]
        shapes = models_json_schema(wanted, ref_template=template)[1]["$defs"]  # type: ignore[arg-type]  # a literal
        asked = {name: one for name, one in found["components"]["schemas"].items() if "Validation" not in name}
        found["components"]["schemas"] = dict(sorted((shapes | asked).items()))
        refused = {"application/json": {"schema": {"$ref": "#/components/schemas/Refused"}}}
        found["components"]["securitySchemes"] = {
            "session": {"type": "apiKey", "in": "cookie", "name": "drillroom"},
            "token": {"type": "http", "scheme": "bearer", "description": _BEARER},
        }
        for (method, path), scope in OPENED.items():
            found["paths"][path][method.lower()]["security"] = [{"session": []}, {"token": [scope]}]
        found["security"] = [{"session": []}]
        found["paths"]["/health"]["get"]["security"] = []
        found["paths"][stream] = {"get": _STREAM | {"responses": _stream_answers(refused)}}
        app.openapi_schema = found
        return found

    app.openapi = openapi  # type: ignore[method-assign]


_BEARER = "A token that `drillroom tokens create` made; for each route the scope that it takes."
_STREAM: dict[str, Any] = {
    "summary": "Everything as it happens",
    "description": (
        "Server-sent events. An event of the log has its number as id and the event as data; those named `clock`, "
        "`signals`, `people`, `lobby`, `screen` and `started` have none. It resumes after Last-Event-ID, or `after`."
    ),
    "operationId": "stream",
    "tags": ["drill"],
    "parameters": [
        {"name": "drill", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "after", "in": "query", "required": False, "schema": {"type": "integer", "minimum": -1}},
    ],
}


def _stream_answers(refused: dict[str, Any]) -> dict[str, Any]:
    stream = {"text/event-stream": {"schema": {"type": "string"}}}
    return {
        "200": {"description": "A stream that does not end by itself.", "content": stream},
        "401": {"description": "There is no session; open a link first.", "content": refused},
        "404": {"description": "There is no such drill, or it is not yours.", "content": refused},
    }
