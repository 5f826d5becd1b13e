"""What stands before the worlds of a class: who joins is led to theirs, and each request to one.

Everything of a world is below `/l/<key>/`: its pages, the APIs, the control plane. The key is
random and long, and told only to the learner whose world it is: a request without it reaches no
world, and none that has it reaches another. So a browser need not sign in at the hub to see the
pages, which a program could not; where it comes through the learner's own Jupyter server, that asks
for it all the same.

The pages of all worlds, and Jupyter, may be of one origin. So a world gets its own cookies and no
others, its cookies' path is its own, and no page has anything in it that a learner wrote as code.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes

import msgspec
from msgspec import Meta, Struct
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from lc_tutorial.sandbox.accounts import customer_cookies
from lc_tutorial.sandbox.shared.doorkeeper import Doorkeeper, HubIsSilent
from lc_tutorial.sandbox.shared.worlds import Place, World, Worlds
from lc_tutorial.sandbox.web import context_path, service_of
from lc_tutorial.sandbox.world import DEFAULT_CALLBACK_PORT

_MAX_JOIN_BYTES = 4 * 1024
_PATH = re.compile(rb"/l/([0-9a-f]{32})(/.*)?", re.DOTALL)
_BEARER = re.compile(r"(?i:bearer|token) +(\S+)")
_CONTEXT = b"x-forwarded-context"

#: The cookies that a world sets; those of the session and of the control page end in a port.
_OWN_COOKIES = re.compile(
    rf"(?:sandbox_session_\d+|sandbox_control_\d+|{customer_cookies.CID}|{customer_cookies.CST})"
)

_STRICT = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_GONE = (
    "This practice platform has ended: it was not used for long, or was started anew. "
    "Run the cell with lc.connect() again: it makes another one. Apps, codes and tokens of the "
    "old one are gone with it."
)


class Join(Struct, forbid_unknown_fields=True):
    """What a learner's kernel says of itself as it joins."""

    callback_port: Annotated[int, Meta(ge=1, le=65_535)] = DEFAULT_CALLBACK_PORT
    server_prefix: Annotated[
        str, Meta(pattern=r"\A((/[A-Za-z0-9._~@%+:-]+)+/)?\Z", max_length=500)
    ] = ""
    fresh: bool = False


class Front:
    """The app of a class.

    Args:
        worlds: Of all learners.
        doorkeeper: Tells who joins.
        base: The path below which browsers reach this app, without a slash at the end. Requests
            may have it, and need not.
        free_port: Finds a port for the callback, from the learner's first choice on.
    """

    def __init__(
        self,
        worlds: Worlds,
        doorkeeper: Doorkeeper,
        base: str = "",
        free_port: Callable[[int], int] = lambda first: first,
    ) -> None:
        self._free_port = free_port
        self._worlds = worlds
        self._doorkeeper = doorkeeper
        self._base = base

    def keep_house(self) -> bool:
        """Drop the worlds that nobody uses; a class itself goes on."""
        self._worlds.keep_house()
        return True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        # To the letter: what is encoded or has dots in it leads to no key.
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        path = raw.removeprefix(self._base.encode()) if self._is_below_base(raw) else raw
        found = _PATH.fullmatch(path)
        if found is None:
            try:
                answer = await self._answer(path, Request(scope, receive))
            except ClientDisconnect:
                return  # It left while it was sending; nobody is there to be answered.
            await answer(scope, receive, send)
            return
        key, rest = found[1].decode(), found[2]
        world = self._worlds.at(key)
        if world is None:
            await _gone(_text(rest or b"/"))(scope, receive, send)
        elif rest is None:
            query = scope["query_string"].decode("latin-1")
            to = f"./{key}/" + (f"?{query}" if query else "")
            await RedirectResponse(to, 307, _STRICT)(scope, receive, send)
        else:
            before = path[: found.end(1)]
            prefix = (raw.removesuffix(path) + before).decode("ascii")
            await world.app(_inside(scope, prefix, rest), receive, send)

    def _is_below_base(self, raw: bytes) -> bool:
        return bool(self._base) and raw.startswith(f"{self._base}/".encode())

    async def _answer(self, path: bytes, request: Request) -> Response:
        if path == b"/join":
            return await self._join(request)
        if path == b"/health" and request.method == "GET":
            return JSONResponse({"worlds": len(self._worlds)}, headers=_STRICT)
        return _refusal(404, "Nothing is at this address.")

    async def _join(self, request: Request) -> Response:
        """Lead a learner to their world: `POST /join` with the hub's token of their server."""
        if request.method != "POST":
            return _refusal(405, "Joining is a POST.")
        # A page can't send this header to another origin without being allowed to, and none is.
        shown = _BEARER.fullmatch(request.headers.get("authorization", ""))
        try:
            name = await self._doorkeeper.name_of(shown[1]) if shown else None
        except HubIsSilent:
            return _refusal(503, "The hub does not say whose token this is. Try again soon.")
        if name is None:
            return _refusal(401, "The hub knows no user with this token.")
        try:
            wanted = msgspec.json.decode(await _body(request) or b"{}", type=Join)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return _refusal(422, "What the kernel says of itself can't be read.")
        place = Place(self._free_port(wanted.callback_port), wanted.server_prefix)
        world, is_new = self._worlds.join(name, place, fresh=wanted.fresh)
        return JSONResponse(_told(world, self._base, is_new=is_new), headers=_STRICT)


def _told(world: World, base: str, *, is_new: bool) -> dict[str, Any]:
    author = world.sandbox.accounts[world.sandbox.ready_made.author_id]
    return {
        # Of the browser's address; the kernel puts what follows the base behind the one it has.
        "base": base,
        "path": f"/l/{world.key}",
        "is_new": is_new,
        "nonce": world.nonce,
        "email": author.email,
        "password": author.password,
        "callback_port": world.sandbox.callback_port,
    }


def _inside(scope: Scope, prefix: str, rest: bytes) -> Scope:
    """Return a request as the world is to see it: as if it were alone, behind a proxy.

    A proxy that takes its own prefix off says so in a header, and this one goes on with that.
    """
    before = context_path(Request(scope))
    headers = [
        (name, _own_cookies(value) if name == b"cookie" else value)
        for name, value in scope["headers"]
        if name != _CONTEXT
    ]
    headers.append((_CONTEXT, f"{before}{prefix}".encode()))
    return {**scope, "path": _text(rest), "raw_path": rest, "headers": headers}


def _own_cookies(header: bytes) -> bytes:
    """Leave out the hub's cookies, and Jupyter's: a world's journal shows what came."""
    given = (cookie.strip() for cookie in header.decode("latin-1").split(";"))
    own = [cookie for cookie in given if _OWN_COOKIES.fullmatch(cookie.partition("=")[0].strip())]
    return "; ".join(own).encode("latin-1")


def _text(path: bytes) -> str:
    """Decode a path as the server does."""
    return unquote_to_bytes(path).decode("utf-8", "replace")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_JOIN_BYTES:
            raise msgspec.DecodeError("too long")
    return bytes(body)


def _gone(path: str) -> Response:
    """Say that there is no such world any more, in the form that its caller expects."""
    if service_of(path) is not None or path.startswith("/_sandbox/"):
        return _refusal(410, _GONE)
    page = f"<!doctype html><html lang=en><title>It has ended</title><p>{_GONE}</p></html>"
    return HTMLResponse(page, 410, _STRICT)


def _refusal(status: int, words: str) -> JSONResponse:
    return JSONResponse({"error": words}, status, headers=_STRICT)
