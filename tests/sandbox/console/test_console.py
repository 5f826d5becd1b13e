"""The Developer Console, gone through page by page, without JavaScript."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from lc_tutorial.sandbox.console import routes
from lc_tutorial.sandbox.learner.browser import Browser, Page
from lc_tutorial.sandbox.world.records import App, AuthorizationBlock
from lc_tutorial.sandbox.world.state import Sandbox
from tests.sandbox.conftest import RunningSandbox

HERE = "http://127.0.0.1:8377/callback"


@dataclass
class Console:
    """The Console in one browser, at one of its pages."""

    url: str
    world: Sandbox
    browser: Browser
    page: Page

    def open(self, path: str) -> Page:
        self.page = self.browser.open(f"{self.url}{path}")
        return self.page

    def follow(self, element_id: str) -> Page:
        self.page = self.browser.click(self.page, self.page.need("a", id=element_id))
        return self.page

    def press(
        self, element_id: str, entered: dict[str, str] | None = None, **ticked: tuple[str, ...]
    ) -> Page:
        button = self.page.need("button", id=element_id)
        self.page = self.browser.press(self.page, button, entered, ticked)
        return self.page

    def act(
        self, action: str, entered: dict[str, str] | None = None, **ticked: tuple[str, ...]
    ) -> Page:
        button = self.page.need("button", name="action", value=action)
        self.page = self.browser.press(self.page, button, entered, ticked)
        return self.page

    def refresh(self) -> Page:
        return self.open(self.page.url.removeprefix(self.url))

    def value(self, element_id: str) -> str:
        return self.page.need(id=element_id).get("value")

    def whitelist(self) -> list[str]:
        assert self.page.root is not None
        return [field.get("value") for field in self.page.root.find_all(name="redirect_uri")]

    def chosen(self) -> list[str]:
        assert self.page.root is not None
        return [field.get("value") for field in self.page.root.find_all(name="chosen_scope")]

    def offered(self) -> list[str]:
        picker = self.page.need("fieldset", id="scope-select")
        return [box.get("value") for box in picker.find_all("input")]

    def is_edited(self, card: str) -> bool:
        return self.page.need(id=card).get("data-edited") == "yes"

    def create_app(self, client_type: str = "server_side") -> AuthorizationBlock:
        """From the list of apps to the page App Authorization."""
        self.open("/console/")
        self.follow("create-app")
        self.press("create", {"name": "Mine"})
        self.follow("get-started")
        self.press("continue", client_type=(client_type,))
        block = self.app.block
        assert block is not None
        return block

    @property
    def app(self) -> App:
        """The app that was created last."""
        return list(self.world.apps.values())[-1]


@pytest.fixture
def console(sandbox: RunningSandbox) -> Iterator[Console]:
    browser = Browser(sandbox.url)
    yield Console(sandbox.url, sandbox.world, browser, browser.open(f"{sandbox.url}/console/"))
    browser.close()


# --- Apps -------------------------------------------------------------------------------------


def test_from_nothing_to_what_the_notebook_wants(console: Console) -> None:
    console.follow("create-app")
    console.press("create", {"name": "  My   first app "})
    assert console.page.need("p", **{"class": "side-title"}).text == "My first app"
    console.follow("get-started")
    console.press("continue", client_type=("server_side",))
    client_id, secret = console.value("client-id"), console.value("client-secret")
    console.press("use-callback-address")
    console.press("save-client")
    console.press("add-scope", scope=("chats--all:ro", "chats--my:ro"))
    page = console.press("save-scopes")

    block = console.app.block
    assert block is not None
    assert (block.client_id, block.client_secret) == (client_id, secret)
    assert block.client_type == "server_side"
    assert block.redirect_uris == [HERE]
    assert block.scopes == {"chats--all:ro": True, "chats--my:ro": True}
    take_back = page.need(id="take-back").text
    assert "Take these back to the notebook" in take_back
    assert client_id in take_back
    assert HERE in take_back


@pytest.mark.parametrize(("name", "problem"), [("", "Give the app a name"), ("x" * 61, "61")])
def test_an_app_needs_a_fair_name(console: Console, name: str, problem: str) -> None:
    before = len(console.world.apps)
    console.open("/console/apps/new")
    page = console.press("create", {"name": name})
    assert problem in page.problem
    assert console.value("app-name") == name
    assert len(console.world.apps) == before


def test_nobody_has_apps_without_end(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "MOST_APPS", 2)  # of which one is ready-made
    for name in ("The second", "The third"):
        console.open("/console/apps/new")
        page = console.press("create", {"name": name})
    assert page.root is not None
    assert "You have 2 apps already" in page.root.text
    assert "Delete some under Apps" in page.root.text
    assert [app.name for app in console.world.apps.values()] == ["List Chats", "The second"]


def test_the_overview_says_what_is_missing(console: Console) -> None:
    block = console.create_app()
    path = f"/console/apps/{console.app.id}"
    assert _states(console.open(path)) == ["Done", "To do", "To do"]
    block.redirect_uris.append(HERE)
    block.scopes["chats--all:ro"] = True
    assert _states(console.open(path)) == ["Done", "Done", "Done"]


def _states(page: Page) -> list[str]:
    return [state.text for state in page.need("main").find_all("span", **{"class": "state"})]


def test_deleting_an_app(console: Console) -> None:
    block = console.create_app()
    app = console.app
    console.open(f"/console/apps/{app.id}")
    console.follow("delete-app")
    assert app.id in console.world.apps
    console.press("confirm-delete")
    assert app.id not in console.world.apps
    assert console.world.client(block.client_id) is None
    assert "was deleted" in console.page.need("main").text
    assert "There is no such app" in console.open(f"/console/apps/{app.id}").title


def test_the_ready_made_app_cannot_be_deleted(console: Console) -> None:
    app = console.world.ready_made
    assert console.open(f"/console/apps/{app.id}").find(id="delete-app") is None
    assert "stays" in console.open(f"/console/apps/{app.id}/delete").title


def test_installing_privately_and_back(console: Console) -> None:
    console.create_app()
    path = f"/console/apps/{console.app.id}"
    assert "for you alone" in console.open(path).need(id="audience").text
    console.open(f"{path}/installation")
    console.press("install-app")
    assert console.app.installed
    assert console.page.need(id="installation-state").text == "installed"
    assert "Everybody at Fern & Filter may use the app" in console.page.need("main").text
    assert "for the people of Fern & Filter" in console.open(path).need(id="audience").text
    console.open(f"{path}/installation")
    console.act("uninstall")
    assert not console.app.installed


def test_publishing_and_back(console: Console) -> None:
    console.create_app()
    path = f"/console/apps/{console.app.id}"
    console.open(f"{path}/publication")
    assert console.page.need(id="publication-state").text == "private"
    console.press("publish-app")
    assert console.app.published
    assert console.page.need(id="publication-state").text == "published"
    assert "for everybody" in console.open(path).need(id="audience").text
    assert "published" in console.open("/console/").need("main").text
    assert "installed or not" in console.open(f"{path}/installation").need("main").text
    console.open(f"{path}/publication")
    console.act("unpublish")
    assert not console.app.published


def test_an_app_without_a_client_cannot_be_published(console: Console) -> None:
    app = console.world.create_app("Nothing yet", console.world.ready_made.author_id)
    page = console.open(f"/console/apps/{app.id}/publication")
    assert page.find(id="publish-app") is None
    assert "First it needs the building block" in page.need("main").text
    # A form that was open before.
    ready = console.open(f"/console/apps/{console.world.ready_made.id}/publication")
    console.page = Page(page.url, ready.root)
    assert "no Authorization block" in console.press("publish-app").title
    assert not app.published


# --- People -----------------------------------------------------------------------------------


def test_everybody_has_apps_of_their_own(console: Console, sandbox: RunningSandbox) -> None:
    console.create_app()
    app = console.app
    assert sandbox.author.name in console.open("/console/").need("header").text
    colleague = sandbox.person("administrator")
    console.open("/console/people")
    button = console.page.need("button", name="account_id", value=colleague.id)
    console.page = console.browser.press(console.page, button)
    assert colleague.name in console.page.need("header").text
    assert "You have no app yet" in console.page.need("main").text
    for below in ("", "/authorization", "/delete", "/building-blocks", "/authorization/secret"):
        page = console.open(f"/console/apps/{app.id}{below}")
        assert page.title == "This app is somebody else's"
        assert sandbox.author.name in page.need("main").text
    console.create_app()
    assert console.app.author_id == colleague.id


# --- The client -------------------------------------------------------------------------------


def test_a_client_needs_a_type(console: Console) -> None:
    console.follow("create-app")
    console.press("create", {"name": "Mine"})
    console.follow("get-started")
    assert "Choose one" in console.press("continue").problem
    assert console.app.block is None


def test_a_javascript_app_has_no_secret(console: Console) -> None:
    block = console.create_app("javascript")
    assert block.client_secret == ""
    assert console.page.find(id="client-secret") is None
    assert console.open(f"{console.page.url.removeprefix(console.url)}/secret").title == (
        "This app has no secret"
    )


def test_the_secret_is_shown_once(console: Console) -> None:
    block = console.create_app()
    assert console.value("client-secret") == block.client_secret
    console.refresh()
    assert console.value("client-secret") == "******"
    assert block.client_secret not in str(requests.get(console.page.url, timeout=10).text)


def test_the_secret_stays_while_one_works_on_the_page(console: Console) -> None:
    block = console.create_app()
    for step in ("add-redirect-uri", "use-callback-address", "save-client", "add-scope"):
        console.press(step)
        assert console.value("client-secret") == block.client_secret, step
    console.refresh()
    console.press("save-client")
    assert console.value("client-secret") == "******"


def test_the_secret_cannot_be_had_again_by_a_form_of_before(console: Console) -> None:
    console.create_app()
    old_page = console.page
    console.refresh()
    console.page = console.browser.press(old_page, old_page.need(id="save-client"))
    assert console.value("client-secret") == "******"


def test_a_new_secret_replaces_the_old_one_after_asking(console: Console) -> None:
    block = console.create_app()
    old = block.client_secret
    console.refresh()
    console.press("generate-secret")
    assert block.client_secret == old
    console.press("confirm-new-secret")
    assert block.client_secret != old
    assert console.value("client-secret") == block.client_secret
    console.refresh()
    assert console.value("client-secret") == "******"


def test_changing_the_type(console: Console) -> None:
    block = console.create_app()
    old = block.client_secret
    console.press("add-redirect-uri", {"client_type": "javascript"})
    assert block.client_type == "server_side"
    assert console.is_edited("client")
    console.press("save-client")
    assert block.client_type == "javascript"
    assert console.page.find(id="client-secret") is None
    console.press("save-client", {"client_type": "server_side"})
    assert block.client_type == "server_side"
    assert console.value("client-secret") == block.client_secret != old


# --- The whitelist ----------------------------------------------------------------------------


def test_an_added_address_counts_once_it_is_saved(console: Console) -> None:
    block = console.create_app()
    console.press("add-redirect-uri", {"typed_uri": " https://app.example.com/back "})
    assert console.whitelist() == ["https://app.example.com/back"]
    assert console.value("redirect-uri-input") == ""
    assert console.is_edited("client")
    assert "Not saved yet: press Save changes." in console.page.need(id="client").text
    assert block.redirect_uris == []
    console.refresh()
    assert console.whitelist() == ["https://app.example.com/back"]
    console.press("save-client")
    assert block.redirect_uris == ["https://app.example.com/back"]
    assert not console.is_edited("client")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "empty"),
        ("http://127.0.0.1:8377/callback#x", "fragment"),
        ("http://127.0.0.1:8377/callback?x=1", "query"),
        ("http://127.0.0.1:8377/a/../b", "path traversal"),
        ("127.0.0.1:8377/callback", "full address"),
        ("http://127.0.0.1:8377/call back", "space"),
        (HERE, "in the list already"),
    ],
)
def test_an_address_that_cannot_be_whitelisted(console: Console, typed: str, problem: str) -> None:
    block = console.create_app()
    console.press("use-callback-address")
    console.press("save-client")
    page = console.press("add-redirect-uri", {"typed_uri": typed})
    assert problem in page.problem
    assert console.value("redirect-uri-input") == typed
    assert block.redirect_uris == console.whitelist() == [HERE]


def test_saving_takes_along_what_was_typed_and_not_added(console: Console) -> None:
    block = console.create_app()
    console.press("save-client", {"typed_uri": "https://app.example.com/"})
    assert block.redirect_uris == ["https://app.example.com/"]
    assert "https://app.example.com/" in console.page.need(id="client-state").text
    console.press("save-client", {"typed_uri": "https://app.example.com/?x"})
    assert "query" in console.page.problem
    assert console.value("redirect-uri-input") == "https://app.example.com/?x"
    assert block.redirect_uris == ["https://app.example.com/"]


def test_removing_an_address(console: Console) -> None:
    block = console.create_app()
    console.press("use-callback-address")
    console.press("save-client")
    console.act(f"remove-redirect-uri:{HERE}")
    assert console.whitelist() == []
    assert block.redirect_uris == [HERE]
    console.press("save-client")
    assert block.redirect_uris == []


def test_discarding(console: Console) -> None:
    console.create_app()
    console.press("use-callback-address")
    console.act("discard-client")
    assert console.whitelist() == []
    assert not console.is_edited("client")


def test_a_forged_whitelist_is_not_saved(console: Console) -> None:
    block = console.create_app()
    console.press("use-callback-address")
    forged = console.page.need("input", name="redirect_uri")
    forged.attributes["value"] = "javascript:alert(1)"
    assert "cannot be saved" in console.press("save-client").problem
    assert block.redirect_uris == []


def test_what_another_tab_saved_is_not_undone(console: Console) -> None:
    block = console.create_app()
    console.refresh()
    block.redirect_uris.append(HERE)
    block.scopes["chats--all:ro"] = False
    console.refresh()
    assert console.whitelist() == [HERE]
    assert console.chosen() == ["chats--all:ro"]
    assert not console.is_edited("client")
    assert not console.is_edited("scopes")


# --- Your callback address --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({}, HERE),
        (
            {"X-Forwarded-Context": "/foo/proxy/9000", "Host": "127.0.0.1:8888"},
            "http://127.0.0.1:8888/foo/proxy/8377/callback",
        ),
        (
            {
                "X-Forwarded-Context": "/user/mia/proxy/9000",
                "X-Forwarded-Host": "hub.example.org",
                "X-Forwarded-Proto": "https,http",
            },
            "https://hub.example.org/user/mia/proxy/8377/callback",
        ),
        # Nothing that a browser could be led astray with.
        ({"X-Forwarded-Context": "/foo/proxy/9000", "X-Forwarded-Host": "x.org/evil"}, HERE),
        ({"X-Forwarded-Host": "hub.example.org"}, HERE),
    ],
)
def test_the_callback_address(
    console: Console, http: requests.Session, headers: dict[str, str], address: str
) -> None:
    app = console.world.ready_made
    answer = http.get(f"{console.url}/console/apps/{app.id}/authorization", headers=headers)
    assert f'id="callback-address">{address}<' in answer.text
    assert f'name="callback_address" id="callback-address-value" value="{address}"' in answer.text


def test_the_port_of_the_callback_address_is_the_worlds(console: Console) -> None:
    console.world.callback_port = 8379
    console.create_app()
    assert console.page.need(id="callback-address").text == "http://127.0.0.1:8379/callback"


# --- Scopes -----------------------------------------------------------------------------------


def test_the_cards_are_saved_apart(console: Console) -> None:
    block = console.create_app()
    console.press("use-callback-address")
    console.press("add-scope", scope=("chats--all:ro",))
    console.press("save-scopes")
    assert block.scopes == {"chats--all:ro": True}
    assert block.redirect_uris == []
    assert console.is_edited("client")
    assert not console.is_edited("scopes")
    assert console.whitelist() == [HERE]


def test_a_scope_is_required_or_not(console: Console) -> None:
    block = console.create_app()
    console.press("add-scope", scope=("chats--all:ro", "chats--my:ro"))
    console.press("save-scopes", required=("chats--my:ro",))
    assert block.scopes == {"chats--all:ro": False, "chats--my:ro": True}


def test_what_is_chosen_is_not_offered_again(console: Console) -> None:
    console.create_app()
    everything = len(console.offered())
    console.press("add-scope", scope=("chats--all:ro",))
    assert console.chosen() == ["chats--all:ro"]
    assert len(console.offered()) == everything - 1
    console.act("remove-scope:chats--all:ro")
    assert console.chosen() == []
    assert len(console.offered()) == everything


def test_saving_takes_along_what_was_ticked_and_not_added(console: Console) -> None:
    block = console.create_app()
    console.press("save-scopes", scope=("chats--all:ro",))
    assert block.scopes == {"chats--all:ro": True}
    assert "chats--all:ro" in console.page.need(id="scopes-state").text


def test_ticks_are_not_lost_by_a_button_of_the_other_card(console: Console) -> None:
    console.create_app()
    console.press("save-client", scope=("chats--all:ro",))
    box = console.page.need("input", name="scope", value="chats--all:ro")
    assert "checked" in box.attributes


def test_searching_without_javascript(console: Console) -> None:
    console.create_app()
    console.press("add-scope", {"search": "Read any chats"})
    assert 1 < len(console.offered()) < 5
    assert (console.chosen(), console.page.problem) == ([], "")
    console.press("add-scope", {"search": "chats--all:ro"})
    assert console.chosen() == ["chats--all:ro"]
    console.press("add-scope", {"search": "ban customers"})
    assert console.chosen() == ["chats--all:ro", "customers.ban:rw"]
    page = console.press("add-scope", {"search": "elephants"})
    assert "elephants" in page.problem
    assert console.value("scope-search") == "elephants"


def test_adding_nothing(console: Console) -> None:
    console.create_app()
    assert "Tick one" in console.press("add-scope").problem


def test_a_scope_that_does_not_exist_is_ignored(console: Console) -> None:
    block = console.create_app()
    console.page.need("input", name="scope").attributes["value"] = "everything--all:rw"
    console.press("save-scopes", scope=("everything--all:rw",))
    assert block.scopes == {}


@pytest.mark.parametrize(
    ("entered", "whitelist", "chosen"),
    [
        ({"typed_uri": HERE}, [HERE], []),
        ({"search": "chats--all:ro"}, [], ["chats--all:ro"]),
        ({"typed_uri": HERE, "search": "chats"}, [HERE], []),
    ],
)
def test_enter_adds_what_was_typed(
    console: Console, entered: dict[str, str], whitelist: list[str], chosen: list[str]
) -> None:
    block = console.create_app()
    first_button = console.page.need(id="authorization").find("button")
    assert first_button is not None
    console.page = console.browser.press(console.page, first_button, entered)
    assert console.whitelist() == whitelist
    assert console.chosen() == chosen
    assert (block.redirect_uris, block.scopes) == ([], {})


# --- Trusted origins --------------------------------------------------------------------------

ORIGINS = "/console/settings/trusted-origins"


def test_trusting_an_origin_and_not_any_more(console: Console) -> None:
    author = console.world.accounts[console.world.ready_made.author_id]
    trusted = console.world.trusted_origins[author.organization_id]
    assert "https://shop.example.com" in console.open(ORIGINS).need(id="origins").text
    console.press("add-origin", {"origin": "HTTPS://App.example:443/some/page?x"})
    assert "https://app.example" in console.page.need(id="origins").text
    assert trusted == {"https://shop.example.com", "https://app.example"}
    console.act("remove:https://shop.example.com")
    assert trusted == {"https://app.example"}


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://localhost:80/", "http://localhost"),
        ("http://[::1]:8000/x", "http://[::1]:8000"),
        ("https://a.example\t", "https://a.example"),
        ("", None),
        ("shop.example.com", None),
        ("null", None),
        ("file:///etc/passwd", None),
        ("javascript://x", None),
        ("https://", None),
        ("https://a.example:99999", None),
        ("https://a<b", None),
    ],
)
def test_what_an_origin_is(console: Console, typed: str, origin: str | None) -> None:
    author = console.world.accounts[console.world.ready_made.author_id]
    trusted = console.world.trusted_origins[author.organization_id]
    trusted.clear()
    console.open(ORIGINS)
    page = console.press("add-origin", {"origin": typed})
    assert trusted == ({origin} if origin else set())
    assert bool(page.problem) == (origin is None)


def test_an_organization_trusts_only_so_many(console: Console) -> None:
    author = console.world.accounts[console.world.ready_made.author_id]
    trusted = console.world.trusted_origins[author.organization_id]
    trusted.update(f"https://a{number}.example" for number in range(49))
    console.open(ORIGINS)
    assert "is the most" in console.press("add-origin", {"origin": "https://b.example"}).problem
