"""A value that is typed or pasted into a field of the lab, by the name that it gets."""

from lc_tutorial.errors import InputError
from lc_tutorial.masking import Secret
from lc_tutorial.pasting import Kind, read, with_plain_blanks, without_invisible

_KINDS = {
    "access_token": Kind.ACCESS_TOKEN,
    "customer_access_token": Kind.ACCESS_TOKEN,
    "refresh_token": Kind.REFRESH_TOKEN,
    "client_id": Kind.CLIENT_ID,
    "client_secret": Kind.CLIENT_SECRET,
    "redirect_uri": Kind.REDIRECT_URI,
    "code": Kind.CODE,
    "code_verifier": Kind.CODE_VERIFIER,
    "account_id": Kind.ACCOUNT_ID,
    "personal_access_token": Kind.PERSONAL_ACCESS_TOKEN,
}


def typed_value(name: str, typed: str) -> str:
    """The value without what was copied along.

    Args:
        name: in the vault, also a numbered one such as ``access_token_2``.
        typed: as it came.

    Raises:
        InputError: something stands in its place: dots that hide it, or a placeholder.
    """
    kind = _KINDS.get(name.rstrip("0123456789").rstrip("_"))
    if kind is None:
        return with_plain_blanks(without_invisible(typed)).strip()
    reading = read(typed, kind)
    if reading.fault or not reading.value:
        Secret(typed.strip())  # whatever it is, it is not shown
        raise InputError(
            what=f"This can't be the {kind.value}.",
            why=reading.fault or "There is no value in it.",
            remedy="Paste the value itself, from the page or the cell that made it.",
        )
    return reading.value
