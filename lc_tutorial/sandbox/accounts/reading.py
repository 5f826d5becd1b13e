"""How the accounts service reads what programs send: a form or JSON, and a token in the header.

Source: livechat-public-docs, authorization/oauth-authorization (its samples send both kinds).
"""

import json
from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from lc_tutorial.sandbox.accounts.refusals import Refusal, malformed

MAX_BODY_BYTES = 10 * 1024 * 1024


async def parameters(
    request: Request, known: Collection[str], *, guess: bool = False
) -> dict[str, Any]:
    """Read a form or a JSON object, and return the known ones of its parameters.

    Args:
        request: The request with them in its body.
        known: The names that mean something.
        guess: Whether a form that looks like a JSON object is read as one.

    Raises:
        Refusal: The body cannot be read, or a parameter is in it more than once.
    """
    body = await _body(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json" or (guess and body.lstrip().startswith(b"{")):
        pairs = _json_pairs(body)
    else:
        pairs = _form_pairs(body, kind)
    form = dict(pairs)
    names = [name for name, _ in pairs]
    present = set(known).intersection(names)
    if len(names) != len(form):
        repeated = {name: "is repeated" for name in present if names.count(name) > 1}
        raise malformed("a parameter that means nothing is repeated", **repeated)
    return {name: form[name] for name in present}


def _form_pairs(body: bytes, kind: str) -> list[tuple[str, Any]]:
    # assumed: a body without a type is read as a form; any other type is not understood.
    if kind not in ("application/x-www-form-urlencoded", ""):
        raise malformed("the body's Content-Type is neither a form's nor JSON's")
    try:
        return list(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=1000))
    except ValueError as error:
        raise malformed("the body cannot be read as a form") from error


def _json_pairs(body: bytes) -> list[tuple[str, Any]]:
    try:
        # Objects stay lists of pairs, so that a repeated name can be seen.
        pairs = json.loads(body.decode(), object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as error:
        raise malformed("the body is not JSON") from error
    if not isinstance(pairs, _Pairs):
        raise malformed("the body is JSON, but not an object")
    return pairs


class _Pairs(list[tuple[str, Any]]):
    """A JSON object."""


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise Refusal("bad_request", why="the body is too large")
    except ClientDisconnect as gone:
        raise malformed("the caller left before the body was whole") from gone
    return bytes(body)


def presented(request: Request) -> str:
    """Return the token in the header, or in `?code=`."""
    header = request.headers.get("authorization", "")
    if header:  # assumed: the header counts where both are there
        scheme, _, value = header.partition(" ")
        return value.strip() if scheme.lower() == "bearer" else ""
    value = request.query_params.get("code", "")
    if not value:
        raise malformed(code="is required")
    return value
