"""The check of notebook 00: is all here that the course needs?"""

import os
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lc_tutorial.course.findings import MISSING, NOTE, RIGHT, Check, Finding
from lc_tutorial.platforms import jupyter


def check_environment() -> Check:
    """Notebook 00: is all here that the course needs? Starts nothing and calls nobody."""
    return Check("This computer", tuple(_environment()), "All set. Open the next notebook.")


def _environment() -> Iterable[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    # An older one could not have installed this package.
    yield Finding(RIGHT, f"Python {python}.")
    for package in ("ipywidgets", "pandas", "requests"):
        try:
            yield Finding(RIGHT, f"{package} {version(package)}.")
        except PackageNotFoundError:
            yield Finding(MISSING, f"{package}. Install it: run %pip install {package} in a cell")
    if os.access(Path.cwd(), os.W_OK):
        yield Finding(RIGHT, "This folder can be written: your choice is kept here.")
    else:
        yield Finding(MISSING, "This folder can't be written. Copy the notebooks elsewhere.")
    if jupyter.on_binder():
        yield Finding(NOTE, "This runs on Binder: use the sandbox, and no real secrets.")
    elif jupyter.on_hub():
        yield Finding(NOTE, "This runs on a hub: the browser reaches the sandbox through it.")
    elif jupyter.browser_is_elsewhere():
        yield Finding(
            NOTE,
            "Your browser is on another machine: the sandbox's pages open here, in the notebook.",
        )
    elif jupyter.in_vs_code():
        yield Finding(
            NOTE,
            "This runs in VS Code: the sandbox's pages open in your browser, or here, in the "
            "notebook.",
        )
