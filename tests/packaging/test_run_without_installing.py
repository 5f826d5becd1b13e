"""The course without an installation: `uvx` and `pipx run`, from the wheel.

Each makes an environment of its own, out of sight. JupyterLab, the notebooks' kernel and the
sandbox all have to be that environment's, also where the user's own folder names another Python.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from jupyter_client import BlockingKernelClient

from tests.packaging.offline import run

PATIENCE = 300.0

_UV = (sys.executable, "-m", "uv", "tool", "run", "--quiet")

#: As uv and pipx are called. uv is among what the tests need, and gets pipx; that installs with uv,
#: which takes a fraction of pip's time.
WAYS = {
    "uvx": (*_UV, "--from"),
    "pipx run": (*_UV, "--from", "pipx[uv]", "pipx", "run", "--quiet", "--spec"),
}


@pytest.fixture(params=WAYS)
def command(request: pytest.FixtureRequest, wheel: Path) -> list[str]:
    """What runs the course; the options of `lc-tutorial` follow."""
    return [*WAYS[request.param], str(wheel), "lc-tutorial"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose Jupyter has a kernel of another Python, by the name that notebooks ask for."""
    kernel = tmp_path / "home" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["no-such-python", "{connection_file}"], "display_name": "Python 3"}
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "home"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "home" / "config"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("PIPX_HOME", str(tmp_path / "pipx"))
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    return tmp_path


@contextmanager
def opened(command: list[str], folder: Path) -> Iterator[tuple[str, str]]:
    """JupyterLab, as the command opens it in a folder: its address and token."""
    log = folder / "said.txt"
    with (
        log.open("w") as said,
        subprocess.Popen(
            [*command, "--no-browser"], cwd=folder, stdout=said, stderr=said
        ) as running,
    ):
        try:
            deadline = time.monotonic() + PATIENCE
            while not (found := re.search(r"(http://\S+?/)\S*\?token=(\w+)", log.read_text())):
                assert running.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
            yield found[1], found[2]
            parts = urlsplit(found[1])
            stop = f"{parts.scheme}://{parts.netloc}/api/shutdown"
            requests.post(stop, headers={"Authorization": f"token {found[2]}"}, timeout=30)
            running.wait(60)
        finally:
            running.terminate()


def answer(url: str, token: str, runtime: Path, program: str) -> str:
    """What a new kernel of this JupyterLab prints."""
    started = requests.post(
        f"{url}api/kernels",
        json={"name": "python3"},
        headers={"Authorization": f"token {token}"},
        timeout=60,
    )
    started.raise_for_status()
    client = BlockingKernelClient(
        connection_file=str(runtime / f"kernel-{started.json()['id']}.json")
    )
    client.load_connection_file()
    client.start_channels()
    printed: list[str] = []
    try:
        wait_for(client)
        client.execute_interactive(
            program,
            timeout=PATIENCE,
            output_hook=lambda message: printed.append(message["content"].get("text", "")),
        )
    finally:
        client.stop_channels()
    return "".join(printed)


def wait_for(client: BlockingKernelClient) -> None:
    """Wait until the kernel answers. A slow one is taken for dead until its heart has beaten."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return client.wait_for_ready(timeout=PATIENCE)
        except RuntimeError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def test_it_opens_the_course_with_its_own_kernel(command: list[str], home: Path) -> None:
    work = home / "work"
    work.mkdir()
    assert "sandbox" in run(*command, "--help", cwd=work)
    program = (
        "import sys, lc_tutorial as lc\n"
        "platform = lc.connect('sandbox', fresh=True)\n"
        "print(sys.prefix, lc.catch_up(platform).token.scopes)\n"
        "%pip --version"
    )
    with opened(command, work) as (url, token):
        printed = answer(url, token, home / "runtime", program)
    assert (work / "lc-tutorial-course" / "00_start_here.ipynb").is_file()
    assert "chats--all:ro" in printed
    prefix = printed.split()[0]
    # The notebooks' way to an extra.
    assert f" from {prefix}" in printed
    assert not prefix.startswith(os.path.realpath(sys.prefix))
    assert not prefix.startswith(str(Path(__file__).parents[2]))
