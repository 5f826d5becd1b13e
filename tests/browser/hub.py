"""What tests on a JupyterHub need."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page

from tests.needed import missing

from .conftest import PATIENCE, NotebookSeven, Server


class ServerOfSeven(Server):
    """A user's server that opens Notebook 7."""

    notebooks = NotebookSeven.notebooks
    first = "tree"


def node_proxy() -> str:
    """npm's configurable-http-proxy, where `make test-setup` puts it, or anywhere."""
    name = "configurable-http-proxy"
    local = Path(sys.prefix) / "hub-proxy" / "node_modules" / ".bin" / name
    found = str(local) if local.exists() else shutil.which(name)
    if found is None:
        missing(f"{name} is missing: it needs Node, and `make test-setup` installs it.")
    return found


def sign_in_to_hub(
    page: Page, url: str, password: str, user: str, kind: type[Server] = Server
) -> Server:
    """Sign in, and wait until the first page of the user's own server is there."""
    page.set_default_timeout(PATIENCE)
    page.goto(f"{url}/hub/login")
    page.fill("#username_input", user)
    page.fill("#password_input", password)
    page.click("#login_submit")
    page.wait_for_url(f"**/user/{user}/{kind.first}**")
    return kind(f"{url}/user/{user}/", "")
