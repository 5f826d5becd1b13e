"""Chats that change while their pages are read: the later one, once, and none is lost."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

import lc_tutorial as lc
from lc_tutorial.agent_chat.client import AgentChat
from lc_tutorial.agent_chat.walk import Walk
from lc_tutorial.platforms.platform import Platform, SandboxLogin
from lc_tutorial.sandbox.app import create_app
from lc_tutorial.sandbox.world.chats import Chat
from lc_tutorial.sandbox.world.state import Sandbox
from tests.sandbox.conftest import NONCE, RunningSandbox, serving

# --- Every way in which it can happen -----------------------------------------------------------


@dataclass
class Account:
    """Chats as the platform orders them: by their last threads, or by their age without one.

    With `silent_first` those without a thread are the newest of all: no source says where they are.
    """

    order: str
    limit: int
    silent_first: bool = False
    threads: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    now: int = 0

    def start(self) -> None:
        """A customer starts a chat, or visits and says nothing."""
        self.now += 1
        thread = None if self.now % 5 == 0 else f"T{self.now}"
        at = self.now if thread or not self.silent_first else self.now + 1_000_000
        self.threads[f"C{self.now}"] = (at, thread)

    def write(self, which: int) -> None:
        """A customer comes back: the chat gets a new thread."""
        self.now += 1
        chat_id = sorted(self.threads)[which % len(self.threads)]
        self.threads[chat_id] = (self.now, f"T{self.now}")

    def answer(self, body: dict[str, Any]) -> bytes:
        place = int(body["page_id"]) if "page_id" in body else None
        down = self.order == "desc"
        in_order = sorted(self.threads.items(), key=lambda each: each[1][0], reverse=down)
        beyond = [
            (chat_id, at, thread)
            for chat_id, (at, thread) in in_order
            if place is None or (at < place if down else at > place)
        ]
        page = beyond[: self.limit]
        answer: dict[str, Any] = {
            "chats_summary": [
                {"id": chat_id, **({"last_thread_summary": {"id": thread}} if thread else {})}
                for chat_id, _, thread in page
            ],
            "found_chats": len(self.threads),
        }
        if len(beyond) > len(page):
            answer["next_page_id"] = str(page[-1][1])
        return json.dumps(answer).encode()


def pull(account: Account, events: list[list[int]]) -> tuple[dict[str, str | None], Walk]:
    """What a pull ends with, when so much happens after each of its calls."""
    walk = Walk(
        {"sort_order": account.order, "limit": account.limit},
        rereads=account.order == "desc",
        limit=account.limit,
    )
    last: dict[str, str | None] = {}
    happening = iter(events)
    at_the_end: dict[str, str | None] = {}
    while walk.asks is not None:
        content = account.answer(walk.asks)
        at_the_end = {chat_id: thread for chat_id, (_, thread) in account.threads.items()}
        handed_out = walk.take(content)
        for chat in json.loads(content)["chats_summary"] if handed_out else ():
            last[chat["id"]] = chat.get("last_thread_summary", {}).get("id")
        for event in next(happening, []):
            account.start() if event % 3 == 0 else account.write(event)
        assert walk.pages < 1000
    assert last == at_the_end
    return last, walk


@settings(max_examples=300)
@given(
    st.sampled_from(["asc", "desc"]),
    st.integers(1, 5),
    st.integers(1, 25),
    st.lists(st.lists(st.integers(0, 100), max_size=8), max_size=12),
)
def test_a_pull_ends_with_the_account_as_it_is_at_its_last_call(
    order: str, limit: int, chats: int, events: list[list[int]]
) -> None:
    account = Account(order, limit)
    for _ in range(chats):
        account.start()
    pull(account, events)


@given(
    st.integers(1, 5),
    st.integers(1, 25),
    st.lists(st.lists(st.integers(0, 100), max_size=8), max_size=12),
)
def test_newest_first_no_chat_without_threads_hides_what_is_new(
    limit: int, chats: int, events: list[list[int]]
) -> None:
    account = Account("desc", limit, silent_first=True)
    for _ in range(chats):
        account.start()
    pull(account, events)


@given(st.integers(1, 5), st.integers(1, 25))
def test_a_quiet_account_is_read_once_and_its_front_once_more(limit: int, chats: int) -> None:
    for order in ("asc", "desc"):
        account = Account(order, limit)
        for _ in range(chats):
            account.start()
        # A chat without threads is no place to stop at; on top there are some that have one.
        for which in range(limit):
            account.write(which)
        last, walk = pull(account, [])
        pages = -(-chats // limit)
        assert walk.pages == pages + (order == "desc" and pages > 1)
        assert walk.items == len(last) == chats


# --- The sandbox --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    """A sandbox in this process, so that a test can make things happen in it."""
    with serving() as (stage, port):
        world = RunningSandbox(f"http://127.0.0.1:{port}", Sandbox())
        stage.app = app = create_app(world.world, nonce=NONCE, stop=world.stopped.set)
        world.chats = app.state.chats
        yield world


@pytest.fixture
def client(running: RunningSandbox) -> Iterator[AgentChat]:
    platform = Platform(
        name="sandbox",
        authorization_url=f"{running.url}/",
        console_url=f"{running.url}/console/",
        accounts_url=running.url,
        api_url=running.url,
        login=SandboxLogin("mia@example.com", "not-a-real-password", 8377, NONCE),
    )
    token = running.world.grants.issue_access_token(
        running.block.client_id, running.author.id, ("chats--all:ro",)
    )
    with AgentChat(platform, token.value) as client:
        yield client


def start_chat(running: RunningSandbox) -> str:
    """A customer starts a chat over the Customer Chat API; returns its id."""
    organization_id = running.author.organization_id
    customers = running.world.customers
    customer = customers.create(organization_id)
    token = customers.issue_token(running.block.client_id, organization_id, customer)
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(
            f"{running.url}/v3.6/customer/action/start_chat",
            params={"organization_id": organization_id},
            headers={"Authorization": f"Bearer {token.value}"},
            json={"chat": {"thread": {"events": [{"type": "message", "text": "Hello"}]}}},
            timeout=30,
        )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["chat_id"])


def come_back(running: RunningSandbox, place: int) -> tuple[str, str]:
    """The customer of a chat comes back: it gets a new thread, the newest there is."""
    chats = running.chats.of(running.world.organizations[running.author.organization_id])
    ordered: list[Chat] = [chat for chat in chats.ordered() if chat.threads]
    chat, newest = ordered[place], ordered[-1].threads[-1]
    thread = msgspec.structs.replace(
        chat.threads[-1],
        id=f"N{newest.created_at}",
        created_at=newest.created_at + 1,
        events=[],
    )
    chat.threads.append(thread)
    chats.put(chat)
    return chat.id, thread.id


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_each_chat_is_in_the_tables_once_in_its_later_state(
    running: RunningSandbox, client: AgentChat, order: str, tmp_path: Any
) -> None:
    started: set[str] = set()
    changed: dict[str, str] = {}
    pages = client.list_chats_pages(sort_order=order, limit=40, keep_in=tmp_path / "chats.pull")

    def read() -> Iterator[requests.Response]:
        for number, page in enumerate(pages):
            if number < 6:
                started.update(start_chat(running) for _ in range(30 if number == 2 else 3))
                # One that was read a while ago, one that comes next, one that comes last.
                for place in (1, 100, 200):
                    changed.update([come_back(running, place)])
            yield page

    made = lc.tables(read())
    now = {chat["id"]: chat.get("last_thread_summary", {}).get("id") for chat in everything(client)}
    found = last_threads(made)
    assert len(made.chats) == len(found), "each once"
    assert found == now, "none is lost, and each as it is now"
    assert started <= found.keys()
    assert {chat_id: found[chat_id] for chat_id in changed} == changed
    assert made.repeated > 0

    # The same, from the file: also what came late.
    calls = client.calls
    again = lc.tables(pages)
    assert (last_threads(again), client.calls) == (found, calls)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_chats_that_start_all_the_while_are_there(
    running: RunningSandbox, client: AgentChat, order: str
) -> None:
    """Customers start chats from a thread of their own, with no regard for the pull."""
    before = {chat["id"] for chat in everything(client)}
    stop = threading.Event()
    started: list[str] = []

    def customers() -> None:
        while not stop.is_set() and len(started) < 300:
            started.append(start_chat(running))

    thread = threading.Thread(target=customers)
    thread.start()
    try:
        made = lc.tables(client.list_chats_pages(sort_order=order, limit=10))
        done = list(started)
    finally:
        stop.set()
        thread.join()
    ids = list(made.chats["chat_id"])
    assert len(ids) == len(set(ids))
    assert before <= set(ids)
    # The last call may have been answered before the last of them were started.
    missing = [chat_id for chat_id in done if chat_id not in set(ids)]
    assert missing == done[len(done) - len(missing) :]


def everything(client: AgentChat) -> list[dict[str, Any]]:
    return [chat for page in client.list_chats_pages() for chat in page.json()["chats_summary"]]


def last_threads(made: Any) -> dict[str, str | None]:
    """Each chat in the tables with its last thread."""
    ids = made.chats["last_thread_id"].astype(object).where(made.chats["last_thread_id"].notna())
    return dict(zip(made.chats["chat_id"], ids.replace({float("nan"): None}), strict=True))
