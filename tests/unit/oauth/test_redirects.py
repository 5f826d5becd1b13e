"""What comes back from the authorization page, in all the forms that people paste."""

import contextlib
import quopri
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st
from stand_in import StandIn

from lc_tutorial import masking, memory
from lc_tutorial.errors import AuthorizationError, RedirectError, TutorialError
from lc_tutorial.oauth.redirects import Authorization, parse_redirect

CODE = "dal:not_a_real_code_00000000000"
ENCODED = CODE.replace(":", "%3A")
STATE = "not-a-real-state_00"
URI = "http://127.0.0.1:8377/callback"


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    masking.forget_all()
    memory.note_request(STATE, memory.SentRequest("0" * 32, URI))
    yield
    masking.forget_all()


def problem(text: str, *, strict: bool = True) -> TutorialError:
    with pytest.raises(TutorialError) as caught:
        parse_redirect(text, state=STATE, strict=strict)
    error = caught.value
    assert CODE not in str(error)
    assert error.what
    assert error.why
    assert error.remedy
    return error


@pytest.mark.parametrize(
    "text",
    [
        f"{URI}?code={ENCODED}&state={STATE}",
        f"{URI}?code={CODE}&state={STATE}",
        f"{URI}/?state={STATE}&code={ENCODED}",
        f"{URI}?code={ENCODED.replace('%3A', '%3a')}&state={STATE}",
        f"{URI}?code={ENCODED.replace('%3A', '%253A')}&state={STATE}",
        f"https://www.livechat.com/hello-again/?code={ENCODED}&state={STATE}#top",
        f"code={ENCODED}&state={STATE}",
        f"?code={ENCODED}&state={STATE}",
        f"&state={STATE}&code={ENCODED}",
        f"code={CODE}",
        f"code={ENCODED}&amp;state={STATE}",
        f"{URI}?code={ENCODED}&amp;state={STATE}",
        CODE,
        ENCODED,
        f'  "{CODE}"\n',
        f"<{CODE}>",
        f"{URI}?code={ENCODED[:20]}\n{ENCODED[20:]}&state={STATE}",
    ],
)
def test_a_code_is_found(text: str) -> None:
    authorization = parse_redirect(text, state=STATE, strict=True)
    assert authorization == Authorization(masking.Secret(CODE), STATE, "state=" in text)
    assert CODE not in repr(authorization)


BAR = URI.removeprefix("http://")
QUERY = f"code={ENCODED}&state={STATE}"
NEUTRAL = QUERY.replace("%", "%25").replace("=", "%3D").replace("&", "%26")


@pytest.mark.parametrize(
    "text",
    [
        # What an address bar shows, and parts of an address.
        f"{BAR}?{QUERY}",
        f"{BAR}?state={STATE}&code={ENCODED}",
        f"localhost:8377/callback?{QUERY}",
        f"www.livechat.com/hello-again/?{QUERY}",
        f"/callback?{QUERY}",
        f"callback?{QUERY}",
        f"//{BAR}?{QUERY}",
        f"{URI}#{QUERY}",
        # Logs and the network tab.
        f"GET /callback?{QUERY} HTTP/1.1",
        f"GET /callback?{QUERY} HTTP/1.1\r\nHost: 127.0.0.1:8377\r\n",
        f'127.0.0.1 - - [28/Nov/2026 10:00:00] "GET /callback?{QUERY} HTTP/1.1" 404 -',
        f"Location: {URI}?{QUERY}",
        f"view-source:{URI}?{QUERY}",
        f"about:neterror?e=connectionFailure&u=http%3A//127.0.0.1%3A8377/callback%3F{NEUTRAL}&c=x",
        f'{{"code": "{CODE}", "state": "{STATE}"}}',
        # What stands around it, or behind it.
        f"\u2060{URI}?{QUERY}\u2060",
        f"\u2066{URI}?{QUERY}\u2069",
        f"{URI}?code={ENCODED}&state={STATE[:5]}\u200b{STATE[5:]}",
        *(f"{URI}?{QUERY}{end}" for end in (".", ")", ",", ";", ">", "]", '"', "\u201d", ").")),
        *(f"{URI}?{QUERY}{end}" for end in ("\u3002", "\uff09", "\u2026", "/", "%20", "~~", "_")),
        *(f"{URI}?state={STATE}&code={ENCODED}{end}" for end in (".", ")", "\u201d")),
        f"<{URI}?{QUERY}>",
        f"<{URI}?{QUERY}|{URI}?{QUERY}>",
        f"<{URI}?{QUERY.replace('&', '&amp;')}|{BAR}>",
        f"[{URI}]({URI}?{QUERY})",
        f"`{URI}?{QUERY}`",
        f'<a href="{URI}?{QUERY}">here</a>',
        f"<a class='x' href='{URI}?{QUERY}'>{URI}</a>",
        # From behind its name on, as a double click marks it; a query that was read.
        QUERY.removeprefix("code="),
        QUERY.removeprefix("code=").replace("%3A", ":"),
        f"{{'code': ['{CODE}'], 'state': ['{STATE}']}}",
        f"{BAR}?{QUERY}.",
        f"It says: {URI}?{QUERY} and stays there.",
        f"{URI}?code={ENCODED}&amp;amp;state={STATE}",
        f"{URI}?code={ENCODED}&state={STATE}&region=dal",
        # Twice.
        f"{URI}?{QUERY}{URI}?{QUERY}",
        f"{URI}?{QUERY}\n{URI}?{QUERY}",
        f"{BAR}?{QUERY}{BAR}?{QUERY}",
        f"{BAR}?{QUERY} {BAR}?{QUERY}",
    ],
)
def test_a_code_is_found_with_its_state_in_what_people_paste(text: str) -> None:
    authorization = parse_redirect(text, state=STATE, strict=True)
    assert authorization == Authorization(masking.Secret(CODE), STATE, state_came_back=True)


@pytest.mark.parametrize(
    "text", [CODE, f"code={ENCODED}", f"?code={ENCODED}", f"code: {CODE}", f'"code": "{CODE}",']
)
def test_a_code_without_a_state_is_taken_as_one_that_was_not_checked(text: str) -> None:
    authorization = parse_redirect(text, state=STATE, strict=True)
    assert authorization == Authorization(masking.Secret(CODE), STATE, state_came_back=False)


@pytest.mark.parametrize(
    "address",
    [
        "http://[your-host]:8377/callback",
        "http://127.0.0.1\uff1a8377/callback",
        "http://[::1/callback",
        "[your-host]:8377/callback",
    ],
)
def test_an_address_whose_host_can_t_be_read(address: str) -> None:
    error = problem(f"{address}?{QUERY}")
    assert isinstance(error, RedirectError)
    assert "Its host can't be read" in error.why


@pytest.mark.parametrize(
    "address", [f"{BAR}?", "/callback?", "GET /callback?", "accounts.livechat.com/ooops?"]
)
def test_an_error_in_a_part_of_an_address_is_explained(address: str) -> None:
    error = problem(f"{address}error=access_denied&state={STATE}")
    assert isinstance(error, AuthorizationError)
    assert error.name == "access_denied"


@pytest.mark.parametrize("second", [URI, f" {BAR}", BAR])
def test_two_codes_are_not_one(second: str) -> None:
    other = ENCODED.replace("code", "c0de")
    assert "more than one" in problem(f"{URI}?{QUERY}{second}?code={other}&state={STATE}").what


@pytest.mark.parametrize("address", [BAR, "/callback", URI, f"<{URI}>"])
def test_an_address_without_parameters_has_no_code(address: str) -> None:
    assert problem(address).what == "There is no code in this address."


@pytest.mark.parametrize("address", [f"{BAR}?", "/callback?"])
def test_a_part_of_an_address_must_bring_back_the_state_too(address: str) -> None:
    assert problem(f"{address}code={ENCODED}").what == "The state did not come back."
    assert "slipped" in problem(f"{address}code={ENCODED}&state=another").why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("dal:abc…", "It has dots in it, which stand for something hidden."),
        ("[REDACTED]", "which stands for something hidden."),
        ("<your_code>", "It is a placeholder"),
        ("YOUR_CODE_HERE", "It is a placeholder"),
        (f"{URI}?code=••••••••&state={STATE}", "It has dots in it"),
    ],
)
def test_what_stands_in_the_place_of_a_code_is_named(text: str, why: str) -> None:
    assert why in problem(text).why


@given(st.text(max_size=80))
@example("http://[")
@example("//[x]:1/?code=1")
def test_any_text_is_refused_or_read(text: str) -> None:
    with contextlib.suppress(TutorialError):
        parse_redirect(text, state=STATE)


def test_a_code_that_was_found_is_remembered_with_its_request() -> None:
    parse_redirect(CODE, state=STATE)
    seen = memory.seen_code(CODE)
    assert seen is not None
    assert seen.request == memory.SentRequest("0" * 32, URI)
    assert not seen.exchanged


@pytest.mark.parametrize("text", ["", "  \n", '""'])
def test_nothing_pasted(text: str) -> None:
    assert problem(text).what == "Nothing was pasted."


# --- state --------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [f"code={ENCODED}", f"code={ENCODED}&state="])
def test_an_address_without_the_state(query: str) -> None:
    assert problem(f"{URI}?{query}").what == "The state did not come back."


def test_the_state_of_an_older_link() -> None:
    memory.note_request("not-a-real-older-state", memory.SentRequest("0" * 32, URI))
    error = problem(f"{URI}?code={ENCODED}&state=not-a-real-older-state")
    assert "older link" in error.why
    assert "newest link" in error.remedy


@pytest.mark.parametrize("state", ["another", "z" * len(STATE), STATE[:3], "a" + STATE[1:-1], "ż"])
def test_a_strange_state(state: str) -> None:
    error = problem(f"{URI}?code={ENCODED}&state={state}")
    assert error.what == "This code answers another request."
    assert "somebody slipped you a code" in error.why


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (STATE[:8] + "…", "It has dots in it"),
        (STATE[:8] + "...", "It has dots in it"),
        (STATE[:8] + "••••", "It has dots in it"),
        (f"{STATE[:8]}…{STATE[-3:]}", "It has dots in it"),
        (f"{STATE[:8]}%E2%80%A6", "It has dots in it"),
        ("…", "It has dots in it"),
        ("******", "It has asterisks in it"),
        ("[REDACTED]", "It has the word REDACTED in it"),
        ("<your_state>", "It is a placeholder"),
        ("undefined", "It says undefined, which is no value"),
        (STATE[:-1], "a part of it is missing"),
        (STATE[4:], "a part of it is missing"),
        (STATE[:6] + STATE[9:], "a part of it is missing"),
        (STATE + "x", "something more in it"),
        (f"{STATE[:6]}={STATE[6:]}", "something more in it"),
        (STATE.upper(), "capital and small letters were changed"),
    ],
)
def test_a_state_that_was_damaged_on_its_way_is_nobody_elses(state: str, why: str) -> None:
    for address in (f"{URI}?", f"{BAR}?", ""):
        error = problem(f"{address}code={ENCODED}&state={state}")
        assert error.what == "This address did not come whole."
        assert why in error.why
        assert "slipped" not in error.why


@pytest.mark.parametrize("dots", ["…", "...", "••••"])
@pytest.mark.parametrize(
    "query", [f"code={ENCODED}{{}}", f"code={ENCODED}&st{{}}", f"code={ENCODED[:9]}{{}}te_00"]
)
def test_an_address_that_was_shortened_where_its_state_was(query: str, dots: str) -> None:
    error = problem(f"{URI}?{query.format(dots)}")
    assert error.what == "This address did not come whole."
    assert error.why == "It has dots in place of a part of it."


@pytest.mark.parametrize("dots", ["…", "...", "••••"])
def test_a_code_that_was_shortened_is_named(dots: str) -> None:
    for text in (f"{URI}?state={STATE}&code={ENCODED[:20]}{dots}", f"{ENCODED[:20]}{dots}"):
        assert problem(text, strict=False).why.startswith("It has dots in it")


MAILED = quopri.encodestring(f"{URI}?{QUERY}".encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        MAILED,
        MAILED.replace("\n", "\r\n"),
        MAILED.replace("=\n", ""),
        f"Here it is: {MAILED}",
        quopri.encodestring(f"{URI}?code={CODE}&state={STATE}".encode()).decode(),
        f"{URI}?{QUERY}".replace("=", "=3D"),
        f"{URI}?code={CODE[:12]}=\n{CODE[12:]}&state={STATE}",
        f"{URI}?code={CODE}&state={STATE[:6]}=\r\n{STATE[6:]}",
        f"code=3D{CODE}&state=3D{STATE}",
    ],
)
def test_an_address_as_a_mail_has_it_in_its_source_is_read(text: str) -> None:
    authorization = parse_redirect(text, state=STATE, strict=True)
    assert authorization == Authorization(masking.Secret(CODE), STATE, state_came_back=True)


@pytest.mark.parametrize("text", [f"code=3D{CODE}", f"=3D{CODE}", f"3D{CODE}"])
def test_a_code_alone_as_a_mail_has_it(text: str) -> None:
    assert parse_redirect(text, state=STATE, strict=True).code == CODE


def test_a_state_that_begins_like_quoted_printable_is_left_as_it_is() -> None:
    state = f"3D{STATE}"
    found = parse_redirect(f"{URI}?code={ENCODED}&state={state}", state=state, strict=True)
    assert found.state_came_back


def test_a_code_with_a_wrong_state_is_not_taken() -> None:
    problem(f"code={ENCODED}&state=wrong")
    assert memory.seen_code(CODE) is None


# --- errors in the address ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "name", "what"),
    [
        ("error=access_denied", "access_denied", "did not grant access"),
        (
            "oauth_exception=invalid_request&exception_details=invalid_redirect_uri",
            "invalid_request",
            "refused the redirect URI",
        ),
        (
            "oauth_exception=unauthorized_client&exception_details=client_id_not_found",
            "unauthorized_client",
            "doesn't know this Client Id",
        ),
        ("identity_exception=identity_lost", "identity_lost", "signed out"),
        ("oauth_exception=invalid_scope", "invalid_scope", "refused the scopes"),
        ("oauth_exception=something_new&exception_details=why", "something_new", "an error"),
        ("error=something_new", "something_new", "an error"),
    ],
)
@pytest.mark.parametrize("address", [f"{URI}?", "https://accounts.livechat.com/ooops?", "", "?"])
def test_an_error_in_the_address_is_explained(
    address: str, query: str, name: str, what: str
) -> None:
    error = problem(f"{address}{query}&state={STATE}")
    assert isinstance(error, AuthorizationError)
    assert error.name == name
    assert what in error.what


def test_a_redirect_uri_that_is_not_whitelisted_is_shown_as_it_was_sent() -> None:
    error = problem("oauth_exception=invalid_request&exception_details=invalid_redirect_uri")
    assert error.why == f"{URI} fits no entry in the whitelist of your app."
    for part in ("http or https", "localhost and 127.0.0.1", "port", "path"):
        assert part in error.remedy


def test_a_redirect_uri_other_than_in_the_form_is_told_by_what_differs() -> None:
    memory.note_redirect_uri("0" * 32, URI.replace("127.0.0.1", "localhost"))
    error = problem("oauth_exception=invalid_request&exception_details=invalid_redirect_uri")
    assert "in the form: the host is 127.0.0.1 in one and localhost in the other" in error.why
    assert "app.redirect_uri" in error.remedy
    memory.note_redirect_uri("0" * 32, URI)
    error = problem("oauth_exception=invalid_request&exception_details=invalid_redirect_uri")
    assert "in the form" not in error.why


def test_an_error_page_of_a_request_that_is_not_known() -> None:
    memory.forget_all()
    error = problem("oauth_exception=invalid_request&exception_details=invalid_redirect_uri")
    assert error.why.startswith("The redirect URI of the link fits no entry")


def test_an_error_in_the_fragment_of_the_address() -> None:
    assert isinstance(problem(f"{URI}#error=access_denied"), AuthorizationError)


# --- something else -----------------------------------------------------------------------------


def test_an_implicit_token_in_the_address() -> None:
    error = problem(f"{URI}#access_token={ENCODED}&token_type=Bearer&state={STATE}")
    assert "response_type=token" in error.why


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (URI, "There is no code in this address."),
        (f"{URI}?state={STATE}", "There is no code in this address."),
        (f"{URI}?code=&state={STATE}", "There is no code in this address."),
        (
            f"https://accounts.livechat.com/?response_type=code&client_id={'0' * 32}&state={STATE}",
            "This is the link to the authorization page, not what came back from it.",
        ),
        (f"{URI}?code={ENCODED}&code=x&state={STATE}", "There is more than one code"),
    ],
)
def test_an_address_without_one_code(text: str, what: str) -> None:
    assert what in problem(text).what


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (CODE[:-1], "26 characters follow the colon, 27 should"),
        (CODE + "0", "28 characters follow the colon, 27 should"),
        (CODE[4:], "no region in front"),
        ("dal:", "a colon, and letters"),
        ("nyc:not_a_real_code_00000000000", "a region such as dal"),
        ("hello", "a region such as dal"),
        ("dal:••••••••", "stand for something hidden"),
    ],
)
def test_a_code_of_another_form(text: str, why: str) -> None:
    assert why in problem(text).why


@pytest.mark.parametrize("code", [CODE[:-5], CODE + "000", CODE[4:], "fra-a:test_not_a_code"])
def test_the_live_platforms_codes_may_be_of_other_lengths(code: str) -> None:
    assert parse_redirect(code, state=STATE).code == code


@pytest.mark.parametrize("code", ["dal:short", "hello"])
def test_what_can_be_no_code_is_refused_on_the_live_platform_too(code: str) -> None:
    assert "not a whole code" in problem(code, strict=False).what


def test_the_beginning_of_a_code_that_came_before() -> None:
    parse_redirect(CODE, state=STATE)
    assert "the end is missing" in problem(CODE[:-4], strict=False).why


def test_other_secrets_in_the_codes_place_are_named() -> None:
    memory.note_secret("not-a-real-client-secret")
    with StandIn() as server:
        server.answers(
            200, {"access_token": "dal:not_a_real_token_0000000000", "refresh_token": "x" * 30,
                  "expires_in": 1},
        )  # fmt: skip
        memory.observe(requests.post(f"{server.origin}/v2/token", timeout=9))
    for text, kind in (
        ("dal:not_a_real_token_0000000000", "the access token"),
        ("dal%3Anot_a_real_token_0000000000", "the access token"),
        ("x" * 30, "the refresh token"),
        ("not-a-real-client-secret", "the Client Secret"),
        (STATE, "the state"),
        ("0" * 32, "a Client Id"),
        ("1" * 32, "a Client Id"),
    ):
        assert problem(text).what == f"What was pasted is {kind}, not a code."


def test_a_code_that_was_exchanged_or_is_old() -> None:
    seen = memory.note_code(CODE, STATE)
    seen.received_at = datetime.now(UTC) - timedelta(minutes=6)
    assert "It came 6 minutes ago" in problem(CODE).why
    seen.exchanged = True
    assert problem(CODE).what == "This code was exchanged before."


def test_a_problem_is_a_redirect_error() -> None:
    assert isinstance(problem("hello"), RedirectError)


# --- Whose refusal it is ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "what", "why"),
    [
        # Source: livechat-public-docs, authorization/troubleshooting: names that are in both lists.
        ("oauth_exception=access_denied", "did not grant access", "Likely the app is not for the"),
        ("identity_exception=access_denied", "may not sign in", "does not let it in"),
        ("oauth_exception=invalid_request", "understand the request", "A parameter of the link"),
        ("identity_exception=invalid_request", "read the sign-in", "The link itself is not to"),
        ("oauth_exception=server_error", "accounts service failed", "on its side"),
        ("identity_exception=server_error", "The login failed", "could not tell who signs in"),
        ("oauth_exception=missing_grant", "not given what it needs", "Likely Cancel was pressed"),
        ("error=missing_grant", "not given what it needs", "Likely Cancel was pressed"),
        ("identity_exception=unauthorized", "did not succeed", "e-mail or the password"),
        (
            "identity_exception=credentials_login_disabled",
            "can't sign in with a password",
            "another way",
        ),
    ],
)
def test_the_login_and_the_authorization_page_mean_two_things_by_one_name(
    address: str, what: str, why: str
) -> None:
    error = problem(f"https://accounts.livechat.com/ooops?{address}&state={STATE}")
    assert what in error.what
    assert why in error.why
    of_consent = ("oauth_exception=access_denied", "oauth_exception=missing_grant")
    assert ("Cancel" in error.why) == (address in (*of_consent, "error=missing_grant"))
