"""What samples write in the place of one's own values."""

import pytest

from lc_tutorial.lab.importing.placeholders import replaced
from lc_tutorial.lab.names import name_of

#: From the samples of livechat-public-docs, and the page "Authorization in practice".
KNOWN = [
    ("<your_access_token>", "access_token"),
    ("<access_token>", "access_token"),
    ("<ACCESS_TOKEN>", "access_token"),
    ("<access_token|refresh token>", "access_token"),
    ("<livechat-access-token>", "access_token"),
    ("<token>", "access_token"),
    ("<your_personal_access_token>", "personal_access_token"),
    ("<your_PAT>", "personal_access_token"),
    ("<PAT>", "personal_access_token"),
    ("<your_username>", "account_id"),
    ("<account_id>", "account_id"),
    ("<YOUR_CODE>", "code"),
    ("<code>", "code"),
    ("YOUR_CODE_HERE", "code"),
    ("YOUR_CODE", "code"),
    ("<YOUR_CLIENT_ID>", "client_id"),
    ("<your_app_client_id>", "client_id"),
    ("<CLIENT_ID_OF_YOUR_APP>", "client_id"),
    ("CLIENT_ID_HERE>", "client_id"),
    ("YOUR_ID_HERE", "client_id"),
    ("your_client_id", "client_id"),
    ("<YOUR_CLIENT_SECRET>", "client_secret"),
    ("YOUR_SECRET_HERE", "client_secret"),
    ("<YOUR_REDIRECT_URI>", "redirect_uri"),
    ("<your_app_redirect_uri>", "redirect_uri"),
    ("<URI_YOU_DEFINED_IN_DEVELOPER_CONSOLE>", "redirect_uri"),
    ("REDIRECT_URI_HERE>", "redirect_uri"),
    ("YOUR_redirect_HERE", "redirect_uri"),
    ("<customer_access_token>", "customer_access_token"),
    ("<ENTITY_ID_OF_YOUR_CUSTOMER>", "entity_id"),
    ("<organization_id>", "organization_id"),
    ("{{accessToken}}", "access_token"),
    ("{{ client_id }}", "client_id"),
    ("{{{client_id}}}", "client_id"),
    ("{{$access_token}}", "access_token"),
    ("{{token}}", "access_token"),
    ("{CLIENT_ID}", "client_id"),
    ("{client_id}", "client_id"),
    ("[CLIENT_ID]", "client_id"),
    ("[[client_id]]", "client_id"),
    ("[your access token]", "access_token"),
    ("<<client_id>>", "client_id"),
    ("<{client_id}>", "client_id"),
    ("(CLIENT_ID)", "client_id"),
    ("«client_id»", "client_id"),
    ("‹client_id›", "client_id"),
    ("${CLIENT_ID}", "client_id"),
    ("${accessToken}", "access_token"),
    ("$CLIENT_ID", "client_id"),
    ("#{client_id}", "client_id"),
    ("@{client_id}", "client_id"),
    ("%CLIENT_ID%", "client_id"),
    ("__CLIENT_ID__", "client_id"),
    (":client_id", "client_id"),
    ("yourClientId", "client_id"),
    ("YourAccessToken", "access_token"),
    ("your-client-id", "client_id"),
    ("CLIENT-ID", "client_id"),
    ("{{Client-Id}}", "client_id"),
    ("ACCESS_TOKEN", "access_token"),
]
UNKNOWN = ["<action>", "<api_version>", "<license_id>", "<YOUR_API_TOKEN>", "<content-type>",
           "<email>", "YOUR_LICENSE_ID", "{{my variable}}", "<id>", "{license_id}", "[license_id]",
           "${LICENSE}", "«license_id»"]  # fmt: skip
NONE = ["<b>", "<br />", "<script>", "</p>", "your-newest", "XYOUR_CODE", "MY_ACCESS_TOKENS",
        "{{access_token}}", "{{anything}}", "a <b c> d".replace(" c", "="), "HTTP_POST",
        "2 < 3 > 1", "[true]", "{x}", "12:30", "$HOME", "100%", "a[token]", "x:token",
        "[{{client_id}}]", "%7Btoken%7D", "smile :token:"]  # fmt: skip


def found_in(text: str) -> tuple[str, dict[str, str | None]]:
    found: dict[str, str | None] = {}
    return replaced(text, found.__setitem__), found


@pytest.mark.parametrize(("placeholder", "name"), KNOWN)
@pytest.mark.parametrize("around", ["{}", "Bearer {}", '{{"x": "{}"}}', "a={}&b=1", "x/{}/y"])
def test_known_ones(placeholder: str, name: str, around: str) -> None:
    text = around.format(placeholder)
    assert found_in(text) == (around.format(f"{{{{{name}}}}}"), {placeholder: name})


@pytest.mark.parametrize("placeholder", UNKNOWN)
def test_unknown_ones_stay_and_are_told(placeholder: str) -> None:
    assert found_in(f"x/{placeholder}/y") == (f"x/{placeholder}/y", {placeholder: None})


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_one(text: str) -> None:
    assert found_in(text) == (text, {})


def test_several() -> None:
    text, found = found_in("<your_access_token> <your_access_token> <x_y>YOUR_CODE_HERE")
    assert text == "{{access_token}} {{access_token}} <x_y>{{code}}"
    assert found == {"<your_access_token>": "access_token", "<x_y>": None, "YOUR_CODE_HERE": "code"}


@pytest.mark.parametrize("word", ["id", "secret", "redirect"])
def test_short_words_mean_something_only_beside_your_and_here(word: str) -> None:
    assert name_of(word) is None
    assert name_of(f"YOUR_{word}_HERE") is not None
