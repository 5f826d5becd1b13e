"""A learner of a hub, whose notebooks are run through its API: all as it is, but no browser."""

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import requests
import websocket

#: Seconds that a busy machine may take, for a server to start or a cell to run.
PATIENCE = 240.0

#: What a learner would click: the forms do their steps by themselves.
_AUTOPILOT = "import os; os.environ['LC_TUTORIAL_AUTOPILOT'] = '1'"


@dataclass
class Ran:
    """What a cell printed and showed."""

    text: str = ""
    html: str = ""
    error: str = ""


def logged_in(hub: str, name: str, password: str) -> requests.Session:
    """A browser, as far as cookies go, in which somebody has filled in the hub's own page."""
    browser = requests.Session()
    browser.get(f"{hub}/hub/login", timeout=PATIENCE).raise_for_status()
    given = {
        "username": name,
        "password": password,
        "_xsrf": browser.cookies.get("_xsrf", path="/hub/"),
    }
    answer = browser.post(f"{hub}/hub/login", data=given, timeout=PATIENCE, allow_redirects=False)
    assert answer.status_code == 302, f"{name} could not log in: {answer.status_code}"
    return browser


class Learner:
    """Somebody who logs in to a hub, and gets a server.

    Args:
        hub: its address.
        name: to log in with.
        password: of the class.
    """

    def __init__(self, hub: str, name: str, password: str) -> None:
        self.hub, self.name = hub, name
        self._password = password
        self._api = requests.Session()
        #: For the hub's API, after they have logged in.
        self.token = ""

    @property
    def server(self) -> str:
        """The address of their server."""
        return f"{self.hub}/user/{self.name}"

    def log_in(self) -> None:
        """Fill in the hub's own page, and get a token of one's own for its API."""
        with logged_in(self.hub, self.name, self._password) as browser:
            # Who is logged in has another one.
            browser.get(f"{self.hub}/hub/token", timeout=PATIENCE).raise_for_status()
            made = browser.post(
                f"{self.hub}/hub/api/users/{self.name}/tokens",
                headers={"X-XSRFToken": browser.cookies.get("_xsrf", path="/hub/") or ""},
                json={"note": "a class"},
                timeout=PATIENCE,
            )
        made.raise_for_status()
        self.token = made.json()["token"]
        self._api.headers["Authorization"] = f"token {self.token}"

    def start_server(self) -> None:
        """Ask for a server, and follow its progress until it is there."""
        at = f"{self.hub}/hub/api/users/{self.name}/server"
        self._api.post(at, timeout=PATIENCE).raise_for_status()
        with self._api.get(f"{at}/progress", stream=True, timeout=PATIENCE) as progress:
            progress.raise_for_status()
            for line in progress.iter_lines():
                told = json.loads(line.removeprefix(b"data: ")) if line else {}
                assert not told.get("failed"), f"{self.name} got no server: {told}"
                if told.get("ready"):
                    return
        raise AssertionError(f"The progress of {self.name}'s server ended before it was ready.")

    @property
    def has_server(self) -> bool:
        """Whether the hub says that it runs."""
        known = self._api.get(f"{self.hub}/hub/api/users/{self.name}", timeout=PATIENCE)
        known.raise_for_status()
        return bool(known.json()["server"])

    def look_around(self) -> None:
        """Ask their server for something, as an open page of it does all the time."""
        self._api.get(f"{self.server}/api/status", timeout=PATIENCE).raise_for_status()

    def open(self, notebook: str) -> "OpenNotebook":
        """Open a notebook of theirs, in a kernel of its own."""
        kept = self._api.get(f"{self.server}/api/contents/{notebook}", timeout=PATIENCE)
        kept.raise_for_status()
        asked = {
            "path": notebook,
            "name": notebook,
            "type": "notebook",
            "kernel": {"name": "python3"},
        }
        begun = self._api.post(f"{self.server}/api/sessions", json=asked, timeout=PATIENCE)
        begun.raise_for_status()
        kernel = begun.json()["kernel"]["id"]
        line = websocket.create_connection(
            f"{self.server.replace('http', 'ws', 1)}/api/kernels/{kernel}/channels",
            header=[f"Authorization: {self._api.headers['Authorization']}"],
            timeout=PATIENCE,
        )
        cells = [
            cell["source"]
            for cell in kept.json()["content"]["cells"]
            if cell["cell_type"] == "code"
        ]
        return OpenNotebook(cells, line, begun.json()["id"])

    def close(self, notebook: "OpenNotebook") -> None:
        """Close a notebook of theirs, and end its kernel."""
        notebook.line.close()
        at = f"{self.server}/api/sessions/{notebook.session}"
        self._api.delete(at, timeout=PATIENCE).raise_for_status()

    def stop_server(self) -> None:
        """End it, and with it the kernels and what they started."""
        self._api.delete(f"{self.hub}/hub/api/users/{self.name}/server", timeout=PATIENCE)
        self._api.close()


@dataclass
class OpenNotebook:
    """An open notebook: its cells, the line to its kernel, and the server's name for it."""

    cells: list[str]
    line: Any = field(repr=False)
    session: str

    def run_to(self, last: str | None = None) -> Ran:
        """Run the cells from the top, to the one that contains this text; gives what it showed."""
        self.run(_AUTOPILOT)
        ran = Ran()
        for source in self.cells:
            ran = self.run(source)
            assert not ran.error, f"{source}\n\n{ran.error}"
            if last is not None and last in source:
                return ran
        assert last is None, f"No cell contains {last!r}."
        return ran

    def run(self, source: str) -> Ran:
        """Run a text as a cell."""
        id_ = uuid.uuid4().hex
        header = {"msg_id": id_, "msg_type": "execute_request", "version": "5.3"}
        self.line.send(
            json.dumps(
                {
                    "channel": "shell",
                    "header": {**header, "username": "", "session": id_, "date": ""},
                    "parent_header": {},
                    "metadata": {},
                    "content": {"code": source, "silent": False, "allow_stdin": False},
                    "buffers": [],
                }
            )
        )
        ran, left = Ran(), {"status", "execute_reply"}
        while left:
            received = self.line.recv()
            # The forms' own messages have bytes behind them, and are for JupyterLab.
            if not isinstance(received, str):
                continue
            message = json.loads(received)
            if message["parent_header"].get("msg_id") == id_:
                left.discard(_taken(message, ran))
        return ran


def _taken(message: dict[str, Any], ran: Ran) -> str:
    """Take down what a message brings of a cell's outputs; gives what has ended with it."""
    kind, content = message["header"]["msg_type"], message["content"]
    if kind == "stream":
        ran.text += content["text"]
    elif kind in ("display_data", "execute_result"):
        ran.text += content["data"].get("text/plain", "")
        ran.html += content["data"].get("text/html", "")
    elif kind == "error":
        ran.error += "\n".join(content["traceback"])
    elif kind == "status" and content["execution_state"] != "idle":
        return ""
    return str(kind)
