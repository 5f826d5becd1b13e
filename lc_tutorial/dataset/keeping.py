"""Keep tables in a folder, and keep them up to date."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from lc_tutorial.agent_chat import Pages
from lc_tutorial.dataset import memory
from lc_tutorial.dataset.folder import Folder
from lc_tutorial.dataset.parts import by_chat, number_of, tidy, write
from lc_tutorial.dataset.problems import explained
from lc_tutorial.dataset.pulling import (
    Pull,
    about,
    as_json,
    check_list,
    check_since,
    check_that_some_come,
    differs,
    each_page,
    in_micros,
    prepare,
    prepare_first,
)
from lc_tutorial.errors import InputError, TutorialError
from lc_tutorial.tables import NAMES, Tables, each_answer, tables

# What comes is written when there is so much of it: some 8,000 chats, or 25 MB of their answers.
_PAGES_AT_ONCE, _BYTES_AT_ONCE = 80, 25_000_000


@dataclass(frozen=True)
class Kept:
    """What a call of ``lc.keep_tables`` has done.

    Attributes:
        folder: where the tables are.
        unit: what came: ``"chats"``, or ``"threads"`` where all their events came.
        new: how many came that were not there.
        again: how many came that were there; they are there as they are now.
        calls: of the API, made for it; None where answers were given.
        rows: how many each table has now, by its name.
        problems: how many places could not be read; they are left out.
    """

    folder: Path
    unit: str
    new: int
    again: int
    calls: int | None
    rows: dict[str, int]
    problems: int = 0

    def __repr__(self) -> str:
        width = max(map(len, self.rows))
        rows = [f"{name:{width}} {rows:>11,} rows" for name, rows in self.rows.items()]
        return "\n".join([*self._sentences(), *rows])

    def _repr_html_(self) -> str:
        said = "".join(f"<p>{escape(each)}</p>" for each in self._sentences())
        left = "style='text-align:left'"
        rows = "".join(
            f"<tr><th scope='row' {left}>{name}</th><td>{rows:,}</td></tr>"
            for name, rows in self.rows.items()
        )
        return (
            f"<div class='lc-kept'>{said}<table><thead><tr><th {left}>Table</th><th>Rows</th></tr>"
            f"</thead><tbody>{rows}</tbody></table></div>"
        )

    def _sentences(self) -> Iterator[str]:
        cost = "" if self.calls is None else f" It took {_count(self.calls, 'call')}."
        came = f"{self.new:,} new {self.unit} came" if self.new != 1 else f"1 new {self._one} came"
        there = "was there came as it is" if self.again == 1 else "were there came as they are"
        again = f", and {self.again:,} that {there} now" if self.again else ""
        yield f"Kept in {self.folder.name}: {came}{again}.{cost}"
        if self.problems:
            yield (
                f"{_count(self.problems, 'place')} could not be read and "
                f"{'is' if self.problems == 1 else 'are'} left out: lc.tables(…).problems of the "
                "same pages names them."
            )

    @property
    def _one(self) -> str:
        return self.unit.removesuffix("s")


def keep(
    pages: "Pages | Iterable[Any]",
    folder: "str | os.PathLike[str]",
    since: datetime | None,
    *,
    replace: bool,
) -> Kept:
    """Do what ``lc.keep_tables`` says."""
    check_since(since)
    if isinstance(pages, Pages) and _is_of_a_list(pages):
        return _keep_list(pages, folder, since, replace=replace)
    if since is not None or replace:
        given = "since=" if since is not None else "replace=True"
        raise InputError(
            what=f"{given} is for a list that can be asked for again.",
            why="These are answers that came already, or pages that are kept in a file or of "
            "threads that were named: they are added to what the folder has.",
            remedy=f"Leave {given} out; or give client.list_archives_pages() or "
            "client.list_chats_pages().",
        )
    return _keep_answers(pages, folder)


def _is_of_a_list(pages: Pages) -> bool:
    """Whether the pages are of a whole list, which can be asked for again."""
    if pages.action == "list_threads":
        raise _no_chat_named()
    by_id = "thread_ids" in (pages.first_body.get("filters") or {})
    return not pages.are_kept and not by_id


def _keep_list(
    pages: Pages, folder: "str | os.PathLike[str]", since: datetime | None, *, replace: bool
) -> Kept:
    client = pages.client
    before = client.calls
    with Folder.open_or_begin(folder, about(pages)) as opened:
        with explained(opened.path), memory.given_back():
            if replace and differs(pages, opened):
                # The old ones go when the first page of the new ones is there.
                pull = prepare_first(pages)
                check_that_some_come(pull, opened)
                opened.clear(about(pages))
            else:
                check_list(pages, opened)
                pull = prepare(pages, opened, since)
            billed = "" if client.platform.is_sandbox else ", and each is billed"
            print(f"This takes about {_count(pull.calls, 'call')}{billed}.")
            taken = _Taken(opened, pull)
            taken.take(each_page(pull))
        return taken.told(client.calls - before)


def _keep_answers(answers: Any, folder: "str | os.PathLike[str]") -> Kept:
    try:
        each = each_answer(answers)
    except InputError as refused:
        raise InputError(
            what=refused.what,
            why=refused.why,
            remedy="Give the pages of a client, client.list_archives_pages(), or answers.",
        ) from None
    with Folder.open_or_begin(folder, {}) as opened:
        with explained(opened.path), memory.given_back():
            taken = _Taken(opened, None)
            taken.take(each)
        return taken.told(None)


class _Taken:
    """What was taken in, and the work of it.

    Args:
        folder: of the dataset.
        pull: whose pages come; None for answers that were given.
    """

    def __init__(self, folder: Folder, pull: Pull | None) -> None:
        self._folder = folder
        self._pull = pull
        self._notes = dict(pull.notes) if pull else {}
        self._came = self._new = 0
        self._problems = 0
        self._is_at_end = False
        self._reads_all = True
        self._stopped_by: BaseException | None = None

    def take(self, answers: Iterable[Any]) -> None:
        """Write all that comes, and tidy. Where an error ends it, what had come is kept."""
        # Whoever was killed may have left what is there twice: that would be counted as new.
        tidy(self._folder)
        before = number_of(self._folder.state)
        each = iter(answers)
        while not self._is_at_end and self._stopped_by is None:
            self._write(self._made_of_some(each))
        tidy(self._folder)
        self._new = number_of(self._folder.state) - before

    def _made_of_some(self, answers: Iterator[Any]) -> Tables:
        some = list[Any]()
        try:
            return tables(self._some(answers, some))
        except TutorialError as problem:
            # The rest of these has to be asked for once more.
            self._stopped_by, self._reads_all = problem, False
            return tables(_readable(some))

    def _some(self, answers: Iterator[Any], some: list[Any]) -> Iterator[Any]:
        """As many answers as are written at once; they are added to a list, too."""
        size = 0
        for _ in range(_PAGES_AT_ONCE):
            try:
                answer = next(answers)
            except StopIteration:
                self._is_at_end = True
                return
            except BaseException as problem:  # noqa: BLE001  (it is raised when that is written)
                self._stopped_by = problem
                return
            some.append(answer)
            yield answer
            size += _size_of(answer)
            if size > _BYTES_AT_ONCE:
                return

    def _write(self, made: Tables) -> None:
        if len(made.chats) or len(made.threads):
            self._settle_kind(made)
        self._problems += len(made.problems)
        self._note_progress(made.threads["created_at"].max())
        self._came += write(self._folder, made, self._notes)
        self._notes = {}

    def _settle_kind(self, made: Tables) -> None:
        """See to it that what came goes with what is there."""
        if made.threads["chat_id"].isna().any():
            raise _no_chat_named()
        state = self._folder.state
        kind = "threads" if made.with_all_events else "chats"
        if state.about("of") is None:
            state.note(of=kind)
        elif state.about("of") != kind:
            raise InputError(
                what=f"{self._folder.path.name} keeps other tables.",
                why="Some are of lists of chats, with the last events only; others are of threads "
                "with all their events.",
                remedy="Name another folder for these."
                + (self._kept_so_far() or " The tables are as they were."),
            )

    def _note_progress(self, began: Any) -> None:
        """Note how far the pull is, for the next one, or for who goes on with this one."""
        if self._pull is None:
            return
        state, notes = self._folder.state, self._notes
        times = [state.noted("newest"), None if pd.isna(began) else in_micros(began)]
        notes["newest"] = as_json(max((each for each in times if each is not None), default=None))
        if self._stopped_by is None and self._is_at_end:
            went_on = (
                notes["went_on_next"] if "went_on_next" in notes else state.about("went_on_next")
            )
            notes |= {"pulled_up_to": notes["newest"], "went_on": went_on}
            notes |= {"next_body": None, "stood_at": None}
        elif self._pull.stop is None and self._reads_all:
            # Of the first page there is no place to go on from.
            body, pull = self._pull.pages.next_body or {}, self._pull
            stood_at = {"came": pull.came + pull.pages.came, "limit": pull.limit}
            notes["next_body"] = as_json(body) if "page_id" in body else None
            notes["stood_at"] = as_json(stood_at)

    def _kept_so_far(self) -> str:
        """A sentence for the end of an error; none where nothing had come."""
        if not self._came:
            return ""
        are = "it is" if self._came == 1 else "they are"
        goes_on = "" if self._pull is None else ": run the cell again, and it goes on"
        return (
            f" {_count(self._came, self._unit.removesuffix('s'))} had come, and {are} kept in "
            f"{self._folder.path.name}{goes_on}."
        )

    @property
    def _unit(self) -> str:
        return "chats" if by_chat(self._folder.state) else "threads"

    def told(self, calls: int | None) -> Kept:
        """What was done, for people.

        Args:
            calls: that were made for it, if any were.

        Raises:
            BaseException: what the answers raised. That is no error of the folder's.
        """
        if isinstance(self._stopped_by, TutorialError):
            self._stopped_by.remedy += self._kept_so_far()
        if self._stopped_by is not None:
            raise self._stopped_by
        parts = self._folder.state.parts.values()
        rows = {name: sum(part.rows.get(name, 0) for part in parts) for name in NAMES}
        again = self._came - self._new
        return Kept(self._folder.path, self._unit, self._new, again, calls, rows, self._problems)


def _readable(answers: Iterable[Any]) -> list[Any]:
    """The answers before the first one that can't be read, or holds other things than those."""
    readable = list[Any]()
    holds_threads: set[bool] = set()
    for answer in answers:
        try:
            made = tables(answer)
        except TutorialError:
            return readable
        if len(made.threads):
            holds_threads.add(made.with_all_events)
        if len(holds_threads) > 1:
            return readable
        readable.append(answer)
    return readable


def _size_of(answer: Any) -> int:
    content = getattr(answer, "content", answer)
    return len(content) if isinstance(content, str | bytes) else 0


def _no_chat_named() -> InputError:
    return InputError(
        what="The threads of one chat are not kept.",
        why="What List Threads answers doesn't name the chat.",
        remedy="Use client.list_archives_pages(), which has the threads of all chats.",
    )


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"
