"""The checks of notebook 03: a token's life.

As all checks, they never raise for what the learner has not done yet. They ask the accounts service
only, which is free.
"""

from collections.abc import Iterable
from typing import Any, Protocol

from lc_tutorial import memory
from lc_tutorial.course.findings import MISSING, NOTE, RIGHT, Check, Finding, refuse_others
from lc_tutorial.errors import TokenError, TutorialError
from lc_tutorial.oauth import Token, inspect_at


class Session(Protocol):
    """What catching up made, as far as its check asks."""

    @property
    def token(self) -> Any:
        """The token; raises StepIncomplete before there is one."""

    @property
    def app(self) -> Any:
        """The app that it was issued to; None where a token was pasted."""


def check_catch_up(session: Session) -> Check:
    """Notebook 03, at its beginning: is there all that it takes to renew a token?

    Args:
        session: what ``lc.catch_up(platform)`` returned.

    Raises:
        InputError: it is something else.
    """
    refuse_others(session, "lc.check_catch_up(session)", "token", "app", "authorization")
    return Check("Ready to keep access", tuple(_catch_up(session)), "All is here. Go on.")


def _catch_up(session: Session) -> Iterable[Finding]:
    try:
        token = session.token
    except TutorialError:
        yield Finding(MISSING, "A token. Fill in the form above.")
        return
    if not isinstance(token, Token):
        yield Finding(
            MISSING,
            "An access token: a personal access token can't be refreshed. "
            "Restart the kernel, and enter your app's credentials in the form.",
        )
        return
    if session.app is None:
        yield Finding(
            MISSING,
            "Your app: a token alone is renewed by nobody but its app. Restart the kernel, and "
            "enter the app's credentials in the form in place of a token.",
        )
        return
    yield Finding(RIGHT, "A token, and the app that it was issued to.")
    if token.refresh_token:
        yield Finding(RIGHT, "A refresh token came with it.")
    else:
        yield Finding(
            MISSING,
            "A refresh token. It comes with a code: restart the kernel, and enter the app's "
            "credentials in the form in place of a token.",
        )


def check_renewed(token: Token, renewed: Token) -> Check:
    """Notebook 03: is this a new token for the old one, and does it live?

    Args:
        token: the one that was there before.
        renewed: made of the answer to the refresh.

    Raises:
        InputError: one of them is no token.
    """
    call = "lc.check_renewed(token, renewed)"
    for each in (token, renewed):
        refuse_others(each, call, "expired", "scopes", "refresh_token")
    return Check(
        "A new token without the user",
        tuple(_renewed(token, renewed)),
        "Your app goes on, and nobody had to sign in.",
    )


def _renewed(token: Token, renewed: Token) -> Iterable[Finding]:
    if renewed.access_token == token.access_token:
        yield Finding(
            MISSING,
            "A new access token: this is the old one. Make it of the answer to the refresh: "
            "renewed = lc.Token.from_response(refresh_response).",
        )
        return
    yield Finding(RIGHT, "The access token is another one than before.")
    if (renewed.account_id, renewed.client_id) != (token.account_id, token.client_id):
        yield Finding(MISSING, "A token for the same account and app: this one is of others.")
        return
    problem = refusal_of(renewed)
    if problem:
        yield Finding(MISSING, f"A token that lives. {problem}")
    else:
        yield Finding(RIGHT, "It lives.")
    if renewed.scopes == token.scopes:
        yield Finding(RIGHT, "It may do what the old one could.")
    else:
        yield Finding(NOTE, "It may do something else than the old one: a scope was sent along.")
    if renewed.refresh_token is None:
        yield Finding(NOTE, "No refresh token came with it.")
    elif renewed.refresh_token == token.refresh_token:
        yield Finding(RIGHT, "The refresh token is the same as before: it can be used again.")
    else:
        yield Finding(
            NOTE, "The refresh token is a new one: keep it in the place of the old one, at once."
        )


def check_revoked(token: Token) -> Check:
    """Notebook 03: is the token really worth nothing any more?

    Args:
        token: that was revoked.

    Raises:
        InputError: it is no token.
    """
    refuse_others(token, "lc.check_revoked(last)", "expired", "scopes", "refresh_token")
    return Check(
        "Revoke a token",
        tuple(_revoked(token)),
        "Who found them now could do nothing with them.",
    )


def _revoked(token: Token) -> Iterable[Finding]:
    seen = memory.seen_token(token.access_token)
    if seen is None:
        yield Finding(MISSING, "A token that you revoked: this kernel did not see this one issued.")
        return
    try:
        inspect_at(seen.origin, token.access_token)
        yield Finding(MISSING, "A token that is revoked: this one lives. Run the cell above.")
        return
    except TokenError as refusal:
        problem = f"{refusal.why} {refusal.remedy}"
    except TutorialError as nothing:
        # No answer is no refusal.
        yield Finding(MISSING, f"The platform's word for it: it could not be asked. {nothing.what}")
        return
    if not seen.revoked:
        yield Finding(
            MISSING,
            "A token that you revoked. The platform refuses this one, but not because you revoked "
            f"it: {problem}",
        )
        return
    yield Finding(RIGHT, "The access token was revoked, and the platform refuses it.")
    if token.refresh_token:
        yield Finding(RIGHT, "Its refresh token went with it: the two are revoked in pairs.")


def refusal_of(token: Token) -> str | None:
    """Why the platform doesn't take a token, as it says now; None for one that lives."""
    seen = memory.seen_token(token.access_token)
    if seen is None:
        return "This kernel did not see it issued."
    try:
        inspect_at(seen.origin, token.access_token)
    except TutorialError as problem:
        return f"{problem.why} {problem.remedy}"
    return None
