"""Step 2's request, and the whole flow against the sandbox."""

import base64
import hashlib
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from lc_tutorial import memory, oauth
from lc_tutorial.errors import AuthorizationError, InputError, RedirectUriError
from lc_tutorial.masking import Secret
from lc_tutorial.oauth import (
    AuthorizationRequest,
    Pkce,
    build_authorization_url,
    check_leads_to,
    exchange,
    new_state,
    parse_redirect,
)
from lc_tutorial.platforms.platform import LIVE, Platform
from lc_tutorial.sandbox.learner.learner import Learner

ID = "0123456789abcdef0123456789abcdef"
URI = "http://127.0.0.1:8377/callback"
GOOD = (
    f"https://accounts.livechat.com/?response_type=code&client_id={ID}&redirect_uri={URI}&state=s"
)


def problem(url: str) -> InputError:
    with pytest.raises(InputError) as caught:
        AuthorizationRequest.from_url(url)
    return caught.value


def test_all_names_are_there() -> None:
    for name in oauth.__all__:
        assert hasattr(oauth, name)


def test_states_differ_and_fit_in_an_address() -> None:
    states = {new_state() for _ in range(50)}
    assert len(states) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", state) for state in states)


def test_a_pkce_challenge_is_the_hash_of_its_verifier() -> None:
    # The example of RFC 7636, appendix B, as a check of the test's own formula.
    def challenge(verifier: str) -> str:
        digest = hashlib.sha256(verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    example = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge(example) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    pkce = Pkce.new()
    assert re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", pkce.verifier)
    assert (pkce.challenge, pkce.method) == (challenge(pkce.verifier), "S256")
    assert pkce != Pkce.new()
    assert isinstance(pkce.verifier, Secret)
    assert str(pkce.verifier) not in repr(pkce)


def test_the_request_is_read_from_the_link() -> None:
    request = AuthorizationRequest.from_url(
        f"{GOOD}&scope=chats--all:ro,chats--my:ro&prompt=consent"
        f"&code_challenge={'x' * 43}&code_challenge_method=S256"
    )
    assert request == AuthorizationRequest(
        client_id=ID,
        redirect_uri=URI,
        state="s",
        scopes=frozenset({"chats--all:ro", "chats--my:ro"}),
        prompt="consent",
        code_challenge="x" * 43,
        code_challenge_method="S256",
    )
    assert memory.sent_request("s") == memory.SentRequest(ID, URI, request.scopes)


@pytest.mark.parametrize("separator", ["%20", "+", "%2C", ","])
def test_scopes_may_be_separated_by_commas_or_spaces(separator: str) -> None:
    request = AuthorizationRequest.from_url(f"{GOOD}&scope=a{separator}b")
    assert request.scopes == {"a", "b"}


def test_a_link_on_a_hub_begins_with_a_slash() -> None:
    query = GOOD.partition("?")[2]
    assert AuthorizationRequest.from_url(f"/user/mia/proxy/9000/?{query}").client_id == ID


@pytest.mark.parametrize("name", ["response_type", "client_id", "redirect_uri", "state"])
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_a_missing_parameter_is_named(name: str, how: str) -> None:
    replacement = "" if how == "absent" else rf"\1{name}="
    url = re.sub(rf"([?&]){name}=[^&]*", replacement or r"\1x=1", GOOD)
    error = problem(url)
    assert error.what == f"The link lacks {name}."
    assert error.why.startswith(f"{name} ")


def test_all_missing_parameters_are_named() -> None:
    error = problem("https://accounts.livechat.com/")
    assert error.what == "The link lacks response_type, client_id, redirect_uri and state."


@pytest.mark.parametrize(
    ("url", "what"),
    [
        (f"{GOOD}&state=t", "more than once: state"),
        (GOOD.replace("=code", "=token"), "response_type=token"),
        (GOOD.replace(ID, f"{ID}>"), "no Client Id"),
        (GOOD.replace("&", "\n &"), "spaces or line breaks"),
        ("response_type=code", "no link"),
        ("", "no link"),
        (GOOD.replace("//", "//[your-host]"), "can't be read"),
        (GOOD.replace("//", "//a\uff1a443"), "can't be read"),
        (f"{GOOD}\u200b", "can't be used"),
        (GOOD.replace(ID, "YOUR_CLIENT_ID"), "no Client Id"),
    ],
)
def test_a_wrong_link_is_refused(url: str, what: str) -> None:
    error = problem(url)
    assert what in error.what
    assert error.remedy


@pytest.mark.parametrize(
    ("parameters", "what", "remedy"),
    [
        (f"&state={quote(repr(len))}", "state in the link is no text.", "round brackets"),
        ("&state=s&code_challenge_method=md5", "has no code_challenge_method md5", "S256"),
        ("&state=s&code_challenge=short", "The code_challenge in the link", "pkce.challenge"),
    ],
)
def test_what_can_t_be_a_parameter_is_refused(parameters: str, what: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        AuthorizationRequest.from_url(f"{GOOD.replace('&state=s', '')}{parameters}")
    assert what in caught.value.what
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(("name", "value"), [("client_id", ID), ("redirect_uri", URI)])
def test_a_form_in_the_place_of_its_part_is_named(name: str, value: str) -> None:
    caught = problem(GOOD.replace(f"{name}={value}", f"{name}=A+form+for+the+Client+Id"))
    assert caught.what == f"{name} in the link is a text of several words."
    assert f"app.{name}" in caught.remedy


def test_what_is_no_text_is_no_link() -> None:
    with pytest.raises(InputError, match="This is no link, but a dict"):
        AuthorizationRequest.from_url({})  # type: ignore[arg-type]


def test_a_link_leads_to_the_platforms_page_and_nowhere_else(sandbox: Platform) -> None:
    page = sandbox.authorization_url
    for right in (page, page.replace("127.0.0.1", "localhost"), f"{sandbox.accounts_url}/signin"):
        check_leads_to(f"{right}?state=s", sandbox)
    for wrong in (sandbox.token_url, "https://accounts.livechat.com/", f"{page}console/"):
        with pytest.raises(InputError, match="does not lead to the authorization page"):
            check_leads_to(f"{wrong}?state=s", sandbox)


def test_a_wrong_redirect_uri_in_the_link_is_refused() -> None:
    assert isinstance(problem(GOOD.replace("/callback", "/..")), RedirectUriError)


def test_the_link_has_what_it_was_given() -> None:
    pkce = Pkce.new()
    url = build_authorization_url(
        LIVE,
        client_id=ID,
        redirect_uri=URI,
        state="s t&a",
        scope=["chats--all:ro", "chats--my:ro"],
        prompt="consent",
        pkce=pkce,
    )
    assert url.startswith("https://accounts.livechat.com/?response_type=code&")
    assert parse_qs(urlsplit(url).query) == {
        "response_type": ["code"],
        "client_id": [ID],
        "redirect_uri": [URI],
        "state": ["s t&a"],
        "scope": ["chats--all:ro,chats--my:ro"],
        "prompt": ["consent"],
        "code_challenge": [pkce.challenge],
        "code_challenge_method": ["S256"],
    }


def test_the_whole_flow_in_the_sandbox_with_pkce(sandbox: Platform) -> None:
    assert sandbox.login is not None
    learner = Learner(sandbox.accounts_url, sandbox.login.email, sandbox.login.password)
    app = learner.create_app("With a proof", redirect_uri=URI)
    app_is = {"client_id": app.client_id, "redirect_uri": app.redirect_uri}
    state, pkce = new_state(), Pkce.new()
    url = build_authorization_url(
        sandbox, **app_is, state=state, scope="chats--all:ro", prompt="consent", pkce=pkce
    )
    authorization = parse_redirect(learner.authorize(url), state=state, strict=True)
    token = exchange(
        sandbox,
        **app_is,
        client_secret=app.client_secret,
        code=authorization.code,
        code_verifier=pkce.verifier,
    )
    assert token.scopes == {"chats--all:ro"}
    assert token.client_id == app.client_id
    assert not token.expired


def test_the_sandboxs_refusal_is_explained(sandbox: Platform) -> None:
    assert sandbox.login is not None
    learner = Learner(sandbox.accounts_url, sandbox.login.email, sandbox.login.password)
    app = learner.create_app("Elsewhere", redirect_uri=URI)
    other = URI.replace("127.0.0.1", "localhost")
    state = new_state()
    url = build_authorization_url(sandbox, client_id=app.client_id, redirect_uri=other, state=state)
    with pytest.raises(AuthorizationError, match=f"{other} does not fit the only entry"):
        parse_redirect(learner.authorize(url), state=state, strict=True)
