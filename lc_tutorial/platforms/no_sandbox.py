"""Why there is no sandbox to connect to: each reason with what to do, as an error for a person."""

import sys
from pathlib import Path

from lc_tutorial.errors import SandboxGone
from lc_tutorial.system import in_words, is_full

_NOT_STARTED = "The sandbox could not be started."


def folder_not_writable(folder: Path, problem: OSError) -> SandboxGone:
    """Its record can't be kept in Jupyter's runtime directory."""
    if is_full(problem):
        return SandboxGone(
            what=_NOT_STARTED,
            why=f"There is no room left for its record, in {folder}: {in_words(problem)}.",
            remedy="Delete what you don't need from that disk, then run this cell again.",
        )
    places = (folder, *folder.parents)
    file = next((place for place in places if place.exists() and not place.is_dir()), None)
    said = f"{file} is a file" if file else f"the system says: {in_words(problem)}"
    return SandboxGone(
        what=_NOT_STARTED,
        why=f"It keeps its record and its log in the folder {folder}, but {said}.",
        remedy=(
            "Mend that; or set the environment variable JUPYTER_RUNTIME_DIR to a folder where you "
            "may write, and start Jupyter again from there."
        ),
    )


def lock_held(lock: Path, seconds: float) -> SandboxGone:
    """Somebody else holds the lock for longer than a start takes."""
    return SandboxGone(
        what=f"This notebook waited for the sandbox for {seconds:.0f} seconds, and gave up.",
        why=(
            "Another program holds the lock with which notebooks agree on one sandbox "
            f"({lock}). Most likely another notebook's kernel is starting it, and hangs."
        ),
        remedy=(
            "Run this cell again. If it comes back, choose Shut Down All Kernels in the Kernel "
            "menu, then run the notebook from its beginning."
        ),
    )


def not_answering(pid: int | None, seconds: float) -> SandboxGone:
    """Its process is there and says nothing."""
    return SandboxGone(
        what=f"The sandbox is there, and did not answer for {seconds:.0f} seconds.",
        why=f"Its process, number {pid}, runs or is stopped; perhaps this machine is very busy.",
        remedy=(
            "Run this cell again in a moment. If it comes back, run `lc-tutorial stop` in a "
            "terminal, then this cell: you get a new sandbox, without the app that you made."
        ),
    )


def too_slow(seconds: float, printed: str) -> SandboxGone:
    """It was started, and was not ready in time."""
    said = " ".join(printed.split())[-300:]
    return SandboxGone(
        what=f"The sandbox was not ready {seconds:.0f} seconds after its start, and was ended.",
        why=f"It said: {said}" if said else "It said nothing. Perhaps this machine is very busy.",
        remedy="Run this cell again.",
    )


def no_program(problem: OSError | None = None) -> SandboxGone:
    """Python itself can't be run."""
    if problem:
        why = f"Python can't be run from {sys.executable}. The system says: {in_words(problem)}."
    else:
        why = "This kernel doesn't say which Python program runs it, and the sandbox needs one too."
    return SandboxGone(
        what=_NOT_STARTED,
        why=why,
        remedy=(
            "If the environment was moved or deleted, make it again. Then restart the kernel and "
            "run this cell again."
        ),
    )
