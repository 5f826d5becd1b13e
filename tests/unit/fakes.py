"""Values that look as random as the platform's do, and are worth nothing anywhere.

And how much of one can be read in what was shown.
"""

import base64
import hashlib
import string


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


def secret_of(value: str) -> str:
    """A code's or a token's region is no secret."""
    return value.rpartition(":")[2]


def left_of(value: str, shown: str) -> list[str]:
    """What can be read of a secret: in clear, put together, or after decoding."""
    secret = secret_of(value)
    letters = "".join(c for c in shown.replace("\\n", "") if c.isalnum() or c in "_-")
    texts = [shown, letters]
    for start in range(4):
        digits = letters[start : start + (len(letters) - start) // 4 * 4]
        texts.append(base64.urlsafe_b64decode(digits).decode("latin-1"))
    # Five hexadecimal digits stand in many an id by chance.
    length = 8 if set(secret) <= set(string.hexdigits) else 5
    pieces = {secret[i : i + length] for i in range(len(secret) - length + 1)}
    hexed = secret.encode().hex()
    pieces |= {hexed[i : i + 10] for i in range(0, len(hexed) - 9, 2)}
    return [piece for piece in pieces if any(piece in text for text in texts)]
