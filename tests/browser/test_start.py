"""The command ``lc-tutorial`` as a person meets it: Jupyter's first screen, and no question."""

import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import (
    PATIENCE,
    PROGRAMS,
    JupyterLab,
    NotebookSeven,
    free_port,
    process,
    screenshot,
    wait_until_it_answers,
)


@pytest.mark.parametrize("kind", PROGRAMS)
def test_nothing_covers_the_first_notebook(
    kind: type[JupyterLab], page: Page, tmp_path: Path
) -> None:
    """A machine on which Jupyter never ran asks whether it may fetch news; not this server."""
    home, log, port = tmp_path / "home", tmp_path / "log", free_port()
    home.mkdir()
    places = {
        "HOME": home,
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "IPYTHONDIR": home / "ipython",
    }
    command = [sys.executable, "-m", "lc_tutorial", "start", "--folder", "mine", "--no-browser"]
    if kind is NotebookSeven:
        command.append("--notebook")
    environment = {name: str(place) for name, place in places.items()} | {"JUPYTER_PORT": str(port)}
    with process(command, log, tmp_path, environment) as running:
        wait_until_it_answers(f"http://127.0.0.1:{port}/api", log, running)
        printed = log.read_text()
        pages = f"http://127.0.0.1:{port}/{kind.notebooks}/"
        address = re.search(rf"{re.escape(pages)}\S+token=\w+", printed)
        assert address, printed
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.set_default_timeout(PATIENCE)
        page.goto(address[0])
        expect(page.locator(".jp-Notebook")).to_contain_text("Choose where to practise")
        # The question comes as soon as the page is there; the kernel is ready after that.
        indicator = page.locator(".jp-Notebook-ExecutionIndicator")
        expect(indicator).to_have_attribute("data-status", "idle", timeout=PATIENCE)
        page.wait_for_load_state("networkidle")
        screenshot(page, "first-screen")
        expect(page.locator(".jp-Dialog, .jp-toastContainer .Toastify__toast")).to_have_count(0)
        assert not [url for url in asked if "/lab/api/news" in url or "/lab/api/update" in url]
