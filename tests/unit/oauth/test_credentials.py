"""What the Console shows, copied well and badly."""

from collections.abc import Iterator

import pytest

from lc_tutorial import masking, memory
from lc_tutorial.errors import CredentialsError, InputError, RedirectUriError
from lc_tutorial.oauth.credentials import check_credentials
from lc_tutorial.oauth.redirect_uris import check_redirect_uri
from lc_tutorial.pasting import Kind, stand_in
from lc_tutorial.platforms.platform import LIVE, Platform, SandboxLogin

ID = "0123456789abcdef0123456789abcdef"
SECRET = "not-a-real-secret"
URI = "http://127.0.0.1:8377/callback"

SANDBOX = Platform(
    name="sandbox",
    authorization_url="http://127.0.0.1:9000/",
    console_url="http://127.0.0.1:9000/console/",
    accounts_url="http://127.0.0.1:9000",
    api_url="http://127.0.0.1:9000",
    login=SandboxLogin("mia@example.com", "not-a-real-password", 8377),
)


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    masking.forget_all()
    yield
    masking.forget_all()


def problem(client_id: str = ID, secret: str = SECRET, uri: str = URI) -> InputError:
    with pytest.raises(InputError) as caught:
        check_credentials(client_id, secret, uri, platform=SANDBOX)
    error = caught.value
    assert error.what
    assert error.why
    assert error.remedy
    if not stand_in(secret, Kind.CLIENT_SECRET) and len(secret) > 7:
        assert secret not in str(error)
    return error


def test_good_credentials_are_accepted_and_the_secret_hides_itself() -> None:
    accepted = check_credentials(ID, SECRET, URI, platform=SANDBOX)
    assert accepted == (ID, SECRET, URI)
    assert SECRET not in repr(accepted)
    assert memory.kind_of(SECRET) == "client secret"
    assert memory.entered_redirect_uri(ID) == URI
    assert SECRET not in masking.mask(f"it is {SECRET}")


@pytest.mark.parametrize(
    "around", [" {} ", "\n{}\t", '"{}"', "'{}'", "`{}`", "“{}”", "\u200b{}\ufeff", ' "{}"\n']
)
def test_spaces_and_quotation_marks_around_are_dropped(around: str) -> None:
    accepted = check_credentials(
        around.format(ID), around.format(SECRET), around.format(URI), platform=LIVE
    )
    assert accepted == (ID, SECRET, URI)


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (("", SECRET, URI), "The Client Id is empty."),
        ((ID, " ", URI), "The Client Secret is empty."),
        (("", "", URI), "The Client Id and Client Secret are empty."),
        (("", "", ""), "The Client Id, Client Secret and redirect URI are empty."),
    ],
)
def test_empty_fields_are_all_named(values: tuple[str, str, str], what: str) -> None:
    error = problem(*values)
    assert isinstance(error, CredentialsError)
    assert error.what == what


def test_an_empty_redirect_uri_is_a_redirect_uri_error() -> None:
    assert isinstance(problem(uri=""), RedirectUriError)


@pytest.mark.parametrize("hidden", ["******", "••••••••", "dal:••••••••", "...", "Qm9n…"])
def test_a_hidden_secret_is_recognised(hidden: str) -> None:
    error = problem(secret=hidden)
    assert "dots or asterisks" in error.what
    assert "stand for something hidden" in error.why
    assert "Generate a new secret" in error.remedy


def test_a_hidden_id_is_recognised() -> None:
    assert "Client Id has dots" in problem(client_id="••••••••").what


def test_swapped_fields_are_recognised() -> None:
    assert problem(client_id=SECRET, secret=ID).remedy == "Swap the two."


def test_one_value_pasted_twice_is_recognised() -> None:
    assert "pasted twice" in problem(secret=ID).why
    assert "pasted twice" in problem(client_id=SECRET).why


@pytest.mark.parametrize(
    ("secret", "what"),
    [
        (ID[:-1], "The Client Secret is a part of the Client Id."),
        (ID[1:], "The Client Secret is a part of the Client Id."),
        (ID[4:12].upper(), "The Client Secret is a part of the Client Id."),
        ("fedcba9876543210" * 2, None),
        (("fedcba9876543210" * 2)[:31], "The Client Secret is no secret."),
        (("FEDCBA9876543210" * 2)[:24], "The Client Secret is no secret."),
        (SECRET[:-1], None),
    ],
)
def test_a_client_id_that_was_cut_is_no_secret(secret: str, what: str | None) -> None:
    if what is None:
        assert check_credentials(ID, secret, URI, platform=SANDBOX).client_secret == secret
    else:
        assert problem(secret=secret).what == what


@pytest.mark.parametrize(
    ("client_id", "secret", "what"),
    [(URI, SECRET, "The Client Id is an address."), (ID, URI, "The Client Secret is an address.")],
)
def test_an_address_in_another_field_is_recognised(client_id: str, secret: str, what: str) -> None:
    assert problem(client_id, secret).what == what


def test_an_id_in_the_place_of_the_address_is_recognised() -> None:
    assert problem(uri=ID[::-1]).what == "The redirect URI is a Client Id."


@pytest.mark.parametrize(
    ("client_id", "why"),
    [
        (ID[:-1], "It has 31 characters, and an id has 32: part of it is missing."),
        (ID + "0", "It has 33 characters, and an id has 32."),
        ("CLIENT_ID_HERE", "It is a placeholder"),
        ("[CLIENT_ID]", "It is a placeholder"),
        ("yourClientId", "It is a placeholder"),
        (":client_id", "It is a placeholder"),
        ("«client_id»", "It is a placeholder"),
        ("client_secret=not-a-real-one", "It is called client_secret"),
        (ID[:-1] + "g", "other characters"),
        (ID[:-1] + ">", "It has 31 characters"),
    ],
)
def test_what_is_wrong_with_an_id_is_said(client_id: str, why: str) -> None:
    assert why in problem(client_id).why


def test_another_apps_secret_in_the_place_of_the_id() -> None:
    memory.note_secret("not-a-real-other-secret")
    assert "the secret of an app" in problem("not-a-real-other-secret").why


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("not a real one", "a space or a line break"),
        ("YOUR_CLIENT_SECRET", "It is a placeholder"),
        ("{{client_secret}}", "It is a placeholder"),
        ("<secret>", "It is a placeholder"),
        ("not-a-réal-secret", "LATIN SMALL LETTER E WITH ACUTE"),
        ("refresh_token=not-a-real-one-00", "It is called refresh_token"),
    ],
)
def test_a_secret_with_more_in_it_or_none_at_all(secret: str, why: str) -> None:
    error = problem(secret=secret)
    assert isinstance(error, CredentialsError)
    assert why in error.why


@pytest.mark.parametrize(
    ("secret", "what", "why"),
    [
        *(
            (word, "This is no Client Secret.", "It is a placeholder")
            for word in (
                *("changeme", "CHANGE_ME", "change-me", "todo", "string", "secret", "mysecret"),
                *("your-secret", "<your_client_secret>", "password", "placeholder", "test"),
                *("YourClientSecret", "getpass()", "[client_secret]"),
            )
        ),
        *(
            (word, "This is no Client Secret.", "which is no value")
            for word in (
                "null",
                "undefined",
                "None",
                "NULL",
                "nil",
                "NaN",
                "N/A",
                "[object Object]",
            )
        ),
        ("test_d7MEp1YYo3", "This is no Client Secret.", "the documentation's samples"),
        ("true", "This is not the whole Client Secret.", "It has 4 characters"),
        (
            "dal:not_a_real_token_000",
            "This is not the Client Secret alone.",
            "It has dal: in front",
        ),
        (
            "DAL:not_a_real_token_000",
            "This is not the Client Secret alone.",
            "It has dal: in front",
        ),
        (
            "dal%3Anot_a_real_token_0",
            "This is not the Client Secret alone.",
            "It has dal: in front",
        ),
        ("Bearer fra-a:not_a_real_0", "This is not the Client Secret alone.", "It has fra-a: in"),
    ],
)
def test_what_stands_in_the_place_of_a_secret_is_none(secret: str, what: str, why: str) -> None:
    error = problem(secret=secret)
    assert error.what == what
    assert why in error.why


@pytest.mark.parametrize("end", ["%0A", "%0D%0A", "%20", "%250A", "%E2%80%8B", "\\n", "\\r\\n"])
def test_an_encoded_end_of_a_line_is_no_part_of_a_value(end: str) -> None:
    accepted = check_credentials(ID + end, SECRET + end, URI + end, platform=SANDBOX)
    assert accepted == (ID, SECRET, URI)


@pytest.mark.parametrize(
    "around", ["{}|", "| {} |", "- {}", "* {}", "1. {}", "> {}", ">> {}", "{}("]
)
def test_marks_of_lists_tables_and_mails_are_taken_off(around: str) -> None:
    assert check_credentials(ID, SECRET, around.format(URI), platform=SANDBOX).redirect_uri == URI


@pytest.mark.parametrize(
    ("client_id", "why"),
    [
        ("null", "It says null, which is no value"),
        ("changeme", "It is a placeholder"),
        ("dal:not_a_real_token_000", "It has dal: in front, as codes and tokens have"),
        ("9cbf3a968289727cb3cdfe83ab1d9836", "the documentation's samples"),
    ],
)
def test_what_stands_in_the_place_of_an_id_is_none(client_id: str, why: str) -> None:
    assert why in problem(client_id).why


def test_a_code_in_the_place_of_the_secret() -> None:
    memory.note_code("dal:not_a_real_code_00000000000")
    error = problem(secret="dal:not_a_real_code_00000000000")
    assert error.what == "The Client Secret is the authorization code."


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("127.0.0.1:8377/callback", "not a whole address"),
        ("://127.0.0.1/", "not a whole address"),
        ("http://", "names no host"),
        ("http:///callback", "names no host"),
        ("http://127.0.0.1:port/", "can't be read"),
        ("http://127.0.0.1:99999/", "can't be read"),
        ("http://[::1/", "can't be read"),
        ("my_app://callback", "only with PKCE"),
        (f"{URI}?a=b", "query"),
        (f"{URI}?", "query"),
        (f"{URI}#top", "fragment"),
        (f"{URI}/../x", ".."),
        (f"{URI}/%2e%2E/x", ".."),
        (f"{URI}/%252e%252e/x", ".."),
        (f"{URI}/..%5cx", ".."),
        ("http://*.example.com/", "no patterns"),
        ("http://me@example.com/", "user name"),
        ("http://exam ple.com/", "space"),
        *((f"{URI}{between}https://example.com/", "several addresses") for between in ",;|  \n"),
        (URI + URI, "several addresses"),
        (f"http://{URI}", "stands in front twice"),
        (f"https://{URI}", "stands in front twice"),
        *(
            (URI.replace("http://", scheme), "nearly http://")
            for scheme in ("http:/", "http:", "http//", "http;//", "htp://", "hhttp://", "ttps://")
        ),
        ("http:\\\\127.0.0.1:8377\\callback", "nearly http://"),
        *((word, "which is no value") for word in ("null", "None", "undefined")),
        ("changeme", "It is a placeholder"),
        ("http://[your-host]:8377/callback", "a placeholder in it: [your-host]"),
        ("https://<your-domain>/callback", "a placeholder in it: <your-domain>"),
        ("YOUR_REDIRECT_URI", "It is a placeholder"),
        ("http://127.0.0.1\uff1a8377/callback", "can't be read"),
        ("http://127.0.0.1:6000/callback", "Browsers refuse to open port 6000"),
        ("http://localhost:6666/callback", "Browsers refuse to open port 6666"),
        ("http://[::1]:10080/callback", "Browsers refuse to open port 10080"),
        ("https://app.example:22/", "Browsers refuse to open port 22"),
    ],
)
def test_what_is_wrong_with_a_redirect_uri_is_said(uri: str, why: str) -> None:
    error = problem(uri=uri)
    assert isinstance(error, RedirectUriError)
    assert why in error.why


@pytest.mark.parametrize(
    "uri",
    [
        "http://livechat.com",
        "https://www.livechat.com/hello-again/",
        "http://localhost:3000",
        "http://[::1]:8377/callback",
        "https://hub.example/user/mia/proxy/8377/callback",
        "https://hub.example/user/mia/proxy/6000/callback",
        "http://127.0.0.1:6001/callback",
        "https://example.com/a..b/%20c",
    ],
)
def test_a_good_redirect_uri_passes(uri: str) -> None:
    check_redirect_uri(uri)


@pytest.mark.parametrize(
    ("uri", "platform"),
    [
        ("http://127.0.0.1:9000/", SANDBOX),
        ("http://127.0.0.1:9000/console/apps/1", SANDBOX),
        ("http://localhost:9000/callback", SANDBOX),
        ("https://hub.example/user/mia/proxy/9000/console/", SANDBOX),
        ("https://platform.text.com/console/apps", LIVE),
        ("https://accounts.livechat.com", LIVE),
    ],
)
def test_the_platforms_own_address_is_not_the_apps(uri: str, platform: Platform) -> None:
    with pytest.raises(RedirectUriError, match="address of the platform itself"):
        check_credentials(ID, SECRET, uri, platform=platform)
