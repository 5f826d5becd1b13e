"""The entries of the course: each works against a sandbox, from the lab and from Postman."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from postman_runner import newman

from lc_tutorial.lab import collection
from lc_tutorial.lab.collection import CUSTOMERS, LIST_CHATS, NEIGHBOURS, TOKENS, Entry
from lc_tutorial.lab.copying import postman
from lc_tutorial.lab.prepare import prepare
from lc_tutorial.lab.vault import MEANINGS, Vault
from lc_tutorial.platforms.platform import LIVE, VERSIONS, Platform
from lc_tutorial.sandbox.learner.learner import Learner
from tests.sandbox.conftest import CALLBACK, RunningSandbox, _server, http, sandbox

# The sandbox of the sandbox's own tests, with its world in reach: for apps and tokens that a
# learner makes in the Console.
__all__ = ["_server", "http", "sandbox"]

SCOPES = ("chats--all:ro", "agents--all:ro", "groups--all:ro", "customers:own")

VERIFIER = "not-a-real-verifier-" + "x" * 40
"""A PKCE verifier, of at least 43 characters."""


@dataclass
class Walk:
    """Somebody who sends the entries one after the other, and keeps what answers bring."""

    running: RunningSandbox
    version: str
    vault: Vault = field(default_factory=Vault)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(VERIFIER.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        author = self.running.author
        for name, value in {
            "redirect_uri": CALLBACK,
            "state": "not-a-real-state",
            "code_verifier": VERIFIER,
            "code_challenge": challenge,
            "account_id": author.id,
            "organization_id": author.organization_id,
        }.items():
            self.vault.put(name, value)
        self.use_app("server_side")

    @property
    def platform(self) -> Platform:
        url = self.running.url
        return Platform("sandbox", f"{url}/", f"{url}/console/", url, url, version=self.version)

    def entry(self, folder: str, name: str) -> Entry:
        (found,) = [
            entry
            for entry in collection.entries(self.platform)
            if (entry.folder, entry.name) == (folder, name)
        ]
        return found

    def send(self, entry: Entry) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            return session.send(prepare(entry.request, self.vault), timeout=30)

    def answer(self, folder: str, name: str) -> Any:
        response = self.send(self.entry(folder, name))
        assert response.status_code == 200, f"{name}: {response.text}"
        return response.json()

    def use_app(self, client_type: str) -> None:
        block = self.running.new_app(client_type, scopes=SCOPES)
        self.vault.put("client_id", block.client_id)
        self.vault.put("client_secret", block.client_secret or "")

    def get_code(self, *, pkce: bool = True) -> None:
        """Open the link of the entry in a browser, sign in, and allow."""
        url = prepare(self.entry(TOKENS, "Ask for a code").request, self.vault).url
        assert url is not None
        if not pkce:
            url = url.partition("&code_challenge=")[0]
        author = self.running.author
        back = Learner(self.running.url, author.email, author.password).authorize(url)
        answered = parse_qs(urlsplit(back).query)
        assert answered["state"] == ["not-a-real-state"]
        self.vault.put("code", answered["code"][0])

    def get_token(self, name: str) -> Any:
        answer = self.answer(TOKENS, name)
        for kept in ("access_token", "refresh_token"):
            self.vault.put(kept, answer[kept])
        return answer


@pytest.fixture
def walk(sandbox: RunningSandbox) -> Callable[[str], Walk]:
    return lambda version: Walk(sandbox, version)


every_version = pytest.mark.parametrize("version", VERSIONS)


# --- Each works ---------------------------------------------------------------------------------


def test_the_link_leads_to_the_login_page(walk: Callable[[str], Walk]) -> None:
    learner = walk("3.6")
    response = learner.send(learner.entry(TOKENS, "Ask for a code"))
    assert response.status_code == 200
    assert 'name="password"' in response.text


def test_tokens_of_a_server_side_app(walk: Callable[[str], Walk]) -> None:
    learner = walk("3.6")
    learner.get_code(pkce=False)
    learner.get_token("Exchange the code, without PKCE")
    learner.get_code()
    first = learner.get_token("Exchange the code")
    second = learner.get_token("Refresh the token")
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] == first["refresh_token"]
    info = learner.answer(TOKENS, "Inspect the token")
    assert info["access_token"] == second["access_token"]
    assert set(info["scope"].split(",")) == set(SCOPES)
    assert learner.answer(TOKENS, "Revoke the token") == {}
    assert learner.send(learner.entry(TOKENS, "Inspect the token")).status_code == 401


def test_tokens_of_a_javascript_app(walk: Callable[[str], Walk]) -> None:
    learner = walk("3.6")
    learner.use_app("javascript")
    learner.get_code()
    first = learner.get_token("Exchange the code, as a JavaScript app")
    second = learner.get_token("Refresh the token, as a JavaScript app")
    assert second["refresh_token"] != first["refresh_token"]


@every_version
def test_chats_and_their_neighbours(walk: Callable[[str], Walk], version: str) -> None:
    learner = walk(version)
    learner.get_code()
    learner.get_token("Exchange the code")
    chats = "chats_info" if version == "3.7" else "chats_summary"
    page = learner.answer(LIST_CHATS, "First page")
    assert len(page[chats]) == 10
    learner.vault.put("page_id", page["next_page_id"])
    following = learner.answer(LIST_CHATS, "Next page")
    ids = {chat["id"] for chat in page[chats]}
    assert len(following[chats]) == 10
    assert ids.isdisjoint(chat["id"] for chat in following[chats])

    active = version >= "3.6"
    some = learner.answer(LIST_CHATS, "Only active chats" if active else "No active chats")
    assert some[chats]
    assert some["found_chats"] < page["found_chats"]
    last = "last_thread_info" if version == "3.7" else "last_thread_summary"
    assert {chat[last]["active"] for chat in some[chats] if last in chat} == {active}

    group = learner.answer(LIST_CHATS, "Chats of a group, oldest first")[chats]
    assert all(0 in chat["access"]["group_ids"] for chat in group)
    began = [chat[last]["created_at"] for chat in group if last in chat]
    assert began == sorted(began)
    assert began
    found = learner.answer(LIST_CHATS, "Chats rated as good")[chats]
    assert found
    assert all(chat["properties"]["rating"]["score"] == 1 for chat in found)

    learner.vault.put("chat_id", page[chats][0]["id"])
    assert learner.answer(NEIGHBOURS, "One chat")["id"] == page[chats][0]["id"]
    assert learner.answer(NEIGHBOURS, "Threads of a chat")["found_threads"] >= 1
    assert len(learner.answer(NEIGHBOURS, "Archives")["chats"]) == 10
    words = learner.answer(NEIGHBOURS, "Search the archives")
    assert words["chats"]
    assert "plant" in str(words["chats"][0]).lower()
    assert learner.answer(NEIGHBOURS, "Agents")
    assert learner.answer(NEIGHBOURS, "Groups")


@every_version
def test_a_personal_access_token(
    walk: Callable[[str], Walk], version: str, sandbox: RunningSandbox
) -> None:
    learner = walk(version)
    made = sandbox.world.create_personal_access_token(sandbox.author.id, "Test", SCOPES[:1])
    learner.vault.put("personal_access_token", getattr(made, "value", made))
    assert learner.answer(LIST_CHATS, "With a personal access token")["found_chats"] > 10


@every_version
def test_customers(walk: Callable[[str], Walk], version: str) -> None:
    learner = walk(version)
    learner.get_code()
    learner.get_token("Exchange the code")
    token = learner.answer(CUSTOMERS, "Get a customer's token")
    learner.vault.put("entity_id", token["entity_id"])
    renewed = learner.answer(CUSTOMERS, "Renew a customer's token")
    assert renewed["entity_id"] == token["entity_id"]
    learner.vault.put("customer_access_token", renewed["access_token"])
    started = learner.answer(CUSTOMERS, "Start a chat")
    chats = learner.answer(CUSTOMERS, "Chats of the customer")
    assert chats["total_chats"] == 1
    assert started["chat_id"] in str(chats)


@every_version
def test_no_entry_is_left_out(version: str) -> None:
    """The tests above name every entry there is."""
    told = Path(__file__).read_text(encoding="utf-8")
    for entry in collection.entries(LIVE.with_version(version)):
        assert f'"{entry.name}"' in told, entry.name


# --- What they say ------------------------------------------------------------------------------


@every_version
def test_each_can_be_found_and_says_what_it_does(version: str) -> None:
    entries = collection.entries(LIVE.with_version(version))
    assert len({(entry.folder, entry.name) for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.about.endswith(".")
        assert set(entry.request.references) <= MEANINGS.keys()
        url = entry.request.url
        assert url.startswith((f"{LIVE.accounts_url}/", f"{LIVE.api_url}/v{version}/")), url
    needing = [e for e in entries if e.folder in (LIST_CHATS, NEIGHBOURS)]
    assert all("Needs " in entry.about for entry in needing)
    first = next(entry for entry in entries if entry.name == "First page")
    assert ("chats_info" in first.about) is (version == "3.7")


# --- From Postman -------------------------------------------------------------------------------


def test_postman_goes_through_the_flow(walk: Callable[[str], Walk], tmp_path: Path) -> None:
    """The exported file, in Postman's own runner, with values entered as its users do."""
    learner = walk("3.6")
    path = tmp_path / "collection.json"
    postman.write(path, collection.entries(learner.platform))

    def run(*folders: str, **values: str) -> Iterator[tuple[str, int, Any]]:
        known = {name: str(learner.vault.value(name)) for name in learner.vault.names}
        for done in newman(path, known | values, tmp_path / "report.json", folders):
            raw = bytes(done["response"]["stream"]["data"])
            yield done["item"]["name"], done["response"]["code"], raw

    learner.get_code()
    answers = {name: (code, body) for name, code, body in run("Exchange the code")}
    code, body = answers["Exchange the code"]
    assert code == 200, body
    token = json.loads(body)
    learner.vault.put("access_token", token["access_token"])
    learner.vault.put("refresh_token", token["refresh_token"])
    page = learner.answer(LIST_CHATS, "First page")
    learner.vault.put("page_id", page["next_page_id"])
    learner.vault.put("chat_id", page["chats_summary"][0]["id"])
    customer = learner.answer(CUSTOMERS, "Get a customer's token")
    learner.vault.put("entity_id", customer["entity_id"])
    learner.vault.put("customer_access_token", customer["access_token"])
    refused = {"With a personal access token"}  # there is none here
    for folder in (LIST_CHATS, NEIGHBOURS, CUSTOMERS):
        results = {name: code for name, code, _ in run(folder)}
        expected = {e.name for e in collection.entries(learner.platform) if e.folder == folder}
        assert set(results) == expected
        assert {code for name, code in results.items() if name not in refused} == {200}, results
