"""What comes back from the authorization page: a code, or an error.

It arrives by itself where a listener waits; else it is pasted: the whole address, the query of it,
the code with ``%3A`` in it or decoded.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qsl, unquote, urlsplit

from lc_tutorial import memory
from lc_tutorial.errors import CODE_LIFE, AuthorizationError, RedirectError
from lc_tutorial.masking import Secret
from lc_tutorial.oauth.credentials import CLIENT_ID, trimmed

#: Characters behind the colon of a code.
CODE_LENGTH = 27  # assumed: as many as in the documentation's sample

_CODE = re.compile(r"(?:dal|fra|fra-a|fra-b):([A-Za-z0-9_-]+)")
_BARE = re.compile(r"[A-Za-z0-9_-]{16,}")
_PARAMETER = re.compile(
    r"(?:^|[?&#])(code|state|error|access_token|oauth_exception|identity_exception|client_id)="
)
_AGAIN = "Follow the link again, and paste the address of the page where you end."


@dataclass(frozen=True)
class Authorization:
    """A code that answers the newest link.

    Attributes:
        code: to be exchanged for a token, once and soon.
        state: the one that was sent, and that came back.
    """

    code: Secret
    state: str


def parse_redirect(text: str, *, state: str, strict: bool = False) -> Authorization:
    """Read the code from what came back.

    Args:
        text: a whole URL, its query, or the code.
        state: that was sent. An address must bring it back; a code alone can't.
        strict: refuse a code that is not exactly as long as the sandbox makes them. The live
            platform doesn't say how long they are.

    Raises:
        AuthorizationError: the address carries an error.
        RedirectError: there is no code in it, or not one that can be used.
    """
    text = "".join(unescape(trimmed(text)).strip("<>").split())
    if not text:
        raise RedirectError(
            what="Nothing was pasted.",
            why="The text is empty.",
            remedy="Paste the address of the page where the browser ended, or the code in it.",
        )
    if "://" in text or _PARAMETER.search(text):
        code = _code_in_address(text, state)
    else:
        code = unquote(text)
    _check_code(code, strict=strict)
    memory.note_code(code, state)
    return Authorization(Secret(code), state)


def _code_in_address(text: str, state: str) -> str:
    fields = _fields(text)
    _no_error(fields, state)
    _no_implicit_token(fields)
    codes = fields.get("code", [])
    if len(codes) > 1:
        raise RedirectError(
            what="There is more than one code in this address.",
            why="It was pasted twice, or put together by hand.",
            remedy=_AGAIN,
        )
    if not codes or not codes[0]:
        raise _no_code(fields)
    if "://" in text or "state" in fields:
        _check_state(fields.get("state", [""])[0], state)
    # A code that was encoded twice on its way.
    return unquote(codes[0])


def _fields(text: str) -> dict[str, list[str]]:
    if "://" in text:
        parts = urlsplit(text)
        query = f"{parts.query}&{parts.fragment}"
    else:
        query = text.lstrip("?#&").replace("#", "&")
    fields: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        fields.setdefault(name, []).append(value)
    return fields


def _no_error(fields: dict[str, list[str]], state: str) -> None:
    """Raise what an address with an error says.

    Source: livechat-public-docs, authorization/troubleshooting.
    """
    for parameter in ("oauth_exception", "identity_exception", "error"):
        if parameter in fields:
            details = fields.get("exception_details") or fields.get("error_description") or [""]
            raise AuthorizationError.from_parameters(
                fields[parameter][0], details[0], memory.sent_request(state)
            )


def _no_implicit_token(fields: dict[str, list[str]]) -> None:
    if "access_token" in fields:
        raise RedirectError(
            what="This address brings an access token, not a code.",
            why="The link asked for it with response_type=token, which is another flow.",
            remedy="Build the link with response_type=code, and follow it again.",
        )


def _no_code(fields: dict[str, list[str]]) -> RedirectError:
    if "client_id" in fields:
        return RedirectError(
            what="This is the link to the authorization page, not what came back from it.",
            why="It has a client_id and no code.",
            remedy="Follow it, sign in, and paste the address of the page where you end.",
        )
    return RedirectError(
        what="There is no code in this address.",
        why="Likely the page was not the last one, or only a part of the address was copied.",
        remedy=_AGAIN,
    )


def _check_state(came: str, sent: str) -> None:
    if hmac.compare_digest(came.encode(), str(sent).encode()):
        return
    if not came:
        raise RedirectError(
            what="The state did not come back.",
            why="You sent one and this address has none, so it may answer somebody else's request.",
            remedy=_AGAIN,
        )
    if memory.sent_request(came) is not None:
        why = "Its state is the one of an older link; a new link makes the old one void."
    else:
        why = (
            "Its state is not the one that you sent. Likely it comes from another notebook or from "
            "before a restart; else somebody slipped you a code of theirs, which is what the state "
            "is there to notice."
        )
    raise RedirectError(
        what="This code answers another request.",
        why=why,
        remedy="Follow the newest link, and take the code that it brings.",
    )


def _check_code(code: str, *, strict: bool) -> None:
    _not_something_else(code)
    seen = memory.seen_code(code)
    if seen is not None and seen.exchanged:
        raise RedirectError(
            what="This code was exchanged before.",
            why="A code works once.",
            remedy="Follow the link again: it brings a new one.",
        )
    if seen is not None:
        age = int((datetime.now(UTC) - seen.received_at).total_seconds() // 60)
        if age >= CODE_LIFE:
            raise RedirectError(
                what="This code is too old.",
                why=f"It came {age} minutes ago, and a code lives for a few minutes only.",
                remedy="Follow the link again: it brings a new one.",
            )
    why = _wrong_form(code, strict=strict)
    if why:
        raise RedirectError(what="This is not a whole code.", why=why, remedy=_AGAIN)


def _not_something_else(code: str) -> None:
    kind = memory.kind_of(code)
    if kind is None and CLIENT_ID.fullmatch(code):
        kind = "client id"
    if kind in (None, "authorization code"):
        return
    what = {"client id": "a Client Id", "client secret": "the Client Secret"}.get(
        kind, f"the {kind}"
    )
    raise RedirectError(
        what=f"What was pasted is {what}, not a code.",
        why="The code is in the address of the page where the browser ends, behind code=.",
        remedy=_AGAIN,
    )


def _wrong_form(code: str, *, strict: bool) -> str:
    if "•" in code:
        return "It has dots in it, which stand for something hidden."
    if memory.longer_code(code):
        return "It is the beginning of the one that came back: the end is missing."
    found = _CODE.fullmatch(code)
    if found is None:
        if _BARE.fullmatch(code):
            # The documentation shows codes without a region, too.
            return "It has no region in front: a code begins with dal: or fra:." if strict else ""
        return "A code is a region such as dal, a colon, and letters, digits, - and _."
    length = len(found[1])
    if length < 10 or (strict and length < CODE_LENGTH):
        return f"It ends too early: {length} characters follow the colon, {CODE_LENGTH} should."
    if strict and length > CODE_LENGTH:
        return f"{length} characters follow the colon, {CODE_LENGTH} should: more was copied."
    return ""
