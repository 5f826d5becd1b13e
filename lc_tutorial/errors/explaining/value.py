"""What a token is that was refused, and what became of it."""

import re
from urllib.parse import unquote

from lc_tutorial import memory
from lc_tutorial.errors.explaining.explanation import Finding, Known, Likely
from lc_tutorial.errors.explaining.knowledge import Fact
from lc_tutorial.errors.explaining.oddities import oddity
from lc_tutorial.errors.explaining.refused import Refused
from lc_tutorial.pasting import Kind, hidden_sentence, read, what_surrounds


def of_token(refused: Refused, value: str, wants: str) -> Finding:
    """Why this value was not accepted as a token.

    Args:
        refused: the refusal.
        value: that was sent as the token.
        wants: the kind of token that is wanted, such as ``access token``.
    """
    fact = refused.known.of(value)
    if fact is not None and fact.kind != wants:
        return _another_kind(refused, fact, wants)
    if fact is not None:
        found = ended(refused, fact)
        if found is not None:
            return found
    return _spoilt(refused, value, wants) or _unknown(refused, fact, wants)


def _another_kind(refused: Refused, fact: Fact, wants: str) -> Finding:
    if wants == "customer access token":
        what = "an agent's access token" if fact.kind == "access token" else _with_article(fact)
        return no_customer_token(refused, what)
    if fact.kind == "personal access token":
        if not refused.service:
            return Finding(
                Known("This is a personal access token, which the accounts service doesn't take."),
                "It can't be inspected, and is deleted in the Console only.",
            )
        return Finding(
            Known(
                "This is a personal access token, which goes with Basic and with the account id, "
                "not with Bearer."
            ),
            refused.place.say("basic"),
        )
    if fact.kind == "customer access token":
        use = "the Customer Chat API" if refused.service else "/v2/customer/info"
        return Finding(
            Known(f"This is a customer's access token: it is for {use}."),
            refused.place.say("bearer"),
        )
    is_inspected = refused.path == "/v2/info" and fact.kind == "refresh token"
    where = " A refresh token can't be inspected." if is_inspected else ""
    return Finding(
        Known(f"What was sent as the token is the {fact.kind}.{where}"),
        refused.place.say("bearer"),
    )


def _with_article(fact: Fact) -> str:
    return f"{'an' if fact.kind[0] in 'aeiou' else 'a'} {fact.kind}"


def no_customer_token(refused: Refused, what: str) -> Finding:
    """The Customer Chat API was sent something else."""
    return Finding(
        Known(f"This is {what}. The Customer Chat API takes a customer's access token only."),
        refused.place.say("customer"),
    )


def reset(refused: Refused) -> Finding:
    """The sandbox began anew."""
    return Finding(
        Known("The sandbox was made as new since: all that it had issued is gone."),
        refused.place.say("begin_again"),
    )


def ended(refused: Refused, fact: Fact) -> Finding | None:
    """What became of a token; None if nothing is known to have."""
    anew = refused.place.say("start_over")
    if fact.kind == "customer access token":
        anew = refused.place.say("customer")
    match fact.state:
        case "expired":
            moved = " The sandbox's clock was moved forward." if refused.known.ahead_by else ""
            remedy = anew
            if fact.kind == "access token":
                remedy = refused.place.say("refresh")
            return Finding(Known(f"The {fact.kind} has expired.{moved}"), remedy)
        case "revoked":
            return Finding(Known(f"The {fact.kind} was revoked."), anew)
        case "pushed_out":
            return Finding(
                Known(
                    f"The {fact.kind} was pushed out: an app has at most 25 for an account, and "
                    "the oldest goes when there is one more."
                ),
                f"Use a newer one. {anew}",
            )
        case "spent":
            return Finding(
                Known(
                    "This refresh token was used before. A JavaScript app's works once: with the "
                    "new access token came a new refresh token."
                ),
                "Send the newest one.",
            )
        case "app_deleted":
            return Finding(
                Known(f"The app that the {fact.kind} was issued to was deleted."),
                refused.place.say("begin_again"),
            )
        case "reset":
            return reset(refused)
        case "elsewhere":
            return Finding(
                Known(
                    f"The {fact.kind} comes from another platform than the one that was called: "
                    "the sandbox and the live platform, or two sandboxes, don't know each other's "
                    "tokens."
                ),
                refused.place.say("another_platform"),
            )
    return None


def _spoilt(refused: Refused, value: str, wants: str) -> Finding | None:
    """A value that would be right if it were written a little differently."""
    header = refused.place.say("no_header")
    if re.match(r"bearer\b", value, re.IGNORECASE):
        return Finding(Known("The word Bearer came twice."), refused.place.say("bearer"))
    if hidden := hidden_sentence(value):
        return Finding(Known(f"This is not the token. {hidden}"), refused.place.say("bearer"))
    if odd := oddity(value):
        return Finding(Known(f"What was sent as the token {odd}."), header)
    if "%3a" in value.lower():
        decoded = refused.known.of(unquote(value))
        if decoded is not None and decoded.kind != wants:
            return _another_kind(refused, decoded, wants)
        return Finding(
            Known("The token has %3A in it, where a colon belongs."), "Replace %3A by a colon."
        )
    if memory.longer_token(value):
        return Finding(
            Known("The token was cut off: the one that was issued is longer."),
            "Send token.access_token as it is, without copying.",
        )
    around, alone = what_surrounds(value, Kind.ACCESS_TOKEN), read(value, Kind.ACCESS_TOKEN).value
    if around and alone != value and refused.known.of(alone) is not None:
        return Finding(
            Known(f"What was sent as the token is not the token alone. {around}"),
            refused.place.say("bearer"),
        )
    if alone.replace(" ", "").lower() == value.replace(" ", "").lower() != value and (
        refused.known.of(alone) is not None
    ):
        return Finding(
            Known(
                "What was sent as the token is written otherwise than the token: its region has "
                "small letters, and nothing beside its colon."
            ),
            refused.place.say("bearer"),
        )
    return None


def _unknown(refused: Refused, fact: Fact | None, wants: str) -> Finding:
    again = refused.place.say("customer" if wants.startswith("customer") else "start_over")
    if refused.known.sandbox and fact is not None and not fact.about:
        return Finding(Known("The sandbox knows nothing of this token any more."), again)
    if refused.known.sandbox and fact is None:
        return Finding(
            Known(
                "The sandbox knows no such token: it was not copied whole, has a character "
                "too many, or comes from elsewhere."
            ),
            again,
        )
    if fact is not None and fact.state == "live":
        # assumed: a token of a customer of another organization; see customer_service.
        return Finding(
            Known("The token lives, and belongs to another organization than the address names."),
            "Put the organization_id in the address that came with the token.",
        )
    if fact is not None:
        return Finding(
            Likely("the token was revoked, or the oldest of more than 25 was dropped."), again
        )
    other = "an agent's" if wants.startswith("customer") else "a personal access token"
    return Finding(
        Likely(
            "the token has expired (after 8 hours), was revoked, was not copied whole, or is "
            f"{other}. This kernel did not see it issued."
        ),
        again,
    )
