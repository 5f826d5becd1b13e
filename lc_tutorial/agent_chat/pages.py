"""All pages of a list, each fetched when it is asked for."""

import os
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import requests

from lc_tutorial.agent_chat.calls import ApiClient
from lc_tutorial.agent_chat.progress import Progress
from lc_tutorial.agent_chat.pull_file import PullFile, Subject
from lc_tutorial.agent_chat.walk import Walk
from lc_tutorial.errors import ApiError, InputError, PlatformAnswerError, TutorialError
from lc_tutorial.platforms import billing

_NAMES = {
    "list_chats": ("List Chats", "chats"),
    "list_archives": ("List Archives", "threads"),
    "list_threads": ("List Threads", "threads"),
}

# Source: livechat-public-docs, messaging/agent-chat-api, of each method.
_DEFAULT_LIMITS = {"list_chats": 10, "list_archives": 10, "list_threads": 3}


class Pages(Iterator[requests.Response]):
    """All pages of a list: ``lc.tables(pages)``, or ``for page in pages``. Nothing is asked before.

    Made by ``client.list_chats_pages()`` and its neighbours, which say what there is to choose.

    Without a file the pages pass by: they can be looped over once, and ``next(pages)`` takes them
    one by one. With a file every loop begins with the first page: those that the file has come from
    there, without a call, and the others from the platform.

    A loop raises what :meth:`AgentChat.call` raises, and says how far the pull got;
    :class:`~lc_tutorial.errors.InputError` for a file that is not of this pull, or in use, and for
    pages that have passed by; :class:`~lc_tutorial.errors.PlatformAnswerError` for pages that can't
    be read or don't come to an end.
    """

    def __init__(
        self,
        client: ApiClient,
        action: str,
        body: Mapping[str, Any],
        *,
        progress: bool,
        keep_in: "str | os.PathLike[str] | None",
    ) -> None:
        self._client = client
        self._action = action
        self._body = dict(body)
        self._wants_progress = progress
        self._keep_in = keep_in
        self._walk = self._new_walk()
        self._waiting: requests.Response | None = None
        self._calls: int | None = None
        self._loop: Iterator[requests.Response] | None = None
        self._was_looped = self._handed_out = False
        self._says_how_to_go_on = True

    @property
    def client(self) -> ApiClient:
        """Who calls."""
        return self._client

    @property
    def action(self) -> str:
        """The method that is called, such as ``"list_chats"``."""
        return self._action

    @property
    def first_body(self) -> dict[str, Any]:
        """What the first call sends."""
        return dict(self._body)

    @property
    def next_body(self) -> dict[str, Any] | None:
        """What the next call sends; None when all has been read."""
        return self._walk.asks

    @property
    def found(self) -> int | None:
        """How many chats or threads there are, as the platform has estimated; None if unknown."""
        return self._walk.found

    @property
    def came(self) -> int:
        """How many chats or threads have come, from the page on with which these began."""
        return self._walk.items

    @property
    def are_kept(self) -> bool:
        """Whether the pages are kept in a file."""
        return self._keep_in is not None

    def asking(self, body: Mapping[str, Any]) -> "Pages":
        """Pages of the same list, from the same client, that begin with another request.

        Whoever asks so keeps what comes, and says so where an error ends it.

        Args:
            body: of the first request.
        """
        other = Pages(self._client, self._action, body, progress=self._wants_progress, keep_in=None)
        other._says_how_to_go_on = False
        return other

    def calls_needed(self) -> int:
        """How many calls the pull takes, as far as the platform's estimate of its list tells.

        The first page is fetched for that, and kept: this call is one of those, and no other is
        made. Of a pull that is taken up again, only the calls that are still needed count; for a
        finished one these are 0. Calls that have to be sent again come on top.

        Raises:
            ApiError: the platform refused.
            SandboxGone, NoNetwork, ConnectionLost: no whole answer came.
            InputError: the file is not of this pull, or in use.
        """
        if self._calls is None and self._keep_in is None:
            if self._walk.pages == 0:
                self._fetch(self._walk)
            self._calls = self._walk.calls
        if self._calls is None:
            with self._open() as file:
                kept = len(file)
                if kept:
                    _go_on(self._walk, file, 0)
                else:
                    self._fetch(self._walk, file)
                self._note_calls(self._walk, file, kept)
        assert self._calls is not None  # noqa: S101
        return self._calls

    def __iter__(self) -> Iterator[requests.Response]:
        if self._keep_in is None and self._was_looped and self._handed_out:
            raise self._gone()
        self._was_looped = True
        return self._all()

    def __next__(self) -> requests.Response:
        if self._loop is None:
            self._loop = self._all()
        try:
            return next(self._loop)
        except StopIteration:
            self._was_looped = True
            raise
        except BaseException:
            # The next one goes on with the page that could not be had.
            self._loop = None
            raise

    def _all(self) -> Iterator[requests.Response]:
        if self._keep_in is None:
            yield from self._passing()
        else:
            with self._open() as file:
                yield from self._kept(file)

    def _passing(self) -> Iterator[requests.Response]:
        """The pages from where the walk is now."""
        walk = self._walk
        with self._progress() as progress:
            while self._waiting is not None or walk.asks is not None:
                if self._waiting is None:
                    self._fetch(walk)
                progress.reached(walk.items, walk.found)
                page, self._waiting = self._waiting, None
                if page is not None:
                    self._handed_out = True
                    yield page

    def _kept(self, file: PullFile) -> Iterator[requests.Response]:
        """The pages of the file, and then those that it has not."""
        walk = self._walk = self._new_walk()
        kept = len(file)
        with self._progress() as progress:
            for number in range(kept):
                asked = walk.asks
                content, is_new = _go_on(walk, file, number)
                self._note_calls(walk, file, kept)
                if is_new:
                    yield self._as_response(asked, content)
            if walk.asks is not None and file.is_finished:
                raise file.damaged("It is said to be finished, and its last page names a next one.")
            while walk.asks is not None:
                page = self._fetch(walk, file)
                self._note_calls(walk, file, kept)
                progress.reached(walk.items, walk.found)
                if page is not None:
                    yield page

    def _fetch(self, walk: Walk, file: PullFile | None = None) -> requests.Response | None:
        """Call for the next page, and keep it; None if there is nothing on it that is new."""
        assert walk.asks is not None  # noqa: S101
        if file is not None:
            file.check_open()
        try:
            response = self._client.call(self._action, walk.asks)
            # Before the walk goes on: interrupted here, a page comes twice rather than never.
            self._waiting = response if file is None else None
            number = walk.pages
            is_new = walk.take(response.content)
            if file is not None:
                file.keep(number, response.content, is_last=walk.asks is None)
        except TutorialError as problem:
            self._waiting = None
            self._say_how_far(problem, walk, file)
            raise
        if not is_new:
            self._waiting = None
        return response if is_new else None

    def _new_walk(self) -> Walk:
        return Walk(
            self._body,
            kept=("chat_id",) if self._action == "list_threads" else (),
            # Threads stay where they are: only chats move. What begins in the middle has no front.
            rereads=self._newest_first
            and self._action == "list_chats"
            and "page_id" not in self._body,
            limit=self._body.get("limit", _DEFAULT_LIMITS[self._action]),
        )

    @property
    def _newest_first(self) -> bool:
        # So it is where nothing is said.
        return self._body.get("sort_order") != "asc"

    def _open(self) -> PullFile:
        assert self._keep_in is not None  # noqa: S101
        client = self._client
        subject = Subject.of(
            self._action,
            client.platform.version,
            client.platform_mark,
            client.account_id,
            self._body,
        )
        return PullFile.open(self._keep_in, subject)

    def _progress(self) -> Progress:
        return Progress(_NAMES[self._action][1], wanted=self._wants_progress)

    def _note_calls(self, walk: Walk, file: PullFile, kept: int) -> None:
        """Note how many calls it takes, at the first page: so many were in the file before."""
        if self._calls is None:
            was_finished = file.is_finished and kept > 0
            self._calls = 0 if was_finished else max(1, walk.calls - kept)

    def _as_response(self, asked: object, content: bytes) -> requests.Response:
        """A kept page as it came, with what was asked for; the token is not there any more."""
        response = requests.Response()
        response.status_code, response.reason = 200, "OK"
        response.url = self._client.platform.action_url(self._action)
        response.request = requests.Request("POST", response.url, json=asked).prepare()
        response.headers["Content-Type"] = "application/json"
        response.encoding = "utf-8"
        response._content = content
        billing.disregard(response)
        return response

    # --- Words ----------------------------------------------------------------------------------

    def _say_how_far(self, problem: TutorialError, walk: Walk, file: PullFile | None) -> None:
        """Add to an error how far the pull got, and how to go on."""
        if walk.pages == 0:
            return
        _, unit = _NAMES[self._action]
        of = f" of about {max(walk.found, walk.items):,}" if walk.found is not None else ""
        came = f"{walk.items:,}{of} {unit} had come, in {_count(walk.pages, 'page')}"
        if walk.has_no_end:
            kept = (
                f", and they are kept in {file.path.name}: delete it to pull anew" if file else ""
            )
            problem.remedy += f" {came}{kept}."
            return
        if not self._says_how_to_go_on:
            return
        if file is None:
            problem.remedy += (
                f" {came}; next(pages) goes on with the next one. A pull that can be taken up "
                'again keeps its pages in a file: keep_in="chats.pull".'
            )
            return
        is_refused_page = isinstance(problem, ApiError) and problem.type == "validation"
        if is_refused_page and "page_id" in (walk.asks or {}):
            when = file.last_kept_at
            since = f", and the last one came on {when:%Y-%m-%d}" if when else ""
            problem.what = "The platform no longer knows where this pull had stopped."
            problem.why = f"The place of a page is valid for a month{since}."
            problem.remedy = (
                f"{came}. Delete {file.path.name} and run the cell again: it starts anew."
            )
            return
        problem.remedy += (
            f" {came}, and they are kept in {file.path.name}: run the cell again, and it goes on "
            "from there."
        )

    def _gone(self) -> InputError:
        pages = _count(self._walk.pages, "page")
        return InputError(
            what="These pages have passed by.",
            why=f"A loop took {pages} already, and no page is kept.",
            remedy=(
                'Make them anew, which calls the platform again; with keep_in="chats.pull" they '
                "are kept in a file. next(pages) goes on where the loop ended."
            ),
        )

    def __repr__(self) -> str:
        return f"<Pages: {self._told()}>"

    def _repr_html_(self) -> str:
        return f'<div class="lc-pages">{escape(self._told())}.</div>'

    def _told(self) -> str:
        """What this is, in one line."""
        name, unit = _NAMES[self._action]
        order = "newest" if self._newest_first else "oldest"
        walk = self._walk
        if walk.asks is None:
            far = f"all {_count(walk.pages, 'page')} read, {walk.items:,} {unit}"
        elif walk.pages:
            found = f" of about {walk.found:,}" if walk.found is not None else ""
            far = f"{_count(walk.pages, 'page')} fetched so far, {walk.items:,}{found} {unit}"
        else:
            far = "none asked for yet"
        kept = f", kept in {os.fspath(self._keep_in)}" if self._keep_in is not None else ""
        return f"all pages of {name}, {order} first: {far}{kept}"


def _go_on(walk: Walk, file: PullFile, number: int) -> tuple[bytes, bool]:
    """Go on by a page of the file: its content, and whether there is something new on it."""
    content = file.page(number)
    if walk.asks is None:
        raise file.damaged(f"Its page {number} is the last one, and more come after it.")
    try:
        return content, walk.take(content)
    except PlatformAnswerError:
        if walk.has_no_end:
            raise
        raise file.damaged(f"Its page {number + 1} is nothing that the API answers.") from None


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"
