"""How some of the refusals are brought about, where it takes more than a request."""

import gzip
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import requests

from lc_tutorial.oauth import Pkce
from tests.unit.errors.scene import REDIRECT_URI, Scene

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


def linked(s: Scene, challenge: Callable[[Pkce], tuple[str, str]]) -> dict[str, Any]:
    """An exchange with the verifier, after a link with this challenge and this method."""
    pkce = Pkce.new()
    changed = Pkce(pkce.verifier, *challenge(pkce))
    return s.good(code=s.code(pkce=changed), code_verifier=pkce.verifier)


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


def by_cookie(
    s: Scene,
    headers: dict[str, str] | None = None,
    group: int | None = None,
    **changed: Any,
) -> requests.Response:
    """Ask as a browser's page does; at the address of a group, if one is named."""
    path = CUSTOMER
    if group is not None:
        path = f"/v2/customer/{s.customer['organization_id']}/{group}/token"
    fields = {"organization_id": s.customer["organization_id"], "redirect_uri": REDIRECT_URI}
    wanted = s.wanted(grant_type="cookie", **(fields | changed))
    return s.send("POST", path, json=wanted, headers=headers or {})


def transferring(s: Scene, token: str | None = None, **changed: Any) -> requests.Response:
    """Ask for what takes the customer's identity along; with the customer's token, if no other."""
    bearer = str(s.customer["access_token"]) if token is None else token
    sent = {"client_id": s.app.client_id, "bearer_type": "customer", **changed}
    fields = {name: value for name, value in sent.items() if value is not None}
    return s.send("POST", "/v2/customer/identity_transfer", bearer, json=fields)


def transferred(s: Scene) -> str:
    return str(transferring(s).json()["identity_transfer_token"])


def taken_along(s: Scene) -> str:
    code = transferred(s)
    assert by_identity(s, code).ok
    return code


def by_identity(s: Scene, code: str | None, **changed: Any) -> requests.Response:
    wanted = s.wanted(grant_type="identity_token", code=code, **changed)
    return s.send("POST", CUSTOMER, json=wanted)


def bad_day(s: Scene, fault: int, path: str, **more: Any) -> requests.Response:
    """The answer to a call that a fault strikes."""
    token = s.token.access_token
    s.control.inject(fault, path=path, **more)
    return s.send("POST", path, token, json={})
