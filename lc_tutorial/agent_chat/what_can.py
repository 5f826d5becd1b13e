"""What a token may call: the documented methods beside the scopes that it has.

Which scopes a token has, the platform is asked, where it is known: that is free on the live
platform too. Which scope a method wants, the documentation says.
"""

import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from lc_tutorial import memory, oauth
from lc_tutorial.errors import API_NAMES, DOCUMENTED, Documented, InputError
from lc_tutorial.messages import split_scopes
from lc_tutorial.oauth import PersonalAccessToken, Token
from lc_tutorial.platforms import STABLE

if TYPE_CHECKING:
    import pandas as pd

_FORM = re.compile(r"(?P<resource>[a-z_.-]+?)(?:--(?P<reach>[a-z]+))?:(?P<access>[a-z]+)")
#: What else is a scope. Source: livechat-public-docs, configuration-api (bans, 3.7's methods).
_OLD_FORM = re.compile(r"[a-z]+(_[a-z]+)+")
_AFTER_DOT = re.compile(r"(?<=\.)")
_REACHES = {"all": {"all", "access", "my", "groups"}, "access": {"access", "my"}}
_ACCESSES = {"rw": {"rw", "ro"}, "rc": {"rc", "ro"}}

_PAGES = {
    "agent": "https://platform.text.com/docs/messaging/agent-chat-api",
    "configuration": "https://platform.text.com/docs/management/configuration-api",
}

_SEE_PAGE = "see its page"
_NO_SCOPE = {True: "none", None: _SEE_PAGE}

_TABLE = "border-collapse:collapse;text-align:left;margin:4px 0"
_CELL = (
    "padding:3px 14px 3px 0;vertical-align:top;text-align:left;"
    "border-bottom:1px solid var(--jp-border-color2,#d0d0d0)"
)
_LINK = "font-family:var(--jp-code-font-family,monospace)"


def allows(granted: Iterable[str], needed: str) -> bool:
    """Whether scopes allow what another one stands for.

    ``rw`` contains ``ro``; ``all`` contains ``access`` and ``my``; ``access`` contains ``my``.
    Source: livechat-public-docs, authorization/scopes.

    >>> allows({"chats--all:rw"}, "chats--access:ro")
    True
    >>> allows({"chats--access:rw"}, "chats--all:ro")
    False
    """
    return any(_contains(broad, needed) for broad in granted)


def _contains(broad: str, narrow: str) -> bool:
    if broad == narrow:
        return True
    outer, inner = _FORM.fullmatch(broad), _FORM.fullmatch(narrow)
    if outer is None or inner is None:
        return False
    reach = outer["reach"], inner["reach"]
    if reach[0] != reach[1] and reach[1] not in _REACHES.get(reach[0] or "", ()):
        return False
    if outer["resource"] == inner["resource"]:
        return inner["access"] in _ACCESSES.get(outer["access"], {outer["access"]})
    # Source: as above (chats and chats.conversation).
    return (outer["resource"], outer["access"], inner["resource"], inner["access"]) in {
        ("chats", "rw", "chats.conversation", "rw"),
        ("chats.conversation", "rw", "chats", "ro"),
    }


@dataclass(frozen=True)
class Ability:
    """One method, and whether some scopes open it.

    Attributes:
        method: the name of its action.
        service: the API that has it.
        scope_wanted: one of these; empty where none is needed, or its page has more rules.
        may: whether the scopes open it; None where its page has more rules than "one of these".
        does: what it does.
        docs: its page.
    """

    method: str
    service: str
    scope_wanted: str
    may: bool | None
    does: str
    docs: str

    @property
    def answer(self) -> str:
        """Whether it may be called, in words."""
        return {True: "yes", False: "no", None: _SEE_PAGE}[self.may]


@dataclass(frozen=True, repr=False)
class Abilities:
    """What some scopes open; a notebook shows it as a table.

    ``"send_event" in able`` says of one method whether it may be called, and ``able.table`` is all
    of it as a DataFrame.

    Attributes:
        scopes: that were looked at, in order.
        methods: all documented methods of the stable version of the Agent Chat and the
            Configuration API.
    """

    scopes: tuple[str, ...]
    methods: tuple[Ability, ...]

    @property
    def table(self) -> "pd.DataFrame":
        """A row a method, a column for each of what an :class:`Ability` has."""
        import pandas as pd

        names = ["method", "service", "scope_wanted", "may", "does", "docs"]
        rows = [[getattr(each, name) for name in names] for each in self.methods]
        return pd.DataFrame(rows, columns=names).astype({"may": "boolean"})

    def __contains__(self, method: object) -> bool:
        return any(each.may and each.method == method for each in self.methods)

    def _of(self, *answers: bool | None) -> list[Ability]:
        return [each for each in self.methods if each.may in answers]

    @property
    def _summary(self) -> str:
        return (
            f"{len(self._of(True))} of {len(self.methods)} methods may be called with "
            f"{', '.join(self.scopes) or 'no scope'}."
        )

    def __repr__(self) -> str:
        names = ", ".join(each.method for each in self._of(True))
        return f"{self._summary}\n{names}"

    def _repr_html_(self) -> str:
        rest = self._of(False, None)
        return (
            f'<div class="lc-what-can"><p>{escape(self._summary)}</p>{_as_table(self._of(True))}'
            f"<details><summary>The other {len(rest)}</summary>{_as_table(rest)}</details></div>"
        )


def what_can(token: Token | str | Iterable[str]) -> Abilities:
    """List the methods of the platform, and which of them a token may call.

    The scopes of a token are asked of the platform (``/v2/info``, which is free), where this kernel
    knows which platform it is from. A scope is needed, and not always enough: some methods also
    want that one is in the chat, or has a role.

    Args:
        token: a :class:`Token` or an access token; or scopes, to see what a token with these could
            do: ``"chats--access:ro"``, or several of them.

    Raises:
        InputError: it is none of these. A personal access token can't be inspected: give its
            scopes.
        TokenError: the token is not valid any more.
        ConnectionProblem, PlatformAnswerError: the platform did not tell.
    """
    scopes = _scopes(token)
    return Abilities(
        tuple(sorted(scopes)), tuple(_ability(each, scopes) for each in DOCUMENTED if _is_in(each))
    )


def _is_in(method: Documented) -> bool:
    first, last = method.versions
    return method.api in _PAGES and first <= STABLE <= last


def _ability(method: Documented, scopes: Collection[str]) -> Ability:
    enough = not method.scopes or any(allows(scopes, scope) for scope in method.scopes)
    return Ability(
        method=method.name,
        service=API_NAMES[method.api],
        scope_wanted=(", " if method.has_more_rules else " or ").join(method.scopes),
        may=None if method.has_more_rules else enough,
        does=method.does,
        docs=f"{_PAGES[method.api]}#{_anchor(method.name)}",
    )


def _anchor(method: str) -> str:
    """Its heading, as the documentation's own links have it; several share that of batches."""
    return "batch-requests" if method.startswith("batch_") else method.replace("_", "-")


def _scopes(token: Any) -> frozenset[str]:
    if isinstance(token, PersonalAccessToken):
        raise InputError(
            what="A personal access token can't be inspected.",
            why="Only its page in the Console says which scopes it has.",
            remedy='Give its scopes: lc.what_can(["chats--all:ro"]).',
        )
    if isinstance(token, Token):
        seen = memory.seen_token(token.access_token)
        return oauth.inspect_at(seen.origin, token.access_token).scopes if seen else token.scopes
    if isinstance(token, str):
        seen = memory.seen_token(token)
        if seen is not None:
            return oauth.inspect_at(seen.origin, token).scopes
        token = split_scopes(token)
    given: list[Any] = [None]
    if isinstance(token, Iterable) and not isinstance(token, dict):
        # An array without a dimension says that it is iterable, and is not.
        with suppress(TypeError):
            given = list(token)
    scopes = [each for each in given if isinstance(each, str) and _is_scope(each)]
    if len(scopes) != len(given):
        raise InputError(
            what="This is neither a token nor a list of scopes.",
            why="A scope looks like chats--all:ro; a token is what lc.Token.from_response made.",
            remedy='Use lc.what_can(token), or lc.what_can("chats--access:ro").',
        )
    return frozenset(scopes)


def _is_scope(text: str) -> bool:
    return bool(_FORM.fullmatch(text) or _OLD_FORM.fullmatch(text))


def _in_pieces(scopes: str) -> str:
    """Scopes that break between each other and after a dot, and not at the dashes within.

    A narrow window has no room for properties.license.value--all:ro beside three columns.
    """
    return " ".join("<wbr>".join(map(_whole, _AFTER_DOT.split(each))) for each in scopes.split())


def _whole(piece: str) -> str:
    return f'<span style="white-space:nowrap">{escape(piece)}</span>'


def _as_table(methods: list[Ability]) -> str:
    if not methods:
        return "<p>None.</p>"
    head = "".join(
        f'<th scope="col" style="{_CELL}">{name}</th>'
        for name in ("Method, and what it does", "Service", "Scope wanted", "May it?")
    )
    rows = "".join(
        f'<tr><td style="{_CELL}"><a style="{_LINK}" href="{escape(each.docs)}" target="_blank" '
        # Below the name there is room for it in a narrow window too.
        f'rel="noopener">{escape(each.method)}</a><br>{escape(each.does)}</td>'
        f'<td style="{_CELL}">{escape(each.service)}</td>'
        f'<td style="{_CELL}">{_in_pieces(each.scope_wanted) or _NO_SCOPE[each.may]}</td>'
        f'<td style="{_CELL}">{each.answer}</td></tr>'
        for each in methods
    )
    return f'<table style="{_TABLE}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
