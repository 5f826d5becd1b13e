"""A token is refreshed, inspected, revoked."""

from lc_tutorial.errors.explaining.explanation import Known
from tests.unit.errors.scene import NEVER_ISSUED, basic
from tests.unit.errors.table.row import Row, once
from tests.unit.errors.table.ways import after, spent

REFRESH = [
    Row(
        "no refresh_token",
        lambda s: s.post(s.refreshing(refresh_token=None)),
        "422 invalid_request",
        Known("Missing or empty in the body: refresh_token."),
        "Add it to the fields.",
    ),
    Row(
        "no grant_type",
        lambda s: s.post(s.refreshing(grant_type=None)),
        "422 invalid_request",
        Known("The field grant_type is missing or empty."),
        'Send grant_type "refresh_token".',
    ),
    Row(
        "another app's refresh token",
        lambda s: s.post(
            s.refreshing(client_id=s.other_app.client_id, client_secret=s.other_app.client_secret)
        ),
        "401 invalid_client",
        Known("The refresh token belongs to another app than the client_id."),
        "Send the client_id of the app that the token was issued to",
    ),
    Row(
        "a refresh token with a wrong letter",
        lambda s: s.post(s.refreshing(refresh_token="not-a-real-refresh-token")),
        "401 unauthorized_client",
        Known("The sandbox knows no such refresh token"),
        "Get a new code in step 2",
    ),
    Row(
        "the access token in its place",
        lambda s: s.post(s.refreshing(refresh_token=str(s.token.access_token))),
        "401 unauthorized_client",
        Known("What was sent as the refresh token is the access token."),
        "Send token.refresh_token.",
    ),
    Row(
        "a wrong secret",
        lambda s: s.post(s.refreshing(client_secret="not-a-real-secret")),
        "401 unauthorized_client",
        Known("client_secret is not the app's"),
        "form of step 1",
    ),
    once(
        "a secret that was replaced",
        lambda s: s.post(s.refreshing() | {"client_secret": s.with_new_secret()["client_secret"]}),
        "401 unauthorized_client",
        Known("client_secret is an old one: a newer one was generated in the Console."),
        "form of step 1",
    ),
    once(
        "a refresh token that was revoked",
        lambda s: s.post(after(s.refreshing(), s.revoked(s.token.access_token))),
        "401 unauthorized_client",
        Known("The refresh token was revoked."),
        "Get a new code in step 2",
    ),
    once(
        "a refresh token after the app was removed",
        lambda s: s.post(after(s.refreshing(), s.control.end_access(s.app.client_id))),
        "401 unauthorized_client",
        Known("The refresh token was revoked."),
        "Get a new code in step 2",
    ),
    once(
        "a refresh token that was used before",
        lambda s: s.post(spent(s)),
        "401 unauthorized_client",
        Known("This refresh token was used before. A JavaScript app's works once"),
        "Send the newest one.",
    ),
    once(
        "a refresh token that has expired",
        lambda s: s.post(after(s.refreshing(), s.control.advance(31 * 86_400))),
        "403 invalid_grant",
        Known("The refresh token has expired. The sandbox's clock was moved forward."),
        "Get a new code in step 2",
    ),
    Row(
        "a scope that was not granted",
        lambda s: s.post(s.refreshing(scope="agents--all:ro")),
        "403 access_denied",
        Known("It asks for agents--all:ro, which was not granted."),
        "leave scope out",
    ),
]

INSPECT = [
    Row(
        "no token",
        lambda s: s.send("GET", "/v2/info"),
        "422 invalid_request",
        Known("No token was sent"),
        'Send the header "Authorization"',
    ),
    Row(
        "no token to be revoked",
        lambda s: s.send("DELETE", "/v2/token"),
        "422 invalid_request",
        Known("No token was sent"),
        'Send the header "Authorization"',
    ),
    Row(
        "a POST",
        lambda s: s.send("POST", "/v2/info", s.token.access_token),
        "405 invalid_request",
        Known("The request was a POST; this address takes GET."),
        "Use requests.get in the cell.",
    ),
    Row(
        "a refresh token",
        lambda s: s.send("GET", "/v2/info", str(s.token.refresh_token)),
        "401 unauthorized",
        Known("What was sent as the token is the refresh token. A refresh token can't be"),
        "token.access_token",
    ),
    Row(
        "a personal access token",
        lambda s: s.send("GET", "/v2/info", s.personal.personal_access_token),
        "401 unauthorized",
        Known("This is a personal access token, which the accounts service doesn't take."),
        "It can't be inspected",
    ),
    Row(
        "a customer's token",
        lambda s: s.send("GET", "/v2/info", s.customer["access_token"]),
        "401 unauthorized",
        Known("This is a customer's access token: it is for /v2/customer/info."),
        "token.access_token",
    ),
    Row(
        "with Basic",
        lambda s: s.send("GET", "/v2/info", headers=basic("x", str(s.token.access_token))),
        "401 unauthorized",
        Known("The header says Basic. The accounts service takes a token with Bearer only."),
        "Change Basic to Bearer",
    ),
    Row(
        "in the address, with a wrong letter",
        lambda s: s.send("GET", f"/v2/info?code={NEVER_ISSUED}"),
        "401 unauthorized",
        Known("The sandbox knows no such token"),
        "Get a new code in step 2",
    ),
    once(
        "an expired token",
        lambda s: s.send("GET", "/v2/info", s.expired(s.token.access_token)),
        "401 unauthorized",
        Known("The access token has expired. The sandbox's clock was moved forward."),
        'grant_type "refresh_token"',
    ),
    once(
        "a token that was revoked",
        lambda s: s.send("GET", "/v2/info", s.revoked(s.token.access_token)),
        "401 unauthorized",
        Known("The access token was revoked."),
        "Get a new code in step 2",
    ),
    once(
        "a token of somebody who took the consent back",
        lambda s: s.send(
            "GET",
            "/v2/info",
            after(
                s.token.access_token,
                s.control.end_access(s.app.client_id, s.platform.login.email),
            ),
        ),
        "401 unauthorized",
        Known("The access token was revoked."),
        "Get a new code in step 2",
    ),
    once(
        "revoked twice",
        lambda s: s.send("DELETE", "/v2/token", s.revoked(s.token.access_token)),
        "404 resource_not_found",
        Known("The access token was revoked."),
        "Get a new code in step 2",
    ),
    Row(
        "an address that the accounts service does not have",
        lambda s: s.send("GET", "/v2/inof", s.token.access_token),
        "404 resource_not_found",
        Known("There is nothing at this address: it is not written as the platform's is."),
        "ends in /v2/info.",
    ),
    Row(
        "an address that the sandbox does not have",
        lambda s: s.send("GET", "/v2/sessions", s.token.access_token),
        "501 not_imitated",
        Known("/v2/sessions is real, but the sandbox does not imitate it."),
        "Nothing is wrong with the address.",
    ),
]
