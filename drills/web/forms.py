"""What a form sends."""

from urllib.parse import parse_qs

from fastapi import HTTPException, Request

__all__ = ["fields_of", "form_of"]

MOST_FIELDS = 300


async def form_of(request: Request) -> dict[str, str]:
    """A form's fields; of several with one name, the last."""
    return {name: values[-1] for name, values in (await fields_of(request)).items()}


async def fields_of(request: Request) -> dict[str, list[str]]:
    """A form's fields, with every value of each name."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(415, "expected a form")
    body = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qs(body, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise HTTPException(413, "that form has too many fields") from None
    return {name: [value.replace("\r\n", "\n") for value in values] for name, values in fields.items()}
