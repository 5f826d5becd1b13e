"""What is wrong with a code, and with what was sent beside it in the exchange."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from urllib.parse import unquote

from lc_tutorial import memory
from lc_tutorial.errors.explaining.explanation import Finding, Known, first
from lc_tutorial.errors.explaining.knowledge import Fact
from lc_tutorial.errors.explaining.refused import Refused
from lc_tutorial.errors.explaining.uris import uri_difference

#: Minutes that a code lives. The documentation says "a few minutes".
CODE_LIFE = 5  # assumed: the documentation gives no number

#: Source: livechat-public-docs, authorization/oauth-authorization, "PKCE extension"; RFC 7636, 4.1.
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def wrong(refused: Refused) -> Finding | None:
    """Why a code was not exchanged; None if nothing is known to be wrong with it."""
    if not refused.fields.get("code"):
        return None
    return first(
        refused, _not_a_code, _ended, _another_uri, _another_app, _verifier, _never_issued, _too_old
    )


def challenge_of(verifier: str, method: str = "S256") -> str:
    """The challenge that belongs to a PKCE verifier. Source: RFC 7636, section 4.2."""
    if method.upper() != "S256":
        return verifier
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _fact(refused: Refused) -> Fact | None:
    return refused.known.of(refused.fields["code"])


def _not_a_code(refused: Refused) -> Finding | None:
    code, fact = refused.fields["code"], _fact(refused)
    anew = refused.place.say("new_code")
    if fact is not None and fact.kind != "authorization code":
        return Finding(Known(f"What was sent as the code is the {fact.kind}."), anew)
    if memory.longer_code(code):
        return Finding(
            Known("The code was cut off: the one that came back is longer."),
            "Send authorization.code as it is, without copying.",
        )
    if "://" in code:
        return Finding(
            Known("What was sent as the code is a whole address."),
            "Send authorization.code: what stands in the address behind code=, with a colon for "
            "%3A.",
        )
    if "%3a" in code.lower() and fact is None:
        decoded = refused.known.of(unquote(code))
        if decoded is None or decoded.kind == "authorization code":
            return Finding(
                Known("The code still has %3A in it, where a colon belongs."),
                "Replace %3A by a colon, or take authorization.code, which is decoded already.",
            )
    return None


def _ended(refused: Refused) -> Finding | None:
    fact, anew = _fact(refused), refused.place.say("new_code")
    if fact is None:
        return None
    match fact.state:
        case "spent":
            return Finding(Known("This code was exchanged before, and a code works once."), anew)
        case "expired":
            moved = " The sandbox's clock was moved forward." if refused.known.ahead_by else ""
            return Finding(
                Known(f"The code has expired: it lives for a few minutes only.{moved}"), anew
            )
        case "pushed_out":
            return Finding(Known("The code is gone: very many newer ones came since."), anew)
        case "revoked":
            return Finding(Known("The app's access was ended since, and the code with it."), anew)
        case "reset":
            return Finding(
                Known("The sandbox was made as new since: the code is gone, and so is the app."),
                refused.place.say("begin_again"),
            )
    return None


def _another_uri(refused: Refused) -> Finding | None:
    fact, seen = _fact(refused), memory.seen_code(refused.fields["code"])
    asked = fact.about.get("redirect_uri") if fact is not None else None
    if asked is None and seen is not None and seen.request is not None:
        asked = seen.request.redirect_uri
    difference = uri_difference(refused.fields.get("redirect_uri", ""), asked) if asked else ""
    if not difference:
        return None
    return Finding(
        Known(f"The redirect_uri is not the one of the link: {difference}."),
        "Both must be the same to the letter, even though the browser may end elsewhere. Send the "
        f"one of the link. {refused.place.say('new_code')}",
    )


def _another_app(refused: Refused) -> Finding | None:
    fact = _fact(refused)
    if fact is None or not fact.client_id:
        return None
    if refused.fields.get("client_id") == fact.client_id:
        return None
    return Finding(
        Known("The client_id is not the one of the link: the code belongs to another app."),
        "Send the client_id that the link had, or build the link again with this one.",
    )


# --- PKCE ---------------------------------------------------------------------------------------


def _verifier(refused: Refused) -> Finding | None:
    """Whether the verifier is the one whose challenge was in the link."""
    challenge, method = _challenge(refused)
    verifier = refused.fields.get("code_verifier", "")
    anew = refused.place.say("new_code")
    if challenge is None:
        return None
    if not challenge:
        if verifier:
            return Finding(
                Known("A code_verifier was sent, but the link had no code_challenge."),
                f"Put both in, or leave both out. {anew}",
            )
        client = refused.known.client
        if client is not None and client["client_type"] == "javascript":
            return Finding(
                Known(
                    "This is a JavaScript app now, and the link had no code_challenge: such an app "
                    "gets a token with PKCE only."
                ),
                f"Build the link with a code_challenge. {anew}",
            )
        return None
    if not verifier:
        of_step_2 = refused.place.with_steps(" of step 2")
        return Finding(
            Known(f"code_verifier is missing, and the link{of_step_2} had a code_challenge."),
            "Send the verifier that the challenge was made of.",
        )
    if not _VERIFIER.fullmatch(verifier):
        return Finding(
            Known(
                f"code_verifier has {len(verifier)} characters or one that it can't have: 43 to "
                "128 of letters, digits, - . _ and ~ it has to be."
            ),
            f"Make one with lc.Pkce.new(). {anew}",
        )
    if challenge_of(verifier, method) == challenge:
        return None
    if challenge_of(verifier) == challenge:
        return Finding(
            Known(
                "The link did not say code_challenge_method=S256, and without it the challenge is "
                "taken for the verifier itself. It is the digest of the verifier."
            ),
            f'Build the link with "code_challenge_method": "S256". {anew}',
        )
    if verifier == challenge and verifier in memory.seen_verifiers():
        return Finding(
            Known(
                "The link had the verifier itself as code_challenge, and said S256: with it, the "
                "challenge is the digest of the verifier."
            ),
            f"Build the link with pkce.challenge. {anew}",
        )
    if verifier == challenge:
        cause = "What was sent as code_verifier is the code_challenge of the link."
        anew = f"Send pkce.verifier. {anew}"
    elif any(challenge_of(newer, method) == challenge for newer in _made_after(verifier)):
        cause = "The code_verifier is an older one than that of the link."
    else:
        # Why another one was sent, nobody knows: the cell ran again, or it is somebody else's.
        cause = "The code_verifier is not the one whose challenge was in the link."
        anew = (
            "Send the verifier that the challenge was made of. Is it lost, because the cell that "
            f"makes it ran again? {anew}"
        )
    return Finding(Known(cause), anew)


def _made_after(verifier: str) -> tuple[str, ...]:
    """The verifiers that this kernel made after this one; none, if it doesn't know this one."""
    seen = memory.seen_verifiers()
    return seen[seen.index(verifier) + 1 :] if verifier in seen else ()


def _challenge(refused: Refused) -> tuple[str | None, str]:
    """The challenge that came with the code, and its method; None where nobody knows."""
    fact, seen = _fact(refused), memory.seen_code(refused.fields["code"])
    if fact is not None and "code_challenge" in fact.about:
        return fact.about["code_challenge"], fact.about["code_challenge_method"] or "plain"
    if seen is not None and seen.request is not None:
        request = seen.request
        return request.code_challenge, request.code_challenge_method or "plain"
    return None, ""


# --- What is left -------------------------------------------------------------------------------


def _never_issued(refused: Refused) -> Finding | None:
    if not refused.known.sandbox or ((fact := _fact(refused)) is not None and fact.state):
        return None
    return Finding(
        Known(
            "The sandbox knows no such code: it was not copied whole, has a character too "
            "many, or comes from elsewhere."
        ),
        refused.place.say("new_code"),
    )


def _too_old(refused: Refused) -> Finding | None:
    seen = memory.seen_code(refused.fields["code"])
    if seen is None or refused.known.sandbox:
        return None
    age = int((datetime.now(UTC) - seen.received_at).total_seconds() // 60)
    if age < CODE_LIFE:
        return None
    return Finding(
        Known(f"This code came {age} minutes ago, and a code lives for a few minutes only."),
        refused.place.say("new_code"),
    )
