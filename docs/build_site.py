"""Builds the site: the notebooks as they were run, the guide, the words, the errors, the reference.

python docs/build_site.py [FOLDER]

The folder is build/site, if none is given. A warning of Sphinx's is an error.
"""

import re
import shutil
import subprocess
import sys
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import nbformat

import lc_tutorial
from lc_tutorial import errors
from lc_tutorial.course import laying_out

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SITE = DOCS / "site"
OUT = ROOT / "build" / "site"

#: Pages of docs/ that the site has, where they are there.
PAGES = ("teaching.md", "glossary.md", "errors.md")

_PROJECT = "https://github.com/lc-tutorial/lc_tutorial"
_LINK_UP = re.compile(r"\]\(\.\./([^)#\s]+)")
_BINDER = "https://mybinder.org/v2/gh/lc-tutorial/lc_tutorial/HEAD?urlpath="
#: A link of an output to the next notebook, or into the sandbox that ran then.
_TO_NOTEBOOK = re.compile(r'href="(\w+)\.ipynb(#[^"]*)?"')
_TO_SANDBOX = re.compile(r'<a\b[^>]*\bhref="http://127\.0\.0\.1:[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


def build(folder: Path) -> int:
    """Build the site into a folder; return the status of Sphinx."""
    with TemporaryDirectory() as work:
        source = Path(work) / "source"
        lay_out(source)
        command = [sys.executable, "-m", "sphinx", "--builder", "html", "--nitpicky"]
        command += ["--fail-on-warning", "--keep-going", "--quiet"]
        command += ["--doctree-dir", f"{work}/trees"]
        status = subprocess.run([*command, source, folder], check=False).returncode  # noqa: S603
    for page in [] if status else folder.glob("*.html"):
        page.write_text(mended(page.read_text(encoding="utf-8")), encoding="utf-8")
    return status


def lay_out(source: Path) -> None:
    """Put together what Sphinx reads."""
    shutil.copytree(SITE, source, ignore=shutil.ignore_patterns("__pycache__"))
    for name in PAGES:
        if (DOCS / name).exists():
            text = (DOCS / name).read_text(encoding="utf-8")
            (source / name).write_text(_LINK_UP.sub(_on_site, text), encoding="utf-8")
    shutil.copy(DOCS / "picture.png", source)
    index = (source / "index.md").read_text(encoding="utf-8")
    guide = "teaching\n" if (source / "teaching.md").exists() else ""
    (source / "index.md").write_text(index.replace("{guide}\n", guide), encoding="utf-8")
    (source / "sandbox.md").write_text(sandbox_page(), encoding="utf-8")
    (source / "reference.md").write_text(reference_page(), encoding="utf-8")
    notebooks = source / "extra" / "notebooks"
    laying_out.lay_out(notebooks)
    for path in sorted(laying_out.notebooks_directory().glob("*.ipynb")):
        nbformat.write(as_page(nbformat.read(path, as_version=4), path.name), source / path.name)
    for path in notebooks.iterdir():
        if path.suffix != ".ipynb":
            path.unlink()


#: What readers of screens can't make sense of, as Sphinx, the theme and pandas write it.
_MENDS = (
    ('class="caption" role="heading"', 'class="caption" role="heading" aria-level="2"'),
    ('<aside class="sidebar-drawer"', '<aside class="sidebar-drawer" aria-label="Site"'),
    ('<aside class="toc-drawer', '<aside aria-label="On this page" class="toc-drawer'),
    ('<div id="search-results">', '<h1>Search</h1>\n<div id="search-results">'),
    # A cell in the corner of a table heads nothing.
    ('<th class="head"><p></p></th>', '<td class="head"></td>'),
    ("<th></th>", "<td></td>"),
)


def mended(html: str) -> str:
    """A page as everybody can read it."""
    for written, meant in _MENDS:
        html = html.replace(written, meant)
    return html


def _on_site(link: re.Match[str]) -> str:
    """A link out of docs/: to a notebook, which is a page here, or to another file."""
    folder, _, name = link[1].rpartition("/")
    return f"]({name}" if folder == "notebooks" else f"]({_PROJECT}/blob/HEAD/{link[1]}"


# --- The notebooks ------------------------------------------------------------------------------


def as_page(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """A notebook with its buttons, and with links that lead somewhere on the site."""
    title, _, text = notebook.cells[0].source.partition("\n")
    notebook.cells[0].source = f"{title}\n\n{_buttons(name)}\n{text}"
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"\]\(#([^)]+)\)", _anchor, cell.source)
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                html = _TO_NOTEBOOK.sub(r'href="\1.html\2"', output.data["text/html"])
                output.data["text/html"] = _TO_SANDBOX.sub(r"\1", html)
    return notebook


def _buttons(name: str) -> str:
    """Where a notebook is run: on Binder, or at home."""
    binder = _BINDER + quote(f"lab/tree/course/{name}", safe="")
    return (
        '<p class="lc-buttons">'
        f'<a class="lc-button" href="{binder}">Run it on Binder</a> '
        f'<a class="lc-button" href="notebooks/{name}" download>Download the notebook</a>'
        "</p>\n"
    )


def _anchor(link: re.Match[str]) -> str:
    """JupyterLab's ``#2.-Ask-for-less`` as Sphinx has it."""
    return f"](#{re.sub(r'[^a-z0-9-]', '', link[1].lower())})"


# --- What the sandbox imitates, and the reference -----------------------------------------------


def sandbox_page() -> str:
    """README's part about the sandbox, with the list of methods that docs/methods.py makes."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, found, rest = readme.partition("\n## The sandbox\n")
    if not found:
        raise SystemExit("README has no part about the sandbox any more.")
    part = re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    return "# The sandbox\n" + re.sub(r"^###", "##", part, flags=re.MULTILINE)


#: What the rooms are about whose names a notebook uses.
_TITLES = {
    "connect": "Begin",
    "forms": "Forms",
    "display": "Look at a request and its answer",
    "oauth": "Codes and tokens",
    "agent_chat": "Call the APIs",
    "tables": "Tables",
    "dataset": "Tables that are kept",
    "course": "Checks, questions, progress",
    "platforms": "Platforms",
    "masking": "Secrets",
    "errors": "Errors",
}


def reference_page() -> str:
    """The names that a notebook uses, room by room."""
    rooms: dict[str, list[str]] = {}
    face = (ROOT / "lc_tutorial" / "__init__.pyi").read_text(encoding="utf-8")
    for room, name in re.findall(r"^from \.(\w+) import (\w+) as \2$", face, re.MULTILINE):
        rooms.setdefault(room, []).append(name)
    others = [name for name in errors.__all__ if _is_error(name) and name not in rooms["errors"]]
    rooms["errors"] += [f"errors.{name}" for name in others]
    order = [*_TITLES, *rooms]
    parts = [_room(room, rooms[room]) for room in sorted(rooms, key=order.index)]
    return "\n".join([_REFERENCE, *parts])


_REFERENCE = """# Reference

All that a notebook uses, as `import lc_tutorial as lc`: `lc.connect`, `lc.show`, and so on.
"""


def _room(room: str, names: list[str]) -> str:
    title = _TITLES.get(room, room.replace("_", " ").capitalize())
    entries = "\n".join(map(_entry, names))
    return f"## {title}\n\n```{{eval-rst}}\n{entries}\n```\n"


def _is_error(name: str) -> bool:
    there = getattr(errors, name)
    return isinstance(there, type) and issubclass(there, errors.TutorialError)


def _entry(name: str) -> str:
    there = attrgetter(name)(lc_tutorial)
    kind = "autoclass" if isinstance(there, type) else "autofunction"
    members = "   :members:\n" if kind == "autoclass" else ""
    return f".. {kind}:: lc_tutorial.{name}\n{members}"


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]) if sys.argv[1:] else OUT))
