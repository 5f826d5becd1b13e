"""The control plane's page for a person, at `/_sandbox/`.

The nonce never comes near an address or a browser. Whoever has it asks for a ticket, in a call; a
link with the ticket opens the page once, within a few minutes, and gives the browser a cookie that
scripts cannot read and that goes to this port's `/_sandbox/` only. A link that is found later, in
a history or in a saved notebook, opens nothing. Every form carries the sandbox's form token.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lc_tutorial.sandbox.control import faults
from lc_tutorial.sandbox.control.controls import (
    Controls,
    EndAccess,
    Invite,
    LimitRate,
    MoveClock,
    Reseed,
    SetFault,
)
from lc_tutorial.sandbox.control.wording import in_words
from lc_tutorial.sandbox.web import pages

PATH = "/_sandbox/"
TICKET_LIFETIME = 600.0
MAX_TICKETS = 100
MAX_VISITORS = 100
_SHOWN_ENTRIES = 50

#: Which calls a fault can strike, for the page's choice: a path pattern, and what it means.
_TARGETS = (
    ("*", "every call and page"),
    ("/v2/token", "the token endpoint"),
    ("/v*/agent/action/*", "the Agent Chat API"),
    ("/v*/agent/action/list_chats", "List Chats"),
    ("/v*/customer/action/*", "the Customer Chat API"),
)


class Visitors:
    """Who may open the control page: tickets that wait, and browsers that came with one."""

    def __init__(self) -> None:
        self._tickets: OrderedDict[str, float] = OrderedDict()
        self._keys: OrderedDict[str, None] = OrderedDict()

    def ticket(self) -> str:
        """Make a ticket; the oldest that waits goes when there are too many."""
        made = secrets.token_urlsafe(24)
        self._tickets[made] = time.monotonic() + TICKET_LIFETIME
        if len(self._tickets) > MAX_TICKETS:
            self._tickets.popitem(last=False)
        return made

    def admit(self, ticket: str) -> str | None:
        """Take a ticket, and return the key that it is worth; None for a ticket that is not valid.

        A dictionary finds a ticket by its hash, which tells nothing about those that are close.
        """
        if self._tickets.pop(ticket, 0.0) <= time.monotonic():
            return None
        key = secrets.token_urlsafe(24)
        self._keys[key] = None
        if len(self._keys) > MAX_VISITORS:
            self._keys.popitem(last=False)
        return key

    def knows(self, key: str) -> bool:
        """Whether this is the key of a browser that was admitted."""
        return key in self._keys


async def enter(request: Request) -> Response:
    """Let a browser in that comes with a ticket: `GET /_sandbox/enter?ticket=...`."""
    visitors: Visitors = request.app.state.visitors
    if request.method == "HEAD":
        # A look at the link does not use it up.
        return pages.redirect(request, PATH)
    key = visitors.admit(request.query_params.get("ticket", ""))
    if key is None:
        raise pages.PageProblem(
            403,
            "This link has been used, or is too old",
            "It opens the page once, within ten minutes. Ask for another one: "
            "lc.Control.of(platform).page_url() in a notebook.",
        )
    response = pages.redirect(request, PATH)
    response.set_cookie(
        _cookie_name(request),
        key,
        path=pages.context_path(request) + PATH,
        secure=request.scope["scheme"] == "https",
        httponly=True,
        # Not "strict": the link may come from a notebook under another name of this machine.
        samesite="lax",
    )
    return response


async def show(request: Request) -> Response:
    """Show the page."""
    _check_visitor(request)
    controls: Controls = request.app.state.controls
    return pages.render(
        request,
        "control.html",
        state=controls.state(),
        journal=controls.journal(_SHOWN_ENTRIES)[::-1],
        meanings=faults.MEANINGS,
        targets=_TARGETS,
    )


async def _advance(controls: Controls, form: dict[str, str]) -> str:
    controls.move_clock(msgspec.convert(form, MoveClock, strict=False))
    return "The clock has moved."


async def _set_fault(controls: Controls, form: dict[str, str]) -> str:
    order: dict[str, str | None] = dict(form)
    if order.pop("always", None):
        order["times"] = None
    controls.set_fault(msgspec.convert(order, SetFault, strict=False))
    return "The fault is set."


async def _clear_faults(controls: Controls, _: dict[str, str]) -> str:
    controls.clear_faults()
    return "No fault is set any more."


async def _limit_rate(controls: Controls, form: dict[str, str]) -> str:
    controls.limit_rate(msgspec.convert(form, LimitRate, strict=False))
    return "The rate limit has changed."


async def _invite(controls: Controls, form: dict[str, str]) -> str:
    invited = controls.invite(msgspec.convert(form, Invite, strict=False))
    return f"Invited: {len(invited)}. The login page has their passwords."


async def _end_access(controls: Controls, form: dict[str, str]) -> str:
    ended = controls.end_access(msgspec.convert(form, EndAccess, strict=False))
    numbers = f"access {ended['access_tokens']}, refresh {ended['refresh_tokens']}"
    return f"The app has no access any more. Tokens that lived until now: {numbers}."


async def _reseed(controls: Controls, form: dict[str, str]) -> str:
    await controls.reseed(msgspec.convert(form, Reseed, strict=False))
    return "The chats have been made anew."


async def _reset(controls: Controls, _: dict[str, str]) -> str:
    controls.reset()
    return "The world is as new. The ready-made app has another client id and secret."


async def _clear_journal(controls: Controls, _: dict[str, str]) -> str:
    controls.clear_journal()
    return "The journal is empty."


_ACTIONS: dict[str, Callable[[Controls, dict[str, str]], Awaitable[str]]] = {
    "clock": _advance,
    "faults": _set_fault,
    "clear-faults": _clear_faults,
    "rate-limit": _limit_rate,
    "people": _invite,
    "end-access": _end_access,
    "seed": _reseed,
    "reset": _reset,
    "clear-journal": _clear_journal,
}


async def act(request: Request) -> Response:
    """Do what a form of the page asks for."""
    _check_visitor(request)
    action = _ACTIONS.get(request.path_params["action"])
    if action is None:
        raise pages.PageProblem(
            404, "There is no such action", "Go back to the page, reload it, and try again."
        )
    form = await pages.checked_form(request)
    try:
        notice = "ok", await action(request.app.state.controls, _filled_in(form))
    except ValueError as error:
        notice = "error", f"That cannot be done: {in_words(error)}."
    # After a reset the browser's session is gone, too: it begins a new one.
    request.scope.pop("lc_tutorial.session", None)
    pages.session(request).notices.append(notice)
    return pages.redirect(request, PATH)


def _filled_in(form: ImmutableMultiDict[str, str]) -> dict[str, Any]:
    fields = {name: value.strip() for name, value in form.items() if name != "csrf"}
    return {name: value for name, value in fields.items() if value}


def _check_visitor(request: Request) -> None:
    visitors: Visitors = request.app.state.visitors
    if not visitors.knows(request.cookies.get(_cookie_name(request), "")):
        raise pages.PageProblem(
            403,
            "This page opens with a link from a notebook",
            "It can change everything in this sandbox, so it is for whoever started it. "
            "Make a link with lc.Control.of(platform).page_url(), and open that.",
        )


def _cookie_name(request: Request) -> str:
    # Cookies of 127.0.0.1 go to all its ports, so two sandboxes need two names.
    server = request.scope.get("server") or ("", 0)
    return f"sandbox_control_{server[1]}"


routes = [
    Route("/_sandbox/", show, methods=["GET"]),
    Route("/_sandbox/enter", enter, methods=["GET"]),
    Route("/_sandbox/page/{action}", act, methods=["POST"]),
]
