"""Write a file whole or not at all, whatever interrupts it: a full disk, Ctrl-C, a kill, a crash.

The content goes into a hidden file in the same folder, reaches the disk, and then takes the name in
one step. Until then the name has what it had before.
"""

import os
import secrets
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lc_tutorial import system

#: What is not finished yet, and seconds after which nobody is still writing one as small as ours.
_UNFINISHED, _WRITTEN_BY_THEN = ".lc_tutorial-*.tmp", 3600.0


def see_that_there_is_room(folder: Path) -> None:
    """Write a little into a folder, and leave nothing behind.

    Raises:
        OSError: it can't be written.
    """
    with tempfile.TemporaryFile(dir=folder, prefix=".lc_tutorial-") as file:
        file.write(bytes(16_384))
        file.flush()


def write_whole(
    path: "str | os.PathLike[str]", content: str | bytes, *, mode: int | None = None
) -> None:
    """Give a file this content, in one step. What was there before stays if that can't be done.

    A symbolic link stays one: the file that it leads to gets the content.

    Args:
        path: of the file, which may be there already.
        content: the bytes, or text, which is written in UTF-8 with its line ends as they are.
        mode: of the file, such as ``0o600`` for one that only its owner may read. If not given, the
            mode of the file that is there; a new one gets what the system gives to new files.

    Raises:
        OSError: the file can't be written; ``filename`` is the path. Nothing is left behind, but
            on Windows what another program has open, for an hour.
    """
    target = Path(os.path.realpath(path))
    with _of(path), _hidden_beside(target) as made:
        if mode is None and target.exists():
            mode = stat.S_IMODE(target.stat().st_mode)
        _write(made, content, mode)
        system.replace(made, target)
        system.settle(target.parent)


def write_new(
    path: "str | os.PathLike[str]", content: str | bytes, *, mode: int | None = None
) -> None:
    """Make a file with this content, in one step, where there is none.

    Args:
        path: of the file.
        content: the bytes, or text, which is written in UTF-8 with its line ends as they are.
        mode: of the file, such as ``0o600``; if not given, what the system gives to new files.

    Raises:
        FileExistsError: something has that name, a link that leads nowhere among them. It was left
            as it is.
        OSError: the file can't be written; ``filename`` is the path. Nothing is left behind.
    """
    target = Path(path)
    with _of(path), _hidden_beside(target) as made:
        _write(made, content, mode)
        try:
            system.link(made, target)
        except FileExistsError:
            raise
        except OSError:
            # Not every disk can give a file two names. So the name is taken before the content
            # comes: only here a kill may leave it empty.
            system.create(target, 0o600).close()
            system.replace(made, target)
        system.settle(target.parent)


@contextmanager
def _of(path: "str | os.PathLike[str]") -> Iterator[None]:
    """Let errors name this file, not the hidden one, whose name nobody knows."""
    try:
        system.check_name(path)
        yield
    except OSError as problem:
        problem.filename, problem.filename2 = os.fspath(path), None
        raise


@contextmanager
def _hidden_beside(target: Path) -> Iterator[Path]:
    """A name in the same folder: what is renamed must not move to another disk."""
    made = target.with_name(f".lc_tutorial-{secrets.token_hex(6)}.tmp")
    remove_unfinished(target.parent)
    try:
        yield made
    finally:
        # What somebody has open for longer than we wait goes with a later one. Nor may it hide why
        # the file could not be written.
        with suppress(OSError):
            system.remove(made)


def _write(path: Path, content: str | bytes, mode: int | None) -> None:
    with system.create(path, mode) as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        system.reach_disk(file.fileno())


def remove_unfinished(folder: Path) -> None:
    """Remove what one who was killed while writing left behind. Another one may be writing now."""
    for path in folder.glob(_UNFINISHED):
        # What can't be removed does no harm.
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _WRITTEN_BY_THEN:
                system.remove(path)
