"""Tables are offered for the answers that have some, and for no others."""

from typing import Any

import pytest
import requests
from stand_in import StandIn

from lc_tutorial import AgentChat
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.lab.tabled import tables_of
from lc_tutorial.platforms.platform import Platform


def test_list_chats_and_its_neighbours_have_tables(sandbox: Platform) -> None:
    with AgentChat(sandbox, CatchUp(sandbox).token) as client:
        chats = client.list_chats(limit=3)
        chat_id = chats.json()["chats_summary"][0]["id"]
        for answer in (
            chats,
            client.list_archives(limit=3),
            client.list_threads(chat_id),
            client.get_chat(chat_id),
        ):
            make = tables_of(answer)
            assert make is not None, answer.url
            assert len(make().threads) >= 1


def test_other_answers_of_the_platform_have_none(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    bearer = {"Authorization": f"Bearer {session.token.access_token}"}
    agents = f"{sandbox.api_url}/v3.6/configuration/action/list_agents"
    for answer in (
        requests.get(sandbox.info_url, headers=bearer, timeout=9),
        requests.post(sandbox.list_chats_url, json={}, timeout=9),
        requests.post(sandbox.list_chats_url, json={"limit": -1}, headers=bearer, timeout=9),
        requests.post(agents, json={}, headers=bearer, timeout=9),
        requests.get(sandbox.accounts_url, timeout=9),
    ):
        assert tables_of(answer) is None, answer.url


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"text",
        b"\xff\0",
        b"[" * 100_000,
        {"id": "PJ0MRSHTDG"},
        {"chats": 1},
    ],
)
def test_of_any_other_answer_there_are_none(body: Any) -> None:
    with StandIn() as server:
        server.answers(200, body)
        assert tables_of(requests.get(server.origin, timeout=9)) is None
