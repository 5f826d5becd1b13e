"""One HTTP request and its answer, as a person reads them, with every secret masked."""

import json
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urljoin

import requests

from lc_tutorial import memory
from lc_tutorial.agent_chat import ignored
from lc_tutorial.display.exchange import Exchange
from lc_tutorial.display.html import render
from lc_tutorial.display.parts import Body, Omitted, Reader
from lc_tutorial.errors import (
    PAGES,
    ApiError,
    ConnectionProblem,
    InputError,
    Place,
    PlatformRefusal,
    TokenError,
)
from lc_tutorial.messages import json_object
from lc_tutorial.platforms import billing

#: Lines of the plain form.
_MOST_LINES = 40


class Transcript(Exchange):
    """An exchange that shows itself, in a notebook and as plain text."""

    @classmethod
    def from_response(cls, response: requests.Response) -> Self:
        """Take down what ``requests`` returned. Secrets in it are remembered, and masked."""
        return cls._read(response, Reader(), is_revealed=False)

    @classmethod
    def revealed(cls, response: requests.Response) -> Self:
        """The same with all secrets in it: for :mod:`lc_tutorial.display.revealing` only."""
        return cls._read(response, Reader(masked=False), is_revealed=True)

    @classmethod
    def _read(cls, response: requests.Response, reader: Reader, *, is_revealed: bool) -> Self:
        memory.observe(response)
        request: requests.PreparedRequest | None = response.request
        status = response.status_code
        body = reader.answered(response)
        return cls(
            method=(request.method if request is not None else None) or "?",
            url=reader.url(response.url or ""),
            request_headers=reader.headers(request.headers if request is not None else {}),
            request_body=reader.sent(request),
            status=status,
            reason=response.reason or _reason(status),
            meaning=_meaning(status),
            elapsed=response.elapsed.total_seconds() * 1000,
            size=len(response.content or b""),
            headers=reader.headers(response.headers),
            body=body,
            raw=reader.raw(response) if body.kind == "json" else None,
            leads_to=reader.url(_where_to(response)),
            came_by=tuple(_hop(earlier, reader) for earlier in response.history),
            ignored=tuple(map(reader.text, ignored(response))),
            is_revealed=is_revealed,
        )

    def _repr_html_(self) -> str:
        # A notebook keeps what it displays.
        return f"<p>{_NOT_HERE}</p>" if self.is_revealed else render(self)

    def __repr__(self) -> str:
        if self.is_revealed:
            return _NOT_HERE
        lines = [
            f"{self.method} {self.url}",
            f"{self.status} {self.reason}: {self.meaning}",
            ", ".join(self.facts),
            *self.remarks,
            *plain(self.body).splitlines(),
        ]
        if len(lines) > _MOST_LINES:
            lines[_MOST_LINES:] = [f"… {len(lines) - _MOST_LINES:,} more lines"]
        return "\n".join(lines)


def show(response: requests.Response | requests.RequestException) -> None:
    """Show a request and its answer; if the platform refused, say why and what to do.

    On the live platform it also says how many billed calls this kernel made so far.

    Args:
        response: what ``requests`` returned. Where it raised because no answer came: that.

    Raises:
        InputError: it is something else.
    """
    if isinstance(response, requests.RequestException):
        display_thing(ConnectionProblem.from_exception(response))
        return
    if not isinstance(response, requests.Response):
        raise InputError(
            what="show takes the answer to a request.",
            why=f"This is a {type(response).__name__}.",
            remedy="Pass it what requests.post returned: lc.show(response).",
        )
    billing.note(response)
    display_thing(Transcript.from_response(response))
    problem = explanation(response)
    if problem is not None:
        display_thing(problem)
    notice = billing.notice(response)
    if notice is not None:
        display_thing(notice)


def explanation(response: requests.Response, place: Place | None = None) -> PlatformRefusal | None:
    """Why the platform refused; None if it did not.

    Args:
        response: the answer.
        place: where the explanation is shown; where this thread works, if not given.
    """
    if response.ok:
        return None
    answer = json_object(response)
    error = answer.get("error")
    path = memory.path_of(response.url or "")
    at_accounts = path.startswith(("/v2/", "/token", "/info")) or path in PAGES
    if isinstance(error, dict) or not (at_accounts or isinstance(error, str)):
        return ApiError.from_response(response, place)
    return TokenError.from_response(response, place)


def plain(body: Body) -> str:
    """A body as plain text."""
    if body.kind == "json":
        text = json.dumps(_without_marks(body.content), indent=2, ensure_ascii=False)
    elif body.kind == "form":
        text = "\n".join(f"{name} = {value}" for name, value in body.content)
    else:
        text = body.content or ""
    return "\n".join(part for part in (text, body.note) if part)


def _without_marks(data: Any) -> Any:
    if isinstance(data, Omitted):
        return f"… {data}"
    if isinstance(data, dict):
        return {key: _without_marks(value) for key, value in data.items()}
    return [_without_marks(value) for value in data] if isinstance(data, list) else data


def display_thing(thing: Any) -> None:
    """Display an exchange, or an explanation; outside of a notebook, print it."""
    from IPython.core.getipython import get_ipython

    if get_ipython() is None:
        print(thing)
        return
    from IPython.display import display

    if hasattr(thing, "html"):
        display({"text/html": thing.html(), "text/plain": str(thing)}, raw=True)
    else:
        display(thing)


# --- Words --------------------------------------------------------------------------------------


def _where_to(response: requests.Response) -> str:
    location = response.headers.get("Location", "") if response.is_redirect else ""
    try:
        return urljoin(response.url or "", location) if location else ""
    except ValueError:
        return "an address that can't be read"


def _hop(earlier: requests.Response, reader: Reader) -> str:
    method = earlier.request.method if earlier.request is not None else "?"
    return f"{method} {reader.url(earlier.url or '')} answered {earlier.status_code}"


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"


def _meaning(status: int) -> str:
    if status in _MEANINGS:
        return _MEANINGS[status]
    return _CLASSES.get(status // 100, "this status has no meaning in HTTP")


_NOT_HERE = "This transcript has secrets in it. lc.reveal(response) shows it, and saves nothing."

_MEANINGS = {
    200: "it worked",
    201: "it worked, and something was created",
    204: "it worked, and there is nothing to say",
    304: "nothing has changed",
    400: "the server can't make sense of the request",
    401: "the server doesn't accept who is asking",
    403: "the server knows who is asking, and it is not allowed",
    404: "there is nothing at this address",
    405: "this address doesn't take this method",
    408: "it took too long",
    413: "the request is too large",
    415: "the body has a type that the server doesn't take",
    421: "this is the wrong server for it",
    422: "something in the request is missing or wrong",
    429: "too many requests in a short time",
    500: "the server failed",
    502: "a server behind this one failed",
    503: "the server is not available for the moment",
    504: "a server behind this one took too long",
}
_CLASSES = {
    1: "not finished yet",
    2: "it worked",
    3: "look elsewhere",
    4: "something is wrong with the request",
    5: "the server failed",
}
