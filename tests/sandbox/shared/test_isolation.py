"""No learner of a class reads, changes or controls a neighbour's world, whatever they try."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
import requests

from lc_tutorial.sandbox.shared import World
from lc_tutorial.sandbox.world import ORGANIZATIONS
from tests.sandbox.agent_chat.conversations import Conversations
from tests.sandbox.agent_chat.test_every_method import CHANGING
from tests.sandbox.agent_chat.test_writing import CALLS as WRITING
from tests.sandbox.chat_api import ChatApi
from tests.sandbox.receiving import receiving

from .conftest import BASE, Class, Member, ask

EVERYTHING = ("chats--all:rw", "customers:rw", "customers.ban:rw", "agents--my:rw", "multicast:rw")

# --- What one of them does, the others do not feel ------------------------------------------------


def world_of(room: Class, member: Member) -> World:
    world = room.worlds.at(member.key)
    assert world is not None
    return world


def held(world: World) -> bytes:
    """All that a world holds of chats and customers, to the byte."""
    chats = [world.app.state.chats.of(organization) for organization in ORGANIZATIONS]
    kept = [[one.ordered(), sorted(one.customers.items())] for one in chats]
    return msgspec.json.encode([kept, world.sandbox.settings])


def seen(member: Member, token: str) -> bytes:
    """All that a learner sees of theirs, to the byte, but for what time changes."""
    found: list[Any] = []
    for action in ("list_chats", "list_archives"):
        answer = member.call(action, token, {"limit": 100})
        while True:
            found.append({**answer, "next_page_id": "next_page_id" in answer})
            if "next_page_id" not in answer:
                break
            answer = member.call(action, token, {"page_id": answer["next_page_id"]})
    # Each page id has a moment in it, until which it is good.
    for answer in found:
        answer.pop("previous_page_id", None)
    state = member.control("GET", "state").json()
    state["clock"].pop("now")
    for kind in ("codes", "access_tokens", "refresh_tokens", "customer_tokens"):
        for issued in state[kind]:
            issued.pop("expires_in", None)
    return json.dumps([found, state]).encode()


def conversations(room: Class, member: Member, http: requests.Session) -> Conversations:
    world = world_of(room, member)
    return Conversations(ChatApi(member.url, http, world.app.state.chats, world.sandbox))


def test_what_a_method_changes_it_changes_in_one_world(room: Class, http: requests.Session) -> None:
    """Every method that writes, each in a world that nobody has used."""
    neighbour = world_of(room, room.join("ben"))
    before, changed = held(neighbour), set()
    for method, body_of in (CHANGING | WRITING).items():
        mia = room.join("mia", fresh=True)
        hers = conversations(room, mia, http)
        arguments: dict[str, Any] = {
            "version": "3.5" if method == "create_customer" else "3.6",
            "scopes": EVERYTHING,
        }
        if method == "upload_file":
            arguments |= {"files": {"file": ("a.png", b"a", "image/png")}, "data": {}}
        answer = hers.as_me(method, body_of(hers), **arguments)
        assert answer.status_code in (200, 202), (method, answer.text)
        assert held(neighbour) == before, method
        if held(world_of(room, mia)) != before:
            changed.add(method)
    assert len(changed) > 15, changed
    # Nor what worlds that come later begin with.
    assert held(world_of(room, room.join("zoe"))) == before


def test_what_a_learner_writes_shows_in_their_own_lists(
    room: Class, http: requests.Session
) -> None:
    ben, mia = (conversations(room, room.join(name), http) for name in ("ben", "mia"))
    before = ben.api.summaries()
    assert mia.api.summaries() == before
    mia.done("update_chat_properties", CHANGING["update_chat_properties"](mia))
    began = mia.done("start_chat", {})["chat_id"]
    shown = {chat["id"]: chat for chat in mia.api.summaries()}
    assert shown[mia.mine.id]["properties"]["test"] == {"int_property": 1}
    assert shown.keys() - {chat["id"] for chat in before} == {began}
    assert ben.api.summaries() == before


def control_all(mia: Member) -> None:
    """Pull every handle of one's own world."""
    for name, order in (
        ("people", {"number": 2}),
        ("clock", {"advance": 90_000}),
        ("faults", {"fault": "500", "times": None}),
        ("rate-limit", {"calls": 0}),
        ("customer", {"text": "Hello", "name": "Noor"}),
        ("seed", {"chats": 20, "seed": 7}),
    ):
        answer = mia.control("POST", name, **order)
        assert answer.status_code == 200, answer.text


def test_what_a_learner_controls_is_their_own_world(room: Class) -> None:
    ben, mia = room.join("ben"), room.join("mia")
    token = ben.token()["access_token"]
    his = world_of(room, ben)
    before, seen_before = held(his), seen(ben, token)
    journal = ben.control("GET", "journal").json()
    control_all(mia)
    assert mia.control("GET", "state").json()["faults"]
    assert (held(his), seen(ben, token)) == (before, seen_before)
    mia.control("DELETE", "journal")
    mia.control("POST", "reset")
    assert (held(his), seen(ben, token)) == (before, seen_before)
    assert ben.control("GET", "journal").json()[: len(journal)] == journal
    mia.control("POST", "stop")
    assert (held(his), seen(ben, token)) == (before, seen_before)


def test_a_journal_has_what_came_to_its_world_alone(room: Class) -> None:
    ben, mia = room.join("ben"), room.join("mia")
    ben.token()
    assert mia.control("GET", "journal").json() == []
    assert len(ben.control("GET", "journal").json()) > 5


def test_a_webhook_is_sent_for_its_own_world(room: Class) -> None:
    ben, mia = room.join("ben"), room.join("mia")
    scopes = ("webhooks.configuration:rw", "webhooks.state:rw", "chats--all:rw")
    issued = mia.token(scopes)
    with receiving() as receiver:
        about = {
            "url": f"{receiver.url}/hooks",
            "action": "incoming_chat",
            "secret_key": "not-a-real-key",
            "owner_client_id": issued["client_id"],
            "type": "license",
        }
        token = issued["access_token"]
        mia.call("register_webhook", token, about, api="configuration")
        mia.call("enable_license_webhooks", token, api="configuration")
        ben.control("POST", "customer", text="to Ben")
        mia.control("POST", "customer", text="to Mia")
        assert "to Mia" in json.dumps(receiver.next())
        assert receiver._received.empty()


# --- Trespassing ----------------------------------------------------------------------------------


class Trespass:
    """Mia, who wants to reach Ben's world, and all that she might get hold of but its key."""

    def __init__(self, room: Class) -> None:
        self.room = room
        self.ben, self.mia = room.join("ben"), room.join("mia")
        self.his = world_of(room, self.ben)
        self.issued = self.ben.token()
        self.token = str(self.issued["access_token"])
        self.cookie = ask("GET", f"{self.ben.url}/console/").headers["Set-Cookie"].split(";")[0]

    @property
    def origin(self) -> str:
        return self.room.url.removesuffix(BASE)

    def bearer(self, url: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return ask("POST", f"{url}/v3.6/agent/action/list_chats", json={}, headers=headers)

    def state(self, url: str, nonce: str) -> requests.Response:
        return ask("GET", f"{url}/_sandbox/state", headers={"X-Sandbox-Nonce": nonce})

    def raw(self, path: str, **options: Any) -> requests.Response:
        """Send a path to the letter: a client would have put it right."""
        with requests.Session() as http:
            http.trust_env = False
            request = requests.Request("GET", self.origin, **options).prepare()
            request.url = self.origin + path
            return http.send(request, timeout=30, allow_redirects=False)


def _changed(key: str) -> str:
    return ("0" if key[0] != "0" else "1") + key[1:]


#: Each with the statuses that it may be answered with: none of them what Ben gets.
WAYS: dict[str, tuple[set[int], Callable[[Trespass], requests.Response]]] = {
    "his access token in her world": ({401}, lambda t: t.bearer(t.mia.url)),
    "his access token in no world": ({404}, lambda t: t.bearer(t.room.url)),
    "his refresh token in her world": (
        {400, 401},
        lambda t: ask(
            "POST",
            f"{t.mia.url}/v2/token",
            data={
                "grant_type": "refresh_token",
                "refresh_token": t.issued["refresh_token"],
                "client_id": t.issued["client_id"],
                "client_secret": "not-a-real-secret",
            },
        ),
    ),
    "his control secret in her world": ({403}, lambda t: t.state(t.mia.url, t.ben.nonce)),
    "his control secret in no world": ({404}, lambda t: t.state(t.room.url, t.ben.nonce)),
    "her control secret in a world she guesses": (
        {410},
        lambda t: t.state(f"{t.room.url}/l/{_changed(t.ben.key)}", t.mia.nonce),
    ),
    "his name as a key": ({404}, lambda t: ask("GET", f"{t.room.url}/l/ben/console/")),
    "the list of all worlds": ({404}, lambda t: ask("GET", f"{t.room.url}/l/")),
    "part of his key": ({404}, lambda t: ask("GET", f"{t.room.url}/l/{t.ben.key[:-1]}/console/")),
    "his key in capitals": (
        {404},
        lambda t: (
            ask("GET", f"{t.room.url}/l/{t.ben.key.upper()}/console/")
            if t.ben.key.upper() != t.ben.key
            else ask("GET", f"{t.room.url}/l/")
        ),
    ),
    "up from her world to his": (
        {404},
        lambda t: t.raw(f"{BASE}/l/{t.mia.key}/../{t.ben.key}/_sandbox/state"),
    ),
    "up with encoded dots": (
        {404},
        lambda t: t.raw(f"{BASE}/l/{t.mia.key}/%2e%2e/{t.ben.key}/_sandbox/state"),
    ),
    "up with encoded slashes": (
        {404},
        lambda t: t.raw(f"{BASE}/l/{t.mia.key}/..%2f{t.ben.key}%2f_sandbox%2fstate"),
    ),
    "up with backslashes": (
        {404},
        lambda t: t.raw(f"{BASE}/l/{t.mia.key}/..%5c{t.ben.key}%5c_sandbox%5cstate"),
    ),
    "his world below the static files of hers": (
        {404},
        lambda t: t.raw(f"{BASE}/l/{t.mia.key}/static/..%2f..%2f{t.ben.key}/console/"),
    ),
    "a slash too many": ({404}, lambda t: t.raw(f"{BASE}//l/{t.ben.key}/console/")),
    "an encoded slash before the key": ({404}, lambda t: t.raw(f"{BASE}/l%2f{t.ben.key}/console/")),
    "an encoded letter of the way": ({404}, lambda t: t.raw(f"{BASE}/%6c/{t.ben.key}/console/")),
    "a line feed behind the key": ({404}, lambda t: t.raw(f"{BASE}/l/{t.ben.key}%0a/console/")),
    "his session in her world": (
        {200},
        lambda t: ask("GET", f"{t.mia.url}/console/inbox", headers={"Cookie": t.cookie}),
    ),
    "a Host that names his world": (
        {200},
        lambda t: ask("GET", f"{t.mia.url}/console/", headers={"Host": f"{t.ben.key}.localhost"}),
    ),
    "a header that names his world": (
        {200},
        lambda t: ask(
            "GET",
            f"{t.mia.url}/console/",
            headers={
                "X-Forwarded-Context": f"{BASE}/l/{t.ben.key}",
                "X-Original-URL": f"{BASE}/l/{t.ben.key}/console/",
                "X-Rewrite-URL": f"{BASE}/l/{t.ben.key}/console/",
                "X-Forwarded-Prefix": f"{BASE}/l/{t.ben.key}",
            },
        ),
    ),
    "his name as she joins": ({422}, lambda t: t.room.answer("mia", owner="ben")),
    "his name in a header as she joins": (
        {200},
        lambda t: ask(
            "POST",
            f"{t.room.url}/join?user=ben",
            json={},
            headers={"Authorization": "Bearer token-of-mia", "X-Forwarded-User": "ben"},
        ),
    ),
    "two tokens as she joins": (
        {401},
        lambda t: ask(
            "POST",
            f"{t.room.url}/join",
            headers={"Authorization": "Bearer token-of-mia, Bearer token-of-ben"},
        ),
    ),
    "his personal access token's form in her world": (
        {401},
        lambda t: ask(
            "POST",
            f"{t.mia.url}/v3.6/agent/action/list_chats",
            json={},
            headers={
                "Authorization": "Basic "
                + base64.b64encode(f"{t.issued['account_id']}:{t.token}".encode()).decode()
            },
        ),
    ),
    "his organization's customers with his app": (
        {400, 401, 403, 404},
        lambda t: ask(
            "POST",
            f"{t.mia.url}/v2/customer/token",
            json={
                "grant_type": "agent_token",
                "client_id": t.issued["client_id"],
                "organization_id": t.issued["organization_id"],
                "response_type": "token",
            },
            headers={"Authorization": f"Bearer {t.token}"},
        ),
    ),
}


@pytest.fixture(scope="module")
def _trespass(_server: Any) -> Trespass:
    stage, origin = _server
    room = Class.at(origin)
    stage.app = room.front
    return Trespass(room)


@pytest.fixture
def trespass(_server: Any, _trespass: Trespass) -> Iterator[Trespass]:
    stage, _ = _server
    stage.app = _trespass.room.front
    yield _trespass
    stage.app = None


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_to_a_neighbours_world(trespass: Trespass, way: str) -> None:
    his, ben = trespass.his, trespass.ben
    before, used_at = len(his.app.state.journal._entries), his.used_at
    statuses, go = WAYS[way]
    answer = go(trespass)
    assert his.used_at == used_at, "the request reached his world"
    assert len(his.app.state.journal._entries) == before
    assert answer.status_code in statuses, answer.text
    for secret in (ben.nonce, ben.told["password"], trespass.token):
        assert secret not in f"{answer.headers}{answer.text}"
    assert ben.key not in answer.text


def test_a_world_gets_its_own_cookies_and_no_others(room: Class) -> None:
    mia = room.join("mia")
    hub = "jupyterhub-session-id=not-a-real-one; _xsrf=also-not; jupyterhub-user-mia=nor-this"
    sent = f"{hub}; sandbox_session_1=hers; __lc_cid=hers-too; {hub}"
    ask("GET", f"{mia.url}/v2/info", headers={"Cookie": sent})
    raw = room.worlds.at(mia.key).app.state.journal._entries[-1].request.headers  # type: ignore[union-attr]
    assert dict(raw)[b"cookie"] == b"sandbox_session_1=hers; __lc_cid=hers-too"


def test_a_browsers_cookies_of_two_worlds_do_not_meet(room: Class) -> None:
    """One browser, both worlds, the control page too: each cookie's path is its own world's."""
    ben, mia = room.join("ben"), room.join("mia")
    with requests.Session() as browser:
        browser.trust_env = False
        for one in (ben, mia):
            ticket = one.control("POST", "ticket").json()["ticket"]
            page = browser.get(f"{one.url}/_sandbox/enter?ticket={ticket}", timeout=30)
            assert page.status_code == 200
            assert browser.get(f"{one.url}/console/", timeout=30).status_code == 200
        paths = {cookie.path for cookie in browser.cookies}
        assert len(paths) == 4
        for one in (ben, mia):
            assert sum(path.startswith(f"{BASE}{one.told['path']}/") for path in paths) == 2
        assert browser.get(f"{ben.url}/_sandbox/", timeout=30).status_code == 200
        # What a page of hers made him send would not be his browser's word in his world.
        theirs = [c for c in browser.cookies if mia.key in c.path]
        cookie = "; ".join(f"{c.name}={c.value}" for c in theirs)
        assert ask("GET", f"{ben.url}/_sandbox/", headers={"Cookie": cookie}).status_code == 403
