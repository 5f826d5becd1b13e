"""The parts of a request and its answer, read for a person: address, headers, bodies.

Secrets are dots, and what is very long is cut, with a word about it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import requests

from lc_tutorial.masking import DOTS, SECRET_HEADERS, mask, mask_data
from lc_tutorial.messages import header_of, header_text, text_of

#: How much of a body is shown: values of JSON, items of one list, characters of one text.
_MOST_VALUES = 2_500
_MOST_ITEMS = 50
_MOST_CHARACTERS = 160
_MOST_TEXT = 4_000

#: How much of an answer is shown as it came, in characters.
_MOST_RAW = 20_000

#: A string of JSON, and the colon behind it if it is a name.
_JSON_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?', re.DOTALL)


@dataclass(frozen=True)
class Omitted:
    """What stands in a shortened list or object for the rest of it."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count:,} more {self.unit}"


@dataclass(frozen=True)
class Body:
    """A body, read as far as it can be, and shortened where it is very long.

    Attributes:
        kind: ``"json"``, ``"form"``, ``"text"``, ``"binary"`` or ``"empty"``.
        content: the data of JSON, the fields of a form, or a text; None for the other kinds.
        note: one sentence where the content is not all there is.
    """

    kind: str
    content: Any = None
    note: str = ""


class Reader:
    """Reads the parts.

    Args:
        masked: whether secrets are dots.
    """

    def __init__(self, *, masked: bool = True) -> None:
        self._masked = masked

    def url(self, url: str) -> str:
        """An address; the values in its query are masked, whatever they are."""
        if not self._masked:
            return url
        address, question, query = url.partition("?")
        names = [name for name, _ in parse_qsl(query, keep_blank_values=True)]
        return mask(address) + question + "&".join(f"{name}={DOTS}" for name in names)

    def headers(self, headers: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """Names and values."""
        return tuple(
            (name, self._header(name, header_text(value))) for name, value in headers.items()
        )

    def sent(self, request: requests.PreparedRequest | None) -> Body:
        """The body of a request."""
        text = text_of(request)
        if not text:
            streamed = request is not None and request.body is not None and request.body != b""
            return Body("binary", note="The body was a stream.") if streamed else Body("empty")
        encoding = header_of(request, "Content-Encoding").strip().lower()
        if encoding not in ("", "identity"):
            # Compressed, a secret is no text that could be masked.
            size = size_in_words(len(request.body or "")) if request is not None else ""
            return Body("binary", note=f"The body was sent compressed, {size}, not shown.")
        kind = header_of(request, "Content-Type")
        if "form-urlencoded" in kind:
            fields = parse_qsl(text, keep_blank_values=True)
            return Body("form", tuple((name, self._field(name, value)) for name, value in fields))
        try:
            return self._json_body(json.loads(text))
        except (ValueError, RecursionError):
            return self._text_body(text)

    def answered(self, response: requests.Response) -> Body:
        """The body of an answer."""
        content = response.content or b""
        if not content:
            return Body("empty", note="The answer has no body.")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        try:
            return self._json_body(response.json())
        except (ValueError, RecursionError):
            pass
        if b"\0" in content[:1000] or kind.startswith(("image/", "audio/", "video/")):
            size = size_in_words(len(content))
            return Body("binary", note=f"{size} of {kind or 'unknown data'}, not shown.")
        return self._text_body(response.text)

    def raw(self, response: requests.Response) -> Body:
        """An answer of JSON as it came, to the letter."""
        text = response.text
        note = ""
        if len(text) > _MOST_RAW:
            note = f"… {len(text) - _MOST_RAW:,} more characters; response.text has them all."
        # Cut twice: in the part between the two a secret that the first cut halves is dropped.
        beginning = text[: 2 * _MOST_RAW]
        if self._masked:
            beginning = _masked_json(beginning)
        return Body("text", beginning[:_MOST_RAW], note)

    def _json_body(self, data: Any) -> Body:
        shortener = _Shortener(self)
        content = shortener.shorten(data)
        note = "Shortened for display; response.json() has it all." if shortener.did_cut else ""
        return Body("json", mask_data(content) if self._masked else content, note)

    def _text_body(self, text: str) -> Body:
        note = f"… {len(text) - _MOST_TEXT:,} more characters." if len(text) > _MOST_TEXT else ""
        # Masked first: a cut could leave half a secret. But not megabytes for a few lines.
        return Body("text", self.text(text[: 2 * _MOST_TEXT])[:_MOST_TEXT], note)

    def text(self, text: str) -> str:
        """A text in which secrets may stand anywhere."""
        return mask(text) if self._masked else text

    def _header(self, name: str, value: str) -> str:
        if name.lower() not in SECRET_HEADERS or not self._masked:
            return self.text(value)
        scheme, space, credential = value.partition(" ")
        if not space or scheme.lower() not in ("bearer", "basic"):
            return DOTS
        # A known shape keeps its region, and a sample's placeholder is worth seeing.
        masked = mask(credential)
        is_readable = masked != credential or credential.startswith(("<", "your_"))
        return f"{scheme} {masked if is_readable else DOTS}"

    def _field(self, name: str, value: str) -> str:
        return str(mask_data({name: value})[name]) if self._masked else value


class _Shortener:
    """Cuts data down to what a person may want to unfold; says so where it did."""

    def __init__(self, reader: Reader) -> None:
        self._left = _MOST_VALUES
        self._reader = reader
        self.did_cut = False

    def shorten(self, data: Any) -> Any:
        self._left -= 1
        if isinstance(data, Mapping):
            return self._object(data)
        if isinstance(data, list):
            return self._list(data)
        if isinstance(data, str) and len(data) > _MOST_CHARACTERS:
            self.did_cut = True
            return f"{self._reader.text(data)[:_MOST_CHARACTERS]}…"
        return data

    def _object(self, data: Mapping[str, Any]) -> dict[str, Any]:
        # Plain values first: how many there are, and where the next page is, often come behind a
        # list that leaves nothing for them.
        order = sorted(data.items(), key=lambda field: isinstance(field[1], Mapping | list))
        shortened: dict[str, Any] = {}
        for key, value in order:
            if self._left <= 0:
                break
            shortened[key] = self.shorten(value)
        kept = {key: shortened[key] for key in data if key in shortened}
        if len(kept) < len(data):
            self.did_cut = True
            kept["…"] = Omitted(len(data) - len(kept), "fields")
        return kept

    def _list(self, data: list[Any]) -> list[Any]:
        kept: list[Any] = []
        for value in data:
            if self._left <= 0 or len(kept) >= _MOST_ITEMS:
                self.did_cut = True
                kept.append(Omitted(len(data) - len(kept), "items"))
                break
            kept.append(self.shorten(value))
        return kept


def _masked_json(text: str) -> str:
    """JSON, or the beginning of it, with dots for the secrets in its strings, else to the letter.

    String by string, because JSON can spell each character in several ways.
    """
    made, end, name = [], 0, ""
    for found in _JSON_STRING.finditer(text):
        between = text[end : found.start()]
        written = f'"{found[1]}"'
        value = _value_of(written)
        # The value of a name follows its colon at once; what is deeper is another name's.
        name = name if not between.strip() else ""
        if value is None:
            masked, name = DOTS, ""
        elif found[2]:
            masked, name = mask(value), value
        else:
            masked, name = str(mask_data({name: value})[name]), ""
        shown = written if masked == value else json.dumps(masked, ensure_ascii=False)
        made += [between, shown, found[2] or ""]
        end = found.end()
    # And what only the text as a whole tells. Of a string that was cut nothing is left.
    rest = text[end:].partition('"')[0]
    return mask("".join([*made, rest]))


def _value_of(written: str) -> str | None:
    """What a string of JSON says; None where it is none."""
    try:
        return str(json.loads(written, strict=False))
    except ValueError:
        return None


def size_in_words(count: int) -> str:
    """A number of bytes, for a person."""
    if count < 1_000:
        return "1 byte" if count == 1 else f"{count} bytes"
    return f"{count / 1_000:,.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:,.1f} MB"
