"""What was sent in the place of a value: the dots that hide it, a placeholder, or more than it."""

from collections.abc import Callable, Mapping

from lc_tutorial.pasting import Kind, shows_nothing, stand_in, wrong_as_sent

# Ids and secrets have no form of their own that others look at.
_WHOLE = {"client_id": Kind.CLIENT_ID, "client_secret": Kind.CLIENT_SECRET}
_KINDS = {**_WHOLE, "code": Kind.CODE, "refresh_token": Kind.REFRESH_TOKEN}

_REMEDY = (
    "Send the value alone, by the name that holds it, such as app.client_secret or "
    "authorization.code. What is shown of a secret has dots in it, and is not the secret."
)


def not_a_value(
    sent: Mapping[str, str], is_another: Callable[[str], bool]
) -> tuple[str, str] | None:
    """Which field of a token request holds no value, or more than one; and the remedy.

    Args:
        sent: the fields of the request, as they were sent.
        is_another: whether a value is known as one of another kind, of which others tell.
    """
    for name, kind in _KINDS.items():
        value = sent.get(name, "")
        wrong = stand_in(value, kind) if value else ""
        if any(map(shows_nothing, value)):
            wrong = "A character in it shows nothing."
        if not wrong and name in _WHOLE and not is_another(value):
            wrong = wrong_as_sent(value, kind)
        if wrong:
            return f"What was sent as {name} is not the {kind.value} alone. {wrong}", _REMEDY
    return None
