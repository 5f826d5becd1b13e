"""PKCE: who exchanges a code proves to be the one who asked for it.

Sources: RFC 7636; livechat-public-docs, oauth-authorization, "PKCE extension".
"""

import hashlib
import re
import struct
from base64 import urlsafe_b64encode

from lc_tutorial.sandbox.world import Challenge, same

#: A verifier, and a challenge too. Source: oauth-authorization, "PKCE extension"; RFC 7636, 4.1.
PKCE_FORM = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def is_verifier_of(challenge: Challenge, verifier: str) -> bool:
    """Whether a verifier belongs to the challenge that was sent before."""
    if challenge.method == "plain":
        return same(challenge.value, verifier)
    digest = hashlib.sha256(verifier.encode()).digest()
    return same(challenge.value, _base64url(digest)) or same(challenge.value, _of_library(digest))


def _of_library(digest: bytes) -> str:
    """Return the S256 of npm @livechat/accounts-sdk (2.1.3), which is not that of the RFC.

    It has the digest's eight words of 32 bits as signed decimal numbers, with commas, in Base64.
    assumed: the platform takes it, or the vendor's own library, as the documentation shows it,
    would get no token. Also, a challenge may have 43 to 128 characters there with S256 too, and the
    RFC's always has 43.
    """
    words = ",".join(str(word) for (word,) in struct.iter_unpack(">i", digest))
    return _base64url(words.encode())


def _base64url(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
