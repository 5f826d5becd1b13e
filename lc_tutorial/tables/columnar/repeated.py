"""What comes again and again as the same JSON: each different text is kept, and read, once.

Few places do all visits come from, few combinations of properties do chats have. So a row costs
here no more than to look up the text of it.
"""

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

    Args:
        prefix: of the names of the columns.
    """

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def _columns(self, texts: list[bytes], codes: Array) -> dict[str, Any]:
        """Make the columns, in the order of the alphabet."""
        cells: dict[str, tuple[list[int], list[Any]]] = defaultdict(lambda: ([], []))
        for code, objects in enumerate(_decoded(texts)):
            for name, value in _names_and_values(objects):
                places, values = cells[name]
                places.append(code)
                values.append(value)
        return {
            f"{self._prefix}{name}": _as_they_are(len(texts), *cells[name])[codes]
            for name in sorted(cells)
        }


def _decoded(texts: list[bytes]) -> Iterator[Any]:
    """What the texts say; None where there is none."""
    # Many at once is several times as fast as one by one; all at once would take much memory.
    for start in range(0, len(texts), 1_000):
        some = [text or b"null" for text in texts[start : start + 1_000]]
        try:
            yield from msgspec.json.decode(b"[%b]" % b",".join(some), type=list[Any])
        except (msgspec.DecodeError, UnicodeDecodeError):
            yield from map(decode_any, some)


def _names_and_values(objects: Any) -> Iterator[tuple[str, Any]]:
    """The names, which begin with a dot, and the values in decoded JSON."""
    if isinstance(objects, dict):
        for namespace, values in objects.items():
            if isinstance(values, dict):
                for name, value in values.items():
                    yield f".{namespace}.{name}", value
            else:
                yield f".{namespace}", values
    elif isinstance(objects, list) and all(isinstance(each, dict) for each in objects):
        for each in objects:
            for name, value in each.items():
                yield f".{name}", value
    elif objects is not None:
        yield "", objects


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
