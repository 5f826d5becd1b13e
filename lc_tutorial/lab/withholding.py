"""Secrets that are typed where everybody can read them: into the vault, and out of the field."""

from urllib.parse import unquote

from lc_tutorial.lab.request import REFERENCE
from lc_tutorial.lab.vault import Vault
from lc_tutorial.masking import SECRET_FIELDS, SECRET_HEADERS, find_secrets


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
    name = name.strip().lower()
    if name in SECRET_FIELDS and text.strip() and not REFERENCE.search(text):
        return vault.keep(name, unquote(text.strip()))
    if name in SECRET_HEADERS and text.strip() and not REFERENCE.search(text):
        return _header(text.strip(), vault, name)
    for field, value in find_secrets(text):
        kept = "access_token" if field in ("", "authorization") else field
        text = text.replace(value, vault.keep(kept, unquote(value)))
    return text


def _header(text: str, vault: Vault, name: str) -> str:
    scheme, _, credential = text.partition(" ")
    match scheme.lower():
        case "bearer" if credential:
            return f"{scheme} {vault.keep('access_token', credential.strip())}"
        case "basic" if credential:
            return f"{scheme} {vault.keep('basic_credential', credential.strip())}"
    return vault.keep(name.replace("-", "_"), text)
