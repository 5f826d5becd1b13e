"""A shop's page on an origin of its own, and npm @livechat/customer-auth in it, unmodified.

The library knows the accounts service by its own host name, asks with credentials, and goes by the
cookies that it gets: so the name leads to a sandbox on this machine, over TLS.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from lc_tutorial.sandbox.app import create_app
from lc_tutorial.sandbox.web import Hosts
from lc_tutorial.sandbox.world.people import FERN_AND_FILTER, GENERAL, ORDERS
from lc_tutorial.sandbox.world.state import Sandbox
from tests.mapped.live import Authority
from tests.needed import of_npm
from tests.sandbox.conftest import RunningSandbox, serving

from .conftest import how_to_start
from .elsewhere import serving_files
from .test_live import pin

ACCOUNTS = "accounts.livechatinc.com"

#: The library and what it stands on: the files for bundlers are modules, which browsers load too.
MODULES = {
    "@livechat/customer-auth": "@livechat/customer-auth/dist/customer-auth.esm.js",
    "@livechat/isomorphic-storage": "@livechat/isomorphic-storage/dist/isomorphic-storage.es.js",
    "@livechat/url-utils": "@livechat/url-utils/dist/url-utils.esm.js",
    "@livechat/data-utils": "@livechat/data-utils/dist/data-utils.es.js",
    "memory-web-storage": "memory-web-storage/es/index.js",
}

SHOP = """<!doctype html>
<title>A shop</title>
<script type="importmap">{"imports": IMPORTS}</script>
<script type="module">
  import createAuth from "@livechat/customer-auth";
  window.attempt = async (options) => {
    try {
      // As the Customer SDK calls it, with a license, which is not used any more, and a place.
      return await createAuth(options, 1, "production").getFreshToken();
    } catch (error) {
      return { code: error.code ?? "no answer", message: error.message ?? "" };
    }
  };
</script>
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"), ACCOUNTS)


@pytest.fixture
def platform(authority: Authority) -> Iterator[RunningSandbox]:
    with serving(ssl_certfile=authority.certificate, ssl_keyfile=authority.key) as (stage, port):
        running = RunningSandbox(f"https://{ACCOUNTS}:{port}", Sandbox())
        stage.app = app = create_app(running.world, hosts=Hosts.of("127.0.0.1", tls=True))
        running.chats = app.state.chats
        yield running


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[str]:
    """The origin of a shop's page."""
    imports = {}
    folder = tmp_path / "shop"
    folder.mkdir()
    for number, (name, path) in enumerate(MODULES.items()):
        imports[name] = f"./{number}.js"
        (folder / f"{number}.js").write_bytes(of_npm("browser-apps", path).read_bytes())
    (folder / "index.html").write_text(SHOP.replace("IMPORTS", json.dumps(imports)))
    with serving_files(folder) as origin:
        yield origin


@pytest.fixture
def page(
    chromium: Browser, platform: RunningSandbox, authority: Authority, shop: str, tmp_path: Path
) -> Iterator[Page]:
    """The shop's page in a browser for which the accounts service is here.

    It has a profile, as a person's has: a private window takes no cookies of other sites.
    """
    port = platform.url.rpartition(":")[2]
    rules = [f"MAP {ACCOUNTS}:443 127.0.0.1:{port}", "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1"]
    options = how_to_start(
        f"--host-resolver-rules={', '.join(rules)}",
        f"--ignore-certificate-errors-spki-list={pin(authority)}",
        "--no-proxy-server",
    )
    profile = tmp_path / "profile"
    # Some distributions' Chromium takes none by default: as if its person had allowed them.
    (profile / "Default").mkdir(parents=True)
    allowed = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}
    (profile / "Default" / "Preferences").write_text(json.dumps(allowed))
    context = chromium.browser_type.launch_persistent_context(profile, **options)
    page = context.new_page()
    page.goto(f"{shop}/index.html")
    page.wait_for_function("window.attempt !== undefined")
    yield page
    context.close()


def attempt(page: Page, platform: RunningSandbox, **options: Any) -> dict[str, Any]:
    """A token, or why there was none, as the library tells the page."""
    told = {
        "organizationId": FERN_AND_FILTER.id,
        "clientId": platform.block.client_id,
        **options,
    }
    answer: dict[str, Any] = page.evaluate("options => attempt(options)", told)
    return answer


def test_a_visitor_is_a_customer_and_stays_one(
    page: Page, platform: RunningSandbox, shop: str
) -> None:
    platform.block.redirect_uris.append(shop)
    platform.world.trusted_origins[FERN_AND_FILTER.id].add(shop)
    first = attempt(page, platform)
    assert first["tokenType"] == "Bearer", first
    assert first["expiresIn"] == 28_800_000
    token = platform.world.customers.token(first["accessToken"])
    assert token is not None
    assert token.entity_id == first["entityId"]

    page.reload()
    page.wait_for_function("window.attempt !== undefined")
    again = attempt(page, platform)
    assert again["entityId"] == first["entityId"]
    assert again["accessToken"] != first["accessToken"]

    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert set(cookies) == {"__lc_cid", "__lc_cst"}
    for cookie in cookies.values():
        assert (cookie["secure"], cookie["httpOnly"]) == (True, True)
        assert (cookie["sameSite"], cookie["domain"]) == ("None", ACCOUNTS)
    # No script of the page sees them.
    assert page.evaluate("document.cookie") == ""


def test_a_customer_for_each_group(page: Page, platform: RunningSandbox, shop: str) -> None:
    platform.block.redirect_uris.append(shop)
    platform.world.trusted_origins[FERN_AND_FILTER.id].add(shop)
    whole = attempt(page, platform)
    groups = [
        attempt(page, platform, uniqueGroups=True, groupId=group)["entityId"]
        for group in (GENERAL, ORDERS, ORDERS)
    ]
    assert groups[1] == groups[2]
    assert len({whole["entityId"], *groups}) == 3


def test_a_page_that_is_not_trusted_can_read_nothing(
    page: Page, platform: RunningSandbox, shop: str
) -> None:
    platform.block.redirect_uris.append(shop)
    assert attempt(page, platform)["code"] == "no answer"
    assert page.context.cookies() == []
    assert platform.world.customers.issued() == []


def test_a_refusal_has_its_name(page: Page, platform: RunningSandbox, shop: str) -> None:
    platform.world.trusted_origins[FERN_AND_FILTER.id].add(shop)
    # Source: troubleshooting, "unauthorized_client" (invalid redirect URI).
    assert attempt(page, platform) == {
        "code": "SSO_OAUTH_EXCEPTION",
        "message": "unauthorized_client",
    }


def test_the_token_opens_the_customers_api(
    page: Page, platform: RunningSandbox, authority: Authority, shop: str
) -> None:
    platform.block.redirect_uris.append(shop)
    platform.world.trusted_origins[FERN_AND_FILTER.id].add(shop)
    token = attempt(page, platform)["accessToken"]
    path = f"/v3.6/customer/action/start_chat?organization_id={FERN_AND_FILTER.id}"
    answer = page.evaluate(
        """async ([url, token]) => {
            const headers = {"Content-Type": "application/json"};
            headers.Authorization = `Bearer ${token}`;
            const sent = {method: "POST", headers, body: "{}"};
            return (await fetch(url, sent)).json();
        }""",
        [f"https://{ACCOUNTS}{path}", token],
    )
    assert answer["chat_id"]
