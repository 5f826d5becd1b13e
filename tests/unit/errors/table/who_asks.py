"""A call of an API: who asks, and what the token allows."""

from lc_tutorial.errors.explaining.explanation import Known
from lc_tutorial.messages.basic import encode
from tests.unit.errors.scene import NEVER_ISSUED, basic
from tests.unit.errors.table.row import Row, once

AUTHENTICATION = [
    Row(
        "no header",
        lambda s: s.call(token=""),
        "401 authentication",
        Known("The request had no Authorization header."),
        'Send the header "Authorization" with "Bearer"',
    ),
    Row(
        "the header's name mistyped",
        lambda s: s.call(headers={"Authorisation": f"Bearer {s.token.access_token}"}),
        "401 authentication",
        Known("The request had no Authorization header. It has Authorisation, which is not the"),
        'Send the header "Authorization" with "Bearer"',
    ),
    Row(
        "the token in a header of its own name",
        lambda s: s.call(headers={"X-Access-Token": str(s.token.access_token)}),
        "401 authentication",
        Known("It has X-Access-Token, which is not the name."),
        'Send the header "Authorization" with "Bearer"',
    ),
    Row(
        "the token in the address",
        lambda s: s.call(token="", query=f"?access_token={s.token.access_token}"),
        "401 authentication",
        Known("The token is in the address, where the API doesn't look."),
        'Send the header "Authorization" with "Bearer"',
    ),
    Row(
        "brackets around the token",
        lambda s: s.call(token=f"<{s.token.access_token}>"),
        "401 authentication",
        Known("What was sent as the token is not the token alone. It has brackets around it."),
        "token.access_token",
    ),
    Row(
        "the documentation's newer sample with the access token",
        lambda s: s.call(headers={"Authorization": f"Basic {s.token.access_token}"}),
        "401 authentication",
        Known("The header says Basic, and what follows is the access token."),
        "Change Basic to Bearer.",
    ),
    Row(
        "the same in Base64",
        lambda s: s.call(headers=basic(s.token.account_id, str(s.token.access_token))),
        "401 authentication",
        Known("The header says Basic, and what follows is the access token."),
        '"Bearer", a space and token.access_token',
    ),
    *(
        Row(
            f"{stands_in} as the token",
            lambda s, stands_in=stands_in: s.call(headers={"Authorization": f"Bearer {stands_in}"}),  # type: ignore[misc]
            "401 authentication",
            Known(f"This is not the token. It {why}"),
            "token.access_token",
        )
        for stands_in, why in (
            ("<your_access_token>", "has a placeholder in it."),
            ("dal:{token}", "has a placeholder in it."),
            ("changeme", "is a placeholder"),
            ("$TOKEN", "is a placeholder"),
            ("null", "says null, which is no value"),
            ("dal:undefined", "says undefined, which is no value"),
            ("dal:test_DQTRHGbZCFkAoss4Q", "is the value of the documentation's samples"),
        )
    ),
    Row(
        "no scheme",
        lambda s: s.call(headers={"Authorization": str(s.token.access_token)}),
        "401 authentication",
        Known("The header does not begin with Bearer and a space."),
        "token.access_token",
    ),
    Row(
        "a colon behind the scheme",
        lambda s: s.call(headers={"Authorization": f"Bearer: {s.token.access_token}"}),
        "401 authentication",
        Known("A colon follows the word."),
        "token.access_token",
    ),
    Row(
        "nothing behind the scheme",
        lambda s: s.call(headers={"Authorization": "Bearer "}),
        "401 authentication",
        Known("Nothing follows the word Bearer in the header."),
        "token.access_token",
    ),
    Row(
        "a variable that was empty",
        lambda s: s.call(token="None"),
        "401 authentication",
        Known("This is not the token. It says None, which is no value: where it was taken from"),
        "token.access_token",
    ),
    Row(
        "Bearer twice",
        lambda s: s.call(token=f"Bearer {s.token.access_token}"),
        "401 authentication",
        Known("The word Bearer came twice."),
        "token.access_token",
    ),
    Row(
        "%3A in the token",
        lambda s: s.call(token=str(s.token.access_token).replace(":", "%3A")),
        "401 authentication",
        Known("The token has %3A in it, where a colon belongs."),
        "Replace %3A by a colon.",
    ),
    Row(
        "quotation marks around the token",
        lambda s: s.call(token=f'"{s.token.access_token}"'),
        "401 authentication",
        Known("What was sent as the token has quotation marks around it."),
        "Correct the header",
    ),
    Row(
        "a token with a letter too many",
        lambda s: s.call(token=f"{s.token.access_token}x"),
        "401 authentication",
        Known("The sandbox knows no such token: it was not copied whole, has a character"),
        "Get a new code in step 2",
    ),
    Row(
        "the refresh token",
        lambda s: s.call(token=str(s.token.refresh_token)),
        "401 authentication",
        Known("What was sent as the token is the refresh token."),
        "token.access_token",
    ),
    Row(
        "the code",
        lambda s: s.call(token=s.code()),
        "401 authentication",
        Known("What was sent as the token is the authorization code."),
        "token.access_token",
    ),
    Row(
        "the client secret",
        lambda s: s.call(token=s.app.client_secret),
        "401 authentication",
        Known("What was sent as the token is the client secret."),
        "token.access_token",
    ),
    Row(
        "a customer's token",
        lambda s: s.call(token=s.customer["access_token"]),
        "401 authentication",
        Known("This is a customer's access token: it is for the Customer Chat API."),
        "token.access_token",
    ),
    Row(
        "a personal access token with Bearer",
        lambda s: s.call(token=s.personal.personal_access_token),
        "401 authentication",
        Known("This is a personal access token, which goes with Basic and with the account id"),
        "auth=(account_id, personal_access_token)",
    ),
    Row(
        "the Base64 of one with Bearer",
        lambda s: s.call(token=encode(s.personal.account_id, s.personal.personal_access_token)),
        "401 authentication",
        Known("The header says Bearer, and what follows is the Base64 of an account id and a"),
        "Change Bearer to Basic.",
    ),
    Row(
        "a personal access token with the e-mail address",
        lambda s: s.call(headers=basic("mia@example.com", s.personal.personal_access_token)),
        "401 authentication",
        Known("The user of the scheme Basic is an e-mail address; the token itself is right."),
        "auth=(account_id, personal_access_token)",
    ),
    Row(
        "a personal access token that is none",
        lambda s: s.call(headers=basic(s.personal.account_id, NEVER_ISSUED)),
        "401 authentication",
        Known("The sandbox knows no such personal access token"),
        "Settings, Authorization",
    ),
    Row(
        "Basic with a bare token",
        lambda s: s.call(headers={"Authorization": f"Basic {NEVER_ISSUED}"}),
        "401 authentication",
        Known("The header says Basic, and a bare token follows."),
        "change Basic to Bearer",
    ),
    Row(
        "Basic with something else",
        lambda s: s.call(headers={"Authorization": "Basic bm90OmEtcmVhbC1zZWNyZXQ="}),
        "401 authentication",
        Known("what follows is not the Base64 of an account id, a colon and a personal access"),
        "use Bearer",
    ),
    once(
        "a personal access token that was deleted",
        lambda s: s.call(headers={"Authorization": s.deleted_personal().authorization}),
        "401 authentication",
        Known("This personal access token was deleted in the Console."),
        "Make a new one there",
    ),
    once(
        "an expired token",
        lambda s: s.call(token=s.expired(s.token.access_token)),
        "401 authentication",
        Known("The access token has expired. The sandbox's clock was moved forward."),
        'grant_type "refresh_token"',
    ),
    once(
        "a token that was revoked",
        lambda s: s.call(token=s.revoked(s.token.access_token)),
        "401 authentication",
        Known("The access token was revoked."),
        "Get a new code in step 2",
    ),
    once(
        "the oldest of 26 tokens",
        lambda s: s.call(token=s.pushed_out(s.token.access_token)),
        "401 authentication",
        Known("The access token was pushed out: an app has at most 25 for an account"),
        "Use a newer one.",
    ),
    once(
        "a token of an app that was deleted",
        lambda s: s.call(token=s.deleted(s.token.access_token)),
        "401 authentication",
        Known("The app that the access token was issued to was deleted."),
        "Begin again with step 1.",
    ),
]

AUTHORIZATION = [
    Row(
        "list_agents without its scope",
        lambda s: s.call("list_agents", service="configuration"),
        "403 authorization",
        Known(
            "list_agents needs the scope agents--all:ro, and the token does not have it. "
            "It holds chats--all:ro and customers:own."
        ),
        "Add this scope to the app in the Console",
    ),
    Row(
        "list_chats with a personal access token without its scope",
        lambda s: s.call(
            headers={"Authorization": s.personal_token("groups--all:ro").authorization}
        ),
        "403 authorization",
        Known(
            "list_chats needs the scope chats--all:ro or chats--access:ro, and the token has "
            "neither. It holds groups--all:ro."
        ),
        "A personal access token's scopes never change: make another one",
    ),
]
