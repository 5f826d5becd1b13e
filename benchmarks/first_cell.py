"""From a new kernel to the first token, beside what a notebook without us imports.

    python benchmarks/first_cell.py
    python benchmarks/first_cell.py --rounds 20

Each figure is of a real, new kernel. First it imports what any notebook of this kind does; then
come our own steps, one after the other, as a learner's first cells have them: the import,
`lc.connect`, `lc.catch_up`. The last ends with an access token, which the platform issued to a new
app. Cold is with no sandbox running, as on the first notebook of the day: `lc.connect` starts it.
Then the same where one runs, as for every notebook after that. The two take turns; a ratio compares
the bare imports and the steps with the bare imports of the same kernel, and the median counts.
"Python" is the kernel's own time until it answers, which is in no ratio.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_client.manager import start_new_kernel

from lc_tutorial.platforms import launch

ROUNDS = 12
WANTED_RATIO, WANTED_IMPORT_MS = 1.5, 30
PATIENCE = 120.0

#: Each in a cell of its own, as far as it goes; what comes of the last is a token.
STEPS = {
    "bare": "import pandas, requests, ipywidgets",
    "import": "import lc_tutorial as lc",
    "connect": 'platform = lc.connect("sandbox")',
    "catch up": "session = lc.catch_up(platform); session.token.access_token",
}

#: A step times itself: what a kernel and its client need to talk is not in it.
CELL = """\
import time as _time
_began = _time.perf_counter()
{step}
_took = _time.perf_counter() - _began
"""


class Kernel:
    """A new kernel, which belongs to this process as a learner's does to JupyterLab."""

    def __init__(self) -> None:
        began = time.perf_counter()
        self._manager, self._client = start_new_kernel(stderr=subprocess.DEVNULL)
        self.ready_after = time.perf_counter() - began

    def run(self, step: str) -> float:
        """How many seconds a step takes in it."""
        reply = self._client.execute_interactive(
            CELL.format(step=step),
            timeout=PATIENCE,
            user_expressions={"took": "_took"},
            output_hook=lambda _: None,
        )["content"]
        if reply["status"] != "ok":
            raise SystemExit("\n".join(reply["traceback"]))
        return float(reply["user_expressions"]["took"]["data"]["text/plain"])

    def end(self) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)


def first_cell() -> dict[str, float]:
    """The seconds of each step in a new kernel."""
    kernel = Kernel()
    try:
        return {"Python": kernel.ready_after, **{name: kernel.run(STEPS[name]) for name in STEPS}}
    finally:
        kernel.end()


@contextlib.contextmanager
def place_of_its_own() -> Iterator[None]:
    """A folder of Jupyter's that knows of no sandbox; one that starts there ends with it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JUPYTER_RUNTIME_DIR"] = folder
        try:
            yield
        finally:
            launch.stop_all()


def measure(rounds: int) -> dict[str, list[dict[str, float]]]:
    # Python keeps what it compiles, and Jinja2 too; a learner's first kernel was there before.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    cold, joined = [], []
    for number in range(-1, rounds):
        with place_of_its_own():
            one = first_cell()
            other = first_cell()
        if number >= 0:  # The first warms up the disk, and what is compiled.
            cold.append(one)
            joined.append(other)
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return {"cold": cold, "a sandbox runs": joined}


def ratio(of: dict[str, float]) -> float:
    """The bare imports and our steps, beside the bare imports."""
    return sum(of[name] for name in STEPS) / of["bare"]


def milliseconds(values: list[float]) -> str:
    return f"{statistics.median(values) * 1000:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", type=Path, help="keep every figure in this file")
    options = parser.parse_args()
    found = measure(options.rounds)
    if options.json:
        options.json.write_text(json.dumps(found), encoding="utf-8")
    show(found)


def show(found: dict[str, list[dict[str, float]]]) -> None:
    names = ["Python", *STEPS]
    print(f"| | {' | '.join(names)} | all | ratio | from | to |\n|{' --- |' * (len(names) + 5)}")
    for situation, runs in found.items():
        medians = [milliseconds([run[name] for run in runs]) for name in names]
        whole = milliseconds([sum(run[name] for name in STEPS) for run in runs])
        ratios = [ratio(run) for run in runs]
        span = [statistics.median(ratios), min(ratios), max(ratios)]
        cells = [situation, *medians, whole, *(f"{each:.2f}" for each in span)]
        print(f"| {' | '.join(cells)} |")
    told: Any = {
        "ratio, cold": (statistics.median(map(ratio, found["cold"])), WANTED_RATIO),
        "our import, ms": (
            statistics.median(run["import"] for run in found["cold"]) * 1000,
            WANTED_IMPORT_MS,
        ),
    }
    for what, (value, wanted) in told.items():
        print(f"{what}: {value:.2f}, wanted {wanted}: {'met' if value <= wanted else 'not met'}")


if __name__ == "__main__":
    main()
