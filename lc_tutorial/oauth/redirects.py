"""What comes back from the authorization page: a code, or an error.

It arrives by itself where a listener waits; else it is pasted: the whole address, a part of it, or
the code.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile

from lc_tutorial import memory
from lc_tutorial.errors import CODE_LIFE, AuthorizationError, Likely, RedirectError
from lc_tutorial.masking import Secret
from lc_tutorial.pasting import CLIENT_ID, Kind, Redirected, came_back, read, stand_in

#: Characters behind the colon of a code.
CODE_LENGTH = 27  # assumed: as many as in the documentation's sample

#: Characters of a state of which nobody has the half by chance.
_SURELY_OURS = 16

_CODE = re.compile(r"(?:dal|fra|fra-a|fra-b):([A-Za-z0-9_-]+)")
_BARE = re.compile(r"[A-Za-z0-9_-]{16,}")
_AGAIN = "Follow the link again, and paste the address of the page where you end."


@dataclass(frozen=True)
class Authorization:
    """A code that answers the newest link.

    Attributes:
        code: to be exchanged for a token, once and soon.
        state: the one that was sent.
        state_came_back: whether it came back with the code, which shows that the code answers the
            request that was sent. A code alone brings none, so there was nothing to check.
    """

    code: Secret
    state: str
    state_came_back: bool = True


def parse_redirect(text: str, *, state: str, strict: bool = False) -> Authorization:
    """Read the code from what came back.

    Args:
        text: a whole URL, its query, or the code; also with what was copied along.
        state: that was sent. An address must bring it back; a code alone can't.
        strict: refuse a code that is not exactly as long as the sandbox makes them. The live
            platform doesn't say how long they are.

    Raises:
        AuthorizationError: the address carries an error.
        RedirectError: there is no code in it, or not one that can be used.
    """
    if ways := came_back(text):
        redirected = _meant(ways, state)
        code = _code_in_address(redirected, state)
        # Where one came, it was checked.
        state_came_back = bool(redirected.values("state"))
    else:
        code, state_came_back = _bare_code(text), False
    _check_code(code, strict=strict)
    memory.note_code(code, state)
    return Authorization(Secret(code), state, state_came_back)


def _meant(ways: tuple[Redirected, ...], state: str) -> Redirected:
    """The way to read it that makes the most of it; the most literal one of several."""
    return max(
        ways,
        key=lambda way: (
            way.brings_back(state),
            bool(way.values("code")) or _error_in(way) != ("", ""),
        ),
    )


def _bare_code(text: str) -> str:
    reading = read(text, Kind.CODE)
    if not reading.value:
        raise RedirectError(
            what="Nothing was pasted.",
            why="The text is empty.",
            remedy="Paste the address of the page where the browser ended, or the code in it.",
        )
    return reading.value


def _code_in_address(redirected: Redirected, state: str) -> str:
    if not redirected.has_readable_host:
        raise RedirectError(
            what="This address can't be read.",
            why="Its host can't be read: what stands between // and the path is no name of one.",
            remedy=_AGAIN,
        )
    _no_error(redirected, state)
    _no_implicit_token(redirected)
    codes = [code for code in redirected.values("code") if code]
    if len(codes) > 1:
        raise RedirectError(
            what="There is more than one code in this address.",
            why="Two addresses were pasted, or it was put together by hand.",
            remedy=_AGAIN,
        )
    if not codes:
        raise _no_code(redirected)
    came = redirected.values("state")
    if (redirected.is_address or came) and not redirected.brings_back(state):
        _refuse_state(came[0] if came else "", state, redirected)
    return codes[0]


def _no_error(redirected: Redirected, state: str) -> None:
    """Raise what an address with an error says.

    Source: livechat-public-docs, authorization/troubleshooting.
    """
    parameter, name = _error_in(redirected)
    if name:
        details = redirected.values("exception_details") or redirected.values("error_description")
        raise AuthorizationError.from_parameters(
            name, details[0] if details else "", memory.sent_request(state), parameter
        )


def _error_in(redirected: Redirected) -> tuple[str, str]:
    for parameter in ("oauth_exception", "identity_exception", "error"):
        if values := redirected.values(parameter):
            return parameter, values[0]
    return "", ""


def _no_implicit_token(redirected: Redirected) -> None:
    if redirected.values("access_token"):
        raise RedirectError(
            what="This address brings an access token, not a code.",
            why="The link asked for it with response_type=token, which is another flow.",
            remedy="Build the link with response_type=code, and follow it again.",
        )


def _no_code(redirected: Redirected) -> RedirectError:
    if redirected.values("client_id"):
        return RedirectError(
            what="This is the link to the authorization page, not what came back from it.",
            why="It has a client_id and no code.",
            remedy="Follow it, sign in, and paste the address of the page where you end.",
        )
    return RedirectError(
        what="There is no code in this address.",
        why=Likely("the page was not the last one, or only a part of the address was copied."),
        remedy=_AGAIN,
    )


def _refuse_state(came: str, state: str, redirected: Redirected) -> None:
    if why := _damaged(came, state, redirected):
        raise RedirectError(
            what="This address did not come whole.",
            why=why,
            remedy="Copy it from the address bar of the page where you ended, and paste it again.",
        )
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


def _damaged(came: str, state: str, redirected: Redirected) -> str:
    """What happened on its way to the state that was sent; empty if nothing shows."""
    if said := stand_in(came, Kind.CODE):
        return f"What it has as its state is not the whole state. {said}"
    if not came:
        return "It has dots in place of a part of it." if redirected.is_shortened else ""
    if len(state) < _SURELY_OURS:
        return ""
    if came.casefold() == state.casefold():
        return "Its state is the one that you sent, but capital and small letters were changed."
    same = _same_in_front(came, state)
    same += _same_in_front(came[same:][::-1], state[same:][::-1])
    if same == len(came) >= _SURELY_OURS / 2:
        return "Its state is the one that you sent, but a part of it is missing."
    if same == len(state):
        return "Its state is the one that you sent, with something more in it."
    return ""


def _same_in_front(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginnings."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


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
    if memory.longer_code(code):
        return "It is the beginning of the one that came back: the end is missing."
    if fault := read(code, Kind.CODE).fault:
        return fault
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
