"""Which host an address means, and where a sample's address leads on the platform chosen."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lc_tutorial.errors import InputError
from lc_tutorial.lab.addresses import accounts_origin, addressed_to, is_for_browser
from lc_tutorial.lab.hosts import HostNotAllowed, Origin, Reach, origin_of
from lc_tutorial.lab.request import Request
from lc_tutorial.lab.vault import Vault
from lc_tutorial.platforms.platform import LIVE, Platform, SandboxLogin

SANDBOX = Platform(
    name="sandbox",
    authorization_url="http://127.0.0.1:8000/",
    console_url="http://127.0.0.1:8000/console/",
    accounts_url="http://127.0.0.1:8000",
    api_url="http://127.0.0.1:8000",
    login=SandboxLogin("mia@example.com", "not-a-real-password", 8377),
)
ON_HUB = replace(SANDBOX, authorization_url="/user/mia/proxy/8000/")
LIST_CHATS = "/v3.6/agent/action/list_chats"

# --- Hosts that only look alike -----------------------------------------------------------------

LOOK_ALIKE = [
    "https://accounts.livechat.com@evil.example/",
    "http://accounts.livechat.com@evil.example/",
    "https://accounts.livechat.com:443@evil.example/",
    "https://user:password@accounts.livechat.com/",
    "https://evil.example\\@accounts.livechat.com/",
    "https://accounts.livechat.com\\@evil.example/",
    "https:\\\\accounts.livechat.com/",
    "https://accounts.livechat.com\\.evil.example/",
    "https://accounts.livechat.com./",
    "https://accounts.livechat.com.evil.example/",
    "https://accounts.livechat.com%2eevil.example/",
    "https://accounts.livechat.com%00.evil.example/",
    "https://evil.example#@accounts.livechat.com/",
    "https://evil.example?@accounts.livechat.com/",
    "https://evil.example/@accounts.livechat.com/",
    "https://evil.example//accounts.livechat.com/",
    "https://accounts.liveсhat.com/",
    "https://аccounts.livechat.com/",
    "https://accounts.livechat.com。evil.example/",
    "https://xn--ccounts-2fg.livechat.com/",
    "https://accounts-livechat.com/",
    "https://livechat.com/",
    "https://api.accounts.livechat.com/",
    "https://accounts.livechat.com:8443/",
    "https://accounts.livechat.com:80/",
    "http://accounts.livechat.com/",
    "http://accounts.livechat.com:443/",
    "//accounts.livechat.com/",
    "accounts.livechat.com/",
    "ftp://accounts.livechat.com/",
    "file:///etc/hostname",
    "javascript:alert(1)",
    "https:///accounts.livechat.com/",
    "https://\taccounts.livechat.com/",
    "https://acc\nounts.livechat.com/",
    "https://accounts.livechat.com:99999/",
    "https://accounts.livechat.com:x/",
    "https://[::1]/",
    "https://[accounts.livechat.com]/",
    "https://{{access_token}}/",
    "https://accounts.livechat.com{{access_token}}/",
    "https://{{access_token}}.accounts.livechat.com/",
    "https://127.0.0.1/",
    "",
]


@pytest.mark.parametrize("url", LOOK_ALIKE)
def test_what_only_looks_like_the_platform_is_refused(url: str) -> None:
    reach = Reach.of(LIVE)
    assert not reach.allows(url)
    with pytest.raises(InputError) as caught:
        reach.check(url)
    assert "{{" not in caught.value.what
    assert "password" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://accounts.livechat.com/v2/token",
        "https://accounts.livechat.com:443/v2/token",
        "https://ACCOUNTS.LiveChat.com/v2/token",
        "HTTPS://accounts.livechat.com",
        "https://accounts.livechat.com?a=b@c",
        "https://accounts.livechat.com/{{account_id}}?at=me@example.com",
        f"https://api.livechatinc.com{LIST_CHATS}",
    ],
)
def test_the_platform_itself_is_allowed(url: str) -> None:
    Reach.of(LIVE).check(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000/",
        "http://127.0.0.1:8001/",
        "http://127.0.0.1/",
        "https://127.0.0.1:8000/",
        "http://127.1:8000/",
        "http://2130706433:8000/",
        "http://0x7f.0.0.1:8000/",
        "http://0.0.0.0:8000/",
        "http://[::1]:8000/",
        "http://[::ffff:127.0.0.1]:8000/",
        "http://127.0.0.1:8000@evil.example/",
        "http://127.0.0.1.:8000/",
        "https://api.livechatinc.com/",
    ],
)
def test_the_sandbox_is_one_address_and_no_other(url: str) -> None:
    with pytest.raises(InputError):
        Reach.of(SANDBOX).check(url)
    Reach.of(SANDBOX).check("http://127.0.0.1:8000/v2/token")


@given(st.text(max_size=40), st.sampled_from(["https://", "http://", ""]))
def test_any_text_leads_to_the_platform_or_is_refused(text: str, scheme: str) -> None:
    url = f"{scheme}{text}"
    origin = origin_of(url)
    if Reach.of(LIVE).allows(url):
        assert origin in {
            Origin("https", "accounts.livechat.com", 443),
            Origin("https", "api.livechatinc.com", 443),
        }
    if origin is not None:
        assert origin_of(f"{origin}/x") == origin


@given(
    st.lists(
        st.sampled_from(
            ["accounts.livechat.com", "@", "\\", "/", ":", "#", "?", ".", "evil.example", "%40"]
        ),
        max_size=7,
    )
)
def test_no_mixture_of_hosts_and_signs_fools_it(parts: list[str]) -> None:
    url = f"https://{''.join(parts)}"
    if Reach.of(LIVE).allows(url):
        authority = url[8:].partition("/")[0].partition("?")[0].partition("#")[0]
        assert authority in ("accounts.livechat.com", "accounts.livechat.com:")


@pytest.mark.parametrize(
    "url",
    [
        "http://[fe80::1%25eth0]/",
        "http://a%2fb/",
        "https://mia@example.com/",
        "https://{{redirect_uri}}/",
        "https://ex_ample{}/",
        "https://a b/",
    ],
)
def test_of_an_odd_address_nobody_can_tell(url: str) -> None:
    assert origin_of(url) is None


def test_a_refusal_names_the_host_and_says_what_to_do() -> None:
    with pytest.raises(HostNotAllowed) as caught:
        Reach.of(SANDBOX).check("https://Evil.example:8443/?code=not-a-real-code")
    assert caught.value.host == "evil.example:8443"
    assert "evil.example:8443" in caught.value.what
    assert "sandbox" in caught.value.why
    assert "not-a-real-code" not in str(caught.value)
    Reach.of(SANDBOX, [caught.value.host]).check("https://evil.example:8443/")


def test_without_encryption_is_another_thing() -> None:
    with pytest.raises(HostNotAllowed, match="without encryption") as caught:
        Reach.of(LIVE).check(f"http://api.livechatinc.com{LIST_CHATS}")
    assert "https://" in caught.value.remedy
    with pytest.raises(HostNotAllowed) as caught:
        Reach.of(LIVE, ["example.com"]).check("http://example.com/")
    assert caught.value.host == "http://example.com"
    Reach.of(LIVE, [caught.value.host]).check("http://example.com/")


@pytest.mark.parametrize(
    ("host", "allowed", "refused"),
    [
        ("example.com", "https://example.com/x", "https://example.com:8443/x"),
        ("example.com:8443", "https://example.com:8443/", "https://example.com/"),
        ("Example.COM", "https://example.com/", "https://sub.example.com/"),
        ("127.0.0.1:9000", "http://127.0.0.1:9000/", "http://127.0.0.1:9001/"),
        ("localhost:9000", "https://localhost:9000/", "http://127.0.0.1:9000/"),
        ("[::1]:9000", "http://[::1]:9000/", "http://[::1]:9001/"),
        ("https://example.com/path", "https://example.com/", "http://example.com/"),
    ],
)
def test_the_learner_allows_hosts_by_name(host: str, allowed: str, refused: str) -> None:
    reach = Reach.of(LIVE, [host])
    reach.check(allowed)
    reach.check(LIVE.list_chats_url)
    with pytest.raises(HostNotAllowed):
        reach.check(refused)


@pytest.mark.parametrize("host", ["", "a b", "user@example.com", "ex\\ample", "*", "*.example.com"])
def test_what_is_no_host_can_not_be_allowed(host: str) -> None:
    with pytest.raises(InputError, match="no host"):
        Reach.of(LIVE, [host])


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        (Origin("https", "example.com", 443), "example.com"),
        (Origin("https", "example.com", 8443), "example.com:8443"),
        (Origin("http", "example.com", 80), "http://example.com"),
        (Origin("http", "example.com", 8080), "http://example.com:8080"),
        (Origin("http", "127.0.0.1", 8000), "127.0.0.1:8000"),
        (Origin("http", "127.0.0.1", 80), "127.0.0.1:80"),
        (Origin("http", "::1", 80), "[::1]:80"),
        (Origin("https", "::1", 443), "[::1]"),
    ],
)
def test_the_name_of_a_host_allows_just_it(origin: Origin, name: str) -> None:
    assert origin.name == name
    assert origin in Reach.of(LIVE, [origin.name]).origins


# --- Samples ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "there"),
    [
        ("https://accounts.livechat.com/v2/token", "http://127.0.0.1:8000/v2/token"),
        (f"https://api.livechatinc.com{LIST_CHATS}", f"http://127.0.0.1:8000{LIST_CHATS}"),
        ("https://API.livechatinc.com:443/a//b%2F", "http://127.0.0.1:8000/a//b%2F"),
        ("https://accounts.livechat.com", "http://127.0.0.1:8000"),
        ("https://accounts.livechat.com/{{account_id}}", "http://127.0.0.1:8000/{{account_id}}"),
        ("https://evil.example/v2/token", "https://evil.example/v2/token"),
        (
            "https://accounts.livechat.com@evil.example/",
            "https://accounts.livechat.com@evil.example/",
        ),
        ("http://accounts.livechat.com/", "http://accounts.livechat.com/"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_sample_leads_to_the_sandbox(sample: str, there: str) -> None:
    request = Request(method="POST", url=sample, query=(("a", "b"),))
    assert addressed_to(request, SANDBOX) == replace(request, url=there)


def test_on_the_live_platform_a_sample_stays_as_it_is() -> None:
    request = Request(url=f"https://api.livechatinc.com{LIST_CHATS}")
    assert addressed_to(request, LIVE) is request


def test_on_a_hub_the_kernel_has_an_address_of_its_own() -> None:
    request = Request.to("https://accounts.livechat.com/v2/token")
    assert addressed_to(request, ON_HUB).url == "http://127.0.0.1:8000/v2/token"


def test_whose_an_address_is() -> None:
    assert accounts_origin(LIVE.list_chats_url) == LIVE.accounts_url
    assert accounts_origin(LIVE.token_url) == LIVE.accounts_url
    assert accounts_origin(SANDBOX.list_chats_url) == SANDBOX.accounts_url
    assert accounts_origin("https://evil.example/") == "https://evil.example"
    assert accounts_origin("nonsense") == ""


# --- For the browser ----------------------------------------------------------------------------

AUTHORIZE = "https://accounts.livechat.com/?response_type=code&client_id=0123&state=a%20b"


@pytest.mark.parametrize(
    ("platform", "link"),
    [
        (SANDBOX, "http://127.0.0.1:8000/?response_type=code&client_id=0123&state=a+b"),
        (ON_HUB, "/user/mia/proxy/8000/?response_type=code&client_id=0123&state=a+b"),
        (LIVE, "https://accounts.livechat.com/?response_type=code&client_id=0123&state=a+b"),
    ],
)
def test_the_authorization_page_is_for_the_browser(platform: Platform, link: str) -> None:
    assert is_for_browser(Request.to(AUTHORIZE), platform) == link
    signin = Request.to(AUTHORIZE.replace("/?", "/signin?"))
    assert is_for_browser(signin, platform) == link.replace("/?", "/signin?")
    assert (
        is_for_browser(Request.to("https://accounts.livechat.com"), platform)
        == link.partition("?")[0]
    )


@pytest.mark.parametrize(
    "request_",
    [
        Request.to("https://accounts.livechat.com/v2/info"),
        Request.to("https://accounts.livechat.com/", method="POST"),
        Request.to("https://api.livechatinc.com/"),
        Request.to("https://evil.example/?response_type=code"),
    ],
)
def test_what_a_program_sends_is_not(request_: Request) -> None:
    assert is_for_browser(request_, LIVE) is None


def test_a_link_gets_public_values_and_no_secrets() -> None:
    vault = Vault()
    vault.put("client_id", "0" * 32)
    vault.put("client_secret", "not-a-real-secret")
    url = "https://accounts.livechat.com/"
    query = (("client_id", "{{client_id}}"), ("x", "{{client_secret}}"), ("r", "{{redirect_uri}}"))
    link = is_for_browser(Request(url=url, query=query), SANDBOX, vault)
    assert link is not None
    assert f"client_id={'0' * 32}" in link
    assert "not-a-real-secret" not in link
