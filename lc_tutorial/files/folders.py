"""Make a folder whole and then put it in its place, where an earlier one may be.

At every moment the name has the one or the other, whatever interrupts this: an error, Ctrl-C, a
kill. Where the system can let two folders change places, they do. Where it can't (Windows, some
network disks), the earlier one steps aside for a moment; if just then the program is killed, the
next one that puts a folder beside it puts it back.

What is made is in a hidden workshop beside the place, locked by the program that works there. One
that nobody has locked any more was left behind by a kill: the next program clears it away.
"""

import errno
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from lc_tutorial.system import exchange, move, moves_what_is_open, remove, remove_folder, settle

_PREFIX = ".lc_tutorial-folder-"
# What is called so serves nobody any more, and anybody may delete it.
_DONE = ".lc_tutorial-done-"

# In a workshop: whose place it works for, the lock, the new folder, and the earlier one set aside.
_NAME, _LOCK, _NEW, _OLD = "name", "lock", "new", "old"

# What is said where another program put a folder there, or set it aside, at the same moment.
_ANOTHER_S = {errno.ENOENT, errno.EEXIST, errno.ENOTEMPTY}
# It may do so again and again; not for ever.
_TRIES = 20
#: Seconds before the second try; before each further one as much more.
_PAUSE = 0.001


@dataclass(frozen=True)
class Leftover:
    """What an earlier program had left behind when it was killed.

    Attributes:
        name: of the folder that it worked for.
        is_back: whether that folder had been set aside, and is in its place again.
    """

    name: str
    is_back: bool


class NewFolder:
    """A folder in the making, as a context. Whatever is not put in its place goes in the end.

    Args:
        target: its place. The folder around it must be there.

    Attributes:
        path: where to make it: nobody but the user can read what is in there.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._is_put = False
        self._workshop, self._lock = _opened(target.parent)
        self.path = self._workshop / _NEW
        try:
            (self._workshop / _NAME).write_text(target.name, encoding="utf-8")
            self.path.mkdir(0o700)
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def put(self, check: Callable[[Path], None]) -> None:
        """Give the folder its place.

        Args:
            check: raises an error for a folder that may not go. It is asked for the one that is
                there, and once more for what has been there in the end.

        Raises:
            OSError: it can't be put there; what was there is still there.
        """
        for each in self.path.iterdir():
            settle(each)
        settle(self.path)
        for tries_left in reversed(range(_TRIES)):
            try:
                self._put(check)
                self._is_put = True
                break
            except OSError as problem:
                # Look at what is there now.
                if not tries_left or problem.errno not in _ANOTHER_S:
                    raise
                # Whoever was faster shall be done with it.
                time.sleep(_PAUSE * (_TRIES - tries_left))
        settle(self._target.parent)

    def _put(self, check: Callable[[Path], None]) -> None:
        if not self._target.exists():
            move(self.path, self._target)
            return
        check(self._target)
        if not exchange(self.path, self._target):
            self._put_while_the_other_is_aside(check)
            return
        try:
            check(self.path)
        except BaseException:
            exchange(self.path, self._target)
            raise

    def _put_while_the_other_is_aside(self, check: Callable[[Path], None]) -> None:
        aside = self._workshop / _OLD
        if aside.exists():
            remove_folder(aside)
        try:
            move(self._target, aside)
            check(aside)
            move(self.path, self._target)
        finally:
            _put_back(self._workshop, self._target)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            # Once it is put, a name that is free for a moment is another program's.
            _clear(self._workshop, None if self._is_put else self._target)
        finally:
            self._lock.release()
            _leave(self._workshop)


def clear_leftovers(folder: Path) -> tuple[Leftover, ...]:
    """Clear away what killed programs have left in a folder, and put back what they had set aside.

    Args:
        folder: in which folders were to be put.
    """
    for done in folder.glob(f"{_DONE}*"):
        if not done.is_symlink():
            _delete(done)
    found = []
    for workshop in sorted(folder.glob(f"{_PREFIX}*")):
        if workshop.is_symlink() or not workshop.is_dir():
            continue
        try:
            with FileLock(workshop / _LOCK, timeout=0):
                found += _clear_leftover(workshop)
            _leave(workshop)
        except (Timeout, NotImplementedError, OSError):
            # Somebody works there; or nobody can know that, or may clear it away.
            continue
    return tuple(found)


def _clear_leftover(workshop: Path) -> list[Leftover]:
    try:
        name = (workshop / _NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        # Its program got no further than to open it, or has just cleared it away.
        _clear(workshop, None)
        return []
    # Nothing is put where the name would lead elsewhere.
    is_name = Path(name).name == name
    return [Leftover(name, _clear(workshop, workshop.with_name(name) if is_name else None))]


def _opened(folder: Path) -> tuple[Path, FileLock]:
    """A new workshop, locked."""
    while True:
        # Beside the place: what is renamed must not move to another disk. Its mode is 0700.
        workshop = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
        lock = FileLock(workshop / _LOCK, timeout=0)
        try:
            lock.acquire()
            if (workshop / _LOCK).exists():
                return workshop, lock
            lock.release()
        except NotImplementedError:
            # A disk without locks: there nobody clears away what others have left.
            return workshop, lock
        except (Timeout, FileNotFoundError, FileExistsError):
            # The lock may have made it again, after another program had cleared it away.
            _delete(workshop)
        # It was taken for a leftover in the moment before it was locked.


def _clear(workshop: Path, target: Path | None) -> bool:
    """Clear a workshop away; whether something in it was put back first.

    It serves nobody from one step on: a part of what is being deleted may never be put back.
    """
    is_back = target is not None and _put_back(workshop, target)
    if moves_what_is_open():
        done = workshop.with_name(workshop.name.replace(_PREFIX, _DONE))
        move(workshop, done)
        _delete(done)
    else:
        _empty(workshop)
    return is_back


def _empty(workshop: Path) -> None:
    """Delete what is in a workshop that can't be moved, since its lock is open."""
    try:
        # From now on nobody knows whose place it worked for.
        remove(workshop / _NAME)
    except OSError:
        # Somebody has it open for longer than we wait: the next program clears it all away.
        return
    for each in workshop.iterdir():
        if each.name != _LOCK:
            _delete(each)


def _delete(folder: Path) -> None:
    """Delete a folder that serves nobody; the next program clears away what can't be."""
    with suppress(OSError):
        remove_folder(folder)


def _leave(workshop: Path) -> None:
    """Delete what is left of a workshop once nobody has it locked: nothing, where it was moved.

    Only where a lock that is open can't be deleted: whoever has locked it since keeps it so.
    """
    if not moves_what_is_open():
        with suppress(OSError):
            remove(workshop / _LOCK)
            workshop.rmdir()


def _put_back(workshop: Path, target: Path) -> bool:
    """Put back what was set aside, if nothing has taken its place."""
    aside = workshop / _OLD
    if not aside.exists() or target.exists():
        return False
    try:
        move(aside, target)
    except OSError:
        if target.exists():
            # Another program has put something there just now.
            return False
        raise
    return True
