"""One HTTP request and its answer, as a person reads them, with every secret masked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import requests

from lc_tutorial import billing, memory
from lc_tutorial.bodies import json_object, text_of
from lc_tutorial.errors import ApiError, InputError, PlatformRefusal, TokenError
from lc_tutorial.masking import DOTS, SECRET_HEADERS, mask, mask_data

#: How much of a body is shown: values of JSON, items of one list, characters of one text.
_MOST_VALUES = 2_500
_MOST_ITEMS = 50
_MOST_CHARACTERS = 160
_MOST_TEXT = 4_000

#: Lines of the plain form.
_MOST_LINES = 40


@dataclass(frozen=True)
class Omitted:
    """What stands in a shortened list or object for the rest of it."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count:,} more {self.unit}"


@dataclass(frozen=True)
class Body:
    """A body, read as far as it can be: its secrets masked, and shortened where it is very long.

    Attributes:
        kind: ``"json"``, ``"form"``, ``"text"``, ``"binary"`` or ``"empty"``.
        content: the data of JSON, the fields of a form, or a text; None for the other kinds.
        note: one sentence where the content is not all there is.
    """

    kind: str
    content: Any = None
    note: str = ""


@dataclass(frozen=True)
class Transcript:
    """One HTTP request and its answer.

    Attributes:
        method: such as ``POST``.
        url: with the values in its query masked.
        request_headers: names and values, secret ones masked.
        request_body: what was sent.
        status: such as 200.
        reason: what the status means, such as ``OK``.
        meaning: the same in plain words.
        elapsed: milliseconds until the answer began.
        size: of the answer's body, in bytes.
        headers: of the answer.
        body: of the answer.
    """

    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: Body
    status: int
    reason: str
    meaning: str
    elapsed: float
    size: int
    headers: tuple[tuple[str, str], ...]
    body: Body
    raw: str | None = None

    @classmethod
    def from_response(cls, response: requests.Response) -> Self:
        """Take down what ``requests`` returned. Secrets in it are remembered, and masked."""
        memory.observe(response)
        request: requests.PreparedRequest | None = response.request
        status = response.status_code
        return cls(
            method=(request.method if request is not None else None) or "?",
            url=_masked_url(response.url or ""),
            request_headers=_masked_headers(request.headers if request is not None else {}),
            request_body=_sent(request),
            status=status,
            reason=response.reason or _reason(status),
            meaning=_meaning(status),
            elapsed=response.elapsed.total_seconds() * 1000,
            size=len(response.content or b""),
            headers=_masked_headers(response.headers),
            body=_answered(response),
        )

    @property
    def facts(self) -> tuple[str, ...]:
        """Time and size, as words."""
        return (f"{self.elapsed:,.0f} ms", size_in_words(self.size))

    def _repr_html_(self) -> str:
        from lc_tutorial.transcript_html import render

        return render(self)

    def __repr__(self) -> str:
        lines = [
            f"{self.method} {self.url}",
            f"{self.status} {self.reason}: {self.meaning}",
            ", ".join(self.facts),
            *plain(self.body).splitlines(),
        ]
        if len(lines) > _MOST_LINES:
            lines[_MOST_LINES:] = [f"… {len(lines) - _MOST_LINES:,} more lines"]
        return "\n".join(lines)


def show(response: requests.Response) -> None:
    """Show a request and its answer; if the platform refused, say why and what to do.

    On the live platform it also says how many billed calls this kernel made so far.

    Args:
        response: what ``requests`` returned.

    Raises:
        InputError: it is something else.
    """
    if not isinstance(response, requests.Response):
        raise InputError(
            what="show takes the answer to a request.",
            why=f"This is a {type(response).__name__}.",
            remedy="Pass it what requests.post returned: lc.show(response).",
        )
    billing.note(response)
    _display(Transcript.from_response(response))
    problem = explanation(response)
    if problem is not None:
        _display(problem)
    notice = billing.notice(response)
    if notice is not None:
        _display(notice)


def explanation(response: requests.Response) -> PlatformRefusal | None:
    """Why the platform refused; None if it did not."""
    if response.ok:
        return None
    error = json_object(response).get("error")
    at_accounts = urlsplit(response.url or "").path.endswith(("/token", "/info"))
    if isinstance(error, dict) or (error is None and not at_accounts):
        return ApiError.from_response(response)
    return TokenError.from_response(response)


def plain(body: Body) -> str:
    """A body as plain text."""
    if body.kind == "json":
        text = json.dumps(_without_marks(body.content), indent=2, ensure_ascii=False)
    elif body.kind == "form":
        text = "\n".join(f"{name} = {value}" for name, value in body.content)
    else:
        text = body.content or ""
    return "\n".join(part for part in (text, body.note) if part)


def _display(thing: Any) -> None:
    from IPython.core.getipython import get_ipython

    if get_ipython() is None:
        print(thing)
        return
    from IPython.display import display

    if isinstance(thing, Transcript):
        display(thing)
    else:
        display({"text/html": thing.html(), "text/plain": str(thing)}, raw=True)


# --- Reading ------------------------------------------------------------------------------------


def _sent(request: requests.PreparedRequest | None) -> Body:
    text = text_of(request)
    if not text:
        streamed = request is not None and request.body is not None and request.body != b""
        return Body("binary", note="The body was a stream.") if streamed else Body("empty")
    kind = str(request.headers.get("Content-Type", "")) if request is not None else ""
    if "form-urlencoded" in kind:
        fields = parse_qsl(text, keep_blank_values=True)
        return Body("form", tuple((name, _masked_field(name, value)) for name, value in fields))
    try:
        return _json_body(json.loads(text))
    except ValueError:
        return _text_body(text)


def _answered(response: requests.Response) -> Body:
    content = response.content or b""
    if not content:
        return Body("empty", note="The answer has no body.")
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    try:
        return _json_body(response.json())
    except ValueError:
        pass
    if b"\0" in content[:1000] or kind.startswith(("image/", "audio/", "video/")):
        return Body("binary", note=f"{size_in_words(len(content))} of {kind or 'unknown data'}, not shown.")
    return _text_body(response.text)


def _json_body(data: Any) -> Body:
    shortener = _Shortener()
    content = shortener.shorten(data)
    note = "Shortened for display; response.json() has it all." if shortener.did_cut else ""
    return Body("json", mask_data(content), note)


def _text_body(text: str) -> Body:
    note = f"… {len(text) - _MOST_TEXT:,} more characters." if len(text) > _MOST_TEXT else ""
    # Masked first: a cut could leave half a secret. But not megabytes for a few lines.
    return Body("text", mask(text[: 2 * _MOST_TEXT])[:_MOST_TEXT], note)


class _Shortener:
    """Cuts data down to what a person may want to unfold; says so where it did."""

    def __init__(self) -> None:
        self._left = _MOST_VALUES
        self.did_cut = False

    def shorten(self, data: Any) -> Any:
        self._left -= 1
        if isinstance(data, Mapping):
            return self._object(data)
        if isinstance(data, list):
            return self._list(data)
        if isinstance(data, str) and len(data) > _MOST_CHARACTERS:
            self.did_cut = True
            return f"{mask(data)[:_MOST_CHARACTERS]}…"
        return data

    def _object(self, data: Mapping[str, Any]) -> dict[str, Any]:
        # Plain values first: how many there are, and where the next page is, often come behind a
        # list that leaves nothing for them.
        order = sorted(data.items(), key=lambda field: isinstance(field[1], Mapping | list))
        shortened: dict[str, Any] = {}
        for key, value in order:
            if self._left <= 0:
                break
            shortened[key] = self.shorten(value)
        kept = {key: shortened[key] for key in data if key in shortened}
        if len(kept) < len(data):
            self.did_cut = True
            kept["…"] = Omitted(len(data) - len(kept), "fields")
        return kept

    def _list(self, data: list[Any]) -> list[Any]:
        kept: list[Any] = []
        for value in data:
            if self._left <= 0 or len(kept) >= _MOST_ITEMS:
                self.did_cut = True
                kept.append(Omitted(len(data) - len(kept), "items"))
                break
            kept.append(self.shorten(value))
        return kept


def _without_marks(data: Any) -> Any:
    if isinstance(data, Omitted):
        return f"… {data}"
    if isinstance(data, dict):
        return {key: _without_marks(value) for key, value in data.items()}
    return [_without_marks(value) for value in data] if isinstance(data, list) else data


# --- Masking ------------------------------------------------------------------------------------


def _masked_url(url: str) -> str:
    address, question, query = url.partition("?")
    names = [name for name, _ in parse_qsl(query, keep_blank_values=True)]
    return mask(address) + question + "&".join(f"{name}={DOTS}" for name in names)


def _masked_headers(headers: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _masked_header(name, _as_text(value))) for name, value in headers.items())


def _masked_header(name: str, value: str) -> str:
    if name.lower() not in SECRET_HEADERS:
        return mask(value)
    scheme, space, credential = value.partition(" ")
    if not space or scheme.lower() not in ("bearer", "basic"):
        return DOTS
    # A known shape keeps its region, and a sample's placeholder is worth seeing.
    masked = mask(credential)
    is_readable = masked != credential or credential.startswith(("<", "your_"))
    return f"{scheme} {masked if is_readable else DOTS}"


def _masked_field(name: str, value: str) -> str:
    masked = mask_data({name: value})[name]
    return str(masked)


def _as_text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


# --- Words --------------------------------------------------------------------------------------


def size_in_words(count: int) -> str:
    """A number of bytes, for a person."""
    if count < 1_000:
        return "1 byte" if count == 1 else f"{count} bytes"
    return f"{count / 1_000:,.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:,.1f} MB"


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"


def _meaning(status: int) -> str:
    if status in _MEANINGS:
        return _MEANINGS[status]
    return _CLASSES.get(status // 100, "this status has no meaning in HTTP")


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
