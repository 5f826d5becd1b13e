"""Forty places in which a learner's secrets may end up, tried in a real kernel.

The kernel is connected to a sandbox, and has an app, a code, tokens and a personal access token
from it. After each place all is searched that the kernel showed, what it wrote to the log of its
server, and the files that it left.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import left_of
from real_kernel import Kernel

PLACES = {
    "what is printed": "print(data, [*data.values()], app, token, session, response.text)",
    "an f-string": "print(f'{token.access_token} {app.client_secret!r} {code}')",
    "the last result": "data",
    "results kept in Out": "[*data.values()]\nOut[1] = [*data.values()]; display(Out, _, __)",
    "the history with its outputs": (
        "get_ipython().history_manager.input_hist_raw[1:] = ['data']\n"
        "get_ipython().history_manager.output_hist_reprs[1] = repr(data)\n%history -o -n 1"
    ),
    "display of objects": "display(app, token, session, code, pat, platform)",
    "vars of objects": "display(vars(session), vars(pat)); print(vars(response), vars(app))",
    "pprint": "import pprint; pprint.pprint([data, vars(session), vars(response.request)])",
    "dataclasses": "display(dataclasses.asdict(token), dataclasses.astuple(token))",
    "all names of the kernel": "%whos\n%who_ls\ndisplay(dict(globals()))",
    "HTML": "display(HTML(f'<a href=\"?code={code}\">{token.access_token}</a>'))",
    "Markdown": "display(Markdown(f'| {token.refresh_token} | `{app.client_secret}` |'))",
    "LaTeX and SVG": "display(Latex(code), SVG(f'<svg><text>{code}</text></svg>'))",
    "JSON": "display(JSON(data), JSON({'x': [secret_pat, pair]}))",
    "a DataFrame": "display(pd.DataFrame([data]), pd.Series(data)); print(pd.DataFrame([data]))",
    "a styled DataFrame": (
        "display(pd.DataFrame([data]).style.set_caption(code).format(str.upper, subset=[]))\n"
        "print(pd.DataFrame([data]).style.to_html())"
    ),
    "tables as text": "f = pd.DataFrame([data]); print(f.to_csv(), f.to_json(), f.to_html())",
    "a traceback": "def f(x): raise RuntimeError(f'{x} is bad')\nf(token.access_token)",
    "a traceback with all values": "%xmode Verbose\ndef f(*x, **y): return 1 / 0\nf(code, **data)",
    "an error within an error": (
        "try: raise KeyError(code)\nexcept KeyError as e: raise ValueError(secret_pat) from e"
    ),
    "a group of errors": "raise ExceptionGroup(code, [ValueError(pair), KeyError(secret_pat)])",
    "an error in a thread": (
        "def f(): raise RuntimeError(token.refresh_token)\n"
        "t = threading.Thread(target=f); t.start(); t.join()"
    ),
    "an error in a task": (
        "async def f(): raise RuntimeError(app.client_secret)\n"
        "t = asyncio.ensure_future(f()); await asyncio.wait([t]); del t; gc.collect()"
    ),
    "an error in a widget": (
        "b = widgets.Button(); b.on_click(lambda _: 1 / int(token.access_token)); b.click()"
    ),
    "our own errors": (
        "try: lc.AgentChat(platform, str(token.access_token) + '\\n').call('x')\n"
        "except Exception as e: print(e, repr(e), vars(e))\n"
        "order = {'limit': str(app.client_secret)}\n"
        "lc.AgentChat(platform, str(pair)[:-9]).call('list_chats', order)"
    ),
    "the log": "logging.basicConfig(force=True, level=10); logging.error('%s', data)",
    "the log of every request": (
        "logging.basicConfig(force=True, level=10); http.client.HTTPConnection.debuglevel = 1\n"
        "requests.get(platform.list_chats_url, params={'code': code}, timeout=9, headers={\n"
        "    'Authorization': f'Basic {pair}', 'Cookie': f'x={token.refresh_token}'})\n"
        "http.client.HTTPConnection.debuglevel = 0; logging.getLogger().setLevel(30)"
    ),
    "warnings": "import warnings; warnings.warn(f'{code} {pair}'); warnings.warn(secret_pat)",
    "the environment": (
        "os.environ['LC_ACCESS_TOKEN'] = str(token.access_token); display(os.environ)\n"
        "!env\n%env"
    ),
    "other programs": "!echo {code} {pair}\nsubprocess.run(['echo', str(secret_pat)])",
    "what widgets show": (
        "w = widgets.VBox([widgets.HTML(str(code)), widgets.Label(str(secret_pat))]); display(w)\n"
        "w.children[0].value = str(pair)"
    ),
    "widgets as they are saved": (
        "display(lc.CredentialsForm(platform), lc.RequestLab(platform, app, token))\n"
        "print(widgets.Widget.get_manager_state(drop_defaults=True))"
    ),
    "pickled, copied, in JSON": (
        "display(pickle.dumps(token), copy.deepcopy(token), copy.copy(pat))\n"
        "print(json.dumps(dataclasses.asdict(token), default=str), pickle.dumps(data))"
    ),
    "help and source": "token?\n%pinfo2 token\nhelp(token)\nprint(inspect.getsource(type(token)))",
    "the answer, shown": "lc.show(response); print(lc.show(response)); display(lc.show(response))",
    "the answer, revealed": "lc.reveal(response)",
    "copied out of the lab": (
        "from lc_tutorial.lab import collection, history\n"
        "from lc_tutorial.lab import as_cell, as_curl, as_python, postman\n"
        "sent = [one.request for one in history.entries()]; assert sent\n"
        "ways = as_curl, as_python, as_cell\n"
        "copies = [way(one) for one in sent for way in ways]\n"
        "pathlib.Path('copies').write_text('\\n'.join(copies)); print(*copies, *sent)\n"
        "postman.write(pathlib.Path('postman.json'), collection.entries(platform))"
    ),
    "the standalone program": (
        "made = lc.write_standalone(platform, app=app); display(made); print(made, vars(made))"
    ),
    "pulled and exported": (
        "client = lc.AgentChat(platform, token.access_token)\n"
        "pages = list(client.list_chats_pages(keep_in='pull'))\n"
        "try: list(client.list_chats_pages(filters={'x': str(code)}, keep_in='other'))\n"
        "except Exception as e: print(e)"
    ),
    "the sandbox's journal": "display(lc.Control.of(platform).journal())",
}  # fmt: skip

BEFORE = """
import asyncio, base64, copy, dataclasses, gc, http.client, inspect, json, logging, os, pathlib
import pickle, subprocess, threading
import ipywidgets as widgets, pandas as pd, requests
from IPython.display import HTML, JSON, SVG, Latex, Markdown, display
import lc_tutorial as lc
platform = lc.connect("sandbox", fresh=True)
session = lc.catch_up(platform)
app, token = session.app, session.token
response = requests.post(platform.token_url, timeout=10, data={
    "grant_type": "refresh_token", "refresh_token": token.refresh_token,
    "client_id": app.client_id, "client_secret": app.client_secret})
data = response.json()
token = lc.Token.from_response(response)
code = lc.Secret("dal:" + "not_a_Real-C0de_8f3Kq7Xw2Zr")
account = "1e4b1c1a-0000-4000-8000-00000000fa4e"
pat = lc.PersonalAccessToken(account, lc.Secret("dal:n0t_a-Real_Pat9Kq7Xw2ZrTb"))
secret_pat = pat.personal_access_token
pair = base64.b64encode(f"{pat.account_id}:{secret_pat}".encode()).decode()
values = [str.__str__(each) for each in (
    app.client_secret, session.token.access_token, session.token.refresh_token, code, secret_pat,
    token.access_token, token.refresh_token, pair)]
"""

#: What is right to hold secrets, since it is what a test reads them from.
OUTSIDE = "values"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def kernel(home: Path) -> Iterator[Kernel]:
    runtime = {"JUPYTER_RUNTIME_DIR": str(home / "runtime"), "LC_TUTORIAL_AUTOPILOT": "1"}
    started = Kernel(home, runtime, BEFORE)
    yield started
    started.run("from lc_tutorial.platforms import launch; launch.stop_all()")
    started.stop()


@pytest.fixture(scope="module")
def values(kernel: Kernel, home: Path) -> list[str]:
    said = kernel.run(f"pathlib.Path({OUTSIDE!r}).write_text(json.dumps(values))")
    assert (home / OUTSIDE).exists(), said
    told: list[str] = json.loads((home / OUTSIDE).read_text())
    assert len(told) == 8
    return told


def test_there_are_forty_places() -> None:
    assert len(PLACES) == 40


@pytest.mark.parametrize("place", PLACES)
def test_no_secret_is_there(kernel: Kernel, values: list[str], home: Path, place: str) -> None:
    shown = kernel.run(PLACES[place])
    # It came to its end, where it is not about one that doesn't.
    assert "Traceback" not in shown or "error" in place or "traceback" in place, shown[-3000:]
    assert [piece for value in values for piece in left_of(value, shown)] == []
    for path in home.rglob("*"):
        if path.is_file() and path.name != OUTSIDE and "runtime" not in path.parts:
            held = path.read_bytes().decode("latin-1")
            assert [value for value in values if value[-12:] in held] == [], path.name
