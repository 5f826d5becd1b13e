"""``lc.progress``: the course as one table, what is done of it, and where to go on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lc_tutorial import memory
from lc_tutorial.course import questions, records
from lc_tutorial.course.answering import AnyQuestion
from lc_tutorial.course.laying_out import lay_beside
from lc_tutorial.course.outline import Chapter, outline
from lc_tutorial.errors import InputError, TutorialError
from lc_tutorial.files import write_whole
from lc_tutorial.system import in_words

#: What ``export`` writes, if nothing else is said, and by what its files are known.
_EXPORT, _MADE_BY = "my_progress.json", "progress in lc_tutorial"

_LEFT = 'style="text-align: left"'


def progress(name: str | None = None) -> "Progress":
    """Show what is done of the course, and where to go on.

    Args:
        name: yours, if a file for a teacher shall have it; ``""`` takes it away again.

    Raises:
        InputError: the name is no text.
        TutorialError: the installation is incomplete.
    """
    if name is not None:
        if not isinstance(name, str):
            raise InputError(
                what="The name is no text.",
                why=f"It is of the type {type(name).__name__}.",
                remedy='Write it in quotation marks: lc.progress(name="Mia").',
            )
        records.note_name(name)
    kept, notes = records.current()
    told = memory.standing()
    return Progress(kept, tuple(_rows(kept)), (*notes, *([told] if told else [])))


def reset_progress() -> "Progress":
    """Forget all that was done, the name too, and show the course as it is then."""
    problem = records.forget()
    shown = progress()
    return Progress(shown._kept, shown._rows, (*shown._notes, *([problem] if problem else [])))


def _rows(kept: records.Kept) -> Iterator["_Row"]:
    """The course's notebooks, and those of a teacher in this folder that have questions."""
    course = outline()
    for chapter in course:
        yield _Row(chapter, questions.of_notebook(chapter.stem), kept)
    for stem in sorted({*questions.stems_beside()} - {chapter.stem for chapter in course}):
        title = stem.replace("_", " ")
        yield _Row(Chapter(stem, title, ()), questions.of_notebook(stem), kept)


@dataclass(frozen=True)
class _Row:
    """One notebook in the table."""

    chapter: Chapter
    asked: tuple[AnyQuestion, ...]
    kept: records.Kept

    @property
    def tasks(self) -> str:
        return _of(
            sum(_is_done(self.kept.checks, task.title) for task in self.chapter.tasks),
            len(self.chapter.tasks),
        )

    @property
    def questions(self) -> str:
        return _of(
            sum(_is_done(self.kept.questions, each.id) for each in self.asked),
            len(self.asked),
        )

    def open(self) -> Iterator[str]:
        """What is left to do."""
        for task in self.chapter.tasks:
            if not _is_done(self.kept.checks, task.title):
                yield task.title
        for question in self.asked:
            if not _is_done(self.kept.questions, question.id):
                yield f"the question: {question.topic}"

    @property
    def next(self) -> str:
        return next(self.open(), "done")


class Progress:
    """What is done of the course; a notebook shows it as a table.

    Attributes:
        name: of the learner, as they typed it; empty, if they did not.
    """

    def __init__(
        self, kept: records.Kept, rows: tuple[_Row, ...], notes: tuple[str, ...] = ()
    ) -> None:
        self._kept = kept
        self._rows = rows
        self._notes = notes

    @property
    def name(self) -> str:
        """Of the learner, as they typed it; empty, if they did not."""
        return self._kept.name

    def reset(self) -> "Progress":
        """Forget all that was done, the name too."""
        return reset_progress()

    def export(self, path: "str | Path" = _EXPORT) -> "Exported":
        """Write one file to hand in: what was done, when, and after how many tries.

        Args:
            path: of the file, or of a folder for it. An earlier one of the same kind goes; anything
                else there stays, and the new file gets a number.

        Raises:
            InputError: it is no path of a file.
            TutorialError: it can't be written.
        """
        target = _file_at(path)
        text = json.dumps(self._handed_in(), indent=1, ensure_ascii=False) + "\n"
        try:
            if target.is_dir():
                target /= _EXPORT
            if _is_export(target):
                write_whole(target, text)
            else:
                target = lay_beside(target, text)
        except OSError as problem:
            raise TutorialError(
                what=f"Your progress could not be written to {target}.",
                why=f"The system says: {in_words(problem)}.",
                remedy='Choose another place: lc.progress().export("…/my_progress.json").',
            ) from None
        return Exported(target)

    def _handed_in(self) -> dict[str, Any]:
        return {
            "what": f"{_MADE_BY} {_version()}",
            "name": self.name,
            "notebooks": [
                {
                    "notebook": row.chapter.title,
                    "tasks": [
                        {"task": task.title, "exercise": task.is_exercise}
                        | _standing(self._kept.checks, task.title)
                        for task in row.chapter.tasks
                    ],
                    "questions": [
                        {"question": each.id, "topic": each.topic}
                        | _standing(self._kept.questions, each.id)
                        for each in row.asked
                    ],
                }
                for row in self._rows
            ],
        }

    @property
    def _title(self) -> str:
        return f"Your progress, {self.name}" if self.name else "Your progress"

    @property
    def _first_open(self) -> _Row | None:
        return next((row for row in self._rows if row.next != "done"), None)

    def __repr__(self) -> str:
        lines = [self._title]
        for row in self._rows:
            lines.append(
                f"{row.chapter.title}: tasks {row.tasks}, questions {row.questions}; "
                f"next: {row.next}"
            )
        first = self._first_open
        goes_on = f"Go on with {first.chapter.title}." if first else "You have done all of it."
        return "\n".join([*lines, goes_on, *self._notes])

    def _repr_html_(self) -> str:
        first = self._first_open
        rows = "".join(_html_row(row, is_next=row is first) for row in self._rows)
        heads = "".join(
            f'<th scope="col" {_LEFT}>{head}</th>'
            for head in ("Notebook", "Tasks done", "Questions answered", "Next in it")
        )
        goes_on = (
            f"<b>Go on with {_link(first.chapter)}</b>" if first else "You have done all of it."
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes)
        return (
            f'<div class="lc-progress"><b>{escape(self._title)}</b>'
            f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
            f"<p>{goes_on}</p>{notes}</div>"
        )


@dataclass(frozen=True)
class Exported:
    """The file to hand in.

    Attributes:
        path: where it is.
    """

    path: Path

    def __repr__(self) -> str:
        return f"Your progress is in {self.path}: the file to hand in."


def _html_row(row: _Row, *, is_next: bool) -> str:
    title = _link(row.chapter)
    cells = "".join(
        f"<td {_LEFT}>{escape(text)}</td>" for text in (row.tasks, row.questions, row.next)
    )
    first = f"→ <b>{title}</b>" if is_next else title
    return f'<tr><th scope="row" {_LEFT}>{first}</th>{cells}</tr>'


def _link(chapter: Chapter) -> str:
    return f'<a href="{quote(chapter.stem)}.ipynb">{escape(chapter.title)}</a>'


def _of(done: int, all_of_them: int) -> str:
    return f"{done} of {all_of_them}" if all_of_them else "–"


def _is_done(entries: dict[str, records.Entry], key: str) -> bool:
    return key in entries and entries[key].done


def _standing(entries: dict[str, records.Entry], key: str) -> dict[str, Any]:
    entry = entries.get(key, records.Entry())
    return {"done": entry.done, "tries": entry.tries, "at": entry.at}


def _file_at(path: Any) -> Path:
    if not isinstance(path, str | Path) or not Path(path).name or "\0" in str(path):
        raise InputError(
            what="This is no name of a file.",
            why="The file to hand in needs one.",
            remedy=f'Write lc.progress().export(), or lc.progress().export("{_EXPORT}").',
        )
    return Path(path)


def _is_export(path: Path) -> bool:
    try:
        what = json.loads(path.read_text(encoding="utf-8"))["what"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
    return str(what).startswith(_MADE_BY)


def _version() -> str:
    try:
        return version("lc_tutorial")
    except PackageNotFoundError:
        return "from a checkout"
