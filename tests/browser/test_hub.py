"""Notebook 01 on a real JupyterHub, whose users' browsers are elsewhere."""

import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from lc_tutorial.course import laying_out as course

from .conftest import (
    Notebook,
    Server,
    free_port,
    process,
    quiet_settings,
    screenshot,
    wait_until_it_answers,
)
from .hub import ServerOfSeven, node_proxy, sign_in_to_hub
from .person import (
    APP,
    AUTHORIZATION,
    SETUP,
    URL,
    allow,
    close_tab,
    configure,
    exchange_and_list,
    follow_link,
    open_tab,
    sign_in,
)

NAME = "01_authorization_in_practice.ipynb"
USERS = ("mia", "ben")


class Hub(NamedTuple):
    """Where it answers, and what its users' servers open."""

    url: str
    password: str
    kind: type[Server]


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
c.Spawner.args = ["--allow-root"] + [
    "--" + name + ".expose_app_in_browser=True" for name in ("LabApp", "JupyterNotebookApp")
]
c.Spawner.default_url = "/{first}"
c.Spawner.notebook_dir = {home!r} + "/{{username}}/course"
c.Spawner.start_timeout = 120
c.Spawner.environment = {{
    "JUPYTERLAB_SETTINGS_DIR": {home!r} + "/settings",
    "PYTHONDONTWRITEBYTECODE": "1",
}}
c.Spawner.http_timeout = 120
"""


#: Where CI is set, JupyterLab alone has to do.
KINDS = [Server] if "CI" in os.environ else [Server, ServerOfSeven]


@pytest.fixture(params=KINDS, ids=["lab", "seven"][: len(KINDS)])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hub]:
    proxy, port, password = node_proxy(), free_port(), secrets.token_hex(8)
    # A name of the hub's own, that Chromium leads here: the kernels' machine does not know it.
    url = f"http://hub.localhost:{port}"
    for user in USERS:
        course.lay_out(tmp_path / user / "course")
    quiet_settings(tmp_path / "settings")
    configuration = tmp_path / "jupyterhub_config.py"
    configuration.write_text(
        CONFIGURATION.format(
            url=f"http://127.0.0.1:{port}",
            hub_port=free_port(),
            api_port=free_port(),
            password=password,
            proxy=proxy,
            python=sys.executable,
            home=str(tmp_path),
            first=request.param.first,
        )
    )
    log = tmp_path / "hub.log"
    command = [sys.executable, "-m", "jupyterhub", "-f", str(configuration)]
    with process(command, log, tmp_path) as running:
        wait_until_it_answers(f"http://127.0.0.1:{port}/hub/health", log, running)
        yield Hub(url, password, request.param)


def test_two_users_of_one_machine(hub: Hub, page: Page, chromium: Browser) -> None:
    url, password, kind = hub
    # Ben is at work on the same machine, lets step 1 be done for him, and waits for his code.
    bens = chromium.new_context().new_page()
    ben = Notebook.open(bens, sign_in_to_hub(bens, url, password, "ben", kind), NAME)
    ben.run(SETUP)
    his = ben.run(APP)
    his.locator(".lc-do-it-for-me").click()
    expect(his.locator(".lc-speech")).to_contain_text("Go on with step 2")
    address = his.locator(".lc-redirect-uri input").input_value()
    assert address.startswith(f"{url}/user/ben/proxy/")
    expect(ben.run("lc.check_app")).to_contain_text("the code will arrive here")
    ben.run(URL)
    bens_form = ben.run(AUTHORIZATION)

    mia = Notebook.open(page, sign_in_to_hub(page, url, password, "mia", kind), NAME)
    expect(mia.run(SETUP)).to_contain_text("begin with a slash")
    hers = configure(mia)
    assert hers.redirect_uri.startswith(f"{url}/user/mia/proxy/")
    assert hers.redirect_uri.rsplit("/", 2)[1] != address.rsplit("/", 2)[1]
    form, tab = follow_link(mia)
    # Her browser is not on the kernels' machine.
    expect(form.locator("a")).to_have_count(1)
    sign_in(tab)
    allow(tab)
    expect(tab.locator("body")).to_contain_text("you can close it")
    expect(form.locator(".lc-speech")).to_contain_text("go on with step 3")
    screenshot(page, "hub")
    # Reloaded, and the link followed once more: no error of the proxy's.
    tab.reload()
    expect(tab.locator("body")).to_contain_text("The code has arrived")
    again = open_tab(form.locator("a.lc-authorize"))
    allow(again)
    expect(again.locator("body")).to_contain_text("The code has arrived")
    close_tab(again, page)
    exchange_and_list(mia)

    bens.bring_to_front()
    his_tab = open_tab(bens_form.locator("a.lc-authorize"))
    sign_in(his_tab)
    allow(his_tab)
    expect(his_tab.locator("body")).to_contain_text("The code has arrived")
    expect(bens_form.locator(".lc-speech")).to_contain_text("go on with step 3")

    # The live platform's Console knows of no hub: there the form says what to register.
    ben.replace(APP, "(platform)", '(lc.connect("live"))')
    offered = ben.run(APP).locator(".lc-callback-address")
    expect(offered).to_have_text(address)
    bens.context.close()
