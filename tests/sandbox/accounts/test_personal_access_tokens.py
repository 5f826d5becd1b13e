"""What a personal access token opens, and what it does not.

Sources, by page of livechat-public-docs: `personal-access-tokens`, `scopes`, `troubleshooting` and
`customer-authorization` (authorization), and `global-accounts-api` (configs/redoc).
"""

from base64 import b64encode
from typing import Any

import pytest
import requests

from lc_tutorial.sandbox.world import people
from tests.sandbox.chat_api import NORMAL, OWNER, VERSIONS, refused
from tests.sandbox.conftest import RunningSandbox

DENIED = (403, "authorization", "Authorization error")
NO_TOKEN = (401, "authentication", "Invalid access token")


def make(sandbox: RunningSandbox, *scopes: str, email: str = OWNER) -> tuple[str, str]:
    """Make a token, and return what Basic wants: the account id and the token."""
    account = sandbox.world.account_by_email(email)
    assert account is not None
    made = sandbox.world.create_personal_access_token(account.id, "script", scopes)
    return account.id, made.value


def post(
    sandbox: RunningSandbox,
    http: requests.Session,
    path: str,
    body: Any = None,
    version: str = "3.6",
    **arguments: Any,
) -> requests.Response:
    url = f"{sandbox.url}/v{version}/{path}"
    return http.post(url, json=body or {}, timeout=30, **arguments)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("path", "scope"),
    [
        # Source: personal-access-tokens, "When to use Personal Access Tokens" (which APIs).
        ("agent/action/list_chats", "chats--all:ro"),
        ("agent/action/list_archives", "chats--all:ro"),
        ("configuration/action/list_agents", "agents--all:ro"),
        ("configuration/action/list_groups", "groups--all:ro"),
    ],
)
def test_it_opens_the_apis_of_agents_within_its_scopes(
    sandbox: RunningSandbox, http: requests.Session, version: str, path: str, scope: str
) -> None:
    assert post(sandbox, http, path, version=version, auth=make(sandbox, scope)).ok
    other = make(sandbox, "webhooks--my:ro")
    assert refused(post(sandbox, http, path, version=version, auth=other)) == DENIED


@pytest.mark.parametrize(
    ("scope", "email", "found"),
    [
        # Source: scopes (what contains what; "Accessing chat").
        ("chats--all:ro", OWNER, "all"),
        ("chats--all:rw", OWNER, "all"),
        ("chats--access:ro", NORMAL, "some"),
        ("chats--access:rw", NORMAL, "some"),
        ("chats--my:ro", NORMAL, "none"),
        ("chats--my:rw", OWNER, "none"),
    ],
)
def test_scopes_mean_what_they_mean_in_an_app_s_token(
    sandbox: RunningSandbox, http: requests.Session, scope: str, email: str, found: str
) -> None:
    answer = post(sandbox, http, "agent/action/list_chats", auth=make(sandbox, scope, email=email))
    if found == "none":
        assert refused(answer) == DENIED
    else:
        assert (answer.json()["found_chats"] == 250) is (found == "all")
        assert answer.json()["found_chats"] > 0


def test_it_acts_as_its_account(sandbox: RunningSandbox, http: requests.Session) -> None:
    # Source: personal-access-tokens, "How Personal Access Tokens work".
    stranger = make(sandbox, "agents--all:ro", email=people.PAPER_LANTERN.owner.email)
    answer = post(sandbox, http, "configuration/action/list_agents", auth=stranger)
    assert {agent["id"] for agent in answer.json()} == {
        agent.email for agent in people.PAPER_LANTERN.agents
    }


@pytest.mark.parametrize("path", ["agent/action/list_chats", "configuration/action/list_agents"])
def test_what_basic_has_to_hold(sandbox: RunningSandbox, http: requests.Session, path: str) -> None:
    # Source: personal-access-tokens, "Using the token in API requests"; troubleshooting,
    # "Authorizing requests with a Personal Access Token doesn't work", 1.
    account_id, token = make(sandbox, "chats--all:ro", "agents--all:ro")
    colleague, _ = make(sandbox, "chats--access:ro", email=NORMAL)
    encoded = b64encode(f"{account_id}:{token}".encode()).decode()
    assert post(sandbox, http, path, headers={"Authorization": f"Basic {encoded}"}).ok
    for header in (
        f"Bearer {token}",
        f"Bearer {encoded}",
        f"Basic {token}",
        f"Basic {account_id}:{token}",
        f"Basic {b64encode(token.encode()).decode()}",
        f"Basic {b64encode(f'{OWNER}:{token}'.encode()).decode()}",
        f"Basic {b64encode(f'{colleague}:{token}'.encode()).decode()}",
        f"Basic {b64encode(f'{token}:{account_id}'.encode()).decode()}",
    ):
        answer = post(sandbox, http, path, headers={"Authorization": header})
        assert refused(answer) == NO_TOKEN, header


def test_it_has_no_end(sandbox: RunningSandbox, http: requests.Session) -> None:
    # Source: personal-access-tokens ("Once created, the token can be reused").
    auth = make(sandbox, "chats--all:ro")
    sandbox.world.clock.advance(400 * 86_400)
    assert post(sandbox, http, "agent/action/list_chats", auth=auth).ok


def test_page_ids_are_its_account_s(sandbox: RunningSandbox, http: requests.Session) -> None:
    # Source: agent-chat-api, "Pagination".
    auth = make(sandbox, "chats--all:ro")
    path = "agent/action/list_chats"
    page = {"page_id": post(sandbox, http, path, auth=auth).json()["next_page_id"]}
    assert post(sandbox, http, path, page, auth=auth).ok
    other = make(sandbox, "chats--access:ro", email=NORMAL)
    assert refused(post(sandbox, http, path, page, auth=other))[1] == "validation"


def test_v2_info_is_for_access_tokens(sandbox: RunningSandbox, http: requests.Session) -> None:
    # Source: global-accounts-api, /info (an OAuth access token).
    account_id, token = make(sandbox, "chats--all:ro")
    url = f"{sandbox.url}/v2/info"
    for arguments in (
        {"auth": (account_id, token)},
        {"headers": {"Authorization": f"Bearer {token}"}},
        {"params": {"code": token}},
    ):
        answer = http.get(url, timeout=10, **arguments)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")
