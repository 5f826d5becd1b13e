"""Answers as people save them: in another encoding, several in one file, compressed.

What the API sends is one answer in UTF-8, and is read as it is. Only what can't be read so comes
here. A saved answer may begin with a mark of its encoding, or be in UTF-16, as the redirection of
Windows PowerShell writes it; several may be in a JSON array, one on each line (JSON Lines), or one
after the other, as ``cat`` leaves them; and all of that may be compressed by gzip.
"""

import gzip
import json
import re
import zlib
from pathlib import PurePath

import msgspec
from msgspec import Raw

from lc_tutorial.errors import InputError, PlatformAnswerError

# Between two answers; some programs put a mark in front of each (RFC 7464), others one of Unicode.
_BETWEEN = " \t\r\n\x1e\ufeff"
_GAP = re.compile(f"[{_BETWEEN}]*")

_GZIP = b"\x1f\x8b"

#: What some files begin with, and what to do with them.
_OTHER_FILES = {
    b"SQLite format 3\0": (
        "It begins as a database of SQLite does, such as the file of a pull.",
        "Give the pages of the pull, with that file's name in keep_in: "
        'lc.tables(client.list_chats_pages(keep_in="chats.pull")).',
    ),
    b"PAR1": (
        "It begins as a Parquet file does.",
        "An exported table is read by pandas.read_parquet.",
    ),
    b"PK\x03\x04": ("It begins as a zip archive does.", "Unpack it, and give what is in it."),
    b"\x28\xb5\x2f\xfd": ("It is compressed by zstd.", "Unpack it, and give what is in it."),
    b"BZh": ("It is compressed by bzip2.", "Unpack it, and give what is in it."),
    b"\xfd7zXZ\0": ("It is compressed by xz.", "Unpack it, and give what is in it."),
    b"<": ("It is HTML or XML, not JSON.", "Give what the API answered, which is JSON."),
}

#: The remedy where nothing more is known.
GIVE_IT_WHOLE = "Give the text or the bytes of an answer, whole and as the API sent it."


def taken_apart(content: bytes) -> list[bytes]:
    """The answers in something that isn't one as it is.

    Args:
        content: what was saved.

    Returns:
        The answers in UTF-8, one or more.

    Raises:
        PlatformAnswerError: it can't be read; the error says what it is instead, or where its
            reading ended.
    """
    if content.startswith(_GZIP):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as problem:
            why = f"It is compressed by gzip, and damaged or cut short: {problem}."
            raise unreadable(why) from None
    for beginning, (why, remedy) in _OTHER_FILES.items():
        if content.lstrip(b" \t\r\n").startswith(beginning):
            raise unreadable(why, remedy)
    # RFC 8259, section 8.1, and RFC 4627, section 3: by its mark, or by where the zeros are.
    text = content.decode(json.detect_encoding(content), "replace")
    if not text.strip(_BETWEEN):
        raise unreadable("It is empty.")
    _see_that_it_is_no_name(text)
    found: list[bytes] = []
    for number, each in enumerate(_values(text), start=1):
        if not each.startswith("["):
            found.append(each.encode("utf-8", "replace"))
            continue
        answers = msgspec.json.decode(each.encode("utf-8", "replace"), type=list[Raw])
        if not answers:
            raise unreadable(f"Its part {number} is a list with nothing in it.")
        found += map(bytes, answers)
    return found


def unreadable(why: str, remedy: str = GIVE_IT_WHOLE) -> PlatformAnswerError:
    """The error for what is no answer with chats."""
    return PlatformAnswerError(what="This is not an answer with chats.", why=why, remedy=remedy)


def _values(text: str) -> list[str]:
    """The pieces of JSON in a text that holds one after the other."""
    decoder = json.JSONDecoder()
    values: list[str] = []
    at = 0
    while True:
        if gap := _GAP.match(text, at):
            at = gap.end()
        if at == len(text):
            return values
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as problem:
            raise unreadable(_where_it_ends(problem, len(values))) from None
        values.append(text[at:end])
        at = end


def _where_it_ends(problem: Exception, answers: int) -> str:
    if not isinstance(problem, json.JSONDecodeError):
        return "It can't be read: too many lists or objects are within each other."
    says = f"{problem.msg} in line {problem.lineno}, column {problem.colno}"
    if not answers:
        return f"It is no JSON, or is cut short: {says}."
    pieces = "one piece of JSON" if answers == 1 else f"{answers} pieces of JSON"
    return f"After {pieces} comes what is none, or is cut short: {says}."


def _see_that_it_is_no_name(text: str) -> None:
    if "\n" in text.strip() or len(text) > 300 or text.lstrip(_BETWEEN)[:1] in '{["':
        return
    if PurePath(text.strip()).suffix.lower() in {".json", ".jsonl", ".ndjson", ".txt", ".gz"}:
        raise not_its_name()


def not_its_name() -> InputError:
    """The error for the name of a file in the place of what is in it."""
    return InputError(
        what="This is the name of a file, not an answer.",
        why="Tables are made of what is in the file, and it was not opened.",
        remedy='Read it first: lc.tables(Path("answer.json").read_bytes()), '
        "with Path from pathlib.",
    )
