"""What tests on a JupyterHub need."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page

from tests.needed import missing

from .conftest import PATIENCE, Server


def node_proxy() -> str:
    """npm's configurable-http-proxy, where `make test-setup` puts it, or anywhere."""
    name = "configurable-http-proxy"
    local = Path(sys.prefix) / "hub-proxy" / "node_modules" / ".bin" / name
    found = str(local) if local.exists() else shutil.which(name)
    if found is None:
        missing(f"{name} is missing: it needs Node, and `make test-setup` installs it.")
    return found


def sign_in_to_hub(page: Page, url: str, password: str, user: str) -> Server:
    page.set_default_timeout(PATIENCE)
    page.goto(f"{url}/hub/login")
    page.fill("#username_input", user)
    page.fill("#password_input", password)
    page.click("#login_submit")
    page.wait_for_url(f"**/user/{user}/lab**")
    return Server(f"{url}/user/{user}/", "")
