"""Values that look as random as the platform's do, and are worth nothing anywhere."""

import base64
import hashlib


def fake(name: str, length: int = 27) -> str:
    """So many characters of base64url, always the same for a name, with both cases and digits."""
    digest = hashlib.sha512(f"fake {name}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:length]


ACCOUNT = "1e4b1c1a-0000-4000-8000-00000000fake".replace("fake", "fa4e")

#: One of each kind, none of which begins or ends like another.
KINDS = {
    "access token": f"dal:{fake('access token')}",
    "access token of Frankfurt": f"fra-a:{fake('access token of Frankfurt')}",
    "refresh token": fake("refresh token"),
    "code": f"dal:{fake('code')}",
    "client secret": fake("client secret", 32),
    "client secret in hex": hashlib.md5(b"fake", usedforsecurity=False).hexdigest(),
    "verifier": fake("verifier", 43),
    "personal access token": f"dal:{fake('personal access token')}",
}


def pair(token: str) -> str:
    """What follows the word Basic."""
    return base64.b64encode(f"{ACCOUNT}:{token}".encode()).decode()
