"""Secrets that are typed where everybody can read them: into the vault, and out of the field."""

from urllib.parse import unquote

from lc_tutorial.lab.secret_names import (
    is_certain,
    looks_secret,
    secret_name,
    secrets_within,
    stands_in,
)
from lc_tutorial.lab.vault import Vault
from lc_tutorial.masking import SECRET_HEADERS


def withheld(text: str, vault: Vault, name: str = "") -> str:
    """The text with references in the place of its secrets; the vault has their values.

    >>> vault = Vault()
    >>> withheld("Bearer dal:not-a-real-token-not-a-real", vault)
    'Bearer {{access_token}}'

    Args:
        text: what was typed or pasted.
        vault: that keeps them.
        name: of the field or the header that it is the value of, where that is known.
    """
    text = vault.conceal(text)
    name, bare = name.strip().lower(), text.strip()
    if not bare or stands_in(bare):
        return text
    if name in SECRET_HEADERS:
        return _header(bare, vault, name)
    kept = secret_name(name)
    if kept is not None and (is_certain(kept) or looks_secret(bare)):
        return vault.keep(kept, unquote(bare))
    for each, value in secrets_within(text):
        if value in text:
            text = text.replace(value, vault.keep(each, unquote(value)))
    return text


def _header(text: str, vault: Vault, name: str) -> str:
    scheme, _, credential = text.partition(" ")
    match scheme.lower():
        case "bearer" if credential:
            return f"{scheme} {vault.keep('access_token', credential.strip())}"
        case "basic" if credential:
            return f"{scheme} {vault.keep('basic_credential', credential.strip())}"
    return vault.keep(name.replace("-", "_"), text)
