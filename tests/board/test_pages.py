"""Who may see and do what, in a browser."""

import re

import pytest

from lc_tutorial.board.events import Answered, AtStep, ErrorName, State
from lc_tutorial.board.room import QUIET
from tests.board.conftest import Board


def test_the_key_becomes_a_cookie_that_scripts_cannot_read(board: Board) -> None:
    cookie = board.become_teacher().lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert board.door.key not in cookie
    assert board.get("/").status == 200


@pytest.mark.parametrize("key", ["", "wrong", "ü", "../"])
def test_no_other_key_opens_it(board: Board, key: str) -> None:
    from urllib.parse import quote

    answer = board.get(f"/teacher?key={quote(key)}")
    assert (answer.status, answer.header("set-cookie")) == (403, "")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/events"),
        ("POST", "/line"),
        ("POST", "/save"),
        ("POST", "/take-off"),
    ],
)
def test_a_learner_does_not_see_the_board(board: Board, method: str, path: str) -> None:
    token = board.join("Mia")
    board.room.say("before")
    headers = [(b"authorization", f"Bearer {token}".encode()), (b"cookie", b"lc_board_8000=x")]
    answer = board.http.ask(method, path.encode(), headers, b"line=mine&csrf=x")
    assert answer.status == 403
    assert b"Mia" not in answer.body
    assert board.room.line.line == "before"


def test_a_form_of_another_page_is_refused(board: Board) -> None:
    board.become_teacher()
    board.join("Mia")
    board.clock.now += QUIET
    for path in ("/line", "/save", "/take-off"):
        assert board.post(path, {"line": "x", "take-off": "1"}).status == 403
        forged = {"line": "x", "take-off": "1", "csrf": "made-up"}
        assert board.post(path, forged).status == 403
    assert board.room.line.number == 0
    assert len(board.room) == 1


def test_the_teacher_sends_the_room_a_line_and_takes_it_back(board: Board) -> None:
    board.become_teacher()
    answer = board.post("/line?notebook=1", {"line": "Stop at <2>", "csrf": board.csrf})
    assert (answer.status, answer.header("location")) == (303, "./?notebook=1")
    assert board.report(board.join()).json() == {
        "line": "Stop at <2>",
        "number": 1,
        "is_new": False,
    }
    assert b"Stop at &lt;2&gt;" in board.get("/").body
    board.post("/line", {"line": "x", "take-back": "1", "csrf": board.csrf})
    assert board.report(board.join()).json() == {"line": "", "number": 2, "is_new": False}


@pytest.mark.parametrize("body", [b"x" * 5000, b"\xff=1", b"&".join([b"a=1"] * 50)])
def test_a_form_that_is_none_is_refused(board: Board, body: bytes) -> None:
    board.become_teacher()
    headers = [(b"cookie", board.cookie.encode())]
    assert board.http.ask("POST", b"/line", headers, body).status == 400


def test_the_page_shows_each_with_mark_word_and_reason(board: Board) -> None:
    board.become_teacher()
    token = board.join("<i>Mia</i>")
    board.report(
        token,
        AtStep(1, 0, State.DONE),
        AtStep(1, 1, State.STUCK, ErrorName.NOT_WHITELISTED),
        Answered(1, 0, False),
    )
    board.clock.now += 250
    page = board.get("/").body.decode()
    assert "&lt;i&gt;Mia&lt;/i&gt;" in page
    assert "<i>" not in page
    for words in (
        "<b>1 person:</b> redirect URI not on the whitelist",
        "</span> 4 min</b> redirect URI not on the whitelist",
        '<span class="word">done</span>',
        '<span class="word">stuck</span>',
        '<span class="word">not begun</span>',
        "<b>1 of 1</b> wrong, 1 still: what state is for",
        "01 The flow</h2>",
        "Or nothing was heard for 10 minutes",
    ):
        assert words in page
    elsewhere = board.get("/?notebook=0").body.decode()
    assert "4 min</b> in 01 The flow: redirect URI not on the whitelist" in elsewhere


def test_the_row_of_one_who_gives_no_sign_can_be_taken_off(board: Board) -> None:
    board.become_teacher()
    board.report(board.join("Mia"), AtStep(1, 0, State.UNDER_WAY))
    assert b"take-off" not in board.get("/").body
    board.clock.now += QUIET
    page = board.get("/?notebook=1").body.decode()
    assert "</span> 10 min</b> no sign" in page
    form = re.search(r'<form method="post" action="([^"]+)" class="take-off">.*?</form>', page)
    assert form
    assert 'name="take-off" value="1"' in form[0]
    for number, left in (("", 1), ("x", 1), ("2", 1), ("9" * 900, 1), ("²", 1), ("1", 0)):
        answer = board.post(f"/{form[1]}", {"take-off": number, "csrf": board.csrf})
        assert answer.header("location") == "./?notebook=1"
        assert len(board.room) == left


@pytest.mark.parametrize(
    ("people", "tables", "words"), [(0, 1, 1), (8, 1, 1), (9, 1, 0), (16, 1, 0), (17, 2, 0)]
)
def test_of_many_there_are_two_tables(board: Board, people: int, tables: int, words: int) -> None:
    board.become_teacher()
    for number in range(people):
        board.report(board.join(f"Learner {number}"), AtStep(1, 0, State.UNDER_WAY))
    page = board.get("/?notebook=1").body.decode()
    assert page.count("<table>") == tables
    assert page.count('<tr data-key="') == people
    assert page.count("is-few") == 2 * words


@pytest.mark.parametrize("asked", ["99", "-1", "x", "²", "1" * 5000, ""])
def test_a_notebook_that_there_is_not_is_the_one_where_most_are(board: Board, asked: str) -> None:
    from urllib.parse import quote

    board.become_teacher()
    answer = board.get(f"/?notebook={quote(asked)}")
    assert answer.status == 200
    assert b'<a href="./" aria-current="page">' in answer.body


def test_every_answer_is_kept_from_others_scripts_frames_and_caches(board: Board) -> None:
    board.become_teacher()
    for path in ("/", "/nothing", f"/join/{board.door.code}", "/teacher?key=x", "/join", "/report"):
        answer = board.get(path)
        assert "default-src 'none'" in answer.header("content-security-policy"), path
        assert "frame-ancestors 'none'" in answer.header("content-security-policy"), path
        assert answer.header("cache-control") == "no-store", path
    assert b"style=" not in board.get("/").body
    assert b"<script>" not in board.get("/").body


def test_an_exercise_is_no_step_with_a_number(board: Board) -> None:
    board.become_teacher()
    page = board.get("/?notebook=1").body.decode()
    heads = re.findall(r'<span class="head">([^<]+)</span>', page)
    assert heads == ["Step 1", "Step 2", "Exercise"]


def test_all_links_are_relative(board: Board) -> None:
    board.become_teacher()
    for path in ("/", "/join/X", "/nothing"):
        page = board.get(path).body.decode()
        for attribute in ("href", "src", "action"):
            assert f'{attribute}="/' not in page


@pytest.mark.parametrize(
    ("host", "status", "words"),
    [(b"evil.example", 421, b"--allow-host"), (b"a b", 400, b"one Host header")],
)
def test_another_name_that_leads_here_is_refused(
    board: Board, host: bytes, status: int, words: bytes
) -> None:
    answer = board.http.ask("GET", b"/", [(b"host", host)])
    assert answer.status == status
    assert words in answer.body
