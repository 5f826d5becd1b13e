"""What the tests of the checks have in common."""

from lc_tutorial.course.findings import Check
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.oauth import Token, refresh


def missing(check: Check) -> list[str]:
    """What a check says is missing."""
    return [finding.text for finding in check.findings if finding.standing == "missing"]


def renewed(session: CatchUp, before: Token | None = None) -> Token:
    """A new token of the same refresh token."""
    assert session.app is not None
    before = before or session.token
    assert isinstance(before, Token)
    return refresh(
        session.platform,
        client_id=session.app.client_id,
        client_secret=session.app.client_secret,
        refresh_token=before.refresh_token or "",
    )
