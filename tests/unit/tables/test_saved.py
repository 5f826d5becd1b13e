"""Answers as people save them."""

import bz2
import codecs
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import requests
from answers import archived, archives, body, chat, thread, threads

from lc_tutorial.errors import InputError, PlatformAnswerError
from lc_tutorial.tables import tables


def written(answer: bytes, **how: Any) -> bytes:
    return json.dumps(json.loads(answer), ensure_ascii=False, **how).encode()


FIRST, SECOND = written(body(chat("A"))), written(body(chat("B"), {"id": "Ü🙂"}))
INDENTED = written(SECOND, indent=2)


def same(saved: Any, *answers: bytes) -> None:
    """The same tables as of the answers one by one."""
    got, right = tables(saved), tables(answers)
    for name in ("chats", "users", "threads", "events", "tags", "problems", "unknown"):
        pd.testing.assert_frame_equal(compact(getattr(got, name)), compact(getattr(right, name)))
    assert len(right.chats) or len(right.threads)


def compact(frame: pd.DataFrame) -> pd.DataFrame:
    """The same table; what it keeps as JSON has the blanks that the answer had there."""
    if "other_fields" not in frame:
        return frame
    texts = frame["other_fields"].map(lambda text: json.dumps(json.loads(text)), na_action="ignore")
    return frame.assign(other_fields=texts)


def in_encoding(content: bytes, encoding: str) -> bytes:
    return content.decode().encode(encoding)


@pytest.mark.parametrize("content", [SECOND, INDENTED], ids=["as it came", "indented"])
@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
    ],
)
def test_an_answer_is_read_in_each_encoding_of_json(encoding: str, content: bytes) -> None:
    same(in_encoding(content, encoding), SECOND)
    same(gzip.compress(in_encoding(content, encoding)), SECOND)
    same([in_encoding(content, encoding), FIRST], SECOND, FIRST)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "together",
    [
        FIRST + b"\n" + SECOND + b"\n",
        FIRST + b"\r\n\r\n" + SECOND,
        FIRST + SECOND,
        INDENTED.join((b"", b"\n")) + FIRST,
        b"\x1e" + FIRST + b"\n\x1e" + SECOND + b"\n",
        codecs.BOM_UTF8 + FIRST + codecs.BOM_UTF8 + SECOND,
        b"[" + FIRST + b"," + SECOND + b"]",
        b" [\n" + FIRST + b",\n" + INDENTED + b"\n]\n",
        b"[" + FIRST + b"]\n[" + SECOND + b"]",
        b"[" + FIRST + b"]\n" + SECOND,
    ],
    ids=[
        "JSON Lines",
        "with empty lines",
        "one after the other",
        "indented and not",
        "text sequences",
        "with marks",
        "an array",
        "an indented array",
        "two arrays",
        "an array and an answer",
    ],
)
def test_several_answers_in_one_text_are_read(together: bytes, encoding: str) -> None:
    first_is_second = together.startswith(INDENTED)
    right = (SECOND, FIRST) if first_is_second else (FIRST, SECOND)
    same(in_encoding(together, encoding), *right)
    same(in_encoding(together, encoding).decode(encoding), *right)


def test_answers_with_all_events_are_read_from_an_array() -> None:
    same(b"[" + archives(archived("A")) + b"," + archives() + b"]", archives(archived("A")))
    same(threads(thread("T1")) + b"\n" + threads(thread("T2")), threads(thread("T1"), thread("T2")))
    one, another = json.dumps(archived("A")).encode(), json.dumps(archived("B")).encode()
    same(b"[" + one + b"," + another + b"]", archives(archived("A"), archived("B")))


def test_broken_characters_in_a_saved_answer_cost_nothing_else() -> None:
    broken = codecs.BOM_UTF8 + SECOND.replace("Ü".encode(), b"\xff") + b"\n" + FIRST
    assert [*tables(broken).chats["chat_id"]] == ["B", "\ufffd🙂", "A"]


@pytest.mark.parametrize(
    "given",
    [
        bytearray(SECOND),
        memoryview(SECOND),
        io.BytesIO(SECOND),
        io.StringIO(SECOND.decode()),
        [io.BytesIO(SECOND)],
        "\ufeff" + SECOND.decode(),
    ],
)
def test_whatever_holds_an_answer_will_do(given: Any) -> None:
    same(given, SECOND)


def test_an_open_file_is_read_whole(tmp_path: Path) -> None:
    saved = tmp_path / "answers.json"
    saved.write_bytes(INDENTED + b"\n" + FIRST)
    with saved.open(encoding="utf-8") as text, saved.open("rb") as raw:
        same(text, SECOND, FIRST)
        same(raw, SECOND, FIRST)


# --- What can't be read is named ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "It is empty."),
        (b" \n", "It is empty."),
        (codecs.BOM_UTF8, "It is empty."),
        (b"[]", "Its part 1 is a list with nothing in it."),
        (FIRST + b"[]", "Its part 2 is a list with nothing in it."),
        (FIRST[:-5], "It is no JSON, or is cut short: "),
        (
            FIRST + b"\n" + SECOND[:50],
            "After one piece of JSON comes what is none, or is cut short: ",
        ),
        (
            FIRST + SECOND + b"\nDone.",
            "After 2 pieces of JSON comes what is none, or is cut short: ",
        ),
        (
            b"curl: (28) Operation timed out",
            "It is no JSON, or is cut short: Expecting value in line 1",
        ),
        (b"<!DOCTYPE html><title>Sign in</title>", "It is HTML or XML, not JSON."),
        (b"\n <html>", "It is HTML or XML, not JSON."),
        (b"SQLite format 3\0" + bytes(100), "It begins as a database of SQLite does"),
        (b"PAR1" + bytes(100), "It begins as a Parquet file does."),
        (b"PK\x03\x04" + bytes(100), "It begins as a zip archive does."),
        (bz2.compress(FIRST), "It is compressed by bzip2."),
        (lzma.compress(FIRST), "It is compressed by xz."),
        (
            gzip.compress(FIRST, mtime=0)[:-20],
            "It is compressed by gzip, and damaged or cut short: ",
        ),
        (b"\x1f\x8b" + bytes(50), "It is compressed by gzip, and damaged or cut short: "),
        (gzip.compress(b"<html>", mtime=0), "It is HTML or XML, not JSON."),
        (
            b'{"error": {"type": "validation"}}',
            "It is an error that the platform answered instead.",
        ),
        (b"[" + FIRST + b", 5]", "In answer 2 of 2: What came can't be read: "),
        (FIRST + b'\n{"error": {}}', "In answer 2 of 2: It is an error that the platform answered"),
        (b'[{"id": "agent@example.com", "name": "A"}]', "An answer with chats has a field"),
        (b"[[" + FIRST + b"]]", "What came can't be read: Expected `object`, got `array`"),
        (b"true", "What came can't be read: Expected `object`, got `bool`"),
    ],
)
@pytest.mark.parametrize("form", [bytes, bytearray, lambda content: [content]])
def test_what_is_no_answer_is_named(content: bytes, why: str, form: Callable[[bytes], Any]) -> None:
    with pytest.raises(PlatformAnswerError, match="not an answer with chats") as caught:
        tables(form(content))
    assert caught.value.why.startswith(why)
    assert caught.value.remedy
    assert "again" not in caught.value.remedy, "what was saved is not had by sending anything"


def test_of_an_answer_that_just_came_one_can_look_at_it() -> None:
    response = requests.Response()
    response.status_code, response._content = 200, b"<html>Sign in</html>"
    with pytest.raises(PlatformAnswerError, match="HTML or XML") as caught:
        tables(response)
    assert caught.value.remedy == "Look at what came: lc.show(response)."


@pytest.mark.parametrize(
    "name",
    [
        Path("answers.json"),
        [Path("answers.json")],
        "answers.json",
        b"answers.json",
        "~/Downloads/chats 2026.jsonl",
        r"C:\Users\me\answers.json",
        ["1.json", "2.json"],
        Path("no-suffix"),
    ],
)
def test_the_name_of_a_file_is_no_answer(name: Any) -> None:
    with pytest.raises(InputError, match="name of a file") as caught:
        tables(name)
    assert "read_bytes()" in caught.value.remedy
