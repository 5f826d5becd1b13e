"""Joining a class, and what is answered to who has no world, or none any more."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message

from lc_tutorial.sandbox.shared.worlds import MOST_CHATS, MOST_FRESH, Place, Worlds

from .conftest import BASE, Class, ask


def test_each_learner_has_a_world_and_finds_it_again(room: Class) -> None:
    mia, ben = room.join("mia"), room.join("ben")
    assert mia.told["is_new"]
    assert mia.told["base"] == BASE
    assert len(mia.key) == 32
    for what in ("path", "nonce", "password"):
        assert mia.told[what] != ben.told[what]
    again = room.join("mia")
    assert again.told == {**mia.told, "is_new": False}
    assert mia.control("GET", "state").status_code == 200


def test_the_whole_flow_below_the_path_of_a_world(room: Class) -> None:
    mia = room.join("mia")
    token = mia.token()["access_token"]
    assert len(mia.call("list_chats", token, {"limit": 100})["chats_summary"]) == 100


@pytest.mark.parametrize("path", ["/join", f"{BASE}/join"])
def test_a_hub_may_leave_its_prefix_or_take_it(room: Class, path: str) -> None:
    url = room.url.removesuffix(BASE)
    told = ask("POST", url + path, headers={"Authorization": "Bearer token-of-mia"}).json()
    for base in ("", BASE):
        answer = ask("GET", f"{url}{base}{told['path']}/console/")
        assert answer.status_code == 200
        assert f"Path={base}{told['path']}/;" in answer.headers["Set-Cookie"]


def test_a_proxys_prefix_goes_before_that_of_the_world(room: Class) -> None:
    mia = room.join("mia")
    headers = {"X-Forwarded-Context": "/user/mia/proxy/8390"}
    answer = ask("GET", f"{mia.url}/console/", headers=headers)
    path = f"/user/mia/proxy/8390{BASE}{mia.told['path']}/"
    assert f"Path={path};" in answer.headers["Set-Cookie"]


REFUSED: list[tuple[str, dict[str, str], Any, int]] = [
    ("no token", {}, None, 401),
    ("a token that the hub does not know", {"Authorization": "Bearer nobody"}, None, 401),
    ("a password", {"Authorization": "Basic token-of-mia"}, None, 401),
    ("no JSON", {}, b"{", 422),
    ("no port", {}, {"callback_port": 0}, 422),
    ("a prefix with markup", {}, {"server_prefix": "/<b>/"}, 422),
    ("a prefix that is an origin", {}, {"server_prefix": "//evil.example/"}, 422),
    ("a name of one's own", {}, {"owner": "ben"}, 422),
    ("too much", {}, {"server_prefix": "/" + "a" * 5000 + "/"}, 422),
]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [pytest.param(*row[1:], id=row[0]) for row in REFUSED],
)
def test_who_may_not_join(room: Class, headers: dict[str, str], body: Any, status: int) -> None:
    if body is not None:
        headers = {"Authorization": "Bearer token-of-mia"}
    data = {"data": body} if isinstance(body, bytes) else {"json": body}
    assert ask("POST", f"{room.url}/join", headers=headers, **data).status_code == status
    assert len(room.worlds) == 0


def test_a_hub_that_is_silent_is_not_the_learners_fault(room: Class) -> None:
    room.book.silent = True
    answer = room.answer("mia")
    assert answer.status_code == 503
    assert "Try again" in answer.json()["error"]


def test_who_leaves_while_joining_is_no_failure(room: Class) -> None:
    """What an app raises, the server writes into the log as a traceback."""
    pieces = [{"type": "http.request", "body": b'{"callback', "more_body": True}]

    async def receive() -> Message:
        return pieces.pop() if pieces else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/join",
        "query_string": b"",
        "headers": [(b"authorization", b"Bearer token-of-mia")],
    }
    asyncio.run(room.front(scope, receive, send))
    assert len(room.worlds) == 0


def test_what_is_at_no_learners_address(room: Class) -> None:
    mia = room.join("mia")
    assert ask("GET", f"{room.url}/").status_code == 404
    assert ask("GET", f"{room.url}/join").status_code == 405
    assert ask("GET", f"{room.url}/health").json() == {"worlds": 1}
    answer = ask("GET", f"{mia.url}?response_type=code")
    assert (answer.status_code, answer.headers["Location"]) == (
        307,
        f"./{mia.key}/?response_type=code",
    )


def test_a_world_that_is_gone_says_so_and_another_is_made(room: Class) -> None:
    mia = room.join("mia")
    assert mia.control("POST", "stop").status_code == 200
    for path, kind in (("/console/", "text/html"), ("/v2/token", "application/json")):
        answer = ask("GET", mia.url + path)
        assert answer.status_code == 410
        assert answer.headers["Content-Type"].startswith(kind)
        assert "lc.connect()" in answer.text
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    new = room.join("mia")
    assert new.told["is_new"]
    assert new.key != mia.key


def test_the_console_knows_the_learners_own_server(room: Class) -> None:
    mia = room.join("mia", server_prefix="/user/mia/", callback_port=8401)
    world = room.worlds.at(mia.key)
    assert world is not None
    page = f"{mia.url}/console/apps/{world.sandbox.ready_made.id}/authorization"
    seen = {
        "127.0.0.1:8401": {},
        "https://hub.example/user/mia/proxy/8401": {
            "X-Forwarded-Host": "hub.example",
            "X-Forwarded-Proto": "https",
        },
    }
    for address, headers in seen.items():
        assert f"{address}/callback" in ask("GET", page, headers=headers).text


# --- How many, and for how long -------------------------------------------------------------------


def test_a_fresh_world_is_another_and_the_oldest_of_many_goes(room: Class) -> None:
    own, ben = room.join("mia"), room.join("ben", fresh=True)
    fresh = [room.join("mia", fresh=True) for _ in range(MOST_FRESH + 1)]
    assert len({one.key for one in [own, *fresh]}) == MOST_FRESH + 2
    statuses = [one.control("GET", "state").status_code for one in [own, ben, *fresh]]
    assert statuses == [200, 200, 410, *[200] * MOST_FRESH]


def test_of_too_many_the_one_goes_that_was_used_least_recently() -> None:
    worlds = Worlds(most=2)
    mia, _ = worlds.join("mia", Place())
    ben, _ = worlds.join("ben", Place())
    assert worlds.at(mia.key) is mia
    worlds.join("zoe", Place())
    assert worlds.at(ben.key) is None
    assert worlds.at(mia.key) is mia
    assert len(worlds) == 2


def test_a_world_that_nobody_uses_goes() -> None:
    worlds = Worlds(idle_seconds=-1)
    mia, _ = worlds.join("mia", Place())
    worlds.keep_house()
    assert worlds.at(mia.key) is None
    assert len(worlds) == 0


def test_nobody_fills_the_machine_with_chats(room: Class) -> None:
    mia = room.join("mia")
    refused = mia.control("POST", "seed", chats=MOST_CHATS + 1)
    assert refused.status_code == 422
    assert "a class shares this sandbox" in refused.json()["error"]
    assert mia.control("POST", "seed", chats=3).json()["number"] == 3
