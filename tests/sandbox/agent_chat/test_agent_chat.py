"""What every method of the Agent Chat API does: versions, who may call, bodies, errors.

Sources, by page of livechat-public-docs: `agent-chat-api` (messaging/agent-chat-api and its
versions), `messaging`, `scopes`, `troubleshooting` and `personal-access-tokens` (authorization);
`lc-sdk-go` and `lc-sdk-python` are the official clients.
"""

import base64
import logging
import random
from functools import partial

import pytest
import requests

from lc_tutorial.sandbox.api import web_api
from lc_tutorial.sandbox.api.web_api import RateLimit
from lc_tutorial.sandbox.world import people
from tests.sandbox.chat_api import NORMAL, OWNER, VERSIONS, ChatApi, refused, serve

every_version = pytest.mark.parametrize("version", VERSIONS)


@pytest.fixture
def make_api(_server, http):
    return partial(serve, _server, http)


@pytest.fixture
def api(make_api) -> ChatApi:
    return make_api()


VALIDATION = (400, "validation", "Wrong format of request")
INVALID_MESSAGE = (400, "validation", "Invalid message")
NO_TOKEN = (401, "authentication", "Invalid access token")


# --- Versions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "stage"),
    [
        # Source: agent-chat-api of each version, "Versioning"; messaging, "API versioning".
        ("3.4", "Deprecation"),
        ("3.5", "Legacy"),
        ("3.6", None),
        ("3.7", None),
    ],
)
def test_answers_say_when_their_version_s_stage_ends(api: ChatApi, version, stage):
    for response in (
        api.post("list_chats", version=version),
        api.post("list_chats", version=version, headers={}),
    ):
        for header in ("Deprecation", "Legacy"):
            if header == stage:
                day = response.headers[header]
                assert len(day) == len("YYYY-MM-DD")
                assert day > people_now()
            else:
                assert header not in response.headers


def people_now() -> str:
    """The day at which the sandbox's chats end."""
    return "2026-06-15"


@pytest.mark.parametrize("version", ["3.3", "3.8", "2", "3.6.0", "3.06", "latest", "%F0%9F%A6%86"])
def test_other_versions_cannot_be_called(api: ChatApi, version):
    # Source: src/constants (unsupported_version).
    response = api.post("list_chats", version=version)
    assert refused(response) == (
        400,
        "unsupported_version",
        "Cannot call unsupported API versions.",
    )


@pytest.mark.parametrize("header", ["3.6", "3.7", "x"])
def test_the_version_in_the_address_counts(api: ChatApi, header):
    # Source: agent-chat-api, "Methods" (X-API-Version is optional then). assumed: also where it
    # names another version.
    headers = {"Authorization": f"Bearer {api.token()}", "X-API-Version": header}
    assert "chats_summary" in api.call("list_chats", version="3.6", headers=headers)


@pytest.mark.parametrize("action", ["list_chat", "sendEvent", "LIST_CHATS", "x" * 5000, "%0d%0aa"])
def test_an_action_that_is_not_there_is_logged(api: ChatApi, action, caplog):
    with caplog.at_level(logging.INFO, "lc_tutorial.sandbox"):
        response = api.post(action)
    assert refused(response) == (404, "not_found", "Not found")
    assert "the documentation has no such method" in caplog.text
    assert (f"{action}: " in caplog.text) is (action == "list_chat")
    assert max(map(len, caplog.messages)) < 200
    assert all(message.isprintable() for message in caplog.messages)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_post(sandbox, http: requests.Session, method):
    # In the whole app, which words what the router refuses.
    response = http.request(method, f"{sandbox.url}/v3.6/agent/action/list_chats", timeout=10)
    assert response.status_code == 405
    assert response.json()["error"]["type"] == "not_found"


# --- Who may call -------------------------------------------------------------------------------


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def test_an_access_token_is_sent_as_bearer(api: ChatApi):
    api.call("list_chats", headers={"Authorization": "Bearer " + api.token()})
    api.call("list_chats", headers={"Authorization": "bearer  " + api.token() + " "})


def test_a_personal_access_token_is_sent_as_basic(api: ChatApi):
    # Source: personal-access-tokens, "Using the token in API requests".
    owner = api.account(OWNER)
    token = api.world.create_personal_access_token(owner.id, "script", ["chats--all:ro"])
    answer = api.call("list_chats", headers={"Authorization": basic(f"{owner.id}:{token.value}")})
    assert answer["found_chats"] == 250


@pytest.mark.parametrize(
    ("header", "error"),
    [
        # Source: troubleshooting, "Invalid access token"; src/constants (authentication).
        (None, (401, "authentication", "Authentication error")),
        ("", (401, "authentication", "Authentication error")),
        ("Bearer", NO_TOKEN),
        ("Bearer ", NO_TOKEN),
        ("Bearer not-a-real-token", NO_TOKEN),
        ("Bearer <your_access_token>", NO_TOKEN),
        ("Bearer {quoted}", NO_TOKEN),  # %3A in place of the colon
        ("{token}", NO_TOKEN),
        ("Basic {token}", NO_TOKEN),
        ("Basic <your_personal_access_token>", NO_TOKEN),
        ("Basic {basic_access}", NO_TOKEN),
        ("Basic {basic_swapped}", NO_TOKEN),
        ("Basic {basic_other}", NO_TOKEN),
        ("Basic =", NO_TOKEN),
        ("Basic gA==", NO_TOKEN),  # not UTF-8
        ("Bearer {personal}", NO_TOKEN),
        ("Token {token}", NO_TOKEN),
        ("Bearer d\xe4l:token", NO_TOKEN),
        ("Bearer " + "x" * 20_000, NO_TOKEN),
    ],
)
def test_no_or_a_wrong_token(api: ChatApi, header, error):
    owner, normal = api.account(OWNER), api.account(NORMAL)
    token = api.token()
    personal = api.world.create_personal_access_token(owner.id, "s", ["chats--all:ro"]).value
    headers = {}
    if header is not None:
        headers["Authorization"] = header.format(
            token=token,
            quoted=token.replace(":", "%3A"),
            personal=personal,
            basic_access=basic(f"{owner.id}:{token}")[6:],
            basic_swapped=basic(f"{personal}:{owner.id}")[6:],
            basic_other=basic(f"{normal.id}:{personal}")[6:],
        ).encode("latin-1")
    assert refused(api.post("list_chats", headers=headers)) == error


def test_an_expired_and_a_revoked_token(api: ChatApi):
    expired, revoked = api.token(), api.token()
    api.world.grants.revoke(revoked)
    headers = {"Authorization": f"Bearer {revoked}"}
    assert refused(api.post("list_chats", headers=headers)) == NO_TOKEN
    api.world.clock.advance(28_801)
    headers = {"Authorization": f"Bearer {expired}"}
    assert refused(api.post("list_chats", headers=headers)) == NO_TOKEN


@pytest.mark.parametrize(
    ("scopes", "reach"),
    [
        # Source: agent-chat-api, List Chats, "Required scopes"; scopes, "General rules".
        (("chats--all:ro",), "all"),
        (("chats--all:rw",), "all"),
        (("chats--access:ro", "chats--all:ro"), "all"),
        (("chats.conversation--all:rw",), "all"),
        (("chats--access:ro",), "access"),
        (("chats--access:rw",), "access"),
        (("chats--access:ro", "chats--my:ro"), "access"),
        # Source: changelog of 3.4: methods no longer take the scopes named `my`.
        (("chats--my:ro",), None),
        (("chats--my:rw",), None),
        (("agents--all:ro", "customers:own"), None),
        (("chats",), None),
    ],
)
@every_version
def test_scopes(api: ChatApi, scopes, reach, version):
    response = api.post("list_chats", version=version, scopes=scopes, email=NORMAL)
    if reach is None:
        assert refused(response) == (403, "authorization", "Authorization error")
    else:
        assert (response.json()["found_chats"] == 250) == (reach == "all")


def test_another_organization_has_chats_of_its_own(api: ChatApi):
    mine = api.ids()
    theirs = api.ids(email=people.PAPER_LANTERN.owner.email)
    assert len(theirs) == 5
    assert not mine & theirs


@pytest.mark.parametrize(
    ("email", "header", "right"),
    [
        # Source: agent-chat-api, "Errors"; lc-sdk-go sends X-Region with every call.
        (OWNER, None, None),
        (OWNER, "dal", None),
        (OWNER, "DAL", None),
        (OWNER, "fra", "dal"),
        (OWNER, "fra-a", "dal"),
        (OWNER, "moon", "dal"),
        (people.PAPER_LANTERN.owner.email, "fra", None),
        (people.PAPER_LANTERN.owner.email, "dal", "fra"),
    ],
)
def test_the_wrong_region_names_the_right_one(api: ChatApi, email, header, right):
    headers = {"Authorization": f"Bearer {api.token(email=email)}"}
    if header:
        headers["X-Region"] = header
    response = api.post("list_chats", headers=headers)
    if right is None:
        assert response.status_code == 200
    else:
        assert refused(response) == (421, "misdirected_request", "Wrong region")
        assert response.json()["error"]["data"] == {"region": right}


def test_the_rate_limit_lifts_by_itself(make_api):
    # Source: agent-chat-api, "Rate limits".
    api = make_api(rate_limit=RateLimit(calls=2, seconds=60))
    api.call("list_chats")
    api.call("list_chats")
    assert refused(api.post("list_chats")) == (429, "too_many_requests", "Too many requests")
    api.call("list_chats", email=people.PAPER_LANTERN.owner.email)  # somebody else
    api.world.clock.advance(60)
    api.call("list_chats")


# --- Bodies -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "error"),
    [
        # Sources: agent-chat-api (the body, at least {}); troubleshooting, "Invalid message";
        # lc-sdk-go, agent/api_test ("Wrong format of request").
        (b"", INVALID_MESSAGE),
        (b" ", INVALID_MESSAGE),
        (b"{", INVALID_MESSAGE),
        (b"{'limit': 10}", INVALID_MESSAGE),
        (b'{"limit": 10,}', INVALID_MESSAGE),
        (b"limit=10", INVALID_MESSAGE),
        (b"{}{}", INVALID_MESSAGE),
        (b"\xff\xfe{}", INVALID_MESSAGE),
        (b'{"page_id": "\xff"}', INVALID_MESSAGE),
        (b'{"page_id": "\\ud800"}', INVALID_MESSAGE),
        (b'{"page_id": "\x00"}', INVALID_MESSAGE),
        (b"[]", VALIDATION),
        (b"null", VALIDATION),
        (b'"{}"', VALIDATION),
        (b"1", VALIDATION),
    ],
)
def test_a_body_that_is_no_json_object(api: ChatApi, body, error):
    assert refused(api.post("list_chats", data=body)) == error


@pytest.mark.parametrize("start", [b"[", b'{"a":', b'{"filters":', b'{"filters":{"properties":'])
def test_a_body_that_is_nested_too_deeply(api: ChatApi, start):
    assert refused(api.post("list_chats", data=start * 200_000))[:2] == (400, "validation")


def test_a_body_over_ten_megabytes(api: ChatApi):
    # Source: src/constants (entity_too_large).
    most = b'{"x": "%s"}' % (b"x" * (web_api.MAX_BODY - 9))
    assert len(most) == 10 * 1024 * 1024
    assert api.post("list_chats", data=most).status_code == 200
    assert refused(api.post("list_chats", data=most + b" ")) == (
        413,
        "entity_too_large",
        "Upload limit exceeded (10MB).",
    )
    assert refused(api.post("list_chats", data=(most for _ in range(5))))[0] == 413  # chunked


def test_the_content_type_does_not_matter(api: ChatApi):
    headers = {"Authorization": f"Bearer {api.token()}", "Content-Type": "text/plain"}
    assert api.post("list_chats", data=b"{}", headers=headers).status_code == 200


def test_a_refusal_s_reason_is_in_the_log_without_values(api: ChatApi, caplog):
    token = api.token()
    with caplog.at_level(logging.INFO, "lc_tutorial.sandbox"):
        api.post("list_chats", {"limit": "not-a-real-secret"}, headers=bearer(token))
        api.post("list_chats", {"sort_order": "not-a-real-secret"}, headers=bearer(token))
        api.post("list_chats", headers=bearer("not-a-real-secret"))
        api.post("list_chats", data=b"", headers=bearer(token))
    assert caplog.messages == [
        "list_chats: validation: Wrong format of request, Expected `int | null`, got `str`"
        " - at `$.limit`",
        "list_chats: validation: Wrong format of request, invalid value at `$.sort_order`",
        "list_chats: authentication: Invalid access token, no valid access token"
        " (a personal access token goes with Basic)",
        "list_chats: validation: Invalid message, there is no body, not even {}",
    ]
    assert token not in caplog.text


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_nothing_that_is_sent_makes_the_sandbox_fail(api: ChatApi):
    # A small sample of noise: good bodies with a bit of them changed.
    dice = random.Random(20260615)
    token = api.token()
    good = (
        b'{"filters": {"active": true, "group_ids": [0, 1], "properties":'
        b' {"test": {"int_property": {"values": [1, "a", true]}}}}, "limit": 3,'
        b' "sort_order": "asc", "page_id": "AAAA"}'
    )
    pieces = [b"null", b"-1", b"1e999", b"{}", b"[]", b'"\\u0000"', b"\x80", b"9" * 400, b"true"]
    statuses = set()
    for _ in range(400):
        body, at = bytearray(good), dice.randrange(len(good))
        body[at : at + dice.randrange(4)] = dice.choice(pieces)
        response = api.post(
            "list_chats", data=bytes(body), headers=bearer(token), version=dice.choice(VERSIONS)
        )
        statuses.add(response.status_code)
        if response.status_code != 200:
            assert refused(response)[:2] == (400, "validation"), bytes(body)
    assert statuses <= {200, 400}


def test_the_whole_sandbox_serves_the_product_apis(sandbox, http: requests.Session):
    # Each API at the path of the real host's; they share the chats and the people.
    owner = sandbox.author
    scopes = ("chats--all:ro", "agents--all:ro", "groups--all:ro")
    token = sandbox.world.grants.issue_access_token("not-a-real-client", owner.id, scopes).value
    for path, first in (
        ("agent/action/list_chats", "chats_summary"),
        ("configuration/action/list_agents", "id"),
        ("configuration/action/list_groups", "id"),
    ):
        response = http.post(
            f"{sandbox.url}/v3.6/{path}",
            json={},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        assert response.status_code == 200
        answer = response.json()
        assert first in (answer[0] if isinstance(answer, list) else answer)
