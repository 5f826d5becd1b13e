"""What a class takes: memory a learner, and the time until everybody has a token.

    python benchmarks/classroom.py                   thirty learners; about 6 GB of memory
    python benchmarks/classroom.py --learners 6

Real kernels, one a learner, run notebook 01 with its forms doing the steps, as `make notebooks`
does. All kernels run first; then the learners begin within the same minute. Twice: with one sandbox
that they share, as on a hub, and with a sandbox each. Who a learner is, a stand-in for the hub's
API tells the shared one. Memory is the unique set size, which no two processes have in common,
when notebook 01 is done. That of the server is of one, which a stand-in for the hub started, as a
hub starts it, and which has shown JupyterLab's page once.
"""

import argparse
import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
import psutil
import requests
from jupyter_client import KernelManager
from jupyter_client.blocking import BlockingKernelClient

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "notebooks" / "01_authorization_in_practice.ipynb"
#: The cell with which a learner has a token.
HAS_TOKEN = "Token.from_response("
PATIENCE = 600.0
MEASURED = "mia"
WANTED_MB, WANTED_SECONDS, WANTED_SANDBOX_MB = 250, 90, 3


def megabytes(pid: int) -> float:
    return float(psutil.Process(pid).memory_full_info().uss) / 1e6


# --- The hub and the sandbox that is shared -------------------------------------------------------


@contextlib.contextmanager
def hub(names: dict[str, str]) -> Iterator[str]:
    """What JupyterHub answers to a service that asks whose token it was shown."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = names.get(self.headers.get("Authorization", "").removeprefix("token "))
            is_about_itself = self.path.rstrip("/") == "/hub/api"
            self.send_response(200 if name or is_about_itself else 403)
            self.end_headers()
            user = {
                "kind": "user",
                "name": name,
                "admin": False,
                "groups": [],
                "scopes": [f"access:servers!server={name}/"],
            }
            answer = {"version": version("jupyterhub")} if is_about_itself else user
            self.wfile.write(json.dumps(answer).encode())

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hub/api"
        server.shutdown()


@contextlib.contextmanager
def shared_sandbox(api_url: str) -> Iterator[tuple[int, str]]:
    running = subprocess.Popen(
        [sys.executable, "-m", "lc_tutorial", "sandbox", "--class", "--json"],
        env={
            **os.environ,
            "JUPYTERHUB_API_URL": api_url,
            "JUPYTERHUB_API_TOKEN": secrets.token_hex(16),
            "JUPYTERHUB_SERVICE_PREFIX": "/services/sandbox/",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    try:
        yield running.pid, json.loads(running.stdout.readline())["url"]
    finally:
        running.terminate()
        running.wait()


# --- Learners -------------------------------------------------------------------------------------


@dataclass
class Learner:
    """A learner's kernel, and how far they are."""

    number: int
    home: Path
    token: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    manager: KernelManager = field(default_factory=KernelManager, repr=False)
    client: BlockingKernelClient | None = None
    began: float = 0.0
    had_token: float = 0.0
    failure: str = ""

    def start(self, environment: dict[str, str]) -> None:
        runtime = self.home / "runtime"
        runtime.mkdir(parents=True)
        self.manager.start_kernel(
            stderr=subprocess.DEVNULL,
            cwd=str(self.home),
            env={
                **os.environ,
                "LC_TUTORIAL_AUTOPILOT": "1",
                "LC_TUTORIAL_CALLBACK_PORT": str(12_000 + 10 * self.number),
                "JUPYTER_RUNTIME_DIR": str(runtime),
                **environment,
            },
        )
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def work(self, cells: list[str], begin: float) -> None:
        """Run the notebook from the moment on at which this learner begins."""
        time.sleep(max(0.0, begin - time.monotonic()))
        self.began = time.monotonic()
        for cell in cells:
            assert self.client is not None
            try:
                reply = self.client.execute_interactive(
                    cell, allow_stdin=False, timeout=PATIENCE, output_hook=lambda _: None
                )
            except TimeoutError:
                self.failure = "no answer of the kernel"
                return
            if reply["content"]["status"] != "ok":
                self.failure = reply["content"].get("ename", "aborted")
                return
            if HAS_TOKEN in cell and not self.had_token:
                self.had_token = time.monotonic()

    @property
    def pid(self) -> int:
        return int(self.manager.provisioner.process.pid)

    @property
    def own_sandbox(self) -> int | None:
        for record in (self.home / "runtime").glob("lc_tutorial-sandbox-*.json"):
            return int(json.loads(record.read_text())["pid"])
        return None

    def end(self) -> None:
        if self.client is not None:
            self.client.stop_channels()
        sandbox = self.own_sandbox
        self.manager.shutdown_kernel(now=True)
        if sandbox is not None:
            with contextlib.suppress(psutil.Error):
                psutil.Process(sandbox).terminate()


@dataclass
class Outcome:
    """What a class took."""

    all_have_a_token: float
    longest: float
    failures: list[str]
    kernel_mb: float
    sandbox_mb: float


def learn(learners: list[Learner], spread: float) -> None:
    cells = [
        cell.source
        for cell in nbformat.read(NOTEBOOK, as_version=4).cells
        if cell.cell_type == "code"
    ]
    begin = time.monotonic() + 1
    with ThreadPoolExecutor(len(learners)) as pool:
        at_work = [
            pool.submit(one.work, cells, begin + spread * one.number / len(learners))
            for one in learners
        ]
    for done in at_work:
        done.result()


def a_class(number: int, spread: float, home: Path, *, shared: bool) -> Outcome:
    learners = [Learner(each, home / str(each)) for each in range(number)]
    names = {one.token: f"learner-{one.number}" for one in learners}
    with contextlib.ExitStack() as stack:
        pid, url = None, ""
        if shared:
            pid, url = stack.enter_context(shared_sandbox(stack.enter_context(hub(names))))
        for one in learners:
            stack.callback(one.end)
        with ThreadPoolExecutor(4) as pool:
            starting = [
                pool.submit(
                    one.start,
                    {"LC_TUTORIAL_SANDBOX": url, "JUPYTERHUB_API_TOKEN": one.token}
                    if shared
                    else {},
                )
                for one in learners
            ]
        for done in starting:
            done.result()
        before = megabytes(pid) if pid is not None else 0.0
        learn(learners, spread)
        first = min(one.began for one in learners)
        failures = [f"learner {one.number}: {one.failure}" for one in learners if one.failure]
        if pid is not None:
            alone = megabytes(pid)
            print(f"  the shared sandbox: {before:.1f} MB with nobody, {alone:.1f} MB with all")
            sandbox_mb = alone / number
        else:
            own = [one.own_sandbox for one in learners]
            sandbox_mb = sum(megabytes(each) for each in own if each) / number
        return Outcome(
            max(one.had_token for one in learners) - first,
            max(one.had_token - one.began for one in learners),
            failures,
            sum(megabytes(one.pid) for one in learners) / number,
            sandbox_mb,
        )


# --- The learner's server ------------------------------------------------------------------------

#: What the page of JupyterLab asks for as it opens.
PAGE = (
    "lab",
    "lab/api/settings?ids_only=true",
    "lab/api/translations/",
    "api/kernelspecs",
    "api/contents",
    "api/sessions",
)


def single_user_mb(api_url: str, token: str, home: Path, switched_off: list[str]) -> float:
    """What a learner's server takes, which a hub starts: JupyterLab, and the hub's part in it."""
    home.mkdir()
    extensions = dict.fromkeys(switched_off, False)
    (home / "jupyter_server_config.json").write_text(
        json.dumps({"ServerApp": {"jpserver_extensions": extensions}})
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/user/{MEASURED}/"
    running = subprocess.Popen(
        [sys.executable, "-m", "jupyterhub.singleuser", "--allow-root"],
        cwd=home,
        env={
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(home),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTERHUB_USER": MEASURED,
            "JUPYTERHUB_API_URL": api_url,
            "JUPYTERHUB_API_TOKEN": token,
            "JUPYTERHUB_BASE_URL": "/",
            "JUPYTERHUB_CLIENT_ID": f"jupyterhub-user-{MEASURED}",
            "JUPYTERHUB_SERVICE_PREFIX": f"/user/{MEASURED}/",
            "JUPYTERHUB_SERVICE_URL": url,
            "JUPYTERHUB_OAUTH_ACCESS_SCOPES": json.dumps([f"access:servers!server={MEASURED}/"]),
            "JUPYTERHUB_OAUTH_CALLBACK_URL": f"/user/{MEASURED}/oauth_callback",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with requests.Session() as http:
            http.trust_env = False
            http.headers["Authorization"] = f"token {token}"
            while True:
                assert running.poll() is None, "the server has ended"
                with contextlib.suppress(requests.ConnectionError):
                    http.get(f"{url}api/status", timeout=PATIENCE).raise_for_status()
                    break
                time.sleep(0.1)
            for path in PAGE:
                http.get(f"{url}{path}", timeout=PATIENCE).raise_for_status()
        return megabytes(running.pid)
    finally:
        running.terminate()
        running.wait()


def report(name: str, outcome: Outcome, server: float) -> None:
    total = server + outcome.kernel_mb + outcome.sandbox_mb
    met = "met" if total <= WANTED_MB else "not met"
    print(f"  kernel {outcome.kernel_mb:.1f} MB, sandbox {outcome.sandbox_mb:.1f} MB a learner")
    print(f"  with the server {total:.0f} MB a learner; wanted {WANTED_MB}: {met}")
    met = "met" if outcome.all_have_a_token <= WANTED_SECONDS else "not met"
    print(
        f"  all have a token after {outcome.all_have_a_token:.0f} s; wanted {WANTED_SECONDS}: {met}"
        f" (one learner alone took {outcome.longest:.0f} s at most)"
    )
    print(f"  failures: {', '.join(outcome.failures) or 'none'}  [{name}]")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=30)
    parser.add_argument(
        "--spread", type=float, default=60.0, help="seconds within which the learners begin"
    )
    parser.add_argument("--switched-off", nargs="*", default=[], help="extensions of the server")
    options = parser.parse_args()
    print(f"{options.learners} learners; load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        token = secrets.token_hex(16)
        with hub({token: MEASURED}) as api_url:
            server = single_user_mb(api_url, token, home / "lab", options.switched_off)
        print(f"a learner's server, with JupyterLab: {server:.1f} MB")
        outcomes = {}
        for name, shared in (("one sandbox for all", True), ("a sandbox each", False)):
            print(f"{name}:", flush=True)
            outcomes[name] = a_class(
                options.learners, options.spread, home / name.split()[0], shared=shared
            )
            report(name, outcomes[name], server)
    one, each = outcomes.values()
    met = "met" if one.sandbox_mb <= WANTED_SANDBOX_MB else "not met"
    print(
        f"sandbox a learner: {one.sandbox_mb:.1f} MB shared, {each.sandbox_mb:.1f} MB each, "
        f"{each.sandbox_mb / one.sandbox_mb:.1f} times; wanted {WANTED_SANDBOX_MB} MB: {met}"
    )
    if any(outcome.failures for outcome in outcomes.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
