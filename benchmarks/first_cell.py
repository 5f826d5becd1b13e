"""From a new kernel to the first token, beside what a notebook without us imports.

    python benchmarks/first_cell.py
    python benchmarks/first_cell.py --rounds 20

Each figure is of a real, new kernel. In one the bare imports are run, what any notebook of this
kind begins with; in others our own steps, one after the other, as a learner's first cells have
them: the import, `lc.connect`, `lc.catch_up`. The last ends with an access token, which the
platform issued to a new app. Our steps import what they need and no more: requests and ipywidgets,
but not pandas. So they are run once more after the bare imports, as in a notebook whose first cell
imports pandas itself.

Cold is with no sandbox running, as on the first notebook of the day: `lc.connect` starts it. Then
the same where one runs, as for every notebook after that. All take turns; a ratio compares what a
kernel ran with the bare imports of the same round, and the median counts. "Python" is the kernel's
own time until it answers, which is in no ratio.
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

from jupyter_client.manager import start_new_kernel

from lc_tutorial.platforms import launch

ROUNDS = 12
WANTED_RATIO, WANTED_IMPORT_MS = 1.5, 30
PATIENCE = 120.0

BARE = {"bare": "import pandas, requests, ipywidgets"}
#: Each in a cell of its own; what comes of the last is a token.
STEPS = {
    "import": "import lc_tutorial as lc",
    "connect": 'platform = lc.connect("sandbox")',
    "catch up": "session = lc.catch_up(platform); session.token.access_token",
}
#: What a notebook of the course runs, and one that imports pandas in the same cell.
NOTEBOOKS = {"": STEPS, ", after the bare imports": BARE | STEPS}

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


def in_a_new_kernel(steps: dict[str, str]) -> dict[str, float]:
    """The seconds that each of these steps takes, and those until the kernel answers."""
    kernel = Kernel()
    try:
        return {"Python": kernel.ready_after, **{name: kernel.run(steps[name]) for name in steps}}
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


Round = dict[str, dict[str, float]]


def measure(rounds: int) -> list[Round]:
    # Python keeps what it compiles, and Jinja2 too; a learner's first kernel was there before.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    measured = []
    for number in range(-1, rounds):
        found = {"bare imports": in_a_new_kernel(BARE)}
        for notebook, steps in NOTEBOOKS.items():
            with place_of_its_own():
                found[f"cold{notebook}"] = in_a_new_kernel(steps)
                found[f"a sandbox runs{notebook}"] = in_a_new_kernel(steps)
        if number >= 0:  # The first warms up the disk, and what is compiled.
            measured.append(found)
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return measured


def seconds(of: dict[str, float]) -> float:
    """All that a kernel ran, but for its own start."""
    return sum(took for name, took in of.items() if name != "Python")


def ratios(measured: list[Round], kernel: str) -> list[float]:
    """What a kernel ran, beside the bare imports of the same round."""
    return [seconds(one[kernel]) / seconds(one["bare imports"]) for one in measured]


def milliseconds(values: list[float]) -> str:
    return f"{statistics.median(values) * 1000:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", type=Path, help="keep every figure in this file")
    options = parser.parse_args()
    measured = measure(options.rounds)
    if options.json:
        options.json.write_text(json.dumps(measured), encoding="utf-8")
    show(measured)


def show(measured: list[Round]) -> None:
    columns = ["Python", *BARE, *STEPS]
    print(f"| | {' | '.join(columns)} | all | ratio | from | to |")
    print(f"| --- |{' ---: |' * (len(columns) + 4)}")
    for kernel in measured[0]:
        runs = [one[kernel] for one in measured]
        cells = [milliseconds([run[it] for run in runs]) if it in runs[0] else "" for it in columns]
        cells += [milliseconds([seconds(run) for run in runs])]
        found = ratios(measured, kernel)
        cells += [f"{each:.2f}" for each in (statistics.median(found), min(found), max(found))]
        print(f"| {kernel} | {' | '.join(cells)} |")
    ours = statistics.median(one["cold"]["import"] for one in measured) * 1000
    for what, value, wanted in (
        ("ratio, cold", statistics.median(ratios(measured, "cold")), WANTED_RATIO),
        ("our import, ms", ours, WANTED_IMPORT_MS),
    ):
        print(f"{what}: {value:.2f}, wanted {wanted}: {'met' if value <= wanted else 'not met'}")


if __name__ == "__main__":
    main()
