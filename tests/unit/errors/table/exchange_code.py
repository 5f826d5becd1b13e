"""A code is exchanged: which code, and what is sent beside it."""

from lc_tutorial.errors.explaining.explanation import Known
from lc_tutorial.oauth import Pkce
from tests.unit.errors.scene import NEVER_ISSUED, REDIRECT_URI
from tests.unit.errors.table.row import Row
from tests.unit.errors.table.ways import after, exchanged, later, linked, with_challenge

CODE = [
    Row(
        "a code that was exchanged before",
        lambda s: s.post(exchanged(s)),
        "401 unauthorized_client",
        Known("This code was exchanged before, and a code works once."),
        "Follow the link of step 2 again",
    ),
    Row(
        "a code that has expired",
        lambda s: s.post(later(s, s.good())),
        "401 unauthorized_client",
        Known("The code has expired: it lives for a few minutes only. The sandbox's clock was"),
        "Follow the link of step 2 again",
    ),
    Row(
        "a code of an app that was removed since",
        lambda s: s.post(after(s.good(), s.control.end_access(s.app.client_id))),
        "401 unauthorized_client",
        Known("The app's access was ended since, and the code with it."),
        "Follow the link of step 2 again",
        alone=True,
    ),
    Row(
        "a code with %3A",
        lambda s: s.post(s.good(code=s.code().replace(":", "%3A"))),
        "401 unauthorized_client",
        Known("The code still has %3A in it, where a colon belongs."),
        "Replace %3A by a colon",
    ),
    Row(
        "half a code",
        lambda s: s.post(s.good(code=s.code()[:-3])),
        "401 unauthorized_client",
        Known("The code was cut off: the one that came back is longer."),
        "Send authorization.code as it is",
    ),
    Row(
        "a code with a space in front",
        lambda s: s.post(s.good(code=f" {s.code()}")),
        "401 unauthorized_client",
        Known("code has a space in front."),
        "Send it as it is.",
    ),
    Row(
        "a code of somewhere else",
        lambda s: s.post(s.good(code=NEVER_ISSUED)),
        "401 unauthorized_client",
        Known("The sandbox knows no such code"),
        "Follow the link of step 2 again",
    ),
    Row(
        "the form as the code",
        lambda s: s.post(s.good(code="A form with the link to the page")),
        "401 unauthorized_client",
        Known("What was sent as code has several words, which no code has."),
        "Send the value itself, such as authorization.code.",
    ),
    Row(
        "the whole address as the code",
        lambda s: s.post(s.good(code=f"{REDIRECT_URI}?code={s.code()}&state=x")),
        "401 unauthorized_client",
        Known("What was sent as the code is a whole address."),
        "Send authorization.code",
    ),
    Row(
        "the access token as the code",
        lambda s: s.post(s.good(code=s.token.access_token)),
        "401 unauthorized_client",
        Known("What was sent as the code is the access token."),
        "Follow the link of step 2 again",
    ),
    Row(
        "the refresh token as the code",
        lambda s: s.post(s.good(code=s.token.refresh_token)),
        "401 unauthorized_client",
        Known("What was sent as the code is the refresh token."),
        "Follow the link of step 2 again",
    ),
    Row(
        "PKCE: no verifier",
        lambda s: s.post(s.good(code=s.code(pkce=Pkce.new()))),
        "422 invalid_request",
        Known("code_verifier is missing, and the link of step 2 had a code_challenge."),
        "Send the verifier",
    ),
    Row(
        "PKCE: another verifier",
        lambda s: s.post(s.good(code=s.code(pkce=Pkce.new()), code_verifier="v" * 43)),
        "403 invalid_grant",
        Known("The code_verifier is not the one whose challenge was in the link."),
        "Send the verifier that the challenge was made of.",
    ),
    Row(
        "PKCE: the challenge as the verifier",
        lambda s: s.post(with_challenge(s)),
        "403 invalid_grant",
        Known("What was sent as code_verifier is the code_challenge of the link."),
        "Send pkce.verifier. Follow the link of step 2 again",
    ),
    Row(
        "PKCE: the verifier as the challenge",
        lambda s: s.post(linked(s, lambda pkce: (str(pkce.verifier), "S256"))),
        "403 invalid_grant",
        Known("The link had the verifier itself as code_challenge, and said S256"),
        "Build the link with pkce.challenge.",
    ),
    Row(
        "PKCE: a link without its method",
        lambda s: s.post(linked(s, lambda pkce: (pkce.challenge, ""))),
        "403 invalid_grant",
        Known("The link did not say code_challenge_method=S256"),
        '"code_challenge_method": "S256"',
    ),
    Row(
        "PKCE: a verifier that is too short",
        lambda s: s.post(s.good(code=s.code(pkce=Pkce.new()), code_verifier="short")),
        "422 invalid_request",
        Known("code_verifier has 5 characters"),
        "lc.Pkce.new()",
    ),
    Row(
        "PKCE: a verifier for a link without a challenge",
        lambda s: s.post(s.good(code_verifier="v" * 43)),
        "403 invalid_grant",
        Known("A code_verifier was sent, but the link had no code_challenge."),
        "Put both in, or leave both out.",
    ),
    Row(
        "a scope that was not granted",
        lambda s: s.post(s.good(scope="chats--all:ro,agents--all:ro")),
        "403 access_denied",
        Known("It asks for agents--all:ro, which was not granted."),
        "leave scope out",
    ),
    Row(
        "a scope that there is not",
        lambda s: s.post(s.good(scope="chats--everything:ro")),
        "403 invalid_scope",
        Known("It asks for chats--everything:ro, which was not granted."),
        "leave scope out",
    ),
]
