"""The room's address, as the teacher gave it and a learner pasted it."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from lc_tutorial.errors import InputError
from lc_tutorial.messages import LOOPBACK

_REMEDY = 'Copy the whole line that your teacher gave: lc.join("http://…/join/…", name="…").'
_CODE = re.compile(r"[A-Za-z0-9-]{4,32}")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Address:
    """Where a board is, and what opens it for learners.

    Attributes:
        url: of the board, ending in a slash.
        code: of the room.
        fingerprint: SHA-256 of the board's certificate, in hex; empty where none is told.
    """

    url: str
    code: str = field(repr=False)
    fingerprint: str = ""

    @property
    def is_open_to_readers(self) -> bool:
        """Whether what is sent there could be read on the way."""
        parts = urlsplit(self.url)
        return parts.scheme == "http" and parts.hostname not in LOOPBACK


def read_address(text: object) -> Address:
    """Read the address of a room.

    Raises:
        InputError: it is none.
    """
    if not isinstance(text, str):
        raise _not_one(f"It is of the type {type(text).__name__}.")
    try:
        parts = urlsplit(text.strip().strip("\"'<>"))
        port = parts.port
    except ValueError:
        raise _not_one("It can't be read as an address.") from None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise _not_one("It has to begin with http:// or https:// and the name of a machine.")
    if "@" in parts.netloc:
        raise _not_one("There is a name or a password in it, which a board doesn't ask for.")
    before, found, code = parts.path.rpartition("/join/")
    if not found or not _CODE.fullmatch(code.strip("/")):
        raise _not_one("The code of the room is missing at its end: /join/ and letters.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    origin = f"{parts.scheme.lower()}://{host}" + (f":{port}" if port else "")
    fingerprint = parse_qs(parts.query).get("cert", [""])[0].lower()
    if fingerprint and not _FINGERPRINT.fullmatch(fingerprint):
        raise _not_one("It was cut off: what stands after cert= has 64 letters and digits.")
    return Address(f"{origin}{before}/", code.strip("/"), fingerprint)


def _not_one(why: str) -> InputError:
    return InputError(what="This is not the address of a room.", why=why, remedy=_REMEDY)
