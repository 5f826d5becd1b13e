"""From the platform's answers to tidy DataFrames: one row a chat, a thread, an event, a user.

The tables join on ``chat_id``, ``thread_id`` (in ``chats``: ``last_thread_id``) and ``user_id``
(in ``events``: ``author_id``; in ``chats``: ``customer_id``; in ``threads``: each of ``user_ids``).
A table always has the same columns with the same dtypes, also for an empty answer; only the
account's own fields, such as custom properties, add columns at its end:
``properties.<namespace>.<name>``.
"""

import gc
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, NoReturn

import pandas as pd
import requests

from lc_tutorial.errors import InputError, PlatformAnswerError
from lc_tutorial.tables.columnar.builder import Builder
from lc_tutorial.tables.columnar.layout import NAMES
from lc_tutorial.tables.conversation import Conversation, conversation
from lc_tutorial.tables.given import Answer, asked_for, each_answer, several_at_once
from lc_tutorial.tables.meanwhile import Worker
from lc_tutorial.tables.reading import Page, decode_answer
from lc_tutorial.tables.saved import taken_apart
from lc_tutorial.tables.source import Source

if TYPE_CHECKING:
    from lc_tutorial.tables.export import Export

_ONE_ROW_IS = {
    "chats": "a chat, with its last thread",
    "users": "a customer or agent in a chat",
    "threads": "a conversation of a chat",
    "events": "the last event of its type in a chat",
    "tags": "a tag of a thread",
}


class Tables:
    """The chats of an account as DataFrames. Each is made when it is first asked for, and kept.

    Who interrupts that has to make the tables anew. Several threads may ask at the same time.

    Attributes:
        names: of the tables that there are: all five, or those that were asked for.
        with_all_events: whether ``events`` has all events of the threads.
    """

    def __init__(self, making: Source, names: tuple[str, ...], *, with_all_events: bool) -> None:
        self._making = making
        self.names = names
        self.with_all_events = with_all_events

    @property
    def chats(self) -> pd.DataFrame:
        """One row a chat, with its last thread: of those that came, the newest."""
        return self._frame("chats")

    @property
    def users(self) -> pd.DataFrame:
        """One row a customer or agent in a chat.

        Of customers also where they came from, their visit and their statistics.
        """
        return self._frame("users")

    @property
    def threads(self) -> pd.DataFrame:
        """One row a thread. A list of chats has the last thread of each chat."""
        return self._frame("threads")

    @property
    def events(self) -> pd.DataFrame:
        """One row an event: of a list of chats the last one of each type in a chat, else all.

        Where the account's plan hides them, the thread's ``restricted_access`` says so.
        """
        return self._frame("events")

    @property
    def tags(self) -> pd.DataFrame:
        """One row a tag of a thread."""
        return self._frame("tags")

    @property
    def problems(self) -> pd.DataFrame:
        """What could not be read, by chat; mostly empty.

        Of tables that were not asked for not all is seen.
        """
        with self._making.lock, _garbage_collection_paused():
            return self._making.problems

    @property
    def unknown(self) -> pd.DataFrame:
        """Fields and event types that the platform doesn't document, and how often they came.

        It is mostly empty. Of tables that were not asked for not all is seen.
        """
        with self._making.lock, _garbage_collection_paused():
            return self._making.unknown

    @property
    def repeated(self) -> int:
        """How many chats (where all events came: threads) came again on a later page.

        They changed while the pages were read. The later one is kept.
        """
        with self._making.lock:
            return self._making.repeated

    def _frame(self, name: str) -> pd.DataFrame:
        if name not in self.names:
            raise InputError(
                what=f"There is no table {name!r} in these.",
                why=f"They were made with only={[*self.names]!r}.",
                remedy=f"Make them anew with {name!r} in it, or without only=.",
            )
        with self._making.lock, _garbage_collection_paused():
            return self._making.frame(name)

    def conversation(self, chat_id: str | None = None) -> Conversation:
        """A chat as people read it: who said what, when.

        Args:
            chat_id: of the chat; the one with the most events, if not given.

        Raises:
            InputError: there is no such chat in these tables, or a table is missing that it needs.
        """
        return conversation(
            chat_id,
            chats=self.chats,
            users=self.users,
            threads=self.threads,
            events=self.events,
            with_all_events=self.with_all_events,
        )

    def export(self, folder: str | os.PathLike[str], *, replace: bool = False) -> "Export":
        """Write all tables into a folder, each as CSV and as Parquet: all of them, or nothing.

        Where pyarrow is not installed there is no Parquet, which is said.

        Args:
            folder: is made by this. It must not be there yet, or be empty.
            replace: if the folder holds an earlier export, let this one take its place.

        Raises:
            InputError: something else is there already; nothing was written.
            OSError: the folder can't be written; nothing was written.
        """
        # Not with the tables: it brings locks of files, and few export.
        from lc_tutorial.tables.export import export

        frames = {name: self._frame(name) for name in self.names}
        frames |= {"problems": self.problems, "unknown": self.unknown}
        return export(frames, folder, replace=replace)

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
        for name in self.names:
            is_whole = name == "events" and self.with_all_events
            yield name, self._frame(name), "an event" if is_whole else _ONE_ROW_IS[name]

    def _notes(self) -> Iterator[str]:
        if len(self.problems):
            yield f"{_count(len(self.problems), 'problem')} reading the answer: see .problems."
        if len(self.unknown):
            yield (
                f"{_count(len(self.unknown), 'field or event type', 'fields or event types')} "
                "that the platform doesn't document: see .unknown."
            )
        if self.repeated:
            what = "thread" if self.with_all_events else "chat"
            yield f"{_count(self.repeated, what)} came more than once: the later one is kept."


def tables(answers: Answer | Iterable[Answer], only: Iterable[str] | None = None) -> Tables:
    """Make tables of the chats in an answer, or in many of them.

    They may be answers of List Chats; or of List Archives, List Threads and Get Chat, which hold
    threads with all their events. Which ones they are, and of which version, is seen from the
    answers. All make the same tables with the same columns.

    Args:
        answers: an answer as ``requests`` returns it, its bytes, its text or its decoded JSON; what
            was saved of one or several, also in another encoding, as JSON Lines or an array, or
            compressed by gzip: its bytes, or the open file; or any number of these, such as
            ``AgentChat.list_chats_pages()``, which are read one by one as they come.
        only: the names of the tables to make, such as ``["chats", "events"]``. The others cost
            neither time nor memory.

    Returns:
        The tables, as pandas DataFrames. What can't be read is left out and named in ``problems``;
        what comes twice is in the tables once, as it came last. What List Threads answers doesn't
        name the chat: it is taken from the request, where there is one, or is missing.

    Raises:
        ApiError: an answer is a refusal.
        PlatformAnswerError: an answer holds no chats.
        InputError: what was given is no answer at all, or some are lists of chats and some hold
            whole threads; or ``only`` names no table.
    """
    names = _wanted(only)
    builder = Builder(names)
    with Worker(partial(_build, builder)) as worker:
        for several in several_at_once(each_answer(answers), worker.check):
            # Answers of requests that come one by one are mostly waited for.
            if isinstance(answers, Iterator) and isinstance(several[0][0], requests.Response):
                worker.start(several)
            else:
                worker.do(several)
    with _garbage_collection_paused():
        made = builder.made()
    return Tables(made, names, with_all_events=bool(builder.with_all_events))


def _build(builder: Builder, answers: Iterable[tuple[Any, bytes]]) -> None:
    """Add the chats of some answers.

    Args:
        builder: gets them.
        answers: each with its bytes.
    """
    with _garbage_collection_paused():
        for answer, body in answers:
            for page in _pages(answer, body):
                # An answer without chats goes with any other.
                if page.chats and builder.holds_other_than(page):
                    _refuse_mixture()
                chat_id = asked_for(answer) if None in page.chats else None
                builder.add(page, chat_id)


def _wanted(only: Any) -> tuple[str, ...]:
    """The names of the tables to make, in their order."""
    if only is None:
        return NAMES
    asked = (
        [only] if isinstance(only, str) else list(only) if isinstance(only, Iterable) else [only]
    )
    strange = [name for name in asked if name not in NAMES]
    if strange or not asked:
        raise InputError(
            what=f"There is no table {strange[0]!r}." if strange else "Which tables?",
            why=f"The tables are {', '.join(NAMES)}."
            + ("" if strange else " Of these, only= names none."),
            remedy='Name some of them, as in only=["chats", "events"], or leave only= out.',
        )
    return tuple(name for name in NAMES if name in asked)


def _pages(answer: Any, body: bytes) -> list[Page]:
    """The pages in an answer: one, or as many as were saved together."""
    try:
        return [decode_answer(body)]
    except PlatformAnswerError as problem:
        why_not = problem
    try:
        bodies = taken_apart(body)
        if bodies == [body.strip()]:
            raise why_not
        return [_page(each, number, len(bodies)) for number, each in enumerate(bodies, start=1)]
    except PlatformAnswerError as problem:
        if isinstance(answer, requests.Response):
            problem.remedy = "Look at what came: lc.show(response)."
        raise


def _page(body: bytes, number: int, of: int) -> Page:
    try:
        return decode_answer(body)
    except PlatformAnswerError as problem:
        if of > 1:
            problem.why = f"In answer {number} of {of}: {problem.why}"
        raise


def _refuse_mixture() -> NoReturn:
    raise InputError(
        what="These answers don't go into the same tables.",
        why=(
            "Some are lists of chats, with the last events only; others hold threads with all "
            "their events."
        ),
        remedy="Make tables of each kind, and join them on chat_id and thread_id.",
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


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
