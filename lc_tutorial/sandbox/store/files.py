"""Files that were uploaded, kept in memory and bounded; each has an address that nobody guesses.

Source: livechat-public-docs, agent-chat-api (Upload File): 10 MB at most, no executable files, and
an address that ends after 24 hours unless an event names it.
"""

import functools
import hashlib
import mimetypes
import secrets
import struct
from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import quote

LIFETIME = 86_400
MOST_BYTES = 32 * 1024 * 1024
"""What all files together may take; of too many, the oldest goes."""

_OVERHEAD = 1_000  # what a record takes beside its bytes

#: What a browser may show by itself. All else it is told to save: our address may be Jupyter's.
_SHOWN = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})


def content_type_of(name: str) -> str:
    """What a file is, by its name."""
    kind, _ = _types().guess_type(name)
    return kind or "application/octet-stream"


@functools.cache
def _types() -> mimetypes.MimeTypes:
    """Python's own types. Not those of the machine, which differ; but to read these is part of it.

    So it waits for the first file: no sandbox starts later for it.
    """
    types = mimetypes.MimeTypes()
    types.add_type("image/webp", ".webp")  # Python has this one from 3.13 on.
    return types


@dataclass(frozen=True)
class File:
    """A file.

    Attributes:
        organization_id: Whose it is.
        key: The part of its address that nobody guesses.
        name: As it was uploaded.
        content_type: By its name.
        content: Its bytes.
        expires_at: When its address ends, in the world's time; None once an event names it.
    """

    organization_id: str
    key: str
    name: str
    content_type: str
    content: bytes
    expires_at: float | None

    @property
    def path(self) -> str:
        """The path of its address."""
        license_id = int(hashlib.sha256(self.organization_id.encode()).hexdigest()[:6], 16)
        return f"/api/file/lc/att/{license_id}/{self.key}/{quote(self.name, safe='')}"

    @property
    def is_shown(self) -> bool:
        """Whether a browser may show it by itself."""
        return self.content_type in _SHOWN

    @property
    def details(self) -> dict[str, str | int]:
        """What an event says of it: of images more than of other files."""
        told: dict[str, str | int] = {"name": self.name, "content_type": self.content_type}
        if self.content_type.startswith("image/"):
            told["size"] = len(self.content)
            size = _width_and_height(self.content)
            if size is not None:
                told["width"], told["height"] = size
        return told


class Files:
    """The files of all organisations."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, File] = OrderedDict()
        self._bytes = 0

    def add(self, organization_id: str, name: str, content: bytes, now: float) -> File:
        """Keep a file, for a day at first."""
        file = File(
            organization_id,
            secrets.token_hex(16),
            name,
            content_type_of(name),
            content,
            now + LIFETIME,
        )
        self._kept[file.key] = file
        self._bytes += len(content) + _OVERHEAD
        while self._bytes > MOST_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest.content) + _OVERHEAD
        return file

    def get(self, path: str, now: float) -> File | None:
        """Return the file whose address has that path, quoted or not, while it is there.

        What a hub's proxy puts before the path does not matter.
        """
        parts = path.split("/")
        file = self._kept.get(parts[-2]) if len(parts) > 1 else None
        if file is None or (file.expires_at is not None and file.expires_at <= now):
            return None
        plain = file.path.rpartition("/")[0] + f"/{file.name}"
        return file if path.endswith((file.path, plain)) else None

    def keep(self, file: File) -> None:
        """Let the file's address be valid for good: an event names it."""
        if file.key in self._kept:
            self._kept[file.key] = File(
                file.organization_id, file.key, file.name, file.content_type, file.content, None
            )


def _width_and_height(content: bytes) -> tuple[int, int] | None:
    """Read the size of a picture in pixels from a PNG's, a GIF's, a WebP's or a JPEG's head."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP" and len(content) >= 30:
        return _of_webp(content)
    at = 2 if content.startswith(b"\xff\xd8") else len(content)
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _of_webp(content: bytes) -> tuple[int, int] | None:
    """Read it from the head of the first chunk. Source: RFC 9649, sections 2.5 to 2.7."""
    kind = content[12:16]
    if kind == b"VP8X":
        return (
            int.from_bytes(content[24:27], "little") + 1,
            int.from_bytes(content[27:30], "little") + 1,
        )
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None
