"""The authorization endpoint, sign-in, consent and the error page, over HTTP.

Sources, by page of livechat-public-docs: `oauth-authorization` and `troubleshooting` (both under
authorization).
"""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
import requests

from lc_tutorial.sandbox.learner.browser import Element, parse
from lc_tutorial.sandbox.world.records import Account, AuthorizationBlock
from tests.sandbox.accounts.test_redirect_uris import THE_ELEVEN, TRAVERSALS
from tests.sandbox.accounts.test_tokens import S256, VERIFIER
from tests.sandbox.conftest import CALLBACK, RunningSandbox

Fields = dict[str, Any]


def asking(block: AuthorizationBlock, **changes: Any) -> Fields:
    """The parameters of a good request; a change to None leaves the parameter out."""
    sent = {
        "response_type": "code",
        "client_id": block.client_id,
        "redirect_uri": block.redirect_uris[0] if block.redirect_uris else CALLBACK,
        "state": "a state",
        **changes,
    }
    return {name: value for name, value in sent.items() if value is not None}


class Visitor:
    """A browser: keeps cookies, sends forms back, and shows every redirect."""

    def __init__(self, sandbox: RunningSandbox, http: requests.Session) -> None:
        self._sandbox = sandbox
        self._http = http
        self.page = Element("#page", {})
        self.response = requests.Response()

    def get(self, path: str, params: Any = None) -> requests.Response:
        url = urljoin(self._sandbox.url + "/", path)
        return self._take(self._http.get(url, params=params, allow_redirects=False, timeout=10))

    def post(self, path: str, data: Any) -> requests.Response:
        url = urljoin(self._sandbox.url + "/", path)
        return self._take(self._http.post(url, data=data, allow_redirects=False, timeout=10))

    def follow(self) -> requests.Response:
        """Go where the last answer redirects to, as long as that is the sandbox itself."""
        while self.response.is_redirect and self.leads_to.startswith(self._sandbox.url + "/"):
            self.get(self.leads_to)
        return self.response

    @property
    def leads_to(self) -> str:
        return urljoin(self.response.url, self.response.headers["location"])

    @property
    def path(self) -> str:
        return urlsplit(self.response.url).path

    def send(self, action: str, **fields: str) -> requests.Response:
        """Send the form with that action, with what is hidden in it."""
        form = next(
            form
            for form in self.page.find_all("form")
            if urlsplit(form.get("action")).path.endswith(action)
        )
        hidden = {i.get("name"): i.get("value") for i in form.find_all("input", type="hidden")}
        return self.post(urljoin(self.response.url, form.get("action")), hidden | fields)

    def sign_in(self, account: Account) -> requests.Response:
        """Sign in at the login page that is open."""
        assert self.path == "/login"
        return self.send("login", email=account.email, password=account.password)

    def ask(self, block: AuthorizationBlock, **changes: Any) -> requests.Response:
        """Open an authorization URL and follow it."""
        self.get("/", asking(block, **changes))
        return self.follow()

    def _take(self, response: requests.Response) -> requests.Response:
        assert response.status_code < 500, response.text
        self.response = response
        if response.headers.get("content-type", "").startswith("text/html"):
            self.page = parse(response.text)
        return response


@pytest.fixture
def visitor(sandbox: RunningSandbox, http: requests.Session) -> Visitor:
    return Visitor(sandbox, http)


@pytest.fixture
def signed_in(sandbox: RunningSandbox, visitor: Visitor) -> Visitor:
    """A visitor signed in as the author of the ready-made app."""
    visitor.get("/login")
    visitor.sign_in(sandbox.author)
    return visitor


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def assert_error_page(visitor: Visitor, name: str, details: str = "") -> None:
    """Check where an authorization error leads. Source: troubleshooting, "Authorization errors"."""
    expected = {"oauth_exception": name}
    if details:
        expected["exception_details"] = details
    assert (visitor.path, query_of(visitor.response.url)) == ("/ooops", expected)
    assert visitor.response.status_code == 200
    shown = [code.text for code in visitor.page.find_all("code")]
    assert name in shown
    assert not details or details in shown


class TestCode:
    def test_the_author_signs_in_and_is_sent_back(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        # Source: oauth-authorization, "Step 2": as the author, one does not see the consent page
        visitor.ask(sandbox.block)
        assert visitor.path == "/login"
        response = visitor.sign_in(sandbox.author)
        assert response.status_code == 302
        location = response.headers["location"]
        assert location.startswith(f"{CALLBACK}?code=dal%3A")
        assert location.endswith("&state=a%20state")
        code = sandbox.world.grants.code(query_of(location)["code"])
        assert code is not None
        assert (code.account_id, code.redirect_uri) == (sandbox.author.id, CALLBACK)
        assert set(code.scopes) == set(sandbox.block.scopes)
        assert code.challenge is None

    def test_signed_in_already(self, sandbox: RunningSandbox, signed_in: Visitor) -> None:
        response = signed_in.get("/", asking(sandbox.block))
        assert response.status_code == 302
        assert response.headers["location"].startswith(f"{CALLBACK}?code=")

    def test_without_a_state_an_empty_one_comes_back(
        self, sandbox: RunningSandbox, signed_in: Visitor
    ) -> None:
        # Source: oauth-authorization, "Practical example": `&state=` at the end
        signed_in.get("/", asking(sandbox.block, state=None))
        assert signed_in.leads_to.endswith("&state=")

    @pytest.mark.parametrize(
        "state", ["", "a b&c=d#e?f/g%41+", "ünïcödé", "\r\nX: y", "\x00", "'\"<>", "x" * 2000]
    )
    def test_the_state_comes_back_unchanged(
        self, sandbox: RunningSandbox, signed_in: Visitor, state: str
    ) -> None:
        response = signed_in.get("/", asking(sandbox.block, state=state))
        assert query_of(response.headers["location"])["state"] == state
        assert "x" not in response.headers

    @pytest.mark.parametrize("path", ["/", "/signin"])
    def test_what_the_accounts_sdk_sends_is_accepted(
        self, sandbox: RunningSandbox, signed_in: Visitor, path: str
    ) -> None:
        # Source: livechat/accounts-sdk, src/sdk.js, authorizeURL
        sdk = {"organization_id": "", "prompt": "", "flow": "code", "utm_source": "x"}
        response = signed_in.get(path, asking(sandbox.block, **sdk))
        assert response.headers["location"].startswith(f"{CALLBACK}?code=")

    def test_a_longer_path_than_the_whitelisted_one(
        self, sandbox: RunningSandbox, signed_in: Visitor
    ) -> None:
        longer = f"{CALLBACK}/hello-again/"
        response = signed_in.get("/", asking(sandbox.block, redirect_uri=longer))
        assert response.headers["location"].startswith(f"{longer}?code=")

    def test_the_code_can_be_exchanged(self, sandbox: RunningSandbox, signed_in: Visitor) -> None:
        signed_in.get("/", asking(sandbox.block))
        answer = signed_in.post(
            "/v2/token",
            {
                "grant_type": "authorization_code",
                "code": query_of(signed_in.leads_to)["code"],
                "client_id": sandbox.block.client_id,
                "client_secret": sandbox.block.client_secret,
                "redirect_uri": CALLBACK,
            },
        )
        assert answer.status_code == 200

    @pytest.mark.parametrize("separator", [",", " ", ", "])
    def test_a_subset_of_the_scopes(
        self, sandbox: RunningSandbox, signed_in: Visitor, separator: str
    ) -> None:
        scope = separator.join(["chats--my:ro", "chats--access:ro"])
        signed_in.get("/", asking(sandbox.block, scope=scope))
        code = sandbox.world.grants.code(query_of(signed_in.leads_to)["code"])
        assert code is not None
        assert set(code.scopes) == {"chats--my:ro", "chats--access:ro"}


class TestRedirectUris:
    """Source: oauth-authorization, "Redirect URIs"."""

    @pytest.mark.parametrize(
        ("configured", "requested", "valid"),
        [pytest.param(*case[1:], id=f"example {case[0]}") for case in THE_ELEVEN],
    )
    @pytest.mark.parametrize("response_type", ["code", "token"])
    def test_the_eleven_examples(
        self,
        sandbox: RunningSandbox,
        signed_in: Visitor,
        response_type: str,
        configured: str,
        requested: str,
        valid: bool,
    ) -> None:
        block = sandbox.new_app(redirect_uris=(configured,))
        signed_in.ask(block, redirect_uri=requested, response_type=response_type)
        if valid:
            answer = "?code=" if response_type == "code" else "#access_token="
            assert signed_in.response.headers["location"].startswith(f"{requested}{answer}dal%3A")
        else:
            assert_error_page(signed_in, "invalid_request", "invalid_redirect_uri")

    @pytest.mark.parametrize("path", TRAVERSALS)
    def test_path_traversal(self, sandbox: RunningSandbox, signed_in: Visitor, path: str) -> None:
        block = sandbox.new_app(redirect_uris=("http://a.example/archives",))
        signed_in.ask(block, redirect_uri=f"http://a.example{path}")
        assert_error_page(signed_in, "invalid_request", "invalid_redirect_uri")

    @pytest.mark.parametrize("more", ["?size=20", "#paragraph", "-evil"])
    def test_query_fragment_and_a_longer_segment(
        self, sandbox: RunningSandbox, signed_in: Visitor, more: str
    ) -> None:
        block = sandbox.new_app(redirect_uris=("http://a.example/archives",))
        signed_in.ask(block, redirect_uri=f"http://a.example/archives{more}")
        assert_error_page(signed_in, "invalid_request", "invalid_redirect_uri")


class TestImplicit:
    @pytest.mark.parametrize("client_type", ["server_side", "javascript"])
    def test_the_token_comes_in_the_fragment(
        self, sandbox: RunningSandbox, signed_in: Visitor, client_type: str
    ) -> None:
        # Source: oauth-authorization, "Implicit grant": it works for both types
        block = sandbox.new_app(client_type)
        signed_in.get("/", asking(block, response_type="token"))
        before, _, fragment = signed_in.response.headers["location"].partition("#")
        assert before == CALLBACK
        assert fragment.startswith("access_token=dal%3A")
        answer = dict(parse_qsl(fragment, keep_blank_values=True))
        token = sandbox.world.grants.access_token(answer.pop("access_token"))
        assert token is not None
        assert token.refresh_token is None
        assert answer == {"token_type": "Bearer", "expires_in": "28800", "state": "a state"}


class TestPkce:
    """Source: oauth-authorization, "PKCE extension"."""

    @pytest.mark.parametrize(
        ("challenge", "method", "kept"),
        [
            (S256, "S256", "S256"),
            (S256, "s256", "S256"),
            (VERIFIER, "plain", "plain"),
            (VERIFIER, None, "plain"),
            (VERIFIER, "", "plain"),
            ("c" * 43, "plain", "plain"),
            ("c" * 128, "plain", "plain"),
            ("~._-" * 11, "plain", "plain"),
        ],
    )
    @pytest.mark.parametrize("client_type", ["server_side", "javascript"])
    def test_accepted_challenges(
        self,
        sandbox: RunningSandbox,
        signed_in: Visitor,
        client_type: str,
        challenge: str,
        method: str | None,
        kept: str,
    ) -> None:
        block = sandbox.new_app(client_type)
        signed_in.get("/", asking(block, code_challenge=challenge, code_challenge_method=method))
        code = sandbox.world.grants.code(query_of(signed_in.leads_to)["code"])
        assert code is not None
        assert code.challenge is not None
        assert (code.challenge.value, code.challenge.method) == (challenge, kept)

    @pytest.mark.parametrize(
        ("challenge", "method", "fits"),
        [
            (S256, "S256", True),
            (S256, "s256", True),
            (S256, "plain", False),
            (S256, None, False),
            (VERIFIER, "plain", True),
            (VERIFIER, None, True),
            (VERIFIER, "S256", False),
        ],
    )
    @pytest.mark.parametrize("client_type", ["server_side", "javascript"])
    def test_the_whole_way_to_the_token(
        self,
        sandbox: RunningSandbox,
        signed_in: Visitor,
        client_type: str,
        challenge: str,
        method: str | None,
        fits: bool,
    ) -> None:
        block = sandbox.new_app(client_type)
        signed_in.get("/", asking(block, code_challenge=challenge, code_challenge_method=method))
        fields = {
            "grant_type": "authorization_code",
            "code": query_of(signed_in.leads_to)["code"],
            "client_id": block.client_id,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        if client_type == "server_side":
            fields["client_secret"] = block.client_secret
        answer = signed_in.post("/v2/token", fields)
        if fits:
            assert answer.status_code == 200
        else:
            assert (answer.status_code, answer.json()["error"]) == (403, "invalid_grant")

    @pytest.mark.parametrize(
        ("challenge", "method"),
        [
            ("c" * 42, "plain"),
            ("c" * 129, "plain"),
            ("c" * 43 + "=", "S256"),
            ("c" * 43 + "+", "plain"),
            ("c" * 43 + "\n", "plain"),
            ("", "plain"),
            (S256, "S512"),
            (S256, "PLAIN"),
        ],
    )
    def test_refused_challenges(
        self, sandbox: RunningSandbox, visitor: Visitor, challenge: str, method: str
    ) -> None:
        visitor.ask(sandbox.block, code_challenge=challenge, code_challenge_method=method)
        assert_error_page(visitor, "invalid_request")

    def test_a_custom_scheme_needs_it(self, sandbox: RunningSandbox, signed_in: Visitor) -> None:
        block = sandbox.new_app("javascript", redirect_uris=("my_app://callback",))
        signed_in.get("/", asking(block, code_challenge=S256, code_challenge_method="S256"))
        location = signed_in.response.headers["location"]
        assert location.startswith("my_app://callback?code=dal%3A")

    @pytest.mark.parametrize(
        ("client_type", "changes"),
        [
            ("server_side", {}),
            ("server_side", {"response_type": "token"}),
            ("javascript", {"response_type": "token", "code_challenge": S256}),
        ],
    )
    def test_a_custom_scheme_without_it(
        self, sandbox: RunningSandbox, visitor: Visitor, client_type: str, changes: Fields
    ) -> None:
        block = sandbox.new_app(client_type, redirect_uris=("my_app://callback",))
        visitor.ask(block, **changes)
        assert_error_page(visitor, "invalid_request", "invalid_redirect_uri")


REFUSED_REQUESTS = [
    (
        "no client id (troubleshooting: unauthorized_client)",
        {"client_id": None},
        "unauthorized_client",
        "client_id_not_found",
    ),
    (
        "wrong client id (troubleshooting: client_id_not_found)",
        {"client_id": "0" * 32},
        "unauthorized_client",
        "client_id_not_found",
    ),
    (
        "not whitelisted (troubleshooting: invalid_redirect_uri)",
        {"redirect_uri": "http://127.0.0.1:8377/other"},
        "invalid_request",
        "invalid_redirect_uri",
    ),
    ("no redirect URI", {"redirect_uri": None}, "invalid_request", "invalid_redirect_uri"),
    ("empty", {"redirect_uri": ""}, "invalid_request", "invalid_redirect_uri"),
    (
        "another host",
        {"redirect_uri": "http://evil.example/callback"},
        "invalid_request",
        "invalid_redirect_uri",
    ),
    (
        "the host as user name",
        {"redirect_uri": "http://127.0.0.1:8377@evil.example/callback"},
        "invalid_request",
        "invalid_redirect_uri",
    ),
    (
        "traversal (oauth-authorization, example 3)",
        {"redirect_uri": f"{CALLBACK}/../"},
        "invalid_request",
        "invalid_redirect_uri",
    ),
    (
        "a longer segment",
        {"redirect_uri": f"{CALLBACK}-evil"},
        "invalid_request",
        "invalid_redirect_uri",
    ),
    (
        "a line break",
        {"redirect_uri": f"{CALLBACK}\r\nX: y"},
        "invalid_request",
        "invalid_redirect_uri",
    ),
    (
        "response type that is not code or token (troubleshooting)",
        {"response_type": "id_token"},
        "unsupported_response_type",
        "",
    ),
    ("two response types", {"response_type": "code token"}, "unsupported_response_type", ""),
    ("no response type (assumed)", {"response_type": None}, "unsupported_response_type", ""),
    ("scope not found (troubleshooting)", {"scope": "chats:read"}, "invalid_scope", ""),
    ("scope that the app does not have", {"scope": "customers:rw"}, "invalid_scope", ""),
    (
        "a parameter twice (troubleshooting: invalid_request)",
        {"state": ["a", "b"]},
        "invalid_request",
        "",
    ),
    (
        "a redirect URI twice",
        {"redirect_uri": [CALLBACK, "http://evil.example"]},
        "invalid_request",
        "",
    ),
]


@pytest.mark.parametrize(
    ("changes", "name", "details"),
    [pytest.param(*case[1:], id=case[0]) for case in REFUSED_REQUESTS],
)
def test_refused_requests(
    sandbox: RunningSandbox, visitor: Visitor, changes: Fields, name: str, details: str
) -> None:
    visitor.ask(sandbox.block, **changes)
    assert_error_page(visitor, name, details)
    assert "evil.example" not in visitor.response.headers.get("content-security-policy", "")


def test_they_are_refused_at_each_step(sandbox: RunningSandbox, signed_in: Visitor) -> None:
    wrong = asking(sandbox.block, redirect_uri="http://evil.example/")
    for path in ("/signin", "/login", "/grant-access"):
        signed_in.get(path, wrong)
        signed_in.follow()
        assert_error_page(signed_in, "invalid_request", "invalid_redirect_uri")
    signed_in.get("/grant-access", asking(sandbox.block))
    hidden = signed_in.page.find("input", name="csrf")
    assert hidden is not None
    fields = {"csrf": hidden.get("value"), "decision": "allow"}
    for path in ("/login", "/grant-access"):
        signed_in.post(f"{path}?{urlencode(wrong)}", fields)
        assert signed_in.leads_to.startswith(f"{sandbox.url}/ooops?")


def test_too_many_parameters(visitor: Visitor) -> None:
    visitor.get("/", [(f"x{number}", "1") for number in range(200)])
    visitor.follow()
    assert_error_page(visitor, "invalid_request")


def test_an_app_without_a_redirect_uri(sandbox: RunningSandbox, visitor: Visitor) -> None:
    # Source: troubleshooting, "Exception details"
    visitor.ask(sandbox.new_app(redirect_uris=()))
    assert_error_page(visitor, "invalid_request", "redirect_uri_not_set")


def test_a_javascript_app_cannot_get_a_code_without_pkce(
    sandbox: RunningSandbox, visitor: Visitor
) -> None:
    # assumed: the name of the error
    visitor.ask(sandbox.new_app("javascript"))
    assert_error_page(visitor, "unsupported_response_type")


@pytest.mark.parametrize("more", [{}, {"response_type": "token"}, {"prompt": "consent"}])
def test_more_than_three_redirects_in_thirty_seconds(
    sandbox: RunningSandbox, signed_in: Visitor, more: Fields
) -> None:
    # Source: oauth-authorization, "Token limitations"
    for _ in range(3):
        assert signed_in.ask(sandbox.block).headers["location"].startswith(CALLBACK)
    signed_in.ask(sandbox.block, **more)
    if "prompt" in more:
        signed_in.send("grant-access", decision="allow")
        signed_in.follow()
    assert_error_page(signed_in, "invalid_request", "too_many_redirects")
    another = sandbox.new_app()
    assert signed_in.ask(another).headers["location"].startswith(CALLBACK)
    sandbox.world.clock.advance(31)
    assert signed_in.ask(sandbox.block).headers["location"].startswith(CALLBACK)


class TestPeople:
    def test_an_agent_of_the_same_organisation_is_not_asked_for_a_private_app(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        # Source: oauth-authorization, "Step 2"
        visitor.ask(sandbox.new_app())
        visitor.sign_in(sandbox.person("normal"))
        assert visitor.leads_to.startswith(f"{CALLBACK}?code=")

    def test_an_agent_cannot_give_what_takes_an_administrator(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        # Source: troubleshooting, "invalid_scope"
        visitor.ask(sandbox.block)
        visitor.sign_in(sandbox.person("normal"))
        visitor.follow()
        assert_error_page(visitor, "invalid_scope")
        assert "Owner or Admin" in visitor.page.text

    def test_an_administrator_can(self, sandbox: RunningSandbox, visitor: Visitor) -> None:
        visitor.ask(sandbox.block)
        visitor.sign_in(sandbox.person("administrator"))
        assert visitor.leads_to.startswith(f"{CALLBACK}?code=")

    def test_what_is_not_required_is_left_out_for_an_agent(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        # assumed
        sandbox.block.scopes["chats--all:ro"] = False
        visitor.ask(sandbox.block)
        visitor.sign_in(sandbox.person("normal"))
        code = sandbox.world.grants.code(query_of(visitor.leads_to)["code"])
        assert code is not None
        assert set(code.scopes) == {"chats--access:ro", "chats--my:ro"}

    def test_unless_it_is_asked_for_by_name(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        sandbox.block.scopes["chats--all:ro"] = False
        visitor.ask(sandbox.block, scope="chats--all:ro,chats--my:ro")
        visitor.sign_in(sandbox.person("normal"))
        visitor.follow()
        assert_error_page(visitor, "invalid_scope")

    def test_or_nothing_would_be_left(self, sandbox: RunningSandbox, visitor: Visitor) -> None:
        block = sandbox.new_app(scopes=("chats--all:ro",))
        block.scopes["chats--all:ro"] = False
        visitor.ask(block)
        visitor.sign_in(sandbox.person("normal"))
        visitor.follow()
        assert_error_page(visitor, "invalid_scope")

    def test_an_agent_can_give_a_part(self, sandbox: RunningSandbox, visitor: Visitor) -> None:
        visitor.ask(sandbox.block, scope="chats--my:ro")
        visitor.sign_in(sandbox.person("normal"))
        assert visitor.leads_to.startswith(f"{CALLBACK}?code=")

    @pytest.mark.parametrize(
        ("published", "installed", "who", "met"),
        [
            # assumed: all of it; see App.is_for
            (False, False, "author", "code"),
            (False, False, "colleague", "not installed"),
            (False, False, "stranger", "private to another organization"),
            (False, True, "author", "code"),
            (False, True, "colleague", "code"),
            (False, True, "stranger", "private to another organization"),
            (True, False, "author", "code"),
            (True, False, "colleague", "consent"),
            (True, False, "stranger", "consent"),
            (True, True, "colleague", "consent"),
            (True, True, "stranger", "consent"),
        ],
    )
    def test_whom_an_app_is_for(
        self,
        sandbox: RunningSandbox,
        visitor: Visitor,
        published: bool,
        installed: bool,
        who: str,
        met: str,
    ) -> None:
        sandbox.app.published, sandbox.app.installed = published, installed
        people = {
            "author": sandbox.author,
            "colleague": sandbox.person("administrator"),
            "stranger": sandbox.person("owner", elsewhere=True),
        }
        visitor.ask(sandbox.block)
        visitor.sign_in(people[who])
        visitor.follow()
        if met == "code":
            assert visitor.leads_to.startswith(f"{CALLBACK}?code=")
        elif met == "consent":
            assert visitor.path == "/grant-access"
        else:
            assert_error_page(visitor, "access_denied")
            assert met in visitor.page.text

    def test_who_allows_a_published_app_gives_it_their_own_organisations_chats(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        sandbox.app.published = True
        stranger = sandbox.person("owner", elsewhere=True)
        visitor.ask(sandbox.block)
        visitor.sign_in(stranger)
        visitor.follow()
        assert "The app was made at Fern & Filter." in visitor.page.text
        visitor.send("grant-access", decision="allow")
        token = visitor.post(
            "/v2/token",
            {
                "grant_type": "authorization_code",
                "code": query_of(visitor.leads_to)["code"],
                "client_id": sandbox.block.client_id,
                "client_secret": sandbox.block.client_secret,
                "redirect_uri": CALLBACK,
            },
        ).json()
        assert token["account_id"] == stranger.id
        assert token["organization_id"] == stranger.organization_id
        answer = requests.post(
            f"{sandbox.url}/v3.6/agent/action/list_chats",
            json={},
            headers={"Authorization": f"Bearer {token['access_token']}"},
            timeout=10,
        ).json()
        organization = sandbox.world.organizations[stranger.organization_id]
        emails = {agent.email for agent in organization.agents}
        users = [user for chat in answer["chats_summary"] for user in chat["users"]]
        agents = {user["id"] for user in users if user["type"] == "agent"}
        assert agents
        assert agents <= emails

    def test_who_cancels_gives_nothing(self, sandbox: RunningSandbox, visitor: Visitor) -> None:
        sandbox.app.published = True
        visitor.ask(sandbox.block)
        visitor.sign_in(sandbox.person("owner", elsewhere=True))
        visitor.follow()
        visitor.send("grant-access", decision="cancel")
        visitor.follow()
        assert_error_page(visitor, "missing_grant")
        assert sandbox.world.grants.issued() == ([], [], [])

    def test_a_published_app_asks_them(self, sandbox: RunningSandbox, visitor: Visitor) -> None:
        sandbox.app.published = True
        stranger = sandbox.person("owner", elsewhere=True)
        visitor.ask(sandbox.block)
        visitor.sign_in(stranger)
        visitor.follow()
        assert visitor.path == "/grant-access"
        visitor.send("grant-access", decision="allow")
        code = query_of(visitor.leads_to)["code"]
        assert code.startswith("fra:")
        # assumed: who said yes is not asked again for the same, but for more
        assert visitor.ask(sandbox.block).headers["location"].startswith(CALLBACK)
        sandbox.block.scopes["customers:ro"] = True
        visitor.ask(sandbox.block)
        assert visitor.path == "/grant-access"

    def test_a_published_app_does_not_ask_its_author(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        sandbox.app.published = True
        visitor.ask(sandbox.block)
        visitor.sign_in(sandbox.author)
        assert visitor.leads_to.startswith(f"{CALLBACK}?code=")

    def test_a_published_app_asks_its_own_organisation_too(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        sandbox.app.published = True
        visitor.ask(sandbox.block)
        visitor.sign_in(sandbox.person("administrator"))
        visitor.follow()
        assert visitor.path == "/grant-access"


class TestConsent:
    @pytest.fixture
    def consent(self, sandbox: RunningSandbox, signed_in: Visitor) -> Visitor:
        signed_in.ask(sandbox.block, prompt="consent")
        assert signed_in.path == "/grant-access"
        return signed_in

    def test_the_page(self, sandbox: RunningSandbox, consent: Visitor) -> None:
        # Source: oauth-authorization: `prompt=consent` shows it to the author as well
        text = consent.page.text
        assert "Allow List Chats to access your account?" in text
        for told in ("read any chats", "chats--all:ro", sandbox.author.name, CALLBACK):
            assert told in text
        policy = consent.response.headers["content-security-policy"]
        # A browser checks form-action against the redirect that answers the form, too.
        assert "form-action 'self' http://127.0.0.1:8377;" in policy

    def test_allow(self, consent: Visitor) -> None:
        consent.send("grant-access", decision="allow")
        assert consent.leads_to.startswith(f"{CALLBACK}?code=dal%3A")
        assert query_of(consent.leads_to)["state"] == "a state"

    @pytest.mark.parametrize("decision", ["cancel", "", "Allow"])
    def test_cancel(self, consent: Visitor, decision: str) -> None:
        # Source: troubleshooting, "missing_grant" (grants were rejected), and that all
        # authorization errors lead to the error page; assumed: that this one is meant by it
        consent.send("grant-access", decision=decision)
        consent.follow()
        assert_error_page(consent, "missing_grant")
        assert "You chose Cancel." in consent.page.text

    def test_nothing_is_granted_before_allow(
        self, sandbox: RunningSandbox, consent: Visitor
    ) -> None:
        assert not sandbox.world.grants.issued()[0]
        consent.send("grant-access", decision="cancel")
        assert not sandbox.world.grants.issued()[0]

    def test_an_app_without_scopes(self, sandbox: RunningSandbox, signed_in: Visitor) -> None:
        signed_in.ask(sandbox.new_app(scopes=()), prompt="consent")
        assert "asks for no scopes" in signed_in.page.text

    def test_using_another_account(self, sandbox: RunningSandbox, consent: Visitor) -> None:
        consent.send("logout")
        consent.follow()
        assert consent.path == "/login"
        consent.sign_in(sandbox.person("administrator"))
        consent.follow()
        assert sandbox.person("administrator").name in consent.page.text
        consent.send("grant-access", decision="allow")
        assert consent.leads_to.startswith(f"{CALLBACK}?code=")

    def test_only_who_is_signed_in_sees_it(self, sandbox: RunningSandbox, visitor: Visitor) -> None:
        visitor.get("/grant-access", asking(sandbox.block))
        visitor.follow()
        assert visitor.path == "/login"
        visitor.sign_in(sandbox.author)
        assert visitor.leads_to.startswith(f"{CALLBACK}?code=")

    def test_a_form_from_elsewhere_is_refused(
        self, sandbox: RunningSandbox, consent: Visitor
    ) -> None:
        here = consent.response.url
        for forged in ({"decision": "allow"}, {"decision": "allow", "csrf": "x"}):
            assert consent.post(here, forged).status_code == 403
        assert not sandbox.world.grants.issued()[0]

    def test_two_tabs(self, sandbox: RunningSandbox, consent: Visitor) -> None:
        first, first_url = consent.page, consent.response.url
        other = sandbox.new_app(redirect_uris=("http://127.0.0.1:9/other",))
        consent.ask(other, prompt="consent", state="second")
        consent.send("grant-access", decision="allow")
        assert consent.leads_to.startswith("http://127.0.0.1:9/other?code=")
        hidden = first.find("input", name="csrf")
        assert hidden is not None
        consent.post(first_url, {"csrf": hidden.get("value"), "decision": "allow"})
        assert consent.leads_to.startswith(f"{CALLBACK}?code=")


class TestLogin:
    def test_the_page(self, sandbox: RunningSandbox, visitor: Visitor) -> None:
        visitor.ask(sandbox.block)
        text = visitor.page.text
        assert "unofficial simulation" in text
        for account in sandbox.world.accounts.values():
            for told in (account.name, account.email, account.password):
                assert told in text
        for organization in sandbox.world.organizations.values():
            assert organization.name in text
        row = next(r for r in visitor.page.find_all("tr") if "author of this app" in r.text)
        assert sandbox.author.email in row.text
        assert "Owner" in row.text

    def test_a_button_beside_each_person_fills_in_both_fields(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        visitor.get("/login")
        buttons = list(visitor.page.find_all("button", **{"class": "secondary fill-in"}))
        assert {(b.get("data-email"), b.get("data-password")) for b in buttons} == {
            (a.email, a.password) for a in sandbox.world.accounts.values()
        }
        script = visitor.page.find("script")
        assert script is not None
        assert "data" in visitor.get(urljoin(visitor.response.url, script.get("src"))).text
        assert visitor.response.status_code == 200

    @pytest.mark.parametrize(
        ("email", "password"),
        [
            (None, "not-a-real-password"),
            (None, ""),
            ("nobody@example.com", None),
            ("", None),
            ("", ""),
            ("\x00", "\x00"),
            ("é" * 500, "😀"),
        ],
    )
    def test_a_wrong_password_stays_with_a_sentence(
        self, sandbox: RunningSandbox, visitor: Visitor, email: str | None, password: str | None
    ) -> None:
        # Source: troubleshooting: authentication errors redirect to the login page
        visitor.ask(sandbox.block)
        visitor.send(
            "login",
            email=sandbox.author.email if email is None else email,
            password=sandbox.author.password if password is None else password,
        )
        visitor.follow()
        assert visitor.path == "/login"
        assert query_of(visitor.response.url)["identity_exception"] == "unauthorized"
        assert "No account has this e-mail address with this password." in visitor.page.text
        visitor.sign_in(sandbox.author)
        assert visitor.leads_to.startswith(f"{CALLBACK}?code=")
        assert query_of(visitor.leads_to)["state"] == "a state"

    def test_several_wrong_passwords_in_a_row(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        visitor.ask(sandbox.block)
        for email in ("a@example.com", "b@example.com", sandbox.author.email):
            visitor.send("login", email=email, password="not-a-real-password")
            visitor.follow()
            assert query_of(visitor.response.url)["email"] == email
        visitor.sign_in(sandbox.author)
        assert visitor.leads_to.startswith(f"{CALLBACK}?code=")

    def test_the_address_that_was_typed_is_kept(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        visitor.get("/login")
        visitor.send("login", email="a@example.com", password="not-a-real-password")
        visitor.follow()
        field = visitor.page.find("input", name="email")
        assert field is not None
        assert field.get("value") == "a@example.com"
        assert "not-a-real-password" not in visitor.response.text + visitor.response.url

    def test_the_email_parameter_is_filled_in(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        # Source: livechat/accounts-sdk, email_hint
        visitor.ask(sandbox.block, email='"><script>')
        field = visitor.page.find("input", name="email")
        assert field is not None
        assert field.get("value") == '"><script>'

    def test_without_a_request_it_leads_to_the_console(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        visitor.get("/")
        visitor.follow()
        assert visitor.path == "/login"
        visitor.sign_in(sandbox.author)
        assert visitor.leads_to == f"{sandbox.url}/console/"
        visitor.get("/login")
        assert visitor.leads_to == f"{sandbox.url}/console/"

    def test_signing_in_changes_the_session(
        self, sandbox: RunningSandbox, visitor: Visitor, http: requests.Session
    ) -> None:
        visitor.get("/login")
        before = dict(http.cookies)
        visitor.sign_in(sandbox.author)
        after = dict(http.cookies)
        assert before.keys() == after.keys()
        assert before != after
        assert str(urlsplit(sandbox.url).port) in next(iter(after))
        cookie = visitor.response.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("invalid_request", "could not be read"),
            ("unauthorized", "No account has this e-mail address"),
            ("server_error", "accounts service failed"),
            ("access_denied", "may not sign in"),
            ("identity_lost", "You were signed out"),
            ("credentials_login_disabled", "cannot sign in with a password"),
            ("<script>", "could not be signed in"),
        ],
    )
    def test_each_identity_exception_is_explained(
        self, sandbox: RunningSandbox, visitor: Visitor, name: str, said: str
    ) -> None:
        # Source: troubleshooting, "Authentication errors"
        visitor.get("/login", {"identity_exception": name})
        alert = visitor.page.find(role="alert")
        assert alert is not None
        assert said in alert.text
        assert "<script>" not in alert.text

    def test_a_form_from_elsewhere_is_refused(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        author = sandbox.author
        visitor.get("/login")
        forged = {"email": author.email, "password": author.password}
        assert visitor.post("/login", forged).status_code == 403
        visitor.get("/", asking(sandbox.block))
        assert urlsplit(visitor.leads_to).path == "/login"

    def test_signing_out(self, sandbox: RunningSandbox, signed_in: Visitor) -> None:
        assert signed_in.get("/logout").status_code == 405
        assert signed_in.post("/logout", {}).status_code == 403
        signed_in.get("/ooops", {"oauth_exception": "invalid_scope"})
        signed_in.send("logout")
        assert signed_in.leads_to == f"{sandbox.url}/login"
        signed_in.ask(sandbox.block)
        assert signed_in.path == "/login"


class TestErrorPage:
    @pytest.mark.parametrize(
        ("name", "details", "said"),
        [
            ("unauthorized_client", "client_id_not_found", "No app has this client id"),
            ("invalid_request", "redirect_uri_not_set", "no redirect URI"),
            ("invalid_request", "invalid_redirect_uri", "not allowed"),
            ("invalid_request", "too_many_redirects", "half a minute"),
            ("invalid_request", "", "malformed"),
            ("unauthorized_client", "", "may not ask"),
            ("access_denied", "", "no access"),
            ("unsupported_response_type", "", "response_type"),
            ("invalid_scope", "", "scope"),
            ("missing_grant", "", "choose Allow"),
            ("server_error", "", "not your mistake"),
            ("temporarily_unavailable", "", "busy"),
            ("unheard_of", "", "Something went wrong"),
            ("", "", "Something went wrong"),
        ],
    )
    def test_each_error_is_explained(
        self, visitor: Visitor, name: str, details: str, said: str
    ) -> None:
        visitor.get("/ooops", {"oauth_exception": name, "exception_details": details})
        assert visitor.response.status_code == 200
        assert said in visitor.page.text

    def test_what_it_is_given_is_escaped(self, visitor: Visitor) -> None:
        evil = '"><script>alert(1)</script>'
        visitor.get("/ooops", {"oauth_exception": evil, "exception_details": evil})
        assert evil not in visitor.response.text
        assert "&lt;script&gt;" in visitor.response.text

    def test_the_sandbox_tells_what_differs(
        self, sandbox: RunningSandbox, visitor: Visitor
    ) -> None:
        visitor.ask(sandbox.block, redirect_uri="http://127.0.0.1:8378/callback")
        hint = visitor.page.find(id="hint")
        assert hint is not None
        assert "127.0.0.1:8378, not 127.0.0.1:8377" in hint.text
        visitor.get("/ooops", {"oauth_exception": "server_error"})
        assert visitor.page.find(id="hint") is None

    def test_trying_again(self, sandbox: RunningSandbox, signed_in: Visitor) -> None:
        signed_in.ask(sandbox.block, redirect_uri=f"{CALLBACK}2")
        sandbox.block.redirect_uris.append(f"{CALLBACK}2")
        link = next(a for a in signed_in.page.find_all("a") if a.text == "Try again")
        signed_in.get(urljoin(signed_in.response.url, link.get("href")))
        assert signed_in.leads_to.startswith(f"{CALLBACK}2?code=")
        assert query_of(signed_in.leads_to)["state"] == "a state"


def test_all_ways_among_our_own_pages_are_relative(
    sandbox: RunningSandbox, visitor: Visitor
) -> None:
    """Behind a proxy that strips a prefix, anything else leads out of it."""
    block = sandbox.block
    ways = [
        visitor.get("/").headers["location"],
        visitor.get("/", asking(block)).headers["location"],
        visitor.get("/signin", asking(block, scope="no:such")).headers["location"],
    ]

    def note() -> None:
        for element in visitor.page:
            ways.extend(filter(None, map(element.get, ("href", "src", "action"))))

    visitor.follow()
    note()
    visitor.ask(block, prompt="consent")
    note()
    ways.append(visitor.sign_in(sandbox.author).headers["location"])
    visitor.follow()
    note()
    ways.append(visitor.send("grant-access", decision="cancel").headers["location"])
    visitor.follow()
    note()
    ways.append(visitor.send("logout").headers["location"])
    assert len(ways) > 20
    for way in ways:
        assert not way.startswith("/"), way
        assert not urlsplit(way).scheme, way


def test_the_whole_way_behind_a_proxy(sandbox: RunningSandbox, http: requests.Session) -> None:
    prefix = "/user/ada/proxy/8888"
    http.headers["X-Forwarded-Context"] = prefix
    response = http.get(f"{sandbox.url}/login", timeout=10)
    assert f"path={prefix}/;" in response.headers["set-cookie"].lower()


@pytest.mark.parametrize("path", ["/", "/login", "/grant-access", "/ooops"])
@pytest.mark.parametrize(
    "query",
    [
        "%",
        "%ff=%fe",
        "a=%00&client_id=%00",
        "&&&===",
        "client_id=%0d%0aSet-Cookie:a=b",
        "redirect_uri=javascript:alert(1)&client_id=x&response_type=code",
        "identity_exception=%0d%0aX:y&email=" + "a" * 5000,
        "oauth_exception=" + "a" * 20_000,
        "client_id=" + "%F0%9F%98%80" * 300,
    ],
)
def test_strange_queries_do_no_harm(
    sandbox: RunningSandbox, http: requests.Session, path: str, query: str
) -> None:
    response = http.get(f"{sandbox.url}{path}?{query}", timeout=10)
    assert response.status_code in (200, 302)
    assert response.url.startswith(sandbox.url)
    assert "x" not in response.headers
    assert '="javascript:' not in response.text


@pytest.mark.parametrize("path", ["/login", "/grant-access", "/logout"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\xff\xfe", 400),
        (b"csrf=" + b"a" * 100_000, 413),
        (b"", 403),
        (b"csrf=%ff", 403),
        (b'{"csrf": "a"}', 403),
    ],
)
def test_strange_forms_get_a_page(
    sandbox: RunningSandbox, signed_in: Visitor, path: str, body: bytes, status: int
) -> None:
    query = f"?{urlencode(asking(sandbox.block))}" if path == "/grant-access" else ""
    signed_in.post(path + query, body)
    assert signed_in.response.status_code == status
    assert signed_in.page.find("h1") is not None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/"),
        ("DELETE", "/"),
        ("PUT", "/login"),
        ("DELETE", "/grant-access"),
        ("POST", "/ooops"),
    ],
)
def test_other_methods(
    sandbox: RunningSandbox, http: requests.Session, method: str, path: str
) -> None:
    assert http.request(method, sandbox.url + path, timeout=10).status_code == 405


def test_no_page_can_be_framed_or_cached(sandbox: RunningSandbox, visitor: Visitor) -> None:
    for path in ("/login", "/ooops"):
        headers = visitor.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "script-src 'self'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
