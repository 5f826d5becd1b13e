"""Typed columns of a DataFrame, filled page by page from plain Python values.

What is added is packed at once, while it is still in the processor's cache and so that the objects
it was made of can go: instants as characters, categories as codes, numbers as numbers. A column has
the same dtype whatever came, also when nothing came, and with pandas 2.2 as with 3:

========  ====================================  =====================================
column    holds                                 dtype
========  ====================================  =====================================
Text      strings                               ``string`` (Python's, not pyarrow's)
Shared    strings that come again and again     ``string``
Json      JSON that is kept as it came          ``string``
Category  strings of which few are different    ``category``
Time      instants                              ``datetime64[us, UTC]``
Whole     whole numbers                         ``Int64``
Truth     yes or no                             ``boolean``
Number    numbers, also those sent as text      ``float64``
Items     tuples                                ``object``
========  ====================================  =====================================

What is missing is ``<NA>``, ``NaT`` or ``NaN``; a missing list is an empty tuple.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count, repeat
from typing import Any, TypeVar

import msgspec
import numpy as np
import pandas as pd

#: The dtype of text. Named with its storage: otherwise it depends on whether pyarrow is installed.
TEXT = pd.StringDtype("python")

Array = np.ndarray[Any, Any]
# Values of which there is one already, so that an equal one need not be kept.
Pool = dict[Any, Any]
_T = TypeVar("_T", bound=Hashable)


class Column(ABC):
    """One column in the making.

    Attributes:
        unreadable: after :meth:`array`, the values that can't be read, by their row. They count
            as missing.
    """

    #: What stands for a missing value among those that are added.
    absent: Any = None

    def __init__(self) -> None:
        self.unreadable: dict[int, Any] = {}
        self._length = 0
        self._taken = 0
        self._runs: list[tuple[int, int]] = []

    def add(self, values: Sequence[Any]) -> None:
        """Add values."""
        start, self._length = self._length, self._length + len(values)
        missing = values.count(self.absent)
        # Most columns are empty on most pages, and then it costs as good as nothing.
        if missing < len(values):
            self._pack(values, missing == 0)
            self._taken += len(values)
            self._runs.append((start, self._length))

    def array(self, rows: int, places: Array | None = None) -> Any:
        """The column as pandas keeps it. It can't be added to from then on.

        Args:
            rows: how many it has.
            places: the rows of the values, in the order in which they were added; all rows in
                their order, if not given.
        """
        packed = self._packed()
        places = np.arange(rows) if places is None else places
        if len(packed) < len(places):
            places = np.concatenate([places[:0], *(places[slice(*run)] for run in self._runs)])
        self.unreadable = {int(places[at]): value for at, value in self.unreadable.items()}
        return self._finished(packed, rows, places if len(packed) < rows else None)

    @abstractmethod
    def _pack(self, values: Sequence[Any], complete: bool) -> None:
        """Take in values, some of which may be missing if they are not complete."""

    @abstractmethod
    def _packed(self) -> Array:
        """Hand over all that was taken in."""

    @abstractmethod
    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        """Make pandas' array of it; without places there is a value for each row."""


def _spread(packed: Array, rows: int, places: Array | None, missing: Any) -> Array:
    """The values in their places, and in all other places what stands for a missing one."""
    if places is None:
        return packed
    whole = np.full(rows, missing, dtype=packed.dtype)
    whole[places] = packed
    return whole


class Text(Column):
    """Strings."""

    def __init__(self) -> None:
        super().__init__()
        self._values: list[Any] = []

    def _pack(self, values: Sequence[Any], _: bool) -> None:
        self._values.extend(values)

    def _packed(self) -> Array:
        packed = np.fromiter(self._values, dtype=object, count=len(self._values))
        self._values.clear()
        return packed

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        texts = pd.arrays.StringArray(packed)
        if places is None:
            return texts
        which = np.full(rows, -1)
        which[places] = np.arange(len(packed))
        return texts.take(which, allow_fill=True)


class Shared(Text):
    """Strings that come again nearby, such as the ids of agents: of equal ones one is kept.

    Args:
        pool: what there is one of already; columns may share it.
    """

    def __init__(self, pool: Pool) -> None:
        super().__init__()
        self._one_of = pool.setdefault

    def _pack(self, values: Sequence[str | None], _: bool) -> None:
        self._values.extend(map(self._one_of, values, values))


class Json(Text):
    """Pieces of JSON, as the text they came as. Of a JSON string, its own text."""

    absent = msgspec.Raw()

    def _pack(self, values: Sequence[msgspec.Raw], _: bool) -> None:
        self._values.extend([_text_of(value) if value else None for value in values])


def _text_of(value: msgspec.Raw) -> str | None:
    text = str(value, "utf-8")
    # Also null, which is None.
    return msgspec.json.decode(value, type=str | None) if text[0] in '"n' else text


class Items(Text):
    """Tuples, such as the ids of a chat's groups.

    Args:
        pool: as of :class:`Shared`; equal items are kept once.
    """

    def __init__(self, pool: Pool) -> None:
        super().__init__()
        self._one_of = pool.setdefault

    def _pack(self, values: Sequence[tuple[Any, ...] | None], _: bool) -> None:
        one_of = self._one_of
        self._values.extend(
            [tuple([one_of(each, each) for each in value]) if value else () for value in values]
        )

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        whole = np.fromiter(repeat((), rows), dtype=object, count=rows)
        whole[slice(None) if places is None else places] = packed
        return whole


class _InChunks(Column):
    """A column that packs the values of each page in an array of its own."""

    _dtype: Any

    def __init__(self) -> None:
        super().__init__()
        self._chunks = [np.empty(0, dtype=self._dtype)]

    def _packed(self) -> Array:
        packed = np.concatenate(self._chunks)
        self._chunks.clear()
        return packed


class _Codes(dict[_T, int]):
    """Numbers for values, in the order in which they first come."""

    def __missing__(self, value: _T) -> int:
        code = self[value] = len(self)
        return code


class Category(_InChunks):
    """Strings of which few are different: each is kept once."""

    _dtype = np.int32

    def __init__(self) -> None:
        super().__init__()
        self._codes: _Codes[str | None] = _Codes()

    def _pack(self, values: Sequence[str | None], _: bool) -> None:
        codes = map(self._codes.__getitem__, values)
        self._chunks.append(np.fromiter(codes, np.int32, len(values)))

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        values = sorted(value for value in self._codes if value is not None)
        code_of = {value: code for code, value in enumerate(values)}
        # One more than there are values, for the rows that have none.
        codes = [*(code_of.get(value or "", -1) for value in self._codes), -1]
        whole = np.array(codes, dtype=np.int32)[_spread(packed, rows, places, -1)]
        return pd.Categorical.from_codes(whole, categories=pd.Index(values, dtype=TEXT))


class Time(_InChunks):
    """Instants, sent as RFC 3339 text: mostly in UTC with six decimals, which is read fast."""

    _dtype = "M8[us]"

    # As long as an instant in its usual form, "2026-06-15T14:30:00.000000Z".
    _MISSING = "NaT" + "\0" * 23 + "Z"
    _LENGTH = len(_MISSING)
    _AT_ONCE = 2_000 * _LENGTH

    def __init__(self) -> None:
        super().__init__()
        self._characters = bytearray()

    def _pack(self, values: Sequence[Any], complete: bool) -> None:
        texts = "".join(values if complete else [value or self._MISSING for value in values])
        # If all have the usual length, there is a Z in the last place of each.
        usual = texts[self._LENGTH - 1 :: self._LENGTH] == "Z" * len(values)
        if not usual or len(texts) != self._LENGTH * len(values) or not texts.isascii():
            texts = "".join(map(self._usual_form, count(self._taken), values))
        self._characters += texts.encode()
        if len(self._characters) > self._AT_ONCE:
            self._read_characters()

    def _usual_form(self, place: int, value: str | None) -> str:
        """An instant with another offset or other decimals, in the usual form."""
        if not value:
            return self._MISSING
        try:
            instant = datetime.fromisoformat(value)
            # assumed: an instant without an offset is in UTC, as almost all instants are.
            instant = instant.astimezone(UTC) if instant.tzinfo else instant
            return instant.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
        except (ValueError, OverflowError):
            self.unreadable[place] = value
            return self._MISSING

    def _read_characters(self) -> None:
        size = len(self._characters) // self._LENGTH
        # Without the Z, which numpy doesn't read.
        texts = np.ndarray(
            size, f"S{self._LENGTH - 1}", bytes(self._characters), strides=self._LENGTH
        )
        self._characters.clear()
        try:
            instants = texts.astype("M8[us]")
        except ValueError:
            instants = self._read_one_by_one(texts)
        self._chunks.append(instants)

    def _read_one_by_one(self, texts: Array) -> Array:
        """Read instants of which some have the usual form but don't exist: 30 February."""
        instants = np.full(len(texts), np.datetime64("NaT", "us"))
        for index, text in enumerate(texts):
            try:
                instants[index] = np.datetime64(text.decode(), "us")
            except ValueError:
                self.unreadable[sum(map(len, self._chunks)) + index] = f"{text.decode()}Z"
        return instants

    def _packed(self) -> Array:
        self._read_characters()
        return super()._packed()

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        whole = _spread(packed, rows, places, np.datetime64("NaT"))
        return pd.Series(whole).dt.tz_localize("UTC").array


class Whole(_InChunks):
    """Whole numbers."""

    _dtype = np.int64

    # No answer can hold it: wire.Integer leaves it out.
    _MISSING = -(2**63)

    def _pack(self, values: Sequence[Any], complete: bool) -> None:
        if not complete:
            missing = self._MISSING
            values = [missing if value is None else value for value in values]
        self._chunks.append(np.fromiter(values, np.int64, len(values)))

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        whole = _spread(packed, rows, places, self._MISSING)
        missing = whole == self._MISSING
        whole[missing] = 1
        return pd.arrays.IntegerArray(whole, missing)


class Truth(_InChunks):
    """Yes or no."""

    _dtype = np.uint8
    _MISSING = 2

    def _pack(self, values: Sequence[Any], complete: bool) -> None:
        if not complete:
            values = [2 if value is None else value for value in values]
        self._chunks.append(np.frombuffer(bytes(values), np.uint8))

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        whole = _spread(packed, rows, places, self._MISSING)
        return pd.arrays.BooleanArray(whole == 1, whole == self._MISSING)


class Number(_InChunks):
    """Numbers, some of which are sent as text, such as latitudes."""

    _dtype = np.float64

    def _pack(self, values: Sequence[Any], _: bool) -> None:
        try:
            chunk = np.array(values, np.float64)
        except ValueError:
            chunk = np.array([*map(self._number, count(self._taken), values)])
        self._chunks.append(chunk)

    def _number(self, place: int, value: str | float | None) -> float:
        if value is None or value == "":
            return np.nan
        try:
            return float(value)
        except ValueError:
            self.unreadable[place] = value
            return np.nan

    def _finished(self, packed: Array, rows: int, places: Array | None) -> Any:
        return _spread(packed, rows, places, np.nan)


class Named(_InChunks):
    """Columns whose names come with the data, such as custom properties.

    Takes JSON: ``{namespace: {name: value}}`` or ``[{name: value}, ...]``. Many rows have the same,
    so each different text is kept once, and taken apart at the end. A column is ``boolean``,
    ``Int64``, ``float64`` or ``string`` where all its values agree, else ``object``.

    Args:
        prefix: of the names of the columns.
    """

    absent = msgspec.Raw()
    _dtype = np.int32

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix
        self._codes: _Codes[bytes] = _Codes()

    def _pack(self, values: Sequence[msgspec.Raw], _: bool) -> None:
        codes = map(self._codes.__getitem__, map(bytes, values))
        self._chunks.append(np.fromiter(codes, np.int32, len(values)))

    def _finished(self, packed: Array, rows: int, places: Array | None) -> dict[str, Any]:
        """Make the columns, by their names, in the order of the alphabet."""
        codes = _spread(packed, rows, places, -1)
        cells: dict[str, tuple[list[int], list[Any]]] = defaultdict(lambda: ([], []))
        for text, code in self._codes.items():
            for name, value in _flat(text):
                codes_with_it, values = cells[name]
                codes_with_it.append(code)
                values.append(value)
        return {
            f"{self._prefix}{name}": _as_they_are(len(self._codes), *cells[name])[codes]
            for name in sorted(cells)
        }


def _flat(text: bytes) -> Iterator[tuple[str, Any]]:
    """The names and values in a piece of JSON; names begin with a dot."""
    objects = msgspec.json.decode(text) if text else None
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
    if kinds == {int} and all(abs(value) < 2**63 for value in values if value is not None):
        return pd.array(whole, dtype="Int64")
    if kinds and kinds <= {int, float}:
        return np.array(whole, dtype=np.float64)
    return whole
