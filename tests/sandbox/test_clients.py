"""Clients that others made, unmodified, at the platform's own addresses over TLS.

The platform's host names lead to the sandbox, and the clients trust its throw-away authority; of
nothing else they know that this is not the platform.
"""

import base64
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from authlib.oauth2.rfc6749.errors import MismatchingStateException
from livechat.agent import AgentWeb
from livechat.configuration import ConfigurationApi
from livechat.customer import CustomerWeb
from livechat.utils.structures import AccessToken, TokenType
from oauthlib.oauth2 import InsecureTransportError, MobileApplicationClient
from requests_oauthlib import OAuth2Session

from lc_tutorial.sandbox.app import create_app
from lc_tutorial.sandbox.learner.learner import Learner
from lc_tutorial.sandbox.web import Hosts
from lc_tutorial.sandbox.world.records import AuthorizationBlock
from lc_tutorial.sandbox.world.state import Sandbox
from tests.mapped.live import ACCOUNTS, API, Authority
from tests.sandbox.conftest import RunningSandbox, serving

TOKEN_URL = f"{ACCOUNTS}/v2/token"
LIST_CHATS = f"{API}/v3.6/agent/action/list_chats"

#: oauthlib takes no redirect to an http address, not even of this machine.
CALLBACK = "https://app.example/callback"

SCOPES = ("chats--all:ro", "agents--all:ro", "groups--all:ro")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def _tls_server(authority: Authority) -> Iterator[tuple[Any, int]]:
    with serving(ssl_certfile=authority.certificate, ssl_keyfile=authority.key) as running:
        yield running


@pytest.fixture(scope="module")
def _shared(_tls_server: tuple[Any, int]) -> Iterator[tuple[RunningSandbox, int]]:
    stage, port = _tls_server
    running = RunningSandbox(ACCOUNTS, Sandbox())
    stage.app = create_app(running.world, hosts=Hosts.of("127.0.0.1", tls=True))
    yield running, port
    stage.app = None


@pytest.fixture
def platform(
    _shared: tuple[RunningSandbox, int],
    authority: Authority,
    map_hosts: Callable[[int], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[RunningSandbox]:
    """A sandbox in the platform's place, for all clients of this test."""
    running, port = _shared
    for kind in ("http", "https", "all"):
        monkeypatch.delenv(f"{kind}_proxy", raising=False)
        monkeypatch.delenv(f"{kind}_proxy".upper(), raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.bundle))
    noted = map_hosts(port)
    yield running
    while _opened:
        _opened.pop().session.close()
    assert noted, "No client came by the platform's names."


def test_the_clients_check_whom_they_talk_to(
    platform: RunningSandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = Authority.make(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other.bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(other.bundle))
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{ACCOUNTS}/v2/info", timeout=30)
    with pytest.raises(Exception, match="certificate verify failed"):
        agent_sdk(platform, "3.6").list_chats()


# --- The official SDK -----------------------------------------------------------------------

#: The versions that it supports.
SDK_VERSIONS = ("3.5", "3.6", "3.7")


def bearer(platform: RunningSandbox, *scopes: str) -> AccessToken:
    issued = platform.world.grants.issue_access_token(
        platform.block.client_id, platform.author.id, scopes or SCOPES
    )
    return AccessToken(issued.value, TokenType.BEARER)


def agent_sdk(platform: RunningSandbox, version: str, token: Any = None) -> Any:
    return _open(AgentWeb, token or bearer(platform), version)


def configuration_sdk(platform: RunningSandbox, version: str) -> Any:
    return _open(ConfigurationApi, bearer(platform), version)


#: What nobody else closes.
_opened: list[Any] = []


def _open(api: Any, token: Any, version: str, **more: Any) -> Any:
    # It would log the token.
    client = api.get_client(token, version=version, disable_logging=True, **more)
    _opened.append(client)
    return client


def summaries(answer: Any, version: str) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()[
        "chats_info" if version == "3.7" else "chats_summary"
    ]
    return found


def an_archived_thread(sdk: Any) -> tuple[str, str]:
    chat = sdk.list_archives(limit=1).json()["chats"][0]
    return chat["id"], chat["thread"]["id"]


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_list_chats(version: str, platform: RunningSandbox) -> None:
    sdk = agent_sdk(platform, version)
    active = {"include_active": False} if version == "3.5" else {"active": False}
    first = sdk.list_chats(filters=active, sort_order="asc", limit=25)
    chats = summaries(first, version)
    assert len(chats) == 25
    second = sdk.list_chats(page_id=first.json()["next_page_id"])
    assert not {c["id"] for c in chats} & {c["id"] for c in summaries(second, version)}
    back = sdk.list_chats(page_id=second.json()["previous_page_id"])
    assert summaries(back, version) == chats


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_list_chats_with_nothing_but_a_token(version: str, platform: RunningSandbox) -> None:
    answer = agent_sdk(platform, version).list_chats()
    assert len(summaries(answer, version)) == 10
    assert ("Legacy" in answer.headers) is (version == "3.5")


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_get_chat(version: str, platform: RunningSandbox) -> None:
    sdk = agent_sdk(platform, version)
    chat_id, thread_id = an_archived_thread(sdk)
    chat = sdk.get_chat(chat_id=chat_id, thread_id=thread_id)
    assert chat.status_code == 200, chat.text
    assert (chat.json()["id"], chat.json()["thread"]["id"]) == (chat_id, thread_id)
    assert sdk.get_chat(chat_id).json()["id"] == chat_id
    missing = sdk.get_chat(chat_id="NOSUCHCHAT")
    assert (missing.status_code, missing.json()["error"]["type"]) == (404, "not_found")


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_list_threads(version: str, platform: RunningSandbox) -> None:
    sdk = agent_sdk(platform, version)
    chat_id, thread_id = an_archived_thread(sdk)
    threads = sdk.list_threads(chat_id=chat_id, sort_order="desc", limit=100)
    assert threads.status_code == 200, threads.text
    assert thread_id in {thread["id"] for thread in threads.json()["threads"]}
    enough = sdk.list_threads(chat_id=chat_id, min_events_count=1).json()
    assert sum(len(thread.get("events", [])) for thread in enough["threads"]) >= 1


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_list_archives(version: str, platform: RunningSandbox) -> None:
    sdk = agent_sdk(platform, version)
    first = sdk.list_archives(filters={"query": "order"}, highlights={}, sort_order="desc", limit=2)
    assert first.status_code == 200, first.text
    assert first.json()["found_chats"] > 2
    assert "<em>" in first.text
    second = sdk.list_archives(page_id=first.json()["next_page_id"])
    assert second.status_code == 200, second.text
    assert second.json()["chats"][0]["thread"] != first.json()["chats"][0]["thread"]
    thread_id = first.json()["chats"][0]["thread"]["id"]
    alone = sdk.list_archives(filters={"thread_ids": [thread_id]}).json()
    assert [chat["thread"]["id"] for chat in alone["chats"]] == [thread_id]


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_list_agents(version: str, platform: RunningSandbox) -> None:
    sdk = configuration_sdk(platform, version)
    agents = sdk.list_agents(fields=["groups", "job_title"])
    assert agents.status_code == 200, agents.text
    assert platform.author.email in {agent["id"] for agent in agents.json()}
    assert all("groups" in agent for agent in agents.json())
    group = sdk.list_groups().json()[-1]["id"]
    assert 0 < len(sdk.list_agents(filters={"group_ids": [group]}).json()) < len(agents.json())


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_list_groups(version: str, platform: RunningSandbox) -> None:
    groups = configuration_sdk(platform, version).list_groups(fields=["agent_priorities"])
    assert groups.status_code == 200, groups.text
    assert {"id", "name", "agent_priorities"} <= set(groups.json()[0])


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_configuration_methods(version: str, platform: RunningSandbox) -> None:
    owner = platform.block.client_id
    tag, prop, value = (f"{what} {version}" for what in ("tag", "property", "value"))
    token = bearer(
        platform,
        *("tags--all:rw", "properties.configuration:rw", "webhooks.configuration:rw"),
        *("webhooks.state:rw", "properties.license.value--all:rw"),
        *("properties.group.value--all:rw", "agents--all:ro", "groups--all:ro"),
    )
    sdk = _open(ConfigurationApi, token, version)
    access = {"license": {"agent": ["read", "write"]}, "group": {"agent": ["read", "write"]}}
    answers = [
        sdk.get_agent(id=platform.author.email, fields=["groups"]),
        sdk.get_group(id=0, fields=["routing_status"]),
        sdk.create_tag(name=tag, group_ids=[0]),
        sdk.update_tag(name=tag, group_ids=[1]),
        sdk.list_tags(filters={"group_ids": [1]}),
        sdk.delete_tag(name=tag),
        sdk.register_property(name=prop, owner_client_id=owner, type="string", access=access),
        sdk.list_properties(owner_client_id=owner),
        sdk.update_license_properties(properties={owner: {prop: value}}),
        sdk.list_license_properties(namespace=owner, name_prefix="property"),
        sdk.delete_license_properties(properties={owner: [prop]}),
        sdk.update_group_properties(group_id=1, properties={owner: {prop: value}}),
        sdk.list_groups_properties(group_ids=[1], namespace=owner),
        sdk.delete_group_properties(id=1, properties={owner: [prop]}),
        sdk.unregister_property(name=prop, owner_client_id=owner),
        sdk.register_webhook(
            action="tag_created",
            secret_key="not-a-real-key",
            url="https://hooks.example.com/",
            owner_client_id=owner,
            type="license",
        ),
        sdk.list_webhooks(owner_client_id=owner),
        sdk.list_webhook_names(version=version),
        sdk.disable_license_webhooks(),
        sdk.get_license_webhooks_state(),
        sdk.enable_license_webhooks(),
    ]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    (hook,) = answers[16].json()
    assert hook["id"] == answers[15].json()["id"]
    assert sdk.unregister_webhook(id=hook["id"], owner_client_id=owner).status_code == 200
    assert answers[9].json() == {owner: {prop: value}}
    assert answers[19].json() == {"license_webhooks_enabled": False}


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_agent_methods(version: str, platform: RunningSandbox) -> None:
    token = bearer(
        platform,
        *("chats--all:rw", "customers:rw", "customers.ban:rw", "agents--all:rw", "multicast:rw"),
    )
    sdk = _open(AgentWeb, token, version)
    found = sdk.list_archives(filters={"tags": {"values": ["coffee"]}}, limit=1).json()
    chat = found["chats"][0]
    ids = {"chat_id": chat["id"], "thread_id": chat["thread"]["id"]}
    event = ids | {"event_id": chat["thread"]["events"][0]["id"]}
    customer_id = chat["users"][0]["id"]
    values, names = {"test": {"int_property": 1}}, {"test": ["int_property"]}
    answers = [
        sdk.update_chat_properties(id=chat["id"], properties=values),
        sdk.delete_chat_properties(id=chat["id"], properties=names),
        sdk.update_thread_properties(**ids, properties=values),
        sdk.delete_thread_properties(**ids, properties=names),
        sdk.update_event_properties(**event, properties=values),
        sdk.delete_event_properties(**event, properties=names),
        sdk.untag_thread(**ids, tag="coffee"),
        sdk.tag_thread(**ids, tag="coffee"),
        sdk.get_customer(id=customer_id),
        sdk.update_customer(id=customer_id, name="Ana", session_fields=[{"a": "b"}]),
        sdk.ban_customer(id=customer_id, ban={"days": 1}),
        sdk.set_routing_status(status="accepting_chats", agent_id=platform.author.email),
        sdk.list_routing_statuses(filters={"group_ids": [0]}),
        sdk.mark_events_as_seen(chat_id=chat["id"], seen_up_to="2026-06-15T14:30:00Z"),
        sdk.multicast(recipients={"agents": {"all": True}}, content={"a": 1}, type="x"),
        sdk.list_agents_for_transfer(chat_id=chat["id"]),
    ]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert sdk.get_customer(id=customer_id).json()["name"] == "Ana"


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_with_a_personal_access_token(version: str, platform: RunningSandbox) -> None:
    author = platform.author
    made = platform.world.create_personal_access_token(author.id, "For the SDK", SCOPES)
    user_and_password = base64.b64encode(f"{author.id}:{made.value}".encode()).decode()
    basic = AccessToken(user_and_password, TokenType.BASIC)
    assert len(summaries(agent_sdk(platform, version, basic).list_chats(), version)) == 10
    as_text = agent_sdk(platform, version, f"Basic {user_and_password}")
    assert len(summaries(as_text.list_chats(), version)) == 10


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_reads_refusals(version: str, platform: RunningSandbox) -> None:
    wrong = agent_sdk(platform, version, AccessToken("dal:not-a-real-token", TokenType.BEARER))
    refused = wrong.list_chats()
    assert refused.status_code == 401
    assert refused.json() == {
        "error": {"type": "authentication", "message": "Invalid access token"}
    }
    poor = agent_sdk(platform, version, bearer(platform, "agents--all:ro"))
    assert poor.list_chats().json()["error"]["type"] == "authorization"
    assert (
        agent_sdk(platform, version).list_chats(limit=101).json()["error"]["type"] == "validation"
    )
    # A method that the sandbox doesn't imitate.
    lacking = configuration_sdk(platform, version).list_bots()
    assert (lacking.status_code, lacking.json()["error"]["type"]) == (501, "not_imitated")


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_holds_a_conversation(version: str, platform: RunningSandbox) -> None:
    sdk = agent_sdk(platform, version, bearer(platform, "chats--all:rw", "agents--all:ro"))
    me = platform.author.email

    def done(answer: Any) -> Any:
        assert answer.status_code == 200, answer.text
        return answer.json()

    chat_id = done(sdk.start_chat(chat={"access": {"group_ids": [1]}}, continuous=True))["chat_id"]
    told = done(sdk.send_event(chat_id=chat_id, event={"type": "message", "text": "Hello"}))
    first = summaries(sdk.list_chats(limit=1), version)[0]
    assert first["id"] == chat_id
    last = first.get("last_event_per_type") or first["last_thread_info"]["last_event_per_type"]
    assert last["message"]["event"]["id"] == told["event_id"]

    url = done(sdk.upload_file(file={"file": ("fern.pdf", b"%PDF-")}))["url"]
    assert url.startswith(f"{API}/api/file/")
    assert requests.get(url, timeout=30).content == b"%PDF-"
    done(sdk.send_event(chat_id=chat_id, event={"type": "file", "url": url}))

    done(sdk.send_typing_indicator(chat_id=chat_id, visibility="all", is_typing=True))
    if version != "3.5":
        preview = {"type": "message", "text": "Wait"}
        done(sdk.send_event_preview(chat_id=chat_id, event=preview))
        done(sdk.send_thinking_indicator(chat_id=chat_id, title="Searching"))

    helper = next(
        account.email
        for account in platform.world.accounts.values()
        if 1 in account.group_ids
        and account.organization_id == platform.author.organization_id
        and account.email != me
    )
    done(sdk.add_user_to_chat(chat_id, helper, "agent", "agents", True))
    done(sdk.remove_user_from_chat(chat_id, helper, "agent", False))
    target = {"type": "agent", "ids": [helper]}
    done(sdk.transfer_chat(id=chat_id, target=target))
    done(sdk.follow_chat(id=chat_id))
    done(sdk.unfollow_chat(id=chat_id))
    done(sdk.deactivate_chat(id=chat_id, ignore_requester_presence=True))
    thread_id = done(sdk.resume_chat(chat={"id": chat_id}))["thread_id"]

    threads = done(sdk.list_threads(chat_id=chat_id))["threads"]
    assert [thread["active"] for thread in threads] == [True, False]
    assert threads[0]["id"] == thread_id
    kinds = [event.get("system_message_type", event["type"]) for event in threads[1]["events"]]
    assert kinds == [
        *("message", "file", "agent_added", "agent_removed"),
        *("chat_transferred", "manual_archived_agent"),
    ]


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_asks_for_a_region(version: str, platform: RunningSandbox) -> None:
    sdk = agent_sdk(platform, version)
    sdk.modify_header({"X-Region": "fra"})
    refused = sdk.list_chats()
    assert refused.status_code == 421
    assert refused.json()["error"]["data"] == {"region": "dal"}
    sdk.modify_header({"X-Region": refused.json()["error"]["data"]["region"]})
    assert len(summaries(sdk.list_chats(), version)) == 10


def customer_sdk(platform: RunningSandbox, version: str, entity_id: str | None = None) -> Any:
    agent = bearer(platform, "customers:own")
    asked = {
        "grant_type": "agent_token",
        "client_id": platform.block.client_id,
        "response_type": "token",
    }
    if entity_id is not None:
        asked["entity_id"] = entity_id
    answer = requests.post(
        f"{ACCOUNTS}/v2/customer/token",
        json=asked,
        headers={"Authorization": str(agent)},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    token = answer.json()
    return _open(
        CustomerWeb,
        f"{token['token_type']} {token['access_token']}",
        version,
        organization_id=token["organization_id"],
    )


def customer_of(answer: Any, version: str) -> str:
    users = summaries(answer, version)[0]["users"]
    found: str = next(user["id"] for user in users if user["type"] == "customer")
    return found


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_start_chat_as_a_customer(version: str, platform: RunningSandbox) -> None:
    customer = customer_sdk(platform, version)
    assert customer.list_chats().json()["total_chats"] == 0
    message = {"type": "message", "text": "Is anybody there?", "recipients": "all"}
    started = customer.start_chat(
        chat={"thread": {"events": [message]}}, active=True, continuous=True
    )
    assert started.status_code == 200, started.text
    mine = customer.list_chats(sort_order="desc", limit=25)
    assert [chat["id"] for chat in summaries(mine, version)] == [started.json()["chat_id"]]
    again = customer_sdk(platform, version, entity_id=customer_of(mine, version))
    assert again.list_chats().json() == mine.json()
    # And the agents have it at once.
    agents = summaries(agent_sdk(platform, version).list_chats(limit=1), version)
    assert [chat["id"] for chat in agents] == [started.json()["chat_id"]]


@pytest.mark.parametrize("version", SDK_VERSIONS)
def test_sdk_an_agents_token_is_no_customers(version: str, platform: RunningSandbox) -> None:
    organization_id = platform.author.organization_id
    agents = str(bearer(platform, "customers:own"))
    refused = _open(CustomerWeb, agents, version, organization_id=organization_id).list_chats()
    assert refused.status_code == 401
    assert refused.json()["error"]["message"] == "Invalid access token"


# --- The whole flow, by libraries -----------------------------------------------------------


def follow(platform: RunningSandbox, url: str, authority: Authority) -> str:
    """What the author does at the browser; gives the address that it is sent to."""
    assert url.startswith(f"{ACCOUNTS}/?")
    learner = Learner(ACCOUNTS, platform.author.email, platform.author.password)
    learner._browser._session.verify = str(authority.bundle)
    return learner.authorize(url)


def server_side(platform: RunningSandbox, *scopes: str) -> AuthorizationBlock:
    return platform.new_app(redirect_uris=(CALLBACK,), scopes=scopes or ("chats--all:ro",))


def javascript(platform: RunningSandbox) -> AuthorizationBlock:
    return platform.new_app("javascript", redirect_uris=(CALLBACK,), scopes=("chats--all:ro",))


def lists_chats(response: Any) -> bool:
    return response.status_code == 200 and len(response.json()["chats_summary"]) == 10


@pytest.mark.parametrize("kind", [AuthlibSession, OAuth2Client])
def test_authlib_server_side(
    kind: type[Any], platform: RunningSandbox, authority: Authority
) -> None:
    block = server_side(platform)
    with kind(
        block.client_id,
        block.client_secret,
        redirect_uri=CALLBACK,
        token_endpoint=TOKEN_URL,
        # The platform takes the id and the secret in the body only.
        token_endpoint_auth_method="client_secret_post",
        code_challenge_method="S256",
    ) as client:
        verifier = secrets.token_urlsafe(48)
        url, state = client.create_authorization_url(f"{ACCOUNTS}/", code_verifier=verifier)
        redirected = follow(platform, url, authority)
        assert parse_qs(urlsplit(redirected).query)["state"] == [state]
        token = client.fetch_token(
            authorization_response=redirected, state=state, code_verifier=verifier
        )
        assert lists_chats(client.post(LIST_CHATS, json={}))
        client.refresh_token(TOKEN_URL, refresh_token=token["refresh_token"])
        assert client.token["access_token"] != token["access_token"]
        assert client.token["refresh_token"] == token["refresh_token"]
        assert lists_chats(client.post(LIST_CHATS, json={}))
        # Its own revoke_token is RFC 7009's POST; the platform has a DELETE.
        assert client.delete(TOKEN_URL).status_code == 200
        assert client.post(LIST_CHATS, json={}).status_code == 401


def test_authlib_refreshes_by_itself_when_a_token_has_expired(
    platform: RunningSandbox, authority: Authority
) -> None:
    block = server_side(platform)
    renewed = []
    with AuthlibSession(
        block.client_id,
        block.client_secret,
        redirect_uri=CALLBACK,
        token_endpoint=TOKEN_URL,
        token_endpoint_auth_method="client_secret_post",
        update_token=lambda token, **_: renewed.append(token),
    ) as client:
        url, state = client.create_authorization_url(f"{ACCOUNTS}/")
        redirected = follow(platform, url, authority)
        token = client.fetch_token(authorization_response=redirected, state=state)
        platform.world.clock.offset += token["expires_in"]
        client.token = {**token, "expires_at": 1}
        assert lists_chats(client.post(LIST_CHATS, json={}))
    assert [new["access_token"] != token["access_token"] for new in renewed] == [True]


@pytest.mark.parametrize("kind", [AuthlibSession, OAuth2Client])
def test_authlib_javascript_app(
    kind: type[Any], platform: RunningSandbox, authority: Authority
) -> None:
    block = javascript(platform)
    with kind(
        block.client_id,
        redirect_uri=CALLBACK,
        token_endpoint=TOKEN_URL,
        token_endpoint_auth_method="none",
        code_challenge_method="S256",
    ) as client:
        verifier = secrets.token_urlsafe(48)
        url, state = client.create_authorization_url(f"{ACCOUNTS}/", code_verifier=verifier)
        redirected = follow(platform, url, authority)
        token = client.fetch_token(
            authorization_response=redirected, state=state, code_verifier=verifier
        )
        client.refresh_token(TOKEN_URL, refresh_token=token["refresh_token"])
        assert client.token["refresh_token"] != token["refresh_token"]
        assert lists_chats(client.post(LIST_CHATS, json={}))
        with pytest.raises(OAuthError, match="unauthorized_client"):
            client.refresh_token(TOKEN_URL, refresh_token=token["refresh_token"])


def test_authlib_notices_another_state(platform: RunningSandbox, authority: Authority) -> None:
    block = server_side(platform)
    with AuthlibSession(
        block.client_id, block.client_secret, redirect_uri=CALLBACK, token_endpoint=TOKEN_URL
    ) as client:
        url, _ = client.create_authorization_url(f"{ACCOUNTS}/")
        redirected = follow(platform, url, authority)
        with pytest.raises(MismatchingStateException):
            client.fetch_token(authorization_response=redirected, state="another")


def test_authlib_reads_refusals(platform: RunningSandbox, authority: Authority) -> None:
    block = server_side(platform)
    with AuthlibSession(
        block.client_id,
        "not-a-real-secret",
        redirect_uri=CALLBACK,
        token_endpoint=TOKEN_URL,
        token_endpoint_auth_method="client_secret_post",
    ) as client:
        url, state = client.create_authorization_url(f"{ACCOUNTS}/")
        redirected = follow(platform, url, authority)
        with pytest.raises(OAuthError, match="unauthorized_client: The client is not authorized"):
            client.fetch_token(authorization_response=redirected, state=state)


def test_authlib_with_the_secret_in_a_header_is_refused(
    platform: RunningSandbox, authority: Authority
) -> None:
    # Authlib's default. The platform wants id and secret in the body.
    # Source: livechat-public-docs, authorization/oauth-authorization.
    block = server_side(platform)
    with AuthlibSession(
        block.client_id, block.client_secret, redirect_uri=CALLBACK, token_endpoint=TOKEN_URL
    ) as client:
        url, state = client.create_authorization_url(f"{ACCOUNTS}/")
        redirected = follow(platform, url, authority)
        with pytest.raises(OAuthError, match="unauthorized_client"):
            client.fetch_token(authorization_response=redirected, state=state)


def test_requests_oauthlib_server_side(platform: RunningSandbox, authority: Authority) -> None:
    block = server_side(platform)
    with OAuth2Session(block.client_id, redirect_uri=CALLBACK, pkce="S256") as client:
        url, state = client.authorization_url(f"{ACCOUNTS}/")
        redirected = follow(platform, url, authority)
        assert parse_qs(urlsplit(redirected).query)["state"] == [state]
        token = client.fetch_token(
            TOKEN_URL,
            authorization_response=redirected,
            client_secret=block.client_secret,
            # Else the id goes into a header, where the platform doesn't look for it.
            include_client_id=True,
        )
        assert lists_chats(client.post(LIST_CHATS, json={}))
        renewed = client.refresh_token(
            TOKEN_URL,
            refresh_token=token["refresh_token"],
            client_id=block.client_id,
            client_secret=block.client_secret,
        )
        assert renewed["access_token"] != token["access_token"]
        assert renewed["refresh_token"] == token["refresh_token"]
        assert lists_chats(client.post(LIST_CHATS, json={}))
        # It has no call of its own for revoking.
        assert client.delete(TOKEN_URL).status_code == 200
        assert client.post(LIST_CHATS, json={}).status_code == 401


def test_requests_oauthlib_javascript_app(platform: RunningSandbox, authority: Authority) -> None:
    block = javascript(platform)
    with OAuth2Session(block.client_id, redirect_uri=CALLBACK, pkce="S256") as client:
        url, _ = client.authorization_url(f"{ACCOUNTS}/")
        token = client.fetch_token(
            TOKEN_URL,
            authorization_response=follow(platform, url, authority),
            include_client_id=True,
        )
        renewed = client.refresh_token(
            TOKEN_URL, refresh_token=token["refresh_token"], client_id=block.client_id
        )
        assert renewed["refresh_token"] != token["refresh_token"]
        assert lists_chats(client.post(LIST_CHATS, json={}))


def test_requests_oauthlib_implicit_grant(platform: RunningSandbox, authority: Authority) -> None:
    block = javascript(platform)
    implicit = MobileApplicationClient(block.client_id)
    with OAuth2Session(client=implicit, redirect_uri=CALLBACK) as client:
        url, state = client.authorization_url(f"{ACCOUNTS}/")
        redirected = follow(platform, url, authority)
        assert parse_qs(urlsplit(redirected).fragment)["state"] == [state]
        token = client.token_from_fragment(redirected)
        assert token["access_token"].startswith("dal:")
        assert "refresh_token" not in token
        assert lists_chats(client.post(LIST_CHATS, json={}))


def test_requests_oauthlib_stumbles_over_the_commas_between_scopes(
    platform: RunningSandbox, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    # RFC 6749 wants spaces there, and the platform sends commas.
    # Source: livechat-public-docs, authorization/oauth-authorization.
    asked = ["chats--all:ro", "agents--all:ro"]
    block = server_side(platform, *asked)

    def fetch(scope: list[str] | None) -> Any:
        with OAuth2Session(block.client_id, redirect_uri=CALLBACK, scope=scope) as client:
            url, _ = client.authorization_url(f"{ACCOUNTS}/")
            return client.fetch_token(
                TOKEN_URL,
                authorization_response=follow(platform, url, authority),
                client_secret=block.client_secret,
                include_client_id=True,
            )

    with pytest.raises(Warning, match="Scope has changed"):
        fetch(asked)
    assert set(fetch(None)["scope"][0].split(",")) == set(asked)
    assert fetch(asked[:1])["scope"] == asked[:1]
    platform.world.clock.advance(31)  # three redirects in half a minute are allowed
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")
    assert set(fetch(asked)["scope"][0].split(",")) == set(asked)


def test_requests_oauthlib_takes_a_redirect_to_http_only_when_told_to(
    platform: RunningSandbox, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = "http://127.0.0.1:8377/callback"
    block = platform.new_app(redirect_uris=(here,), scopes=("chats--all:ro",))

    def fetch() -> Any:
        with OAuth2Session(block.client_id, redirect_uri=here) as client:
            url, _ = client.authorization_url(f"{ACCOUNTS}/")
            return client.fetch_token(
                TOKEN_URL,
                authorization_response=follow(platform, url, authority),
                client_secret=block.client_secret,
                include_client_id=True,
            )

    with pytest.raises(InsecureTransportError):
        fetch()
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    assert fetch()["token_type"] == "Bearer"
