"""The tables as files: CSV for spreadsheets and, where pyarrow is, Parquet for everything else.

A CSV file is for looking at, so it says things as spreadsheets read them:

- A cell that begins like a formula gets an apostrophe in front. A customer types what they like,
  and a spreadsheet would run ``=HYPERLINK(…)`` as a formula of its owner's. So does text that it
  would change: an id such as ``12E4567890``, a number of twenty digits, ``007``, ``1-2``.
- A time is ``2026-05-12 12:31:46``, in UTC and to the second, in all columns and rows. With an
  offset, or with six decimals, spreadsheets take it for text.
- A duration is a number of seconds.

The Parquet file is exact: the same values, with the same dtypes.
"""

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd

from lc_tutorial.errors import InputError
from lc_tutorial.files import Leftover, NewFolder, clear_leftovers
from lc_tutorial.system import create, who_may_read, why_no_name
from lc_tutorial.tables.parquet import lack_of_parquet

#: In a CSV file, an apostrophe goes before a text that begins with one of these.
#: Source: OWASP, "CSV Injection"; the wide forms work in Japanese spreadsheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# What a spreadsheet changes for good when it opens a CSV file: it cuts zeros in front and digits
# after the fifteenth, and takes other text for a power of ten or for a date.
# Source: Microsoft Support, "Keeping leading zeros and large numbers" and "Stop automatically
# changing numbers to dates". A date such as 2026-05-12 stays one.
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_CHANGED = re.compile(
    r"0\d+|\d{16,}|\d+(?:\.\d*)?E[+-]?\d+"
    r"|(?!\d{4}-\d\d-\d\d$)\d{1,4}([-/.])\d{1,2}(?:\1\d{1,4})?"
    rf"|{_MONTH}[-/. ]?\d{{1,4}}|\d{{1,2}}[-/. ]?{_MONTH}(?:[-/. ]?\d{{1,4}})?",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_CHANGED = 40
_TIME = "%Y-%m-%d %H:%M:%S"


def personal_data() -> str:
    """What is said wherever the files are."""
    return (
        "These files hold your customers' personal data: names, addresses, what they wrote. "
        f"{who_may_read()}; pass them on as carefully, and delete them when you are done."
    )


_README = "README.txt"
# By these an earlier export is known again.
_BEGINNING = "Chats as tables, exported by lc_tutorial"
_TABLES = re.compile(r"^Tables: (.*)\. Each is here (?:once|twice):$", re.MULTILINE)

_TEXT = pd.StringDtype("python")


@dataclass(frozen=True)
class Written:
    """One table, as it was written.

    Attributes:
        table: its name; the files are named after it.
        rows: how many.
        csv: size of the CSV file, in bytes.
        parquet: size of the Parquet file, in bytes; None if there is none.
    """

    table: str
    rows: int
    csv: int
    parquet: int | None

    @property
    def files(self) -> tuple[tuple[str, int], ...]:
        """The names of its files, and how many bytes they have."""
        of = (("csv", self.csv), ("parquet", self.parquet))
        return tuple((f"{self.table}.{kind}", size) for kind, size in of if size is not None)


@dataclass(frozen=True)
class Export:
    """What an export wrote, as a notebook shows it.

    Attributes:
        folder: where the files are.
        written: table by table.
        notes: what else is to be known: of exports that were interrupted, of files that there are
            not; mostly empty.
    """

    folder: Path
    written: tuple[Written, ...]
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        lines = [
            f"{each.table:9}{each.rows:>9,} rows   "
            + ", ".join(f"{name} {_size(size)}" for name, size in each.files)
            for each in self.written
        ]
        head = f"Written to the folder {self.folder.name}:"
        return "\n".join([head, *lines, personal_data(), *self.notes])

    def _repr_html_(self) -> str:
        below = "".join(f"<p>{escape(text)}</p>" for text in (personal_data(), *self.notes))
        left = "style='text-align:left'"
        rows = "".join(
            f"<tr><th scope='row' {left}>{escape(each.table)}</th><td>{each.rows:,}</td>"
            + "".join(
                f"<td {left}>{escape(name)}</td><td>{_size(size)}</td>" for name, size in each.files
            )
            + "</tr>"
            for each in self.written
        )
        kinds = ("For spreadsheets", "For pandas and others")
        is_twice = any(each.parquet is not None for each in self.written)
        for_whom = "".join(
            f"<th {left} colspan='2'>{kind}</th>" for kind in (kinds if is_twice else kinds[:1])
        )
        return (
            "<div class='lc-export' style='max-width:760px'>"
            f"<b>Written to the folder {escape(self.folder.name)}</b>"
            f"<div style='overflow-x:auto'><table><thead><tr><th {left}>Table</th><th>Rows</th>"
            f"{for_whom}</tr></thead>"
            f"<tbody>{rows}</tbody></table></div>{below}</div>"
        )


def export(
    frames: Mapping[str, pd.DataFrame], folder: str | os.PathLike[str], *, replace: bool = False
) -> Export:
    """Write tables into a folder, each as CSV and as Parquet: all of them, or nothing.

    Where pyarrow is not installed, or can't be used, there is no Parquet, which is said.

    Lists become JSON text in both. The folder and its files can be read by their owner only.

    An earlier export stays under the name until the new one has it, whatever interrupts this. What
    a killed one has left beside it, in a hidden folder, goes with the next one in the same place.

    Args:
        frames: the tables, by their names.
        folder: is made by this. It must not be there yet, or be empty.
        replace: if the folder holds an earlier export, let this one take its place.

    Raises:
        InputError: something else is there already; nothing was written.
        OSError: the folder can't be written; nothing was written.
    """
    missing = lack_of_parquet()
    named = Path(folder).expanduser()
    # Before it is resolved: Windows finds what it takes a name for, such as "chats" for "chats.".
    if why := why_no_name(named):
        raise InputError(
            what=f"There can be no folder {named.name}.",
            why=f"{why} Nothing was written.",
            remedy="Give another name, such as my_chats.",
        )
    target = named.resolve()
    notes = tuple(map(_about_leftover, clear_leftovers(target.parent)))
    if missing:
        only = "These are CSV files only. Parquet files keep each value exactly, but"
        notes += (f"{only} {missing.why} {missing.remedy}.",)
    check = partial(_check, called=target.name, replace=replace)
    check(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with NewFolder(target) as new:
        write = partial(_write, folder=new.path, as_parquet=not missing)
        written = tuple(write(name, frame) for name, frame in frames.items())
        with _private(new.path / _README) as file:
            file.write(_about(written, is_twice=not missing).encode())
        new.put(check)
    return Export(target, written, notes)


def _about_leftover(leftover: Leftover) -> str:
    of = f"of {leftover.name} " if leftover.name else ""
    if leftover.is_back:
        return f"An earlier export {of}was interrupted. What it would have replaced is back."
    return f"An earlier export {of}was interrupted. The hidden files that it had left are deleted."


def _check(target: Path, *, called: str, replace: bool) -> None:
    """Refuse what would take the place of something else, whatever it is called by now."""
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(
            what=f"{called} is a file.",
            why="An export is a folder of files. Nothing was written.",
            remedy="Give the name of a folder that isn't there yet.",
        )
    there = sorted(path.name for path in target.iterdir())
    if not there:
        return
    ours = _files_of_export(target)
    strangers = [name for name in there if name not in ours or not (target / name).is_file()]
    if strangers:
        raise InputError(
            what=f"The folder {called} holds something else already.",
            why=f"There is {strangers[0]} in it, for one. Nothing was written.",
            remedy="Give the name of a folder that isn't there yet.",
        )
    if not replace:
        raise InputError(
            what=f"The folder {called} holds an earlier export.",
            why="Its files would be lost. Nothing was written.",
            remedy="Give another name; or add replace=True, if it may go.",
        )


def _files_of_export(folder: Path) -> set[str]:
    """The names of the files that an export wrote there, by what its README says; none if none."""
    try:
        about = (folder / _README).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return set()
    tables = _TABLES.search(about)
    if not about.startswith(_BEGINNING) or tables is None:
        return set()
    names = tables[1].split(", ")
    return {_README, *(f"{name}{suffix}" for name in names for suffix in (".csv", ".parquet"))}


def _write(name: str, frame: pd.DataFrame, *, folder: Path, as_parquet: bool) -> Written:
    flat = _with_lists_as_json(frame)
    with _private(folder / f"{name}.csv") as file:
        # The mark at the beginning tells spreadsheets that this is UTF-8. A line ends as RFC 4180
        # says; otherwise Python leaves a carriage return in a text without quotes.
        _for_spreadsheets(flat).to_csv(
            file, index=False, encoding="utf-8-sig", lineterminator="\r\n", date_format=_TIME
        )
        csv = file.tell()
    if not as_parquet:
        return Written(name, len(frame), csv, None)
    with _private(folder / f"{name}.parquet") as file:
        flat.to_parquet(file, index=False)
        parquet = file.tell()
    return Written(name, len(frame), csv, parquet)


@contextlib.contextmanager
def _private(path: Path) -> Iterator[Any]:
    """A new file, to write bytes to, that nobody else can read."""
    with create(path, 0o600) as file:
        yield file
        file.flush()


def _with_lists_as_json(frame: pd.DataFrame) -> pd.DataFrame:
    """The same table, with JSON in the columns that hold anything but text: lists, for one."""
    changed = {name: _as_json(column) for name, column in frame.items() if column.dtype == object}
    return frame.assign(**changed) if changed else frame


def _as_json(column: "pd.Series[Any]") -> Any:
    values = [None if _is_missing(value) else value for value in column]
    if all(value is None or isinstance(value, str) for value in values):
        return pd.array(values, dtype=_TEXT)
    if pd.api.types.infer_dtype(values, skipna=True) == "date":
        return pd.array([value and value.isoformat() for value in values], dtype=_TEXT)
    texts = [
        None if value is None else msgspec.json.encode(value, enc_hook=_as_plain).decode()
        for value in values
    ]
    return pd.array(texts, dtype=_TEXT)


def _is_missing(value: Any) -> bool:
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _as_plain(value: Any) -> Any:
    """A value of a column that was added, such as a number of numpy's, as JSON has it."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


def _for_spreadsheets(frame: pd.DataFrame) -> pd.DataFrame:
    """The same table, with no text in it that a spreadsheet would run or change."""
    columns = [_for_spreadsheet(column) for _, column in frame.items()]
    harmless = pd.DataFrame(dict(enumerate(columns)), index=frame.index)
    return harmless.set_axis([_harmless(str(name)) for name in frame.columns], axis="columns")


def _for_spreadsheet(column: "pd.Series[Any]") -> Any:
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        texts = [*map(_as_text, column.cat.categories), None]
        return pd.array(texts, dtype=_TEXT).take(column.cat.codes)
    if isinstance(kind, pd.StringDtype):
        return column.map(_harmless, na_action="ignore")
    if isinstance(kind, pd.DatetimeTZDtype):
        return column.dt.tz_convert("UTC").dt.tz_localize(None)
    if pd.api.types.is_timedelta64_dtype(kind):
        return column.dt.total_seconds()
    if pd.api.types.is_integer_dtype(kind) and (column.abs() >= 10**15).any():
        return column.astype(_TEXT).map(_harmless, na_action="ignore")
    return column


def _as_text(value: Any) -> str:
    return _harmless(value if isinstance(value, str) else str(value))


def _harmless(text: str) -> str:
    is_changed = len(text) <= _LONGEST_CHANGED and _CHANGED.fullmatch(text.strip())
    return f"'{text}" if is_changed or text.startswith(FORMULA_STARTS) else text


def _about(written: tuple[Written, ...], *, is_twice: bool) -> str:
    names = ", ".join(each.table for each in written)
    now = datetime.now(UTC)
    exact = (
        '- .parquet is exact. In Python: pandas.read_parquet("chats.parquet")\n' if is_twice else ""
    )
    return f"""{_BEGINNING} on {now:%d %B %Y at %H:%M} UTC.

{personal_data()}

Tables: {names}. Each is here {"twice" if is_twice else "once"}:

{exact}- .csv is for spreadsheets (UTF-8, commas).
  Times are in UTC, to the second: 2026-05-12 12:31:46.
  Durations are in seconds. A text that begins like a formula has an apostrophe in front, so that
  the spreadsheet does not run it; so has one that it would take for another number or a date, such
  as 007, 12E45 or 1-2. A missing value is an empty cell.

{"In both, a" if is_twice else "A"} list is JSON text: ["refund","support"].
"""


def _size(size: int) -> str:
    """A number of bytes, as people read it."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:,.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:,.1f} MB"
