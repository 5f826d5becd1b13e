"""The room's address, as the teacher gave it and a learner pasted it."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from lc_tutorial.errors import InputError
from lc_tutorial.messages import LOOPBACK
from lc_tutorial.pasting import QUOTES, is_blank, without_invisible

_REMEDY = 'Copy the whole line that your teacher gave: lc.join("http://…/join/…", name="…").'
_BEGINNING = "It has to begin with http:// or https://, and a machine's name."
_CODE = re.compile(r"[A-Za-z0-9-]{4,32}")
_LINE = re.compile(rf"(?:\w+\.)?join\([{QUOTES}](?P<address>[^{QUOTES}]*)")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
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
    given = _without_surroundings(text)
    if not given:
        raise _not_one("It is empty.")
    if not _SCHEME.match(given):
        if "//" not in given and ":/" not in given and _is_one(f"http://{given}"):
            raise _not_one("http:// or https:// is missing at its beginning.")
        raise _not_one(_BEGINNING)
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise _not_one("It can't be read as an address.") from None
    if not parts.hostname:
        raise _not_one(_BEGINNING)
    if "@" in parts.netloc:
        raise _not_one("There is a name or a password in it, which a board doesn't ask for.")
    if parts.path.rstrip("/").endswith("/teacher"):
        raise _not_one("It is the teacher's own address, which opens the board.")
    before, found, code = parts.path.rpartition("/join/")
    code, _, more = code.strip("/").partition("/")
    if not found or not code:
        raise _not_one("The code of the room is missing at its end: /join/ and letters.")
    if more or not _CODE.fullmatch(code):
        raise _not_one("What stands after /join/ is no code of a room: letters, digits and dashes.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    origin = f"{parts.scheme.lower()}://{host}" + (f":{port}" if port else "")
    fingerprint = parse_qs(parts.query).get("cert", [""])[0].lower()
    if fingerprint and not _FINGERPRINT.fullmatch(fingerprint):
        raise _not_one("It was cut off: what stands after cert= has 64 letters and digits.")
    return Address(f"{origin}{before}/", code, fingerprint)


def _without_surroundings(text: str) -> str:
    """An address has no blanks: they came with its copy, as quotes do, or the whole line."""
    visible = "".join(each for each in without_invisible(text) if not is_blank(each))
    line = _LINE.search(visible)
    given = line["address"] if line else visible
    return given.strip(f"{QUOTES}<>,;.()").translate(_DASHES)


def _is_one(text: str) -> bool:
    try:
        read_address(text)
    except InputError:
        return False
    return True


def _not_one(why: str) -> InputError:
    return InputError(what="This is not the address of a room.", why=why, remedy=_REMEDY)
