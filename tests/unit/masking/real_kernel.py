"""A real kernel, all that it shows, and all that it writes to the log of its server."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel


class Kernel:
    """One kernel, what it sends, and what it writes to the log of its server."""

    def __init__(self, home: Path, environment: Mapping[str, str], *before: str) -> None:
        self._log = home / "server.log"
        self._marks = 0
        with self._log.open("wb") as log, pytest.MonkeyPatch.context() as patch:
            patch.setenv("IPYTHONDIR", str(home / "ipython"))
            for name, secret in environment.items():
                patch.setenv(name, secret)
            # With it, a kernel does not watch its file descriptors.
            patch.delenv("PYTEST_CURRENT_TEST", raising=False)
            self._manager, self._client = start_new_kernel(cwd=str(home), stdout=log, stderr=log)
        self.run(*before)

    def stop(self) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def run(self, *cells: str) -> str:
        """All text that comes of cells, in the notebook and in the log, but their own source."""
        before = self._log.stat().st_size
        shown: list[str] = []
        self._marks += 1
        mark = f"-- mark {self._marks} --"
        for cell in cells:
            self._execute(cell, shown)
        # What is written to a descriptor comes through a pipe, and later.
        self._execute(f"import os\nfor to in (1, 2): os.write(to, b'{mark}\\n')", shown)
        while "".join(shown).count(mark) < 2:
            shown += _texts(self._client.get_iopub_msg(timeout=30)["content"])
        logged = ""
        deadline = time.monotonic() + 30
        while logged.count(mark) < 2:
            assert time.monotonic() < deadline, logged
            logged = self._log.read_bytes()[before:].decode(errors="replace")
        return "\n".join([*shown, logged]).replace(mark, "")

    def _execute(self, code: str, shown: list[str]) -> None:
        asked = self._client.execute(code, store_history=False, stop_on_error=False)
        while True:
            message = self._client.get_iopub_msg(timeout=60)
            if message["msg_type"] not in ("execute_input", "status"):
                shown += _texts(message["content"])
            mine = message["parent_header"].get("msg_id") == asked
            if mine and message["content"].get("execution_state") == "idle":
                return


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield str(key)
            yield from _texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value)
    else:
        yield str(content)
