"""Notebook 02 on other accounts than the one it was written with, and its pictures."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
NAME = "02_explore_chats.ipynb"

Run = Callable[..., NotebookNode]

#: As where it is not installed.
WITHOUT_PYARROW = """
from importlib.machinery import PathFinder

find = PathFinder.find_spec
PathFinder.find_spec = lambda name, *more: None if name == "pyarrow" else find(name, *more)
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the notebook with a sandbox of its own, which holds the chats that are asked for."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))

    def run(*, chats: int = 250, seed: int | None = None, **more: str) -> NotebookNode:
        notebook = nbformat.read(ROOT / "notebooks" / NAME, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code" and "platform = lc.connect()" in cell.source:
                cell.source = cell.source.replace(
                    "lc.connect()", 'lc.connect("sandbox", fresh=True)'
                )
                cell.source += f"\nlc.Control.of(platform).reseed(seed={seed}, chats={chats});"
                cell.source += "\n" + more.get("begin", "")
            if cell.cell_type == "code" and "instead_of" in more:
                cell.source = cell.source.replace(more["instead_of"], more["what"])
        if "until" in more:
            starts = [cell.source.startswith(more["until"]) for cell in notebook.cells]
            del notebook.cells[starts.index(True) :]
        notebook.cells.append(nbformat.v4.new_code_cell(more.get("end", "")))
        NotebookClient(
            notebook, resources={"metadata": {"path": str(tmp_path)}}, timeout=120
        ).execute()
        return notebook

    return run


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [
        output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
    ]


@pytest.mark.parametrize(
    ("chats", "seed"), [(0, None), (1, None), (2, 7), (3, 11), (12, 5), (1200, 7)]
)
def test_an_account_of_any_size(run: Run, chats: int, seed: int | None) -> None:
    shown = outputs(run(chats=chats, seed=seed))
    assert not [output for output in shown if output.output_type == "error"]
    # Not even a warning, such as of a character that no font has.
    assert not [output.text for output in shown if output.get("name") == "stderr"]
    told = "".join(output.text for output in shown if output.output_type == "stream")
    calls = re.findall(r"Calls that this pull takes: (\d+)", told)
    assert int(calls[0]) == max(1, -(-chats // 100))


# Looks at each picture before it is sent to the notebook, which closes it. What shows how much a
# shade is stands beside its picture, and is none.
LOOK = """
import json
import matplotlib.pyplot as plt

looked = []

def look_at(axes):
    labels = [
        [
            label.get_window_extent()
            for label in axis.get_ticklabels(which="both")
            if label.get_text() and label.get_visible()
        ]
        for axis in (axes.xaxis, axes.yaxis)
    ]
    return {
        "title": axes.get_title(),
        "labels": [axes.get_xlabel(), axes.get_ylabel()],
        # Stacked areas: the uppermost line is the sum of all.
        "line": sum(float(y) for line in axes.lines[-1:] for y in line.get_ydata()),
        "shades": sum(float(image.get_array().sum()) for image in axes.images),
        "overlapping": sum(
            one.overlaps(other)
            for boxes in labels
            for place, one in enumerate(boxes)
            for other in boxes[place + 1 :]
        ),
    }

def look():
    for number in plt.get_fignums():
        figure = plt.figure(number)
        figure.canvas.draw()
        looked.extend(look_at(axes) for axes in figure.axes if axes.get_label() != "<colorbar>")

def look_and_show(show=plt.show):
    look()
    show()

plt.show = look_and_show
# A picture that no cell has shown by itself is drawn once more than it needs.
left_over = []
get_ipython().events.register("post_execute", lambda: left_over.extend(plt.get_fignums()))
"""
TELL = """
expected = {"threads": len(threads), "work": int(by_agent.to_numpy().sum())}
hostile = pd.DataFrame({"n": [1]}, index=pd.Index(["<img src=x>"], name="agent"))
numbered = pd.DataFrame({"n": [1]}, index=pd.Index([1], name="group"))
found = {"bars": bars(hostile).to_html(), "label": bars(numbered).to_html()}
found |= {"pictures": looked, "expected": expected, "left_over": left_over}
print("LOOKED", json.dumps(found, default=float))
"""


def looked_at(notebook: NotebookNode) -> Any:
    text = "".join(o.text for o in outputs(notebook) if o.get("text", "").startswith("LOOKED"))
    return json.loads(text.removeprefix("LOOKED"))


@pytest.mark.parametrize(("chats", "seed"), [(250, None), (1200, 7)])
def test_the_pictures_say_what_they_show(run: Run, chats: int, seed: int | None) -> None:
    found = looked_at(run(chats=chats, seed=seed, begin=LOOK, end=TELL))
    pictures, expected = found["pictures"], found["expected"]
    assert not found["left_over"]
    assert [picture["title"] for picture in pictures] == [
        "Conversations by day and group",
        "Conversations by hour of the day and group",
        "Conversations by agent and hour of the day",
    ]
    for picture in pictures:
        assert all(picture["labels"]), picture["title"]
        assert picture["title"].startswith("Conversations")
        assert picture["overlapping"] == 0, picture["title"]
    by_title = {picture["title"]: picture for picture in pictures}
    assert by_title["Conversations by day and group"]["line"] == expected["threads"] > chats
    by_hour = by_title["Conversations by hour of the day and group"]
    assert by_hour["line"] == expected["threads"]
    by_agent = by_title["Conversations by agent and hour of the day"]
    assert by_agent["shades"] == expected["work"]
    # What people call themselves is no HTML: pandas leaves it as it is, unless it is told.
    assert "&lt;img src=x&gt;" in found["bars"]
    assert "<img" not in found["bars"]
    # A number that is a label has no bar: it is named as a cell only.
    assert found["label"].count("_row0_col0") == 1
    assert found["label"].count("_row0_col1") == 2


def test_what_is_asked_of_some_threads_is_answered_of_these_alone(run: Run) -> None:
    notebook = nbformat.read(ROOT / "notebooks" / NAME, as_version=4)
    told = next(cell.source for cell in notebook.cells if "only one group" in cell.source)
    line = told.partition("```python\n")[2].partition("\n")[0]
    first = "threads = archives.threads\n"
    end = """
of_these = set(threads["thread_id"])
print("ALL", len(archives.threads) > len(of_these) > 50)
for name, some in {"messages": messages, "times": first_replies, "tags": tags}.items():
    print(name, len(some) > 20 and set(some["thread_id"]) <= of_these)
"""
    last = run(instead_of=first, what=first + line + "\n", end=end).cells[-1].outputs
    assert [output.text.split() for output in last] == [
        ["ALL", "True", "messages", "True", "times", "True", "tags", "True"]
    ]


def test_where_there_is_no_next_page_the_lesson_says_so(run: Run) -> None:
    notebook = run(instead_of='"limit": 5}', what='"limit": 100}')
    lesson = next(cell for cell in notebook.cells if "mistaken = requests.post" in cell.source)
    (output,) = lesson.outputs
    assert output.text.startswith("There is no next page. Take a smaller limit above")


def test_without_pyarrow_all_but_parquet_is_there_and_says_how_to_get_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an extra, which `make tutorial` does not install."""
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "sitecustomize.py").write_text(WITHOUT_PYARROW)
    # Not every environment that tests run in has one.
    (tmp_path / "without" / "pip-26.dist-info").mkdir()
    about = "Metadata-Version: 2.1\nName: pip\nVersion: 26\n"
    (tmp_path / "without" / "pip-26.dist-info" / "METADATA").write_text(about)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "without"))
    kept = "for call in lc.keep_tables, lc.open_tables, lc.forget_customer:\n"
    kept += "    try:\n        call('my_chats', 'x') if call is lc.forget_customer else call("
    kept += "archive_pages, 'my_chats') if call is lc.keep_tables else call('my_chats')\n"
    shown = outputs(
        run(end=kept + "    except lc.TutorialError as problem:\n        print(problem)")
    )
    assert not [output for output in shown if output.output_type == "error"]
    exported = (tmp_path / "my_archives").iterdir()
    assert {path.suffix for path in exported} == {".csv", ".txt"}
    told = "".join(str(output.get("text") or output.data["text/plain"]) for output in shown)
    assert "These are CSV files only" in told
    assert "pyarrow is not installed here. Run %pip install pyarrow, then this cell again." in told
    assert "No tables are kept: see the first cell of this part." in told
    sentence = (
        "is not installed here. Run `%pip install pyarrow` in a cell, and then this one again."
    )
    assert told.count(sentence) == 4
    assert not (tmp_path / "my_chats").exists()


def test_what_is_exported_is_what_was_shown(run: Run, tmp_path: Path) -> None:
    ids = "list(pd.read_parquet('my_archives/events.parquet')['event_id'])"
    end = f"print(len(archives.events), {ids} == list(archives.events['event_id']))"
    (output,) = run(end=end).cells[-1].outputs
    assert re.fullmatch(r"2\d{3} True\n", output.text)
    assert (tmp_path / "my_archives" / "events.csv").stat().st_size > 100_000


# In the place of the tables, what is kept of both pulls.
KEPT = """
lc.keep_tables(pages, "kept/chats")
lc.keep_tables(archive_pages, "kept/archives")
tables, archives = lc.open_tables("kept/chats"), lc.open_tables("kept/archives")
"""
FIGURES = """
import json

answers = {"work": by_agent, "queue": waits, "times": times, "pairs": pairs.to_frame()}
answers["waiting"] = waiting[["chat_id", "customer_name"]]
found = {name: answer.to_csv() for name, answer in answers.items()}
for name in archives.names:
    found[name] = [[*getattr(made, name).columns] for made in (tables, archives)]
print(json.dumps(found))
"""


def test_kept_tables_answer_the_same(run: Run, tmp_path: Path) -> None:
    made = "archives = lc.tables(archive_pages)\n"
    until = "### If your account is large"
    expected = run(seed=7, until=until, end=FIGURES)
    assert not (tmp_path / "kept").exists()
    # A cell that fails ends the run.
    shown = run(seed=7, until=until, end=FIGURES, instead_of=made, what=made + KEPT)
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {"archives", "chats"}
    assert not [output.text for output in outputs(shown) if output.get("name") == "stderr"]
    same, figures = (json.loads(each.cells[-1].outputs[0].text) for each in (shown, expected))
    answers = ("work", "queue", "times", "pairs", "waiting")
    assert all(figures[name].count("\n") > 3 for name in answers)
    assert same == figures
