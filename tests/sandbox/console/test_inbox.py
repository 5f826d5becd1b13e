"""The stand-in for the agents' application: who sees which chats, and what was said in them."""

from collections.abc import Iterator

import pytest

from lc_tutorial.sandbox.console import inbox
from lc_tutorial.sandbox.learner.browser import Browser, Page
from lc_tutorial.sandbox.store import Chats
from lc_tutorial.sandbox.world import PAPER_LANTERN, Chat, Event
from tests.sandbox.conftest import RunningSandbox


@pytest.fixture
def browser(sandbox: RunningSandbox) -> Iterator[Browser]:
    browser = Browser(sandbox.url)
    yield browser
    browser.close()


def chats_of(sandbox: RunningSandbox) -> Chats:
    return sandbox.chats.of(sandbox.world.organizations[sandbox.author.organization_id])


def open_inbox(sandbox: RunningSandbox, browser: Browser, chat_id: str = "") -> Page:
    return browser.open(f"{sandbox.url}/console/inbox{f'/{chat_id}' if chat_id else ''}")


def act_as(sandbox: RunningSandbox, browser: Browser, email: str) -> None:
    page = browser.open(f"{sandbox.url}/console/people")
    account = sandbox.world.account_by_email(email)
    assert account is not None
    browser.press(page, page.need("button", name="account_id", value=account.id))


def rows(page: Page, list_id: str) -> list[str]:
    return [row.text for row in page.need("ul", id=list_id).find_all("li")]


def waiting(chats: Chats) -> Chat:
    return next(chat for chat in chats.ordered() if chat.active and chat.threads[-1].queue)


def test_those_that_wait_come_first(sandbox: RunningSandbox, browser: Browser) -> None:
    page = open_inbox(sandbox, browser)
    assert page.title == "Inbox"
    going_on = rows(page, "going-on")
    assert len(going_on) == sum(chat.active for chat in chats_of(sandbox).ordered())
    states = ["queue" in row or "nobody" in row for row in going_on]
    assert states == sorted(states, reverse=True)
    assert any("in the queue" in row for row in going_on)
    assert any("with Mateus Oliveira" in row for row in going_on)
    assert len(rows(page, "ended")) == inbox.MOST_CHATS
    assert "older chats are not listed" in page.root.text  # type: ignore[union-attr]


def test_from_the_list_to_a_conversation_and_back(
    sandbox: RunningSandbox, browser: Browser
) -> None:
    page = open_inbox(sandbox, browser)
    link = page.need("ul", id="going-on").find("a")
    assert link is not None
    assert not link.get("href").startswith("/"), "behind a hub's proxy that leads nowhere"
    conversation = browser.click(page, link)
    assert conversation.title == link.text
    assert conversation.root is not None
    back = next(a for a in conversation.root.find_all("a") if "Back to the inbox" in a.text)
    assert browser.click(conversation, back).title == "Inbox"


def test_a_conversation_says_who_said_what(sandbox: RunningSandbox, browser: Browser) -> None:
    chat = next(c for c in chats_of(sandbox).ordered() if c.active and c.participants)
    text = open_inbox(sandbox, browser, chat.id).root.text  # type: ignore[union-attr]
    assert f"{chat.participants[0].agent.name}" in text
    assert "(agent)" in text
    assert "(customer)" in text
    for event in chat.threads[-1].events:
        if event.type == "message" and not event.deleted:
            assert " ".join(event.body["text"].split()) in " ".join(text.split())
    for tag in chat.threads[-1].tags:
        assert tag in text


@pytest.mark.parametrize(
    ("kind", "body", "shown"),
    [
        ("message", {"text": "<script>alert(1)</script>"}, "<script>alert(1)</script>"),
        ("file", {"name": "a<b>.png", "url": "https://x.example"}, "(a file: a<b>.png)"),
        ("form", {"fields": []}, "(a form to fill in)"),
        ("filled_form", {"fields": []}, "(a form, filled in)"),
        ("rich_message", {"elements": []}, "(a rich message)"),
        ("custom", {}, "(data of an app)"),
        ("something_new", {"text": 7}, "(something new)"),
    ],
)
def test_all_that_was_said_is_escaped(
    sandbox: RunningSandbox, browser: Browser, kind: str, body: dict[str, object], shown: str
) -> None:
    chats = chats_of(sandbox)
    chat = waiting(chats)
    assert chat.customer is not None
    chat.customer.name = "<b>Maya</b>"
    now = sandbox.world.chat_time.now()
    event = Event("T_99", kind, now, chat.customer.id, dict(body), "agents")
    chats.add_event(chat, chat.threads[-1], event)
    for page in (open_inbox(sandbox, browser), open_inbox(sandbox, browser, chat.id)):
        assert page.root is not None
        assert shown in page.root.text
        assert "<b>Maya</b>" in page.root.text
        assert not [each for each in page.root.find_all("script") if "alert" in each.text]
    assert "for agents only" in page.root.text


def test_what_was_deleted_is_not_shown(sandbox: RunningSandbox, browser: Browser) -> None:
    chat = waiting(chats_of(sandbox))
    event = next(each for each in chat.threads[-1].events if each.type == "message")
    event.deleted = True
    text = open_inbox(sandbox, browser, chat.id).root.text  # type: ignore[union-attr]
    assert event.body["text"] not in text
    assert "(deleted)" in text


def test_of_a_long_chat_the_end_is_shown(
    sandbox: RunningSandbox, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_EVENTS", 3)
    chat = max(chats_of(sandbox).ordered(), key=lambda c: sum(len(t.events) for t in c.threads))
    page = open_inbox(sandbox, browser, chat.id)
    assert page.root is not None
    shown = [li for ol in page.root.find_all("ol") for li in ol.find_all("li")]
    assert len(shown) == 3
    total = sum(len(t.events) for t in chat.threads if t.restricted_access is None)
    assert f"{total - 3} older events are not shown" in page.root.text


def test_an_agent_sees_what_their_groups_see(sandbox: RunningSandbox, browser: Browser) -> None:
    act_as(sandbox, browser, "omar.elsayed@example.com")  # of the groups Orders and Wholesale
    page = open_inbox(sandbox, browser)
    for row in rows(page, "going-on"):
        assert any(name in row for name in ("General", "Orders", "Wholesale")), row
    plants = next(c for c in chats_of(sandbox).ordered() if c.group_ids == [2] and c.active)
    refused = open_inbox(sandbox, browser, plants.id)
    assert "not for you to see" in refused.title


def test_another_organization_has_an_inbox_of_its_own(
    sandbox: RunningSandbox, browser: Browser
) -> None:
    chat = chats_of(sandbox).ordered()[-1]
    act_as(sandbox, browser, PAPER_LANTERN.owner.email)
    assert "There is no such chat" in open_inbox(sandbox, browser, chat.id).title
    assert "There is no such chat" in open_inbox(sandbox, browser, "NONE").title


def test_where_nothing_is_it_says_so(
    sandbox: RunningSandbox, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "_sees", lambda me, chat: False)
    page = open_inbox(sandbox, browser)
    assert page.root is not None
    assert "No chat goes on." in page.root.text
    assert "No chat has ended yet." in page.root.text
