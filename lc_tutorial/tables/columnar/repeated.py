"""What comes again and again as the same JSON: each different text is kept, and read, once.

Few places do all visits come from, few combinations of properties do chats have. So a row costs
here no more than to look up the text of it.
"""

import json
import re
from abc import abstractmethod
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import pandas as pd

from lc_tutorial.tables.columnar.columns import TEXT, Array, Column, Items, Rows
from lc_tutorial.tables.columnar.packed import Codes, spread
from lc_tutorial.tables.reading import decode_any, decode_part


class RepeatedJson(Column):
    """JSON in the making of columns: of several, by their names."""

    dtype = np.int32

    def __init__(self) -> None:
        super().__init__()
        self._codes: Codes[bytes] = Codes()

    def add(self, rows: Rows, values: Sequence[msgspec.Raw]) -> None:
        """Add JSON for these rows, empty where there is none."""
        if any(values):
            self._pack(values)
            self._rows.append(rows)

    def _pack(self, values: Sequence[msgspec.Raw]) -> None:
        # At once is several times as fast as one by one. No JSON has a zero byte.
        codes = map(self._codes.__getitem__, b"\0".join(values).split(b"\0"))
        self._take_in(np.fromiter(codes, np.int32, len(values)))

    def _finished(self, packed: Array, rows: int, places: Array | None) -> dict[str, Any]:
        return self._columns([*self._codes], spread(packed, rows, places, -1))

    def _cannot_read(self, value: Any, where: Array) -> None:
        value = value.decode(errors="replace") if isinstance(value, bytes) else value
        self.unreadable |= dict.fromkeys(np.flatnonzero(where).tolist(), value)

    @abstractmethod
    def _columns(self, texts: list[bytes], codes: Array) -> dict[str, Any]:
        """Make the columns.

        Args:
            texts: the JSON, empty where there is none.
            codes: for each row the place of its text; -1 where it has none.
        """


class Part(RepeatedJson):
    """An object whose fields are columns, such as a place.

    Args:
        path: of the object in a chat.
        schema: of the object.
        columns: for each column its kind and its field.

    Attributes:
        unknown_fields: how often each field came that the schema doesn't know, by its path.
    """

    def __init__(
        self,
        path: str,
        schema: type[msgspec.Struct],
        columns: Mapping[str, tuple[type[Column], str]],
    ) -> None:
        super().__init__()
        self.unknown_fields: Counter[str] = Counter()
        self._path = path
        self._schema = schema
        self._fields = columns

    def _columns(self, texts: list[bytes], codes: Array) -> dict[str, Any]:
        objects = [self._schema()] * len(texts)
        for code, text in enumerate(texts):
            if text:
                unknown: Counter[str] = Counter()
                try:
                    objects[code] = decode_part(text, self._schema, unknown) or objects[code]
                except msgspec.DecodeError:
                    self._cannot_read(text, codes == code)
                if unknown:
                    times = int((codes == code).sum())
                    for name, number in unknown.items():
                        self.unknown_fields[f"{self._path}.{name}"] += number * times
        made = {}
        for name, (kind, field) in self._fields.items():
            column = kind({}) if issubclass(kind, Items) else kind()
            column.add(range(len(texts)), [getattr(each, field) for each in objects])
            # One row more than there are texts, for the rows of the table that have none.
            made[name] = column.array(len(texts) + 1)[codes]
            for code, value in column.unreadable.items():
                self._cannot_read(value, codes == code)
        return made


class Named(RepeatedJson):
    """Columns whose names come with the data, such as custom properties.

    Takes ``{namespace: {name: value}}`` or ``[{name: value}, ...]``. A column is ``boolean``,
    ``Int64``, ``float64`` or ``string`` where all its values agree, else ``object``.

    A column is named by the names on its way, with dots between them. A name that would not be one
    piece of that, such as one with a dot in it, is in quotes, as in TOML: so no two columns have
    the same name.

    Args:
        prefix: of the names of the columns.

    Attributes:
        lost: what came more than once in one row, by the row. The last value is kept.
    """

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.lost: dict[int, str] = {}
        self._prefix = prefix

    def _columns(self, texts: list[bytes], codes: Array) -> dict[str, Any]:
        """Make the columns, in the order of the alphabet."""
        cells: dict[_Way, tuple[list[int], list[Any]]] = defaultdict(lambda: ([], []))
        for code, objects in enumerate(_decoded(texts)):
            for way, value in _ways_and_values(objects):
                places, values = cells[way]
                if places and places[-1] == code:
                    self._lose(_column_name(self._prefix, way), codes == code)
                places.append(code)
                values.append(value)
        named = {_column_name(self._prefix, way): each for way, each in cells.items()}
        return {name: _as_they_are(len(texts), *named[name])[codes] for name in sorted(named)}

    def _lose(self, name: str, where: Array) -> None:
        said = f"{name} came more than once, the last one is kept."
        self.lost |= dict.fromkeys(np.flatnonzero(where).tolist(), said)


#: The names that lead to a value.
_Way = tuple[str, ...]

# What would not be read as one name, or would break the line of a CSV file's head.
_IN_QUOTES = re.compile(r"^$|^\s|\s$|[.\"\\\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _column_name(prefix: str, way: _Way) -> str:
    return ".".join((prefix, *map(_as_one_piece, way)))


def _as_one_piece(name: str) -> str:
    if not _IN_QUOTES.search(name):
        return name
    quoted = json.dumps(name, ensure_ascii=False)
    # JSON leaves these as they are.
    return _LEFT.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


_LEFT = re.compile(r"[\x7f-\x9f\u2028\u2029]")


def _decoded(texts: list[bytes]) -> Iterator[Any]:
    """What the texts say; None where there is none."""
    # Many at once is several times as fast as one by one; all at once would take much memory.
    for start in range(0, len(texts), 1_000):
        some = [text or b"null" for text in texts[start : start + 1_000]]
        try:
            yield from msgspec.json.decode(b"[%b]" % b",".join(some), type=list[Any])
        except (msgspec.DecodeError, UnicodeDecodeError):
            yield from map(decode_any, some)


def _ways_and_values(objects: Any) -> Iterator[tuple[_Way, Any]]:
    """The values in decoded JSON, and the names that lead to each."""
    if isinstance(objects, dict):
        for namespace, values in objects.items():
            if isinstance(values, dict):
                for name, value in values.items():
                    yield (namespace, name), value
            else:
                yield (namespace,), values
    elif isinstance(objects, list) and all(isinstance(each, dict) for each in objects):
        for each in objects:
            for name, value in each.items():
                yield (name,), value
    elif objects is not None:
        yield (), objects


def _as_they_are(size: int, places: list[int], values: list[Any]) -> Any:
    """An array of the dtype that fits these values, and after its last place a missing value.

    Args:
        size: how many places there are.
        places: those of the values.
        values: of any type that JSON has.
    """
    whole = np.full(size + 1, None, dtype=object)
    whole[places] = np.fromiter(values, dtype=object, count=len(values))
    kinds = set(map(type, values)) - {type(None)}
    if kinds == {str}:
        return pd.array(whole, dtype=TEXT)
    if kinds == {bool}:
        return pd.array(whole, dtype="boolean")
    if kinds == {int} and all(abs(value or 0) < 2**63 for value in values):
        return pd.array(whole, dtype="Int64")
    if float in kinds and kinds <= {int, float}:
        return np.array(whole, dtype=np.float64)
    return whole
