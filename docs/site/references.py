"""Where the references in docstrings and signatures lead."""

import builtins
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from docutils.nodes import Element

import lc_tutorial

#: Where a name without its module may be at home: the package's rooms, and what they import from.
_HOMES = (
    "lc_tutorial",
    *(f"lc_tutorial.{room.name}" for room in pkgutil.iter_modules(lc_tutorial.__path__)),
    *("collections.abc", "pathlib", "requests", "starlette.types", "typing"),
)


def resolve(app: Any, env: Any, node: Element, content: Element) -> Element | None:
    """Return what stands in the place of a reference that Sphinx can't resolve.

    A name that the page has leads to its entry; another one of this package, or of a library, is
    shown without a link. What is nowhere stays unresolved, and the build fails.
    """
    if node.get("refdomain") != "py":
        return None
    for entry in _entries(node["reftarget"]):
        there = env.domains["py"].objects.get(entry)
        if there is not None and entry != node["reftarget"]:
            return env.domains["py"].resolve_xref(
                env, node["refdoc"], app.builder, there.objtype, entry, node, content
            )
    return content if any(map(_is_there, _places(node))) else None


def _entries(target: str) -> Iterator[str]:
    """Under which names the page may have it: of the class, and of the class and its member."""
    *_, owner, last = ("", *target.split("."))
    for name in (last, f"{owner}.{last}"):
        yield f"lc_tutorial.{name}"
        yield f"lc_tutorial.errors.{name}"


def _places(node: Element) -> Iterator[str]:
    """Where the object of a reference may be."""
    target = node["reftarget"].removeprefix("t.").lstrip(".")
    around = [node.get("py:module"), node.get("py:class")]
    yield target
    yield ".".join([part for part in around if part] + [target])
    for home in _HOMES:
        yield f"{home}.{target}"


def _is_there(path: str) -> bool:
    parts = path.split(".")
    if hasattr(builtins, path):
        return True
    for length in range(len(parts), 0, -1):
        try:
            there: Any = import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            there = getattr(there, part, None)
        return there is not None
    return False


def hide_colon(_: Any, what: str, *details: Any) -> None:
    """Before napoleon reads an attribute's docstring: what stands before a colon is no type."""
    if what in ("attribute", "data", "property") and details[-1]:
        details[-1][0] = details[-1][0].replace(":", _COLON)


def show_colon(_: Any, what: str, *details: Any) -> None:  # noqa: ARG001
    """After napoleon."""
    details[-1][:] = [line.replace(_COLON, ":") for line in details[-1]]


#: In no docstring.
_COLON = "\N{RATIO}"
