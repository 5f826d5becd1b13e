"""What a learner has done, checks and questions, kept as one small file in their folder.

No secret is in it, and nothing personal but a name that they typed. It is written whole or not at
all, and under a lock: two notebooks at once don't lose each other's. Keeping it never breaks or
stops a cell: what can't be written stays in memory, is tried again with the next one, and
``lc.progress()`` says so.
"""

import errno
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
from filelock import FileLock, Timeout

from lc_tutorial import memory
from lc_tutorial.files import write_whole
from lc_tutorial.system import in_words, move, remove

#: The file beside the notebooks, and the one that two notebooks at once lock.
FILE_NAME, _LOCK = "lc_tutorial_progress.json", ".lc_tutorial_progress.lock"

_FORMAT = 1

# What decoding raises: for what has another form, broken JSON, broken text, endless lists in lists.
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

#: Seconds that a cell may wait for another notebook that is writing.
_PATIENCE = 1.0

_LONGEST_NAME = 80

#: More than anybody makes; far more could not be written any more.
_MOST_TRIES = 10**9


class Entry(msgspec.Struct):
    """How a check or a question stands.

    Attributes:
        done: whether it was passed, or answered rightly, once.
        tries: up to then.
        at: when that was, as ISO 8601 in UTC; empty before.
    """

    done: bool = False
    tries: Annotated[int, msgspec.Meta(ge=0, le=_MOST_TRIES)] = 0
    at: str = ""


class Kept(msgspec.Struct):
    """The content of the file.

    Attributes:
        format: of the file.
        name: of the learner, as they typed it.
        checks: by their titles.
        questions: by their ids.
    """

    format: int = _FORMAT
    name: str = ""
    checks: dict[str, Entry] = {}
    questions: dict[str, Entry] = {}


Change = Callable[[Kept], bool]

# A form's callbacks and a listener's thread note things, too.
_lock = threading.RLock()

#: What was not written yet: changes, each of which tells whether it changes anything.
_pending: list[Change] = []

#: What became of a file that could not be read; said with the next progress.
_set_aside: list[str] = []


class _NotOurs(Exception):
    """The file is of a newer course."""


def note_check(title: str, *, passed: bool, problem: Exception | None = None) -> None:
    """Keep how a check of this notebook ended. Outside a notebook nothing is kept.

    Args:
        title: of the check.
        passed: whether nothing was missing.
        problem: the explained error that it found, if it was one; for those who listen, not kept.
    """
    memory.tell(memory.Checked(title, passed, problem))
    if _in_a_notebook():
        _note(lambda kept: _count(kept.checks, title, done=passed))


def note_answer(question_id: str, *, right: bool) -> None:
    """Keep how a question was answered. Outside a notebook nothing is kept."""
    memory.tell(memory.QuestionAnswered(question_id, right))
    if _in_a_notebook():
        _note(lambda kept: _count(kept.questions, question_id, done=right))


def was_answered(question_id: str) -> bool:
    """Whether this question was answered rightly once."""
    entry = done_so_far().questions.get(question_id)
    return entry is not None and entry.done


def note_name(name: str) -> None:
    """Keep the learner's name, on one line; an empty one takes it away."""
    text = " ".join(name.split())[:_LONGEST_NAME].encode(errors="replace").decode()

    def change(kept: Kept) -> bool:
        changes, kept.name = kept.name != text, text
        return changes

    _note(change)


def forget() -> str:
    """Forget all that was done; returns what went wrong, or nothing."""
    with _lock:
        _pending.clear()
        _set_aside.clear()
        try:
            with _locked(Path.cwd()):
                remove(Path.cwd() / FILE_NAME)
        except OSError as problem:
            return f"It could not be reset: {_reason(problem)}."
    return ""


def current() -> tuple[Kept, tuple[str, ...]]:
    """All that was done, and what a person should know about how it is kept: said once."""
    with _lock:
        kept, problem = _current()
        notes = [*_set_aside, *([problem] if problem else [])]
        _set_aside.clear()
    return kept, tuple(notes)


def done_so_far() -> Kept:
    """All that was done, for those who show it to nobody: what is to be said waits for others."""
    with _lock:
        return _current()[0]


def _current() -> tuple[Kept, str]:
    problem = _write()
    try:
        kept = _read(Path.cwd() / FILE_NAME)
    except (OSError, _NotOurs, *_UNREADABLE):
        kept = Kept()
    for change in _pending:
        change(kept)
    return kept, problem


def _note(change: Change) -> None:
    with _lock:
        _pending.append(change)
        _write()


def _count(entries: dict[str, Entry], key: str, *, done: bool) -> bool:
    """Count one try; what is done stays done, whatever comes later."""
    entry = entries.setdefault(key, Entry())
    if entry.done:
        return False
    entry.tries = min(entry.tries + 1, _MOST_TRIES)
    entry.done = done
    if done:
        entry.at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return True


def _write() -> str:
    """Write what was not written yet; returns why that can't be done, or nothing."""
    try:
        folder = Path.cwd()
        path = folder / FILE_NAME
        if not _pending and not _is_broken(path):
            return ""
        with _locked(folder):
            kept = _read_or_set_aside(path)
            # All of them, whatever the first one says.
            changed = [change(kept) for change in _pending]
            if any(changed):
                write_whole(path, msgspec.json.format(msgspec.json.encode(kept)) + b"\n")
        _pending.clear()
    except Timeout:
        return "Your progress is not saved yet: another notebook is writing. It is tried again."
    except _NotOurs:
        return (
            f"Your progress is not saved: {FILE_NAME} is of a newer edition of the course. "
            "Install that, or move the file elsewhere."
        )
    except OSError as problem:
        return (
            f"Your progress is not saved: {FILE_NAME} in this folder can't be used "
            f"({_reason(problem)}). It is kept until the kernel ends, and tried again with each "
            "check and question."
        )
    return ""


def _is_broken(path: Path) -> bool:
    try:
        _read(path)
    except _UNREADABLE:
        return True
    return False


def _read(path: Path) -> Kept:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            # Reading a pipe would wait for somebody who writes.
            raise OSError(errno.EINVAL, "it is no file")
        content = path.read_bytes()
    except FileNotFoundError:
        return Kept()
    with suppress(*_UNREADABLE):
        # Of a newer one the rest may have another form.
        if msgspec.json.decode(content, type=_OnlyFormat).format > _FORMAT:
            raise _NotOurs
    return msgspec.json.decode(content, type=Kept)


class _OnlyFormat(msgspec.Struct):
    format: int


def _read_or_set_aside(path: Path) -> Kept:
    """What is in the file. One that can't be read is renamed: somebody may mend it."""
    try:
        return _read(path)
    except _UNREADABLE:
        number = 1
        while (aside := path.with_stem(f"{path.stem}-unreadable-{number}")).exists():
            number += 1
        move(path, aside)
        _set_aside.append(
            f"{FILE_NAME} could not be read. It was kept as {aside.name}, and a new one begun."
        )
        return Kept()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / _LOCK, timeout=_PATIENCE)
    try:
        lock.acquire()
    except NotImplementedError:
        # A disk without locks: two notebooks that write in the same moment are rare.
        yield
        return
    try:
        yield
    finally:
        lock.release()


def _reason(problem: OSError) -> str:
    return in_words(problem)


def _in_a_notebook() -> bool:
    """Whether this is the kernel of a notebook: a script or a test has no progress to keep."""
    shell = sys.modules.get("IPython.core.interactiveshell")
    if shell is None or not shell.InteractiveShell.initialized():
        return False
    return hasattr(shell.InteractiveShell.instance(), "kernel")
