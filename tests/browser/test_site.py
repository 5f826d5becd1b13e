"""The site that `make docs` builds: what it links to is there, and nothing comes from elsewhere."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
import yaml
from playwright.sync_api import Browser

import lc_tutorial

from .axe import violations
from .elsewhere import serving_files

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
#: The addresses that a page may load something from: its own, and what it carries itself.
OWN = re.compile(r"(?!\w+:|//)|data:")


def script(name: str) -> ModuleType:
    spec = spec_from_file_location(f"docs_{name}", ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Address(NamedTuple):
    """An address in a page.

    Attributes:
        value: as it is written.
        is_loaded: whether a browser that shows the page fetches it.
    """

    value: str
    is_loaded: bool


class Read(HTMLParser):
    """What a page has: its addresses, and its anchors."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[Address] = []
        self.anchors: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if value is None:
                continue
            if name == "id":
                self.anchors.add(value)
            if name in ("href", "src", "srcset", "poster", "data", "action", "xlink:href"):
                self.addresses.append(Address(value, tag != "a" and name != "action"))
            if name == "style":
                self.addresses += [Address(each, True) for each in in_style(value)]


def in_style(css: str) -> list[str]:
    found = re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", css)
    return [address or imported for address, imported in found]


class Site:
    """The built site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages = {
            path.name: Read(path.read_text(encoding="utf-8")) for path in folder.glob("*.html")
        }

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "build_site.py"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    # Sphinx says nothing where it has no warning.
    assert (built.returncode, built.stdout, built.stderr) == (0, "", "")
    return Site(folder)


def test_every_page_is_there(site: Site) -> None:
    pages = ["index", "errors", "glossary", "sandbox", "reference", "search", *NOTEBOOKS]
    if (ROOT / "docs" / "teaching.md").exists():
        pages.append("teaching")
    assert {f"{page}.html" for page in pages} <= set(site.pages)
    index = {address.value for address in site.pages["index.html"].addresses}
    assert {f"{page}.html" for page in pages if page not in ("index", "search")} <= index


def test_what_a_page_names_is_there(site: Site) -> None:
    lost = []
    for name, page in site.pages.items():
        for address, _ in page.addresses:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target, anchor = unquote(parts.path) or name, unquote(parts.fragment)
            anchors = site.pages[target].anchors if target in site.pages else {anchor}
            if not (site.folder / target).is_file() or (anchor and anchor not in anchors):
                lost.append(f"{name}: {address}")
    assert lost == []


def test_it_loads_nothing_from_elsewhere(site: Site) -> None:
    loaded = [
        (name, address.value)
        for name, page in site.pages.items()
        for address in page.addresses
        if address.is_loaded
    ]
    for path in site.folder.rglob("*.css"):
        loaded += [(path.name, each) for each in in_style(path.read_text(encoding="utf-8"))]
    for name, page in ((name, site.text(name)) for name in site.pages):
        loaded += [(name, each) for part in styles(page) for each in in_style(part)]
    assert [each for each in loaded if not OWN.match(each[1])] == []
    assert not re.search("mathjax|require[.]js|unpkg", "".join(map(site.text, site.pages)), re.I)


def styles(html: str) -> Iterator[str]:
    yield from re.findall(r"<style\b[^>]*>(.*?)</style>", html, re.DOTALL)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_can_be_run_and_taken_home(site: Site, name: str) -> None:
    addresses = [address.value for address in site.pages[f"{name}.html"].addresses]
    binder = re.search(r"https://mybinder\.org/v2/[^)]+", (ROOT / "README.md").read_text("utf-8"))
    assert binder
    assert binder[0].replace("00_start_here", name) in addresses
    assert f"notebooks/{name}.ipynb" in addresses
    # As learners get it: answers spoil the question.
    taken = nbformat.read(site.folder / "notebooks" / f"{name}.ipynb", as_version=4)
    assert all(not cell.outputs for cell in taken.cells if cell.cell_type == "code")
    # And on the page as it ran, with links that do not lead into a sandbox that is gone.
    assert "cell_output" in site.text(f"{name}.html")
    assert not [each for each in addresses if each.startswith("http://127.0.0.1")]


def test_the_reference_has_all_that_a_notebook_uses(site: Site) -> None:
    named = {f"lc_tutorial.{name}" for name in lc_tutorial.__all__ if name != "__version__"}
    assert named <= site.pages["reference.html"].anchors


def test_an_errors_name_leads_to_its_entry(site: Site) -> None:
    for anchor in ("unauthorized-client", "misdirected-request", "redirect-uri-not-set"):
        assert [each for each in site.pages["errors.html"].anchors if each.endswith(anchor)]


def test_pages_are_published_as_they_are_built() -> None:
    workflow = yaml.safe_load((ROOT / "docs" / "pages.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["site"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["make docs"]
    assert [step["with"]["path"] for step in steps if "path" in step.get("with", {})] == [
        "build/site"
    ]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "docs/build_site.py" in makefile
    assert script("build_site").OUT.relative_to(ROOT).as_posix() == "build/site"


#: How wide a screen is, and its theme. The pages are of one style, and the longest of them take
#: their time: where a machine watches, each is looked at on one of the screens.
SCREENS = [(1280, "light"), (390, "dark")]


@pytest.mark.parametrize(("width", "theme"), SCREENS)
def test_everybody_can_read_it(
    site: Site, chromium: Browser, width: int, theme: Literal["light", "dark"]
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    page, asked, wrong = context.new_page(), [], []
    names = sorted(site.pages)
    if "CI" in os.environ:
        names = names[SCREENS.index((width, theme)) :: len(SCREENS)]
    page.on("request", lambda request: asked.append(request.url))
    with serving_files(site.folder) as origin:
        for name in names:
            page.goto(f"{origin}/{name}")
            wrong += [f"{name}: {each}" for each in violations(page)]
            # What is too wide scrolls by itself.
            too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            wrong += [f"{name} scrolls sideways"] if too_wide else []
    context.close()
    assert not wrong, "\n".join(wrong)
    assert [each for each in asked if not each.startswith((f"{origin}/", "data:"))] == []
