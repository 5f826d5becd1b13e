"""Server-sent events: the newest, at once, and nothing that piles up."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import pytest

from lc_tutorial.board import live
from lc_tutorial.board.live import MOST_OF_A_LEARNER, MOST_PAGES, LivePages
from tests.board.conftest import Board


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "REST", 0)
    monkeypatch.setattr(live, "TICK", 0.01)


def events_of(pages: LivePages, shown: list[str], learner: str = "") -> AsyncIterator[bytes]:
    answer = pages.stream(lambda: shown[0], learner)
    assert answer is not None
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    return cast("AsyncIterator[bytes]", answer.body_iterator)


def test_each_event_is_the_newest_and_a_room_at_rest_keeps_the_line_open(
    board: Board, runner: asyncio.Runner
) -> None:
    shown = ["<p>one\nline</p>"]

    async def read() -> list[bytes]:
        events = events_of(LivePages(board.room), shown)
        got = [await anext(events) for _ in range(3)]
        shown[0] = "two"
        board.room.say("changed")
        got.append(await anext(events))
        await events.aclose()  # type: ignore[attr-defined]
        return got

    assert runner.run(read()) == [
        b"retry: 2000\n\n",
        b"event: room\ndata: <p>one\ndata: line</p>\n\n",
        b": nothing new\n\n",
        b"event: room\ndata: two\n\n",
    ]


def test_what_happens_meanwhile_becomes_one_event(board: Board, runner: asyncio.Runner) -> None:
    shown = ["0"]

    async def read() -> tuple[list[bytes], int]:
        pages = LivePages(board.room)
        events = events_of(pages, shown)
        got = [await anext(events), await anext(events)]
        for number in range(1000):
            shown[0] = str(number)
            board.room.say(str(number))
        got.append(await anext(events))
        got.append(await anext(events))
        opened = len(pages)
        await events.aclose()  # type: ignore[attr-defined]
        return got, opened - len(pages)

    got, closed = runner.run(read())
    assert got[2:] == [b"event: room\ndata: 999\n\n", b": nothing new\n\n"]
    assert closed == 1


def test_only_so_many_pages_are_open(board: Board, runner: asyncio.Runner) -> None:
    async def read() -> None:
        pages = LivePages(board.room)
        all_of_them = [events_of(pages, ["x"]) for _ in range(MOST_PAGES)]
        for events in all_of_them:
            await anext(events)
        assert pages.stream(lambda: "x") is None
        await all_of_them[0].aclose()  # type: ignore[attr-defined]
        assert pages.stream(lambda: "x") is not None
        for events in all_of_them:
            await events.aclose()  # type: ignore[attr-defined]

    runner.run(read())


def test_no_learner_takes_the_place_of_another_or_of_the_teacher(
    board: Board, runner: asyncio.Runner
) -> None:
    async def read() -> None:
        pages = LivePages(board.room)
        opened = [
            events_of(pages, ["x"], learner)
            for learner in ("mia", "ben")
            for _ in range(MOST_OF_A_LEARNER)
        ]
        for events in opened:
            await anext(events)
        assert pages.stream(lambda: "x", "mia") is None
        assert pages.stream(lambda: "x", "tom") is not None
        others = [events_of(pages, ["x"], str(n)) for n in range(MOST_PAGES - len(pages))]
        for events in others:
            await anext(events)
        assert pages.stream(lambda: "x", "tom") is None
        assert pages.stream(lambda: "x") is not None
        for events in (*opened, *others):
            await events.aclose()  # type: ignore[attr-defined]
        assert not pages._open

    runner.run(read())
