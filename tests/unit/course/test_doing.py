"""The checks of notebook 06: right answers in any form, and a hint for each way to be wrong."""

import json
from collections import Counter
from typing import Any

import pandas as pd
import pytest
import requests
from answers import body, chat

import lc_tutorial as lc
from lc_tutorial.course.findings import Check
from lc_tutorial.errors import InputError
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.oauth import Token, revoke
from lc_tutorial.platforms.platform import LIVE, Platform
from lc_tutorial.tables.frames import Tables, tables
from tests.unit.course.checked import missing

ME, TAG = "ada@example.com", "answered by app"


def notes(check: Check) -> list[str]:
    return [finding.text for finding in check.findings if finding.standing == "note"]


# --- A token that may write -----------------------------------------------------------------------


def token_with(*scopes: str) -> Token:
    """One that this kernel has not seen, and so asks nobody about."""
    secret = lc.Secret("dal:not-a-real-token")
    return Token(secret, "account", "organization", "client", frozenset(scopes), None, None)


ALL = ("chats--all:rw", "tags--all:rw", "webhooks.configuration:rw", "accounts--my:ro")


def test_a_token_that_may_write() -> None:
    assert lc.check_may_write(token_with(*ALL)).passed


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ("chats--all:rw", "A scope for send_event: chats--all:rw or chats--access:rw."),
        ("tags--all:rw", "A scope for create_tag: tags--all:rw or tags--groups:rw."),
        ("webhooks.configuration:rw", "A scope for register_webhook: webhooks.configuration:rw."),
        ("accounts--my:ro", "A scope to ask who you are: accounts--my:ro."),
    ],
)
def test_each_scope_that_is_lacking_is_named(lacking: str, said: str) -> None:
    check = lc.check_may_write(token_with(*(scope for scope in ALL if scope != lacking)))
    assert said in missing(check)


def test_what_the_platform_says_of_a_token_counts(sandbox: Platform) -> None:
    token = CatchUp(sandbox).token
    assert isinstance(token, Token)
    assert "A scope for send_event" in missing(lc.check_may_write(token))[0]
    revoke(sandbox, token.access_token)
    assert missing(lc.check_may_write(token))[0].startswith("A token that lives.")


def test_a_personal_access_token_can_not_be_asked() -> None:
    token = lc.PersonalAccessToken("not-an-account", lc.Secret("dal:not-a-real-token"))
    (said,) = notes(lc.check_may_write(token))
    assert "calls tell" in said


# --- One chat -------------------------------------------------------------------------------------


def answered(status: int = 200, **thread: Any) -> requests.Response:
    """What Get Chat answers of a chat, all of it done, but for the changes."""
    events = [
        {"type": "message", "author_id": "customer", "text": "Hello?"},
        {"type": "message", "author_id": ME, "text": "Hello!"},
        {"type": "system_message", "system_message_type": "chat_transferred"},
    ]
    whole = {"active": False, "tags": ["delivery", TAG], "events": events} | thread
    response = requests.Response()
    response.status_code = status
    response._content = json.dumps({"id": "C", "thread": whole}).encode()
    return response


def another(content: bytes) -> requests.Response:
    response = requests.Response()
    response.status_code = 200
    response._content = content
    return response


def test_a_chat_that_is_answered_tagged_handed_over_and_closed() -> None:
    assert lc.check_answered(answered(), ME, TAG).passed


@pytest.mark.parametrize(
    ("chat_", "said"),
    [
        (None, "A chat that you have written in"),
        (answered(403), "Get Chat answered 403"),
        (another(b"<html>"), "has no thread in it"),
        (another(b"[]"), "has no thread in it"),
        (another(b'{"thread": null}'), "has no thread in it"),
        (another(b'{"chats_summary": []}'), "has no thread in it"),
        (answered(active=True), "deactivate_chat"),
        (answered(tags=["delivery"]), "tag_thread"),
        (answered(events=[{"type": "message", "author_id": ME}]), "transfer_chat"),
        (
            answered(
                events=[{"type": "system_message", "system_message_type": "chat_transferred"}]
            ),
            "send_event",
        ),
    ],
)
def test_what_is_lacking_in_the_chat_is_named(chat_: Any, said: str) -> None:
    (text,) = missing(lc.check_answered(chat_, ME, TAG))
    assert said in text


# --- Webhooks -------------------------------------------------------------------------------------


def told(listener: lc.WebhookListener, action: str = "incoming_chat", key: str = "") -> None:
    key = key or str.__str__(listener.secret_key)
    listener.take(json.dumps({"action": action, "secret_key": key}).encode())


def test_a_webhook_came_and_a_forged_one_was_refused() -> None:
    with lc.WebhookListener() as listener:
        assert len(missing(lc.check_webhook(listener))) == 2
        told(listener, "thread_tagged")
        assert "incoming_chat" in missing(lc.check_webhook(listener))[0]
        told(listener)
        assert missing(lc.check_webhook(listener)) == [
            "A forged webhook, and that it is refused: run the cell that sends one."
        ]
        told(listener, key="not-the-real-secret-key")
        assert lc.check_webhook(listener).passed


# --- The bot --------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [["A", "B"], ("A",), {"A"}, []])
def test_a_bot_that_answers_once(first: Any) -> None:
    check = lc.check_bot(first, [])
    assert check.passed
    assert bool(notes(check)) == (not first)


def test_who_came_meanwhile_is_answered_by_the_second_run() -> None:
    assert "1 chat that came meanwhile" in notes(lc.check_bot(["A"], ["B"]))[0]


@pytest.mark.parametrize(
    ("first", "again", "said"),
    [
        (None, None, "The first run: run the cell above."),
        (["A"], None, "The second run"),
        (["A", "B"], ["B"], "1 chat got a second answer"),
        (2, [], "The ids of the chats that the first run answered"),
        (["A"], [1], "the second run answered, as a list"),
        ("AB", [], "as a list"),
    ],
)
def test_what_a_bot_does_wrong_is_named(first: Any, again: Any, said: str) -> None:
    (text,) = missing(lc.check_bot(first, again))
    assert said in text


def test_where_nothing_ran_it_says_when_it_does() -> None:
    """With the switch off, or with nobody waiting, running the cell again would not help."""
    assert "only with the switch on" in missing(lc.check_answered(None, ME, "tag"))[0]
    assert "only with the switch on" in notes(lc.check_bot(None, None))[0]


# --- The exercises --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "right",
    [
        ["chats--access:rw", "tags--groups:ro"],
        ("tags--groups:ro", "chats--access:rw"),
        {"chats--access:rw", "tags--groups:ro"},
        "chats--access:rw,tags--groups:ro",
        "chats--access:rw tags--groups:ro",
    ],
)
def test_the_least_scopes_in_any_form(right: Any) -> None:
    assert lc.check_least_scopes(right).passed


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, ["Your answer: scopes"]),
        ("everything", ["Scopes as lc.what_can([]) shows them"]),
        (7, ["a list such as"]),
        ([], ["A scope for tag_thread", "A scope for list_tags"]),
        (["chats--access:rw"], ["A scope for list_tags"]),
        (["chats--all:rw", "tags--groups:ro"], ["Less than chats--all:rw"]),
        (["chats--access:rw", "tags--all:ro"], ["Less than tags--all:ro"]),
        (["chats--access:rw", "tags--groups:rw"], ["Less than tags--groups:rw"]),
        (
            ["chats--access:ro", "tags--groups:ro"],
            ["A scope for tag_thread", "without chats--acce"],
        ),
        (
            ["chats--access:rw", "tags--groups:ro", "agents--all:ro"],
            ["Only what is needed: without agents--all:ro"],
        ),
    ],
)
def test_each_way_to_ask_for_too_much_or_too_little(answer: Any, said: list[str]) -> None:
    texts = missing(lc.check_least_scopes(answer))
    assert len(texts) == len(said)
    for text, begins in zip(texts, said, strict=True):
        assert begins in text
    # A hint, and not the answer.
    assert not any("chats--access:rw" in text and "tags--groups:ro" in text for text in texts)


def tagged(chat_id: str, *tags: str, active: bool = True) -> dict[str, Any]:
    made = chat(chat_id)
    made["last_thread_summary"] |= {"active": active, "tags": list(tags)}
    return made


@pytest.fixture
def made() -> Tables:
    """Two chats that go on, and one that is over."""
    chats = [tagged("A", TAG, "delivery"), tagged("B", TAG), tagged("O", "old", active=False)]
    return tables(body(*chats))


RIGHT = {TAG: 2, "delivery": 1}


@pytest.mark.parametrize(
    "right", [RIGHT, Counter(RIGHT), pd.Series(RIGHT), pd.Series({**RIGHT, "old": 0})]
)
def test_chats_by_tag_in_any_form(made: Tables, right: Any) -> None:
    assert lc.check_tag_counts(right, made).passed


def test_where_all_go_on_value_counts_does() -> None:
    made = tables(body(tagged("A", TAG, "delivery"), tagged("B", TAG), tagged("C")))
    assert lc.check_tag_counts(made.tags["tag"].value_counts(), made).passed
    by_group = made.tags.groupby("tag", observed=True).size()
    assert lc.check_tag_counts(by_group, made).passed


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "a number for each tag"),
        ([2, 1], "a column whose index is the tag"),
        ({TAG: "many"}, "a column whose index is the tag"),
        ({TAG: float("inf")}, "a column whose index is the tag"),
        ({TAG: 2}, "1 more: 'delivery'"),
        ({**RIGHT, "old": 1}, "'old' is on none of them"),
        ({**RIGHT, TAG: 3}, "'answered by app' is on another number"),
    ],
)
def test_each_way_to_count_wrong_has_its_hint(made: Tables, answer: Any, said: str) -> None:
    (text,) = missing(lc.check_tag_counts(answer, made))
    assert said in text


# --- Others, and the link -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "check",
    [
        lambda: lc.check_may_write("dal:not-a-real-token"),  # type: ignore[arg-type]
        lambda: lc.check_answered({"id": "C"}, ME, TAG),  # type: ignore[arg-type]
        lambda: lc.check_webhook([]),  # type: ignore[arg-type]
        lambda: lc.check_tag_counts({}, []),  # type: ignore[arg-type]
        lambda: lc.inbox("sandbox"),  # type: ignore[arg-type]
    ],
)
def test_what_is_of_another_step_is_refused(check: Any) -> None:
    with pytest.raises(InputError):
        check()


def test_each_has_a_title_of_its_own(made: Tables) -> None:
    with lc.WebhookListener() as listener:
        checks = [
            lc.check_may_write(token_with()),
            lc.check_answered(None, ME, TAG),
            lc.check_webhook(listener),
            lc.check_bot(None, None),
            lc.check_least_scopes(None),
            lc.check_tag_counts(None, made),
        ]
    assert len({check.title for check in checks}) == len(checks)


def test_the_link_to_the_inbox(sandbox: Platform) -> None:
    link = lc.inbox(sandbox, "PJ0MRSHTDG")
    assert link.url == f"{sandbox.console_url}inbox/PJ0MRSHTDG"
    with sandbox.session() as session:
        assert session.get(lc.inbox(sandbox).url, timeout=30).status_code == 200
    assert 'rel="noopener"' in link._repr_html_()
    assert "stand-in" in link._repr_html_()
    assert lc.inbox(sandbox, "../a?b").url == f"{sandbox.console_url}inbox/..%2Fa%3Fb"
    assert lc.inbox(LIVE, "PJ0MRSHTDG").url == "https://my.livechatinc.com/"
    assert "real account" in lc.inbox(LIVE)._repr_html_()
