"""The page of all errors, docs/errors.md, and the script that writes it."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

DOCS = Path(__file__).parents[3] / "docs"
TEXT = (DOCS / "errors.md").read_text(encoding="utf-8")


def _script() -> ModuleType:
    spec = spec_from_file_location("errors_page", DOCS / "errors.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = _script()


def has(told: Any) -> bool:
    """Whether the page has what is said of a refusal, below its error's heading."""
    _, found, below = TEXT.partition(SCRIPT.heading(told))
    return bool(found) and SCRIPT.entry(told) in below.partition("\n### ")[0]
