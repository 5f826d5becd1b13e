"""A request that was sent, as it is kept: without secrets where anybody looks, and not too much."""

import functools
from dataclasses import dataclass, field, replace
from datetime import datetime

import requests

from lc_tutorial.display import Body, Transcript, size_in_words
from lc_tutorial.lab.recorded import holds_all
from lc_tutorial.lab.request import Request

#: Of a longer answer only its size is kept; a longer body of a request is left out.
LONGEST_BODY = 1_000_000


@dataclass(frozen=True)
class Sent:
    """A request that was sent.

    Attributes:
        number: counted from 1 in the order in which requests were sent.
        at: when it was sent; aware, UTC.
        by: ``"lab"`` or ``"cell"``.
        request: with references where secrets were.
        answer: as ``requests`` returned it, but for its connection; None where none came. It holds
            secrets.
        size: of the answer's body, in bytes; None where it was left for the code to read.
        problem: why none came, as one sentence.
        note: what is not kept of the request, as one sentence.
        answer_note: what is not kept of the answer, as one sentence.
        after: the number of the request whose answer led to this one.
    """

    number: int
    at: datetime
    by: str
    request: Request
    answer: requests.Response | None = field(default=None, repr=False)
    size: int | None = None
    problem: str = ""
    note: str = ""
    answer_note: str = ""
    after: int | None = None

    @functools.cached_property
    def transcript(self) -> Transcript | None:
        """Request and answer as a person reads them, masked; None where no answer came."""
        if self.answer is None:
            return None
        made = Transcript.from_response(self.answer)
        if self.note:
            made = replace(made, request_body=Body("empty", note=self.note))
        if self.answer_note:
            body = Body("empty", note=self.answer_note)
            made = replace(made, body=body, size=self.size or 0, raw=None)
        return made

    @property
    def bytes_kept(self) -> int:
        """How long its answer is that is kept."""
        return len(self.answer.content) if self.answer is not None else 0


def without_much(
    prepared: requests.PreparedRequest,
) -> tuple[str, requests.PreparedRequest]:
    """The request without a body that is too much to keep, and a sentence about that."""
    body = prepared.body
    if isinstance(body, str | bytes) and len(body) > LONGEST_BODY:
        note = f"The body that was sent, {size_in_words(len(body))}, is not kept."
    elif not holds_all(prepared):
        note = "The body that was sent is no text, and is not kept."
    else:
        return "", prepared
    shortened = prepared.copy()
    shortened.body = None
    return note, shortened


def detached(response: requests.Response) -> tuple[requests.Response, int | None, str]:
    """The answer without its connection, which would stay open; its size; what is not kept."""
    answer = requests.Response()
    for name in ("status_code", "reason", "url", "encoding", "elapsed"):
        setattr(answer, name, getattr(response, name))
    answer.headers = response.headers.copy()
    answer.request = _without_hooks(response.request)
    content, size, note = b"", None, ""
    if not response._content_consumed:  # type: ignore[attr-defined]
        # What the cell wants to read bit by bit is left for it to read.
        note = "The answer was left for the code to read, and is not kept."
    else:
        content = response.content or b""
        size = len(content)
    if len(content) > LONGEST_BODY:
        note = f"It has {size_in_words(len(content))}, which is too much to keep."
        content = b""
    answer._content, answer._content_consumed = content, True  # type: ignore[attr-defined]
    return answer, size, note


def _without_hooks(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    """A copy that nobody changes; the cell may send its own again."""
    copied = requests.PreparedRequest()
    copied.method, copied.url = prepared.method, prepared.url
    copied.headers = prepared.headers.copy()
    is_kept = isinstance(prepared.body, str | bytes) and len(prepared.body) <= LONGEST_BODY
    copied.body = prepared.body if is_kept else None
    return copied
