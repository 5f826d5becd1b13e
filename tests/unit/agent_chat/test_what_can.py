"""What a token may call: by the scopes that the platform says it has, and the documentation's."""

import re
from typing import Any

import numpy as np
import pytest

import lc_tutorial as lc
from lc_tutorial.agent_chat.what_can import allows, what_can
from lc_tutorial.errors import InputError, TokenError
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.oauth import Token, revoke
from lc_tutorial.platforms.platform import Platform
from lc_tutorial.sandbox.world import scopes


@pytest.mark.parametrize("needed", scopes.CATALOGUE)
def test_scopes_contain_each_other_as_the_platform_has_it(needed: str) -> None:
    for granted in scopes.CATALOGUE:
        assert allows([granted], needed) == scopes.grants([granted], needed), granted


@pytest.mark.parametrize(
    ("given", "may", "may_not"),
    [
        ("chats--all:ro", "list_chats", "send_event"),
        ("chats--access:rw", "send_event", "register_webhook"),
        (["chats--access:rw", "tags--all:rw"], "create_tag", "list_agents"),
        ("chats--all:ro,agents--all:ro", "list_agents", "tag_thread"),
        ((), "list_agents_for_transfer", "list_chats"),
        ({"banlist_write"}, "unban_customer", "ban_customer"),
    ],
)
def test_scopes_open_methods(given: Any, may: str, may_not: str) -> None:
    able = what_can(given)
    assert may in able
    assert may_not not in able


def test_the_table_has_a_row_a_method() -> None:
    able = lc.what_can("chats--access:ro")
    rows = able.table.set_index(["service", "method"])
    assert list(able.table.columns) == ["method", "service", "scope_wanted", "may", "does", "docs"]
    send_event = rows.loc[("Agent Chat API", "send_event")]
    assert not send_event["may"]
    assert send_event["scope_wanted"] == "chats--all:rw or chats--access:rw"
    assert send_event["docs"].endswith("/messaging/agent-chat-api#send-event")
    assert rows.loc[("Agent Chat API", "list_chats")]["may"]
    # Of its rules the documentation has more than a list.
    assert rows["may"].isna()[("Configuration API", "create_agent")]
    # Methods of another version than the stable one are none that one would call.
    assert "list_customers" not in able.table["method"].tolist()


def test_it_is_shown_as_a_table_with_links() -> None:
    shown = lc.what_can("chats--access:ro")._repr_html_()
    assert "methods may be called with chats--access:ro" in shown
    assert 'href="https://platform.text.com/docs/messaging/agent-chat-api#get-chat"' in shown
    assert shown.index("list_chats") < shown.index("<details>") < shown.index("send_event")
    assert "see its page" in shown


def test_a_scope_breaks_after_its_dots_alone_and_so_has_room_in_a_narrow_window() -> None:
    shown = lc.what_can("chats--access:ro")._repr_html_()
    pieces = re.findall(r'<span style="white-space:nowrap">([^<]+)</span>', shown)
    assert {"chats--access:ro", "properties.", "license.", "value--all:ro"} <= {*pieces}
    assert max(map(len, pieces)) <= 20, max(pieces, key=len)
    # Copied it is in one piece.
    text = re.sub("<[^>]+>", "", shown)
    assert "properties.license.value--my:ro, properties.license.value--all:ro" in text


def test_of_a_token_the_platform_is_asked(sandbox: Platform) -> None:
    token = CatchUp(sandbox).token
    assert isinstance(token, Token)
    for given in (token, token.access_token):
        assert lc.what_can(given).scopes == ("chats--all:ro",)
    revoke(sandbox, token.access_token)
    with pytest.raises(TokenError):
        lc.what_can(token)


def test_a_token_that_this_kernel_has_not_seen_tells_itself() -> None:
    made = Token(
        lc.Secret("dal:not-a-real-token"), "", "", "", frozenset({"tags--all:ro"}), None, None
    )
    assert "list_tags" in lc.what_can(made)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            lc.PersonalAccessToken("not-a-real-account", lc.Secret("dal:not-a-real-token")),
            "inspected",
        ),
        (None, "neither a token nor a list of scopes"),
        (7, "neither"),
        ({"scope": "chats--all:ro"}, "neither"),
        ([7], "neither"),
        (np.array("chats--all:ro"), "neither"),
        ("dal:Not-a-Real-Token-0123456789", "neither"),
    ],
)
def test_what_is_neither_is_refused(given: Any, said: str) -> None:
    with pytest.raises(InputError) as refusal:
        lc.what_can(given)
    assert said in str(refusal.value)
    assert "0123456789" not in str(refusal.value)
