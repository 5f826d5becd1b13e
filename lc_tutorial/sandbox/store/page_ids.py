"""Page ids: where to go on in a list, in a form that tells a client nothing.

A page id holds all of the first request (so that filters, order and limit stay as they were) and
the place of the page. It is signed with a key that is made when the sandbox starts, and so needs
no memory: nobody can make one up, or change one.

Source: livechat-public-docs, agent-chat-api (pagination).
"""

import base64
import binascii
import hmac
import secrets
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import msgspec

LIFETIME = 30 * 86_400  # assumed: the source says one month
_SIGNATURE = 16

SortOrder = Literal["asc", "desc"]
Position = tuple[int, str]
"""Where an item is in its list: its time, and its id where times are alike."""


class Page(msgspec.Struct, frozen=True, array_like=True):
    """A part of a list: so many items beyond a position, or the first so many without one."""

    filters: bytes
    sort_order: SortOrder
    limit: int
    position: Position | None = None
    backward: bool = False


class _Sealed(msgspec.Struct, array_like=True):
    """What is signed: the page, whose it is, which method's, and until when."""

    account_id: str
    method: str
    expires_at: float
    page: Page


class Slice(NamedTuple):
    """The part of a list that makes a page, and whether there is more on either side."""

    start: int
    stop: int
    has_previous: bool
    has_next: bool


def cut(positions: Sequence[Position], page: Page) -> Slice:
    """Find a page in a list.

    Args:
        positions: Of all the items, in ascending order, whatever the page's own order is.
        page: Which page.

    Returns:
        The slice of the ascending list. With the order `desc`, its items are to be turned round,
        and `next` leads to older ones.

    """
    count, descending = len(positions), page.sort_order == "desc"
    towards_older = descending != page.backward
    if towards_older:
        stop = count if page.position is None else bisect_left(positions, page.position)
        start = max(0, stop - page.limit)
    else:
        start = 0 if page.position is None else bisect_right(positions, page.position)
        stop = min(count, start + page.limit)
    older, newer = start > 0, stop < count
    return Slice(start, stop, newer, older) if descending else Slice(start, stop, older, newer)


class PageIds:
    """Makes and reads page ids."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def issue(self, page: Page, *, account_id: str, method: str, now: float) -> str:
        """Make the id of a page."""
        content = msgspec.msgpack.encode(_Sealed(account_id, method, now + LIFETIME, page))
        return base64.urlsafe_b64encode(self._sign(content) + content).decode()

    def read(self, page_id: str, *, account_id: str, method: str, now: float) -> Page:
        """Read the id of a page.

        Raises:
            ValueError: It is not one of ours, or somebody else's, or another method's, or too old;
                the message says which.

        """
        try:
            sealed = base64.b64decode(page_id.encode(), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError):
            raise ValueError("this page_id is not one of ours") from None
        content = sealed[_SIGNATURE:]
        if not hmac.compare_digest(sealed[:_SIGNATURE], self._sign(content)):
            raise ValueError("this page_id is not one of ours")
        what = msgspec.msgpack.decode(content, type=_Sealed)
        if what.account_id != account_id:
            raise ValueError("this page_id belongs to somebody else")
        if what.method != method:
            raise ValueError(f"this page_id belongs to {what.method}")
        if what.expires_at <= now:
            raise ValueError("this page_id is older than a month")
        return what.page

    def links(
        self, page: Page, part: Slice, positions: Sequence[Position], **whose: Any
    ) -> dict[str, str]:
        """Make the page ids that an answer carries: one for each side where there is more."""
        if part.start == part.stop:
            return {}
        first, last = positions[part.start], positions[part.stop - 1]
        if page.sort_order == "desc":
            first, last = last, first
        links = {}
        if part.has_next:
            there = msgspec.structs.replace(page, position=last, backward=False)
            links["next_page_id"] = self.issue(there, **whose)
        if part.has_previous:
            there = msgspec.structs.replace(page, position=first, backward=True)
            links["previous_page_id"] = self.issue(there, **whose)
        return links

    def _sign(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, "sha256")[:_SIGNATURE]
