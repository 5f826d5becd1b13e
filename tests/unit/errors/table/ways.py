"""How some of the refusals are brought about, where it takes more than a request."""

import gzip
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import requests

from lc_tutorial.oauth import Pkce
from tests.unit.errors.scene import Scene

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
CUSTOMER = "/v2/customer/token"


def after(value: Any, _done: object) -> Any:
    """A value that was made before something was done."""
    return value


def compressed(fields: dict[str, str]) -> bytes:
    return gzip.compress(urlencode(fields).encode())


def renamed(fields: dict[str, Any], name: str, written: str) -> dict[str, Any]:
    return {written if each == name else each: value for each, value in fields.items()}


def exchanged(s: Scene) -> dict[str, Any]:
    fields = s.good()
    assert s.post(fields).ok
    return fields


def later(s: Scene, fields: dict[str, Any]) -> dict[str, Any]:
    s.control.advance(400)
    return fields


def with_challenge(s: Scene) -> dict[str, Any]:
    pkce = Pkce.new()
    return s.good(code=s.code(pkce=pkce), code_verifier=pkce.challenge)


def spent(s: Scene) -> dict[str, Any]:
    fields = s.refreshing(
        s.javascript_token, client_id=s.javascript_app.client_id, client_secret=None
    )
    assert s.post(fields).ok
    return fields


def before_reset(s: Scene) -> str:
    value = str(s.token.access_token)
    s.control.reset()
    return value


def customer_revoked(s: Scene) -> str:
    value = str(s.customer["access_token"])
    assert s.send("DELETE", "/v2/customer/token", value).ok
    return value


def without_customers_own(s: Scene) -> requests.Response:
    poor = Scene(s.platform, ("chats--all:ro",))
    return poor.post(poor.wanted(), path=CUSTOMER, token=poor.token.access_token)


def after_customer(s: Scene, do: Callable[[], Any], action: str = "list_chats") -> Any:
    _ = s.customer
    do()
    return s.chat(action)


def page_id(s: Scene) -> str:
    answer: dict[str, str] = s.call(body={"limit": 1}).json()
    return answer["next_page_id"]


def chat_id(s: Scene) -> str:
    return str(s.call(body={"limit": 1}).json()["chats_summary"][0]["id"])


def agents(s: Scene, body: dict[str, Any]) -> requests.Response:
    pat = s.personal_token("agents--all:ro")
    return s.call(
        "list_agents",
        body,
        service="configuration",
        headers={"Authorization": pat.authorization},
    )


def limited(s: Scene) -> requests.Response:
    _ = s.token
    s.control.limit_rate(0)
    return s.call()


def asking(s: Scene, token: str | None = None, **changed: Any) -> requests.Response:
    bearer = s.token.access_token if token is None else token
    return s.post(s.wanted(**changed), path=CUSTOMER, token=bearer)


def bad_day(s: Scene, fault: int, path: str, **more: Any) -> requests.Response:
    """The answer to a call that a fault strikes."""
    token = s.token.access_token
    s.control.inject(fault, path=path, **more)
    return s.send("POST", path, token, json={})
