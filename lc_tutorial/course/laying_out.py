"""Laying the course into the learner's folder, without ever overwriting what they wrote.

The notebooks come with the files of their questions, and for teachers with solutions. A manifest
beside them says which edition of each was laid out there. By it a file that the learner changed is
told from one that is only of an older edition, and a course that has changed since from one that
has not: where there is nothing new, nothing is laid beside theirs.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from importlib.resources import files
from pathlib import Path

from lc_tutorial.errors import TutorialError
from lc_tutorial.files import remove_unfinished, write_whole
from lc_tutorial.system import check_name

#: The notebook to open first.
FIRST_NOTEBOOK = "00_start_here.ipynb"

#: What the names of files with questions and with solutions end with.
QUESTIONS, SOLUTIONS = ".questions.toml", ".solutions.md"

#: Beside the notebooks: a digest of each as it was laid out.
_MANIFEST = ".lc_tutorial_course.json"

#: What stands for the content of a file that can't be read.
_UNREADABLE = b"?"


class Why(Enum):
    """Why a file of the course was laid beside one of the same name."""

    CHANGED = "You changed {name}, and the course has a newer one: it is beside yours, as {beside}."
    UNKNOWN = "{name} was there already and is another one. That of the course is {beside}."
    UNREADABLE = "{name} can't be read any more, and was left as it is. Use {beside}."


@dataclass(frozen=True)
class Beside:
    """A file of the course that lies beside the learner's own.

    Attributes:
        name: of the learner's.
        beside: the name of the course's.
        why: it was not put in the other's place.
    """

    name: str
    beside: str
    why: Why

    def __str__(self) -> str:
        return self.why.value.format(name=self.name, beside=self.beside)


@dataclass(frozen=True)
class LaidOut:
    """What :func:`lay_out` did.

    Attributes:
        added: names of files that are new in the folder, those beside others included.
        renewed: names of files that nobody had changed, and that are of a newer edition now.
        beside: which of them lie beside the learner's.
    """

    added: tuple[str, ...]
    renewed: tuple[str, ...]
    beside: tuple[Beside, ...]


def notebooks_directory() -> Path:
    """Where the course's notebooks are: in the installed package, or in a checkout of the project.

    Raises:
        TutorialError: the installation is incomplete.
    """
    package = Path(str(files("lc_tutorial")))
    for directory in (package / "_notebooks", package.parent / "notebooks"):
        if (directory / FIRST_NOTEBOOK).is_file():
            return directory
    raise _missing("notebooks", package / "_notebooks")


def solutions_directory() -> Path:
    """Where the solutions of the exercises are, which learners don't get.

    Raises:
        TutorialError: the installation is incomplete.
    """
    package = Path(str(files("lc_tutorial")))
    for directory in (package / "_solutions", package.parent / "solutions"):
        if directory.is_dir():
            return directory
    raise _missing("solutions", package / "_solutions")


def lay_out(folder: Path, *, with_solutions: bool = False) -> LaidOut:
    """Copy the notebooks into a folder, their outputs cleared: answers spoil the question.

    Their questions go with them. A file that the learner changed is kept. Where the course has
    changed too since it was laid out, the newer one is laid beside it, once. Running a notebook is
    no change. Each file is written whole or not at all. Two may do this at the same time.

    Args:
        folder: made if it is not there.
        with_solutions: for teachers: those of each notebook too, as a page beside it.

    Raises:
        OSError: the folder can't be written; what is in it is whole.
        TutorialError: the installation is incomplete.
    """
    check_name(folder)
    folder.mkdir(parents=True, exist_ok=True)
    remove_unfinished(folder)
    laying = _Laying(folder)
    for original in sorted(notebooks_directory().glob("*.ipynb")):
        laying.lay(_Edition.of(original))
    for original in sorted(notebooks_directory().glob(f"*{QUESTIONS}")):
        laying.lay(_Edition.of_text(original, original.name))
    if with_solutions:
        for original in sorted(solutions_directory().glob("*.md")):
            laying.lay(_Edition.of_text(original, original.stem + SOLUTIONS))
    return LaidOut(tuple(laying.added), tuple(laying.renewed), tuple(laying.beside))


def lay_beside(path: Path, text: str) -> Path:
    """Write a text file, or, where another text is already there, one beside it.

    Returns:
        Where the text is now.

    Raises:
        OSError: it can't be written; what was there stays.
    """
    check_name(path)
    content = text.encode()
    candidate, number = path, 1
    while True:
        there = _content(candidate)
        if there == content:
            return candidate
        if there is None or _is_cut_off(there, content):
            write_whole(candidate, content)
            return candidate
        number += 1
        candidate = path.with_stem(f"{path.stem}_{number}")


@dataclass(frozen=True)
class _Edition:
    """A file of the course as it is now."""

    name: str
    content: bytes
    digest: str

    @classmethod
    def of(cls, path: Path) -> "_Edition":
        # Only who lays the course out needs it, and no kernel that shows a question.
        import nbformat

        notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
        notebook.metadata.pop("widgets", None)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = []
                cell.execution_count = None
        content = f"{nbformat.writes(notebook)}\n".encode()
        digest = _digest(path.name, content)
        assert digest is not None  # noqa: S101  (it was just read)
        return cls(path.name, content, digest)

    @classmethod
    def of_text(cls, path: Path, name: str) -> "_Edition":
        content = path.read_bytes().replace(b"\r\n", b"\n")
        return cls(name, content, _digest_of_text(content))

    def is_name(self, name: str) -> bool:
        """Whether it may have been laid out under this name."""
        path = Path(self.name)
        pattern = re.escape(path.stem) + r"(-new(-\d+)?)?" + re.escape(path.suffix)
        return re.fullmatch(pattern, name) is not None


class _Laying:
    """One run over the files of the course, and what came of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._editions = _read_manifest(folder)
        self.added: list[str] = []
        self.renewed: list[str] = []
        self.beside: list[Beside] = []

    def lay(self, edition: _Edition) -> None:
        """Put a file into the folder, or beside the learner's own, or leave all as it is."""
        name = edition.name
        if self._is_ours(name, edition):
            self._put(edition, name)
        elif not self._is_whole(name):
            beside = self._laid_beside(edition) or self._put_beside(edition)
            self.beside.append(Beside(name, beside, Why.UNREADABLE))
        elif not self._was_laid(edition):
            why = Why.CHANGED if name in self._editions else Why.UNKNOWN
            self.beside.append(Beside(name, self._put_beside(edition), why))

    def _put(self, edition: _Edition, name: str) -> None:
        """Give a file the content of an edition, and note that."""
        path = self._folder / name
        there = _content(path)
        if there is None or _digest(name, there) != edition.digest:
            new = there is None
            write_whole(path, edition.content)
            (self.added if new else self.renewed).append(name)
        if self._editions.get(name) != edition.digest:
            # At once: whatever happens to the next one, this one is known to be unchanged.
            self._editions[name] = edition.digest
            manifest = json.dumps(self._editions, indent=1) + "\n"
            write_whole(self._folder / _MANIFEST, manifest)

    def _put_beside(self, edition: _Edition) -> str:
        name = next(name for name in _names_beside(edition.name) if self._is_ours(name, edition))
        self._put(edition, name)
        return name

    def _is_ours(self, name: str, edition: _Edition) -> bool:
        """Whether nothing of the learner's is lost if this edition goes there."""
        there = _content(self._folder / name)
        if there is None or _is_cut_off(there, edition.content):
            return True
        digest = _digest(name, there)
        return digest is not None and digest in (edition.digest, self._editions.get(name))

    def _is_whole(self, name: str) -> bool:
        there = _content(self._folder / name)
        return there is not None and _digest(name, there) is not None

    def _was_laid(self, edition: _Edition) -> bool:
        """Whether the learner has got this edition already, whatever they did with it since."""
        return any(
            digest == edition.digest and edition.is_name(name)
            for name, digest in self._editions.items()
        )

    def _laid_beside(self, edition: _Edition) -> str | None:
        """The name under which this edition lies beside another already, changed or not."""
        for name, digest in self._editions.items():
            is_beside = edition.is_name(name) and name != edition.name
            if is_beside and digest == edition.digest and self._is_whole(name):
                return name
        return None


def _names_beside(name: str) -> Iterator[str]:
    path, number = Path(name), 1
    while True:
        suffix = "-new" if number == 1 else f"-new-{number}"
        yield path.with_stem(path.stem + suffix).name
        number += 1


def _content(path: Path) -> bytes | None:
    """What is in a file; None where there is none, and nothing of ours where it can't be read.

    Raises:
        OSError: whether there is one can't be seen: every other name would fare the same.
    """
    try:
        # Windows has other line ends, and an editor may have changed them.
        return path.read_bytes().replace(b"\r\n", b"\n")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        # A folder, for one, or a file of somebody else.
        path.lstat()
        return _UNREADABLE


def _is_cut_off(there: bytes, whole: bytes) -> bool:
    """Whether a file is only the beginning of ours: earlier ones stopped where a disk was full."""
    return len(there) < len(whole) and whole.startswith(there)


def _digest(name: str, content: bytes) -> str | None:
    """What tells one edition from another: of a notebook its cells, without outputs.

    None for what is no notebook, or can't be read.
    """
    if not name.endswith(".ipynb"):
        return None if content == _UNREADABLE else _digest_of_text(content)
    try:
        cells = json.loads(content)["cells"]
        written = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def _digest_of_text(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _missing(what: str, where: Path) -> TutorialError:
    return TutorialError(
        what=f"The {what} are missing from this installation of lc_tutorial.",
        why=f"They belong into {where}.",
        remedy="Install it again, with pip's option --force-reinstall.",
    )


def _read_manifest(folder: Path) -> dict[str, str]:
    try:
        kept = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {name: digest for name, digest in kept.items() if isinstance(digest, str)}
