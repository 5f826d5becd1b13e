"""Which pages to ask for: all of them the first time, and later what is new or has changed.

**Archives** have threads that have ended, by the time at which they began. A thread that ends later
comes into the list behind others that were pulled already. So each pull begins by asking which
thread is the oldest that still goes on, or the newest where none does; the next one asks for all
that began at that time or later.

**List Chats** orders chats by their last threads, the newest first. A chat with a new thread moves
to the front; one whose last thread went on is where it was. So the front is read, back to the
oldest chat whose thread went on at the last pull.

What changes in an older thread, such as a tag, neither list tells: ``since=`` reads again from
there. Whoever is stopped in a first pull goes on with the page that was to come.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

import requests

from lc_tutorial.agent_chat import AgentChat, Pages
from lc_tutorial.dataset.folder import Folder
from lc_tutorial.dataset.parts import number_of
from lc_tutorial.errors import ApiError, InputError
from lc_tutorial.tables import decode_answer

#: Microseconds. Times have these, and no source says whether the platform's index has them too.
_OVERLAP = 1_000_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Pull:
    """One way through a list, on behalf of a dataset.

    Attributes:
        pages: to be read.
        calls: how many are to be made, as far as the platform's estimate tells.
        notes: what to note at its beginning.
        stop: where it may end, in microseconds: with chats whose threads are all older.
        came: how many chats or threads had come where another pull stopped with which this goes on.
        limit: how many a page has at most.
    """

    pages: Pages
    calls: int
    notes: dict[str, str | None]
    stop: int | None = None
    came: int = 0
    limit: int = 0


def prepare_first(pages: Pages) -> Pull:
    """Find out what all pages are, for a folder with nothing in it.

    The first of them is fetched for that, and of archives one chat that goes on, or the newest.

    Raises:
        ApiError, SandboxGone, NoNetwork, ConnectionLost: as :func:`prepare` does.
    """
    body = {**pages.first_body, "sort_order": "asc"}
    if pages.action == "list_archives":
        return _archives(pages, body)
    first = pages.asking(body)
    return Pull(first, first.calls_needed(), {}, limit=_limit(body))


def prepare(pages: Pages, folder: Folder, since: datetime | None) -> Pull:
    """Find out which pages to ask for.

    The first of them is fetched for that, and of archives one chat that goes on, or the newest.

    Args:
        pages: of the whole list, as the client makes them.
        folder: of the dataset.
        since: read again what began then or later; None for no more than is needed.

    Raises:
        ApiError: the platform refused.
        SandboxGone, NoNetwork, ConnectionLost: no whole answer came.
    """
    state = folder.state
    body = pages.first_body
    goes_on = state.noted("next_body")
    if goes_on is not None and since is None:
        resumed = pages.asking(goes_on)
        try:
            resumed.calls_needed()
            # The platform goes on with pages as large as they were.
            stood: dict[str, int] = state.noted("stood_at") or {}
            came = stood.get("came", number_of(state))
            limit = stood.get("limit", _limit(body))
            to_come = max(0, (resumed.found or 0) - came)
            return Pull(resumed, _calls_for(to_come, limit), {}, came=came, limit=limit)
        except ApiError as problem:
            # The place of a page is valid for a month.
            if problem.type != "validation":
                raise
    if state.about("pulled_up_to") is None:
        return prepare_first(pages)
    if pages.action == "list_archives":
        return _new_archives(pages, body, folder, since)
    return _front_of_chats(pages, body, folder, since)


def _new_archives(
    pages: Pages, body: dict[str, Any], folder: Folder, since: datetime | None
) -> Pull:
    state = folder.state
    filters = dict(body.get("filters") or {})
    marks = [state.noted("pulled_up_to"), state.noted("went_on")]
    begin = min(mark for mark in marks if mark is not None) - _OVERLAP
    if since is not None:
        begin = min(begin, in_micros(since))
    # Not where these pages begin, if that is later: what lies between would be missing for ever.
    if first := state.about("from"):
        begin = max(begin, in_micros(datetime.fromisoformat(first)))
    filters["from"] = _instant(max(0, begin)).isoformat(timespec="microseconds")
    return _archives(pages, {**body, "sort_order": "asc", "filters": filters})


def _archives(pages: Pages, body: dict[str, Any]) -> Pull:
    # Asked before the pages: what ends between them must not be missed.
    before = pages.client.calls
    from_here = _oldest_that_may_end(pages)
    asked_before = pages.client.calls - before
    some = pages.asking(body)
    calls = some.calls_needed() + asked_before
    return Pull(some, calls, {"went_on_next": as_json(from_here)}, limit=_limit(body))


def _oldest_that_may_end(pages: Pages) -> int | None:
    """When the oldest thread began, or is to begin, that may end from now on; in microseconds.

    Where none goes on, it is one that begins from now on: not before the newest of now, in an
    account without any at any time. Up to version 3.5 nothing tells which ones go on.
    """
    client = pages.client
    if not isinstance(client, AgentChat):
        return None
    if client.platform.version >= "3.6":
        going_on = client.list_chats(filters={"active": True}, sort_order="asc", limit=1)
        if times := _times_of_threads(going_on):
            return min(times)
    return max(_times_of_threads(client.list_chats(limit=1)), default=0)


def _front_of_chats(
    pages: Pages, body: dict[str, Any], folder: Folder, since: datetime | None
) -> Pull:
    state = folder.state
    marks = [state.noted("pulled_up_to"), _oldest_active(folder)]
    stop = min(mark for mark in marks if mark is not None)
    if since is not None:
        stop = min(stop, in_micros(since))
    front = pages.asking({**body, "sort_order": "desc"})
    front.calls_needed()
    again = sum(int((state.keys(part).times >= stop).sum()) for part in state.parts.values())
    number_new = max(0, (front.found or 0) - number_of(state))
    # One more, by which it is seen that the rest is older.
    calls = _calls_for(number_new + again + 1, _limit(body))
    return Pull(front, calls, {}, stop)


def _limit(body: dict[str, Any]) -> int:
    limit: int = body.get("limit", 10)
    return limit


def _calls_for(number: int, limit: int) -> int:
    return max(1, ceil(number / limit))


def _oldest_active(folder: Folder) -> int | None:
    """When the oldest thread of the dataset began that went on when it was pulled."""
    oldest = None
    for part in folder.state.parts.values():
        if "threads" not in part.rows:
            continue
        table = folder.read(part, "threads", ["active", "created_at"])
        times = table.filter(table.column("active")).column("created_at").drop_null()
        if len(times):
            first = int(times.cast("int64").to_numpy().min())
            oldest = first if oldest is None else min(oldest, first)
    return oldest


def is_far_enough(pull: Pull, page: requests.Response) -> bool:
    """Whether all that comes after this page is in the dataset as it is."""
    if pull.stop is None:
        return False
    times = _times_of_threads(page)
    return bool(times) and min(times) < pull.stop


def _times_of_threads(answer: requests.Response) -> list[int]:
    """When the last threads of an answer of List Chats began, in microseconds."""
    read = decode_answer(answer.content)
    return [
        in_micros(datetime.fromisoformat(thread.created_at))
        for thread in read.threads
        if thread is not None and thread.created_at
    ]


def each_page(pull: Pull) -> Iterator[requests.Response]:
    """The pages, up to where the pull may end."""
    for page in pull.pages:
        yield page
        if is_far_enough(pull, page):
            return


def check_since(since: Any) -> None:
    """See to it that ``since`` is a moment, if it is given.

    Raises:
        InputError: it is none.
    """
    if since is not None and (not isinstance(since, datetime) or since.tzinfo is None):
        raise InputError(
            what=f"since={since!r} is no time that can be used.",
            why="It takes a time with its offset from UTC.",
            remedy="Write since=datetime(2026, 6, 1, tzinfo=UTC).",
        )


def check_list(pages: Pages, folder: Folder) -> None:
    """See to it that these pages are of the list that is kept, and note what that is.

    Raises:
        InputError: they are of another one.
    """
    why = differs(pages, folder)
    if why:
        raise InputError(
            what=f"{folder.path.name} keeps other tables.",
            why=why,
            remedy="Name another folder; or add replace=True, if those may go. No chats were asked "
            "for, and the tables are as they were.",
        )
    # Tables of answers that were given don't say.
    state, wanted = folder.state, about(pages)
    state.note(**{name: fact for name, fact in wanted.items() if state.about(name) is None})


def check_that_some_come(pull: Pull, folder: Folder) -> None:
    """See to it that something comes in the place of what would go.

    Raises:
        InputError: no chats come.
    """
    if pull.pages.found == 0:
        raise InputError(
            what="There are no chats in these pages.",
            why=f"With replace=True nothing would be left in {folder.path.name}. The tables are as "
            "they were.",
            remedy="Look at the filters, and at whose token it is.",
        )


def differs(pages: Pages, folder: Folder) -> str:
    """In what the list that is kept differs from that of these pages; nothing, if it is that."""
    wanted = about(pages)
    for name, why in _DIFFERS.items():
        kept = folder.state.about(name)
        is_unknown = name == "account" and not (kept and wanted[name])
        if kept is not None and kept != wanted[name] and not is_unknown:
            return why
    begin = folder.state.about("from")
    if begin is not None and _begins_before(wanted["from"], begin):
        return "They begin later than what these pages ask for."
    return ""


def _begins_before(wanted: str, kept: str) -> bool:
    """Whether one list begins before another. Where one begins later, what is older stays there.

    Args:
        wanted: its ``filters.from``; empty where it begins with the oldest.
        kept: that of the other.
    """
    if not kept:
        return False
    return not wanted or datetime.fromisoformat(wanted) < datetime.fromisoformat(kept)


_DIFFERS = {
    "of": "They are chats of List Chats, or threads of List Archives, and these are the other.",
    "platform": "They were pulled from another platform, or from a sandbox that has ended.",
    "account": "They were pulled with the token of another account.",
    "filters": "They were pulled with other filters.",
}


def about(pages: Pages) -> dict[str, str]:
    """What a pull is of, as the dataset notes it."""
    client = pages.client
    filters = dict(pages.first_body.get("filters") or {})
    return {
        "of": "threads" if pages.action == "list_archives" else "chats",
        "platform": client.platform_mark,
        "account": client.account_id,
        # Of the last eight weeks, say: tomorrow that is another day, and the same list.
        "from": filters.pop("from", None) or "",
        "filters": _digest(filters),
    }


def _digest(filters: Any) -> str:
    # Not the filters themselves: a text that was looked for may be somebody's name.
    return hashlib.sha256(json.dumps(filters, sort_keys=True).encode()).hexdigest()


def as_json(value: Any) -> str | None:
    """As the dataset notes it; None stays None."""
    return None if value is None else json.dumps(value, sort_keys=True)


def in_micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
