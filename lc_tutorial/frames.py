"""From the platform's answers to tidy DataFrames: one row a chat, a user in a chat, an event.

The tables join on ``chat_id``, ``thread_id`` (in ``chats``: ``last_thread_id``) and ``user_id``
(in ``events``: ``author_id``; in ``chats``: ``customer_id``). A table always has the same columns
with the same dtypes, also for an empty answer; only the account's own fields, such as custom
properties, add columns at its end: ``properties.<namespace>.<name>``.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any, NoReturn

import msgspec
import pandas as pd
import requests

from lc_tutorial import wire
from lc_tutorial.columnar.builder import Builder
from lc_tutorial.columnar.columns import TEXT
from lc_tutorial.errors import ApiError, InputError
from lc_tutorial.reading import decode_list_chats

#: What a table can be made from: an answer, its bytes, its text or its decoded JSON.
Answer = requests.Response | bytes | str | Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Tables:
    """The chats of an account as DataFrames.

    Attributes:
        chats: one row a chat, with its last thread.
        users: one row a customer or agent in a chat; of customers also where they came from, their
            visit and their statistics.
        events: one row a last event: each chat has the last one of each type.
        tags: one row a tag of a thread.
        problems: what could not be read, by chat; mostly empty.
        unknown: fields and event types that the platform doesn't document, with how often they
            came; mostly empty.
        repeated: how many chats came again on a later page, because they changed while the pages
            were read. The later one is kept.
    """

    chats: pd.DataFrame
    users: pd.DataFrame
    events: pd.DataFrame
    tags: pd.DataFrame
    problems: pd.DataFrame
    unknown: pd.DataFrame
    repeated: int = 0

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row' style='text-align:left'>{name}</th><td>{len(frame):,}</td>"
            f"<td>{frame.shape[1]}</td><td style='text-align:left'>{escape(about)}</td></tr>"
            for name, frame, about in self._overview()
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes())
        return (
            "<div class='lc-tables'><table><thead><tr><th style='text-align:left'>Table</th>"
            "<th>Rows</th><th>Columns</th><th style='text-align:left'>One row is</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>{notes}</div>"
        )

    def __repr__(self) -> str:
        lines = [
            f"{name:8} {len(frame):>9,} rows {frame.shape[1]:>4} columns   one row is {about}"
            for name, frame, about in self._overview()
        ]
        return "\n".join([*lines, *self._notes()])

    def _overview(self) -> Iterator[tuple[str, pd.DataFrame, str]]:
        yield "chats", self.chats, "a chat, with its last thread"
        yield "users", self.users, "a customer or agent in a chat"
        yield "events", self.events, "the last event of its type in a chat"
        yield "tags", self.tags, "a tag of a thread"

    def _notes(self) -> Iterator[str]:
        if len(self.problems):
            yield f"{_count(len(self.problems), 'problem')} reading the answer: see .problems."
        if len(self.unknown):
            yield (
                f"{_count(len(self.unknown), 'field or event type', 'fields or event types')} "
                "that the platform doesn't document: see .unknown."
            )
        if self.repeated:
            yield f"{_count(self.repeated, 'chat')} came more than once: the later one is kept."


def tables(answers: Answer | Iterable[Answer]) -> Tables:
    """Make tables of the chats in an answer of List Chats, or in many of them.

    Args:
        answers: an answer as ``requests`` returns it, its bytes, its text or its decoded JSON; or
            any number of these, such as ``AgentChat.list_chats_pages()``, which are read one by
            one as they come.

    Returns:
        The tables, as pandas DataFrames. A chat that can't be read is left out and named in
        ``problems``; a chat that comes twice is in the tables once, as it came last.

    Raises:
        ApiError: an answer is a refusal.
        PlatformAnswerError: an answer is none of List Chats.
        InputError: what was given is no answer at all.
    """
    builder = Builder()
    for body in _bodies(answers):
        with _garbage_collection_paused():
            builder.add(decode_list_chats(body))
    with _garbage_collection_paused():
        frames = builder.frames()
    unknown = _unknown(builder, frames["events"])
    return Tables(**frames, unknown=unknown, repeated=builder.repeated)


def _bodies(answers: Any) -> Iterator[bytes]:
    if isinstance(answers, requests.Response | bytes | str | Mapping):
        yield _body(answers)
    elif isinstance(answers, Iterable):
        yield from map(_body, answers)
    else:
        _refuse(answers)


def _body(answer: Any) -> bytes:
    match answer:
        case bytes():
            return answer
        case str():
            return answer.encode(errors="replace")
        case requests.Response():
            if not answer.ok:
                raise ApiError.from_response(answer)
            return answer.content
        case Mapping():
            return msgspec.json.encode(answer)
    return _refuse(answer)


def _refuse(answer: Any) -> NoReturn:
    raise InputError(
        what=f"There are no tables to make of {type(answer).__name__!r}.",
        why="They are made of what List Chats answers.",
        remedy="Give the answer itself: lc.tables(response).",
    )


@contextmanager
def _garbage_collection_paused() -> Iterator[None]:
    """Nothing here is cyclic, and going through 100,000 chats time and again takes time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _unknown(builder: Builder, events: pd.DataFrame) -> pd.DataFrame:
    """What came that the platform doesn't document, and how often."""
    found = [("field", *each) for each in sorted(builder.unknown_fields.items())]
    types = events["type"].value_counts()
    found += [
        ("event type", name, count)
        for name, count in sorted(types.items())
        if name not in wire.EVENT_TYPES
    ]
    return pd.DataFrame(
        {
            "kind": pd.array([kind for kind, _, _ in found], dtype=TEXT),
            "name": pd.array([name for _, name, _ in found], dtype=TEXT),
            "count": pd.array([count for _, _, count in found], dtype="Int64"),
        }
    )


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
