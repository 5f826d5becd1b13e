"""Laying the course into the learner's folder, without ever overwriting what they wrote."""

import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import nbformat

#: The notebook to open first.
FIRST_NOTEBOOK = "00_start_here.ipynb"

#: Beside the notebooks: a digest of each as it was laid out, to tell the learner's changes.
_MANIFEST = ".lc_tutorial_course.json"


@dataclass(frozen=True)
class LaidOut:
    """What :func:`lay_out` did.

    Attributes:
        added: names of files that are new in the folder.
        kept: for each file that the learner had changed, the name beside it of the newer one.
    """

    added: tuple[str, ...]
    kept: dict[str, str]


def notebooks_directory() -> Path:
    """Where the course's notebooks are: in the installed package, or in a checkout of the project.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    package = Path(str(files("lc_tutorial")))
    for directory in (package / "_notebooks", package.parent / "notebooks"):
        if (directory / FIRST_NOTEBOOK).is_file():
            return directory
    raise FileNotFoundError("The notebooks are missing from this installation of lc_tutorial.")


def lay_out(folder: Path) -> LaidOut:
    """Copy the notebooks into a folder, their outputs cleared: answers spoil the question.

    A notebook that the learner changed is kept, and the new one laid beside it. Running a notebook
    is no change.

    Args:
        folder: made if it is not there.

    Raises:
        OSError: the folder can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    digests = _read_manifest(folder)
    added: list[str] = []
    kept: dict[str, str] = {}
    for original in sorted(notebooks_directory().glob("*.ipynb")):
        fresh = _cleared(original)
        digest = _digest(fresh)
        target = folder / original.name
        if target.exists() and _digest_of_file(target) not in (digest, digests.get(target.name)):
            target = _name_beside(target, digest)
            kept[original.name] = target.name
        if not target.exists() or _digest_of_file(target) != digest:
            if not target.exists():
                added.append(target.name)
            nbformat.write(fresh, target)
        digests[target.name] = digest
    (folder / _MANIFEST).write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")
    return LaidOut(tuple(added), kept)


def lay_beside(path: Path, text: str) -> Path:
    """Write a text file, or, where another text is already there, one beside it.

    Returns:
        Where the text is now.
    """
    candidate, number = path, 1
    while candidate.exists() and candidate.read_text(encoding="utf-8") != text:
        number += 1
        candidate = path.with_stem(f"{path.stem}_{number}")
    candidate.write_text(text, encoding="utf-8")
    return candidate


def _cleared(path: Path) -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    return notebook


def _digest(notebook: nbformat.NotebookNode) -> str:
    written = [(cell.cell_type, cell.source) for cell in notebook.cells]
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def _digest_of_file(path: Path) -> str:
    try:
        return _digest(nbformat.read(path, as_version=4))
    except (ValueError, AttributeError):
        # Not a notebook any more: whatever it is, it is the learner's.
        return "changed"


def _name_beside(path: Path, digest: str) -> Path:
    number = 1
    while True:
        suffix = "-new" if number == 1 else f"-new-{number}"
        candidate = path.with_stem(path.stem + suffix)
        if not candidate.exists() or _digest_of_file(candidate) == digest:
            return candidate
        number += 1


def _read_manifest(folder: Path) -> dict[str, str]:
    try:
        digests = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return digests if isinstance(digests, dict) else {}
