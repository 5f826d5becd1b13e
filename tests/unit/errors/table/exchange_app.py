"""A code is exchanged: by which app."""

from lc_tutorial.errors.explaining.explanation import Known
from tests.unit.errors.scene import REDIRECT_URI
from tests.unit.errors.table.row import Row, once
from tests.unit.errors.table.ways import after

APP = [
    Row(
        "client_secret with a line break",
        lambda s: s.post(s.good(client_secret=f"{s.app.client_secret}\n")),
        "401 unauthorized_client",
        Known("client_secret is not the Client Secret alone. It has blanks around it."),
        "app.client_secret",
    ),
    Row(
        "client_secret is the sample's",
        lambda s: s.post(s.good(client_secret="<YOUR_CLIENT_SECRET>")),
        "401 unauthorized_client",
        Known("client_secret is not the Client Secret alone. It is a placeholder"),
        "app.client_secret",
    ),
    Row(
        "client_secret was copied from an output",
        lambda s: s.post(s.good(client_secret="••••••••")),
        "401 unauthorized_client",
        Known("client_secret is not the Client Secret alone. It has dots in it"),
        "app.client_secret",
    ),
    Row(
        "client_id in capital letters",
        lambda s: s.post(s.good(client_id=s.app.client_id.upper())),
        "401 unauthorized_client",
        Known("client_id has capital letters"),
        "form of step 1",
    ),
    Row(
        "client_id without its last digit",
        lambda s: s.post(s.good(client_id=s.app.client_id[:-1])),
        "401 unauthorized_client",
        Known("client_id is no Client Id: one has 32 digits"),
        "form of step 1",
    ),
    Row(
        "client_id of no app",
        lambda s: s.post(s.good(client_id="0" * 32)),
        "401 unauthorized_client",
        Known("No app in the sandbox has this Client Id."),
        "form of step 1",
    ),
    Row(
        "id and secret swapped",
        lambda s: s.post(s.good(client_id=s.app.client_secret, client_secret=s.app.client_id)),
        "401 unauthorized_client",
        Known("client_id and client_secret are in each other's place."),
        "form of step 1",
    ),
    Row(
        "the id twice",
        lambda s: s.post(s.good(client_secret=s.app.client_id)),
        "401 unauthorized_client",
        Known("client_id and client_secret are the same value."),
        "form of step 1",
    ),
    Row(
        "an object in the place of the id",
        lambda s: s.post(s.good(client_id=object())),
        "401 unauthorized_client",
        Known("What was sent as client_id is no value: it is what Python shows of an object."),
        "Send the value itself, such as app.client_id.",
    ),
    Row(
        "the app itself in the place of its secret",
        lambda s: s.post(s.good(client_secret=s.app)),
        "401 unauthorized_client",
        Known("What was sent as client_secret is no value: it is what Python shows of an object."),
        "Send the value itself, such as app.client_secret.",
    ),
    once(
        "an app that was deleted since",
        lambda s: s.post(after(s.good(), s.deleted(s.token.access_token))),
        "401 unauthorized_client",
        Known("No app in the sandbox has this Client Id any more: it was deleted, or"),
        "Make the app again, from step 1 on.",
    ),
    Row(
        "a secret with a wrong letter",
        lambda s: s.post(s.good(client_secret="not-a-real-secret")),
        "401 unauthorized_client",
        Known("client_secret is not the app's: the sandbox knows no such secret."),
        "generate a new one in the Console",
    ),
    once(
        "a secret that was replaced",
        lambda s: s.post(s.with_new_secret()),
        "401 unauthorized_client",
        Known("client_secret is an old one: a newer one was generated in the Console."),
        "form of step 1",
    ),
    Row(
        "another app's secret",
        lambda s: s.post(s.good(client_secret=s.other_app.client_secret)),
        "401 unauthorized_client",
        Known("client_id and client_secret belong to two apps: the secret is another one's."),
        "form of step 1",
    ),
    *(
        Row(
            f"{secret} as the secret",
            lambda s, secret=secret: s.post(s.good(client_secret=secret)),  # type: ignore[misc]
            "401 unauthorized_client",
            Known(f"client_secret is not the Client Secret alone. It {why}"),
            "app.client_secret",
        )
        for secret, why in (
            ("changeme", "is a placeholder"),
            ("undefined", "says undefined, which is no value"),
            ("test_d7MEp1YYo3", "is the value of the documentation's samples"),
        )
    ),
    Row(
        "the code as the secret",
        lambda s: s.post(s.good(client_secret=s.code())),
        "401 unauthorized_client",
        Known("What was sent as client_secret is the authorization code."),
        "form of step 1",
    ),
    Row(
        "another app's code",
        lambda s: s.post(s.good(code=s.code(s.other_app))),
        "401 unauthorized_client",
        Known("the code belongs to another app"),
        "Send the client_id that the link had",
    ),
    Row(
        "another redirect_uri",
        lambda s: s.post(s.good(redirect_uri=f"{REDIRECT_URI}/")),
        "401 unauthorized_client",
        Known("not the one of the link: one ends in a slash and the other does not."),
        "to the letter",
    ),
]
