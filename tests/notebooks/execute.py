"""Run the notebooks as nobody watches, and keep their outputs: ``make notebooks``.

The forms do their steps by themselves. Widget state is not kept: it belongs to a kernel that is
gone by then, and a page that shows the notebook has the forms' one-sentence fallback instead.
"""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from lc_tutorial.platforms import launch

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
_WIDGET = "application/vnd.jupyter.widget-view+json"
_FOLDER, _PYTHON = "/home/you/lc-tutorial-course", "/home/you/lc_tutorial/.venv/bin/python"

# It opens the control page, once; what is published has none.
_TICKET = re.compile(r"(?<=ticket=)[\w-]+")


def execute(path: Path) -> None:
    """Run a notebook in a folder and a sandbox of its own, and write its outputs into the file."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as runtime:
        # Else a notebook would find the sandbox of the one before, with what was written there.
        os.environ["JUPYTER_RUNTIME_DIR"] = runtime
        # As Jupyter's server tells it to a kernel: only notebook 01 has steps to go back to.
        os.environ["JPY_SESSION_NAME"] = str(Path(folder) / path.name)
        # What the outputs name of this machine, and what stands for it.
        places = {os.path.realpath(folder): _FOLDER, sys.executable: _PYTHON}
        shutil.copy(path, folder)
        NotebookClient(
            notebook,
            resources={"metadata": {"path": folder}},
            store_widget_state=False,
            record_timing=False,
            timeout=120,
        ).execute()
        launch.stop_all()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(_WIDGET, None)
            _put_in_place(output.get("data", {}), places)
            if "text" in output:
                output["text"] = _TICKET.sub("only-once", output["text"])
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info = {"name": "python"}
    nbformat.write(notebook, path)


def _put_in_place(data: dict[str, str], places: dict[str, str]) -> None:
    for kind, text in data.items():
        if kind.startswith("text/"):
            for place, name in places.items():
                text = text.replace(place, name)
            data[kind] = text


if __name__ == "__main__":
    os.environ["LC_TUTORIAL_AUTOPILOT"] = "1"
    for name in sys.argv[1:] or sorted(path.name for path in NOTEBOOKS.glob("*.ipynb")):
        print(name)
        execute(NOTEBOOKS / name)
