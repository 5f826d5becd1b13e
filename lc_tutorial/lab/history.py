"""What this kernel has sent: by the lab, and by ``requests`` in cells.

It is kept in memory only: each request with references in the place of its secrets, and its answer
as it came, which shows itself masked. Whatever goes wrong here is counted and told of, and reaches
no cell.

Not recorded is what the package sends for its own purposes: the sandbox's health checks and
control, and the scripted learner's way through the pages. :mod:`hook` sees to that.
"""

import contextlib
import functools
import itertools
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests

from lc_tutorial import memory
from lc_tutorial.errors import ConnectionProblem
from lc_tutorial.lab import values_at_hand
from lc_tutorial.lab.addresses import accounts_origin
from lc_tutorial.lab.recorded import from_prepared, with_references
from lc_tutorial.lab.request import Request
from lc_tutorial.lab.sent import Sent, detached, without_much

#: How many requests are kept, and how many bytes of answers.
MOST_ENTRIES = 100
MOST_BYTES = 20_000_000

#: Answers with tokens are short. Longer ones are not searched for them: that takes time.
_LONGEST_WITH_TOKEN = 16_000


@dataclass
class _Call:
    """A request while it is under way."""

    number: int
    at: datetime
    by: str
    request: Request
    note: str
    after: int | None
    session: requests.Session
    outer: "_Call | None"
    hops: int = 0
    hop_failed: bool = False


@dataclass
class _FromLab:
    """Says that the lab sends, and what."""

    request: Request | None
    after: int | None = None


__all__ = ["MOST_BYTES", "MOST_ENTRIES", "Sent", "about", "clear", "entries", "from_lab", "record"]

_lock = threading.Lock()
_entries: dict[int, Sent] = {}
_numbers = itertools.count(1)
_sent = 0
_troubles = 0

_call: ContextVar[_Call | None] = ContextVar("lc_call", default=None)
_from_lab: ContextVar[_FromLab | None] = ContextVar("lc_from_lab", default=None)


# --- For others ---------------------------------------------------------------------------------


def entries() -> tuple[Sent, ...]:
    """What was sent, the newest last; at most the last :data:`MOST_ENTRIES`."""
    with _lock:
        return tuple(_entries[number] for number in sorted(_entries))


def about() -> str:
    """How much was sent, and what of it is not here; for a person."""
    with _lock:
        sent, kept, troubles = _sent, len(_entries), _troubles
    said = [f"{_requests(sent)} sent since the kernel started."]
    if gone := sent - kept:
        said.append(
            f"The {'oldest' if gone == 1 else f'oldest {gone:,}'} of them "
            f"{'is' if gone == 1 else 'are'} no longer here."
        )
    if troubles:
        said.append(
            f"{_requests(troubles)} could not be recorded: an error of the lab's own, which "
            "changed nothing in what was sent."
        )
    return " ".join(said)


def clear() -> None:
    """Forget what was sent, and count from 1 again."""
    global _numbers, _sent, _troubles
    with _lock:
        _entries.clear()
        _numbers = itertools.count(1)
        _sent = _troubles = 0


@contextlib.contextmanager
def from_lab(request: Request) -> Iterator[None]:
    """What this thread sends meanwhile comes from the lab.

    Args:
        request: that is sent first, as it was written. What follows it are redirects.
    """
    before = _from_lab.set(_FromLab(request))
    try:
        yield
    finally:
        _from_lab.reset(before)


# --- Recording ----------------------------------------------------------------------------------


def record(
    original: Callable[..., requests.Response],
    session: requests.Session,
    request: requests.PreparedRequest,
    options: dict[str, Any],
) -> requests.Response:
    """Send a request, and keep what was sent and answered.

    Args:
        original: sends it, as ``requests.Session.send``.
        session: by which it is sent.
        request: that is sent.
        options: of the sending.
    """
    call = _begin(session, request, options)
    if call is None:
        return original(session, request, **options)
    outer = _call.set(call)
    try:
        response = original(session, request, **options)
    except BaseException as problem:
        _failed(call, request, problem)
        raise
    finally:
        _call.reset(outer)
    _answered(call, response)
    return response


def _counted(work: Callable[..., Any]) -> Callable[..., Any]:
    """An error in the recorder is counted, and goes no further."""

    @functools.wraps(work)
    def careful(*arguments: Any) -> Any:
        global _troubles
        try:
            return work(*arguments)
        except Exception:  # noqa: BLE001
            with _lock:
                _troubles += 1
            return None

    return careful


@_counted
def _begin(
    session: requests.Session, prepared: requests.PreparedRequest, options: dict[str, Any]
) -> _Call:
    lab, outer = _from_lab.get(), _call.get()
    vault = values_at_hand.kept_at(accounts_origin(prepared.url or ""))
    note, shortened = without_much(prepared)
    written = lab.request if lab is not None else None
    request = (
        with_references(written, vault) if written is not None else from_prepared(shortened, vault)
    )
    # A redirect that requests follows is a call within a call, of the same session.
    if outer is not None and (outer.session is not session or options.get("allow_redirects", True)):
        outer = None
    call = _Call(
        number=next(_numbers),
        at=datetime.now(UTC),
        by="cell" if lab is None else "lab",
        request=request,
        note=note,
        after=outer.number if outer is not None else None,
        session=session,
        outer=outer,
    )
    if outer is not None:
        outer.hops += 1
    if lab is not None:
        call.after, lab.after, lab.request = lab.after, call.number, None
    return call


@_counted
def _answered(call: _Call, response: requests.Response) -> None:
    if call.hops and response.history:
        response = response.history[0]
    answer, size, note = detached(response)
    if 0 < len(answer.content) <= _LONGEST_WITH_TOKEN:
        memory.observe(answer)
    _keep(call, answer=answer, size=size, answer_note=note)


@_counted
def _failed(call: _Call, prepared: requests.PreparedRequest, problem: BaseException) -> None:
    if call.outer is not None:
        call.outer.hop_failed = True
    if isinstance(problem, requests.TooManyRedirects) and problem.response is not None:
        first, *_ = [*problem.response.history, problem.response]
        answer, size, note = detached(first)
        _keep(call, answer=answer, size=size, answer_note=note, problem=_TOO_MANY)
    else:
        _keep(call, problem=_in_words(call, prepared, problem))


def _keep(call: _Call, **rest: Any) -> None:
    global _sent
    sent = Sent(
        call.number, call.at, call.by, call.request, note=call.note, after=call.after, **rest
    )
    with _lock:
        _sent += 1
        _entries[sent.number] = sent
        size = sum(each.bytes_kept for each in _entries.values())
        while len(_entries) > MOST_ENTRIES or size > MOST_BYTES:
            size -= _entries.pop(min(_entries)).bytes_kept


# --- Words --------------------------------------------------------------------------------------

_TOO_MANY = "The answers led from one address to the next, and to no end."


def _in_words(call: _Call, prepared: requests.PreparedRequest, problem: BaseException) -> str:
    """Why no answer came. The problem's own text may hold a secret, and is not used."""
    if call.hop_failed:
        return "Its answer led to another address, and that request failed."
    match problem:
        case KeyboardInterrupt():
            return "It was interrupted."
        case (
            requests.exceptions.ChunkedEncodingError() | requests.exceptions.ContentDecodingError()
        ):
            return "The answer broke off."
        case requests.ConnectionError() | requests.Timeout():
            return ConnectionProblem.from_exception(problem, prepared.url).what
    return f"It could not be sent: {type(problem).__name__}."


def _requests(count: int) -> str:
    return f"{count:,} {'request' if count == 1 else 'requests'}"
