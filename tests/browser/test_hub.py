"""Notebook 01 on a real JupyterHub, whose users' browsers are elsewhere."""

import secrets
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lc_tutorial.course import laying_out as course
from tests.needed import missing

from .conftest import (
    PATIENCE,
    JupyterLab,
    Notebook,
    free_port,
    process,
    quiet_settings,
    screenshot,
    wait_until_it_answers,
)
from .person import configure, exchange_and_list, follow_link, sign_in

NAME = "01_authorization_in_practice.ipynb"
USERS = ("mia", "ben")

CONFIGURATION = """
c.JupyterHub.bind_url = {url!r}
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.cleanup_servers = True
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allow_all = True
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.SimpleLocalProcessSpawner.home_dir_template = {home!r} + "/{{username}}"
c.Spawner.cmd = [{python!r}, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root", "--LabApp.expose_app_in_browser=True"]
c.Spawner.default_url = "/lab"
c.Spawner.notebook_dir = {home!r} + "/{{username}}/course"
c.Spawner.start_timeout = 120
c.Spawner.environment = {{
    "JUPYTERLAB_SETTINGS_DIR": {home!r} + "/settings",
    "PYTHONDONTWRITEBYTECODE": "1",
}}
c.Spawner.http_timeout = 120
"""


def node_proxy() -> str:
    """npm's configurable-http-proxy, where `make test-setup` puts it, or anywhere."""
    name = "configurable-http-proxy"
    local = Path(sys.prefix) / "hub-proxy" / "node_modules" / ".bin" / name
    found = str(local) if local.exists() else shutil.which(name)
    if found is None:
        missing(f"{name} is missing: it needs Node, and `make test-setup` installs it.")
    return found


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[tuple[str, str]]:
    proxy, port, password = node_proxy(), free_port(), secrets.token_hex(8)
    url = f"http://127.0.0.1:{port}"
    for user in USERS:
        course.lay_out(tmp_path / user / "course")
    quiet_settings(tmp_path / "settings")
    configuration = tmp_path / "jupyterhub_config.py"
    configuration.write_text(
        CONFIGURATION.format(
            url=url,
            hub_port=free_port(),
            api_port=free_port(),
            password=password,
            proxy=proxy,
            python=sys.executable,
            home=str(tmp_path),
        )
    )
    log = tmp_path / "hub.log"
    command = [sys.executable, "-m", "jupyterhub", "-f", str(configuration)]
    with process(command, log, tmp_path) as running:
        wait_until_it_answers(f"{url}/hub/health", log, running)
        yield url, password


def sign_in_to_hub(page: Page, url: str, password: str, user: str) -> JupyterLab:
    page.set_default_timeout(PATIENCE)
    page.goto(f"{url}/hub/login")
    page.fill("#username_input", user)
    page.fill("#password_input", password)
    page.click("#login_submit")
    page.wait_for_url(f"**/user/{user}/lab**")
    return JupyterLab(f"{url}/user/{user}/", "", Path(), Path(), Path())


def test_one_of_two_users(hub: tuple[str, str], page: Page, chromium: Browser) -> None:
    url, password = hub
    # Ben is at work on the same machine, and his notebook waits on the usual port.
    bens = chromium.new_context().new_page()
    ben = Notebook.open(bens, sign_in_to_hub(bens, url, password, "ben"), NAME)
    his = configure(ben)
    ben.run("authorization_url = ")
    ben.run("authorization = lc.AuthorizationForm")

    mia = Notebook.open(page, sign_in_to_hub(page, url, password, "mia"), NAME)
    hers = configure(mia)
    assert hers.redirect_uri.startswith(f"{url}/user/mia/proxy/")
    assert his.redirect_uri.startswith(f"{url}/user/ben/proxy/")
    assert hers.redirect_uri.rsplit("/", 2)[1] != his.redirect_uri.rsplit("/", 2)[1]
    form, tab = follow_link(mia)
    sign_in(tab)
    expect(tab.locator("body")).to_contain_text("Close this tab")
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
    screenshot(page, "hub")
    exchange_and_list(mia)
    bens.context.close()
