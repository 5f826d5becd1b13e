"""Accounts are read, and sessions ended."""

import requests

from lc_tutorial.errors.explaining.explanation import Known
from tests.unit.errors.scene import NEVER_ISSUED, Scene
from tests.unit.errors.table.row import Row


def ask(scene: Scene, path: str, token: str = "", method: str = "GET") -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{scene.platform.accounts_url}/v2/accounts{path}"
    return requests.request(method, url, headers=headers, timeout=9)


ACCOUNTS = [
    Row(
        "no header",
        lambda s: ask(s, "/me"),
        "401 unauthorized",
        Known("The request had no Authorization header."),
        "Bearer",
    ),
    Row(
        "a token that nobody issued",
        lambda s: ask(s, "/me", NEVER_ISSUED),
        "401 unauthorized",
        Known("The sandbox knows no such token"),
        "Get a new code in step 2",
    ),
    Row(
        "without the scope for one's own",
        lambda s: ask(s, "/me", str(s.token.access_token)),
        "403 access_denied",
        Known("The token lacks accounts--my:ro, or accounts--all:ro, which contains it. It holds"),
        "Add the scope to the app in the Console",
    ),
    Row(
        "without the scope for all",
        lambda s: ask(s, "", str(s.token.access_token)),
        "403 access_denied",
        Known("The token lacks accounts--all:ro, which it takes to read of others."),
        "Add the scope to the app in the Console",
    ),
    Row(
        "an id that is none",
        lambda s: ask(s, "/someone@example.com", str(s.token.access_token)),
        "422 invalid_request",
        Known("What stands in the address for the account's id is no UUID."),
        "Write me for the token's own account",
    ),
    Row(
        "another method",
        lambda s: ask(s, "/me", str(s.token.access_token), "POST"),
        "405 invalid_request",
        Known("The request was a POST: this address takes GET, PATCH, DELETE."),
        "Send it as that.",
    ),
]
