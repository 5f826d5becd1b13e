"""What the sandbox's secrets look like, and how they are compared."""

import hmac
import secrets
from typing import Literal

Region = Literal["dal", "fra", "fra-a", "fra-b"]

#: The prefixes of codes and tokens. Source: livechat-public-docs, src/constants.
REGIONS: tuple[Region, ...] = ("dal", "fra", "fra-a", "fra-b")


def same(secret: str, given: str) -> bool:
    """Compare two secrets in a time that tells nothing about them."""
    # "surrogatepass": JSON can smuggle in text that has no UTF-8 form.
    return hmac.compare_digest(
        secret.encode("utf-8", "surrogatepass"), given.encode("utf-8", "surrogatepass")
    )


def random_value() -> str:
    """27 base64url characters. Source: livechat-public-docs, authorization-in-practice."""
    return secrets.token_urlsafe(20)


def new_secret() -> str:
    """A client secret."""
    return secrets.token_urlsafe(24)  # assumed: no source shows a real secret's form


def new_password() -> str:
    """A password that is easy to read and to type: nothing in it looks alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))
