"""No secret reaches a file, however a notebook is run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
EXPLAINED = "01_authorization_in_practice.ipynb"
EXPLORED = "02_explore_chats.ipynb"
KEPT = "03_keep_access.ipynb"

#: The request lab as a learner uses it: typed, pasted, sent, answered, revealed, copied.
LAB = [
    """
lab = lc.RequestLab(platform, app, authorization, token)
def parts(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from parts(child)
def part(name):
    return next(each for each in parts(lab) if name in getattr(each, "_dom_classes", ()))
lab""",
    """
part("lc-import-field").value = (
    f"curl {platform.token_url} -d grant_type=refresh_token -d client_id={app.client_id} "
    f"-d client_secret={app.client_secret} -d refresh_token={token.refresh_token}"
)
part("lc-send").click()
assert lab.response.status_code == 200, lab.response.text
renewed = lab.response.json()["access_token"]
lab.request, lab.response.json()""",
    """
part("lc-body-text").value = str(app.client_secret)
part("lc-value-typed").value = str(token.refresh_token)
part("lc-scheme").value = "bearer"
part("lc-new-secret").value = str(token.access_token)
part("lc-url").value = f"{platform.info_url}?code={token.access_token}"
part("lc-body-kind").value = "none"
part("lc-method").value = "GET"
lab._settled.clear()
part("lc-send").click()
part("lc-reveal").click()
part("lc-as-curl").click()
assert lab.response.status_code == 200, lab.response.text
print(lab.response.text, vars(lab._vault))""",
]

#: What a learner might do, in each notebook after this cell, and the secrets at hand there.
WORSE = {
    EXPLAINED: (
        "lc.Token.from_response",
        [
            "print(token_response.json())",
            "token_response.json()",
            "token_response.request.body",
            "dict(app=app, code=authorization.code, token=token, all=token_response.json())",
            "import logging; logging.warning('got %s', token_response.json())",
            "%xmode Verbose",
            "requests.get('http://127.0.0.1:9/?code=' + authorization.code, timeout=3)",
            "def call(code):\n    raise RuntimeError(f'broken with {code}')\n"
            "call(authorization.code)",
            "import warnings; warnings.warn(f'careful: {token.refresh_token}')",
            *LAB,
        ],
        "app.client_secret, authorization.code, token.access_token, token.refresh_token, "
        "pkce.verifier, renewed",
    ),
    EXPLORED: (
        "headers = {",
        [
            "print(headers)",
            "headers",
            "dict(client=vars(client), request=dict(first.request.headers), app=session.app)",
            "import logging; logging.warning('sent %s', headers)",
            "%xmode Verbose",
            "requests.get('http://127.0.0.1:9/?t=' + session.token.access_token, timeout=3)",
            "def call(token):\n    raise RuntimeError(f'broken with {token}')\n"
            "call(session.token.access_token)",
            "lc.AgentChat(platform, session.token.access_token + '\\n').call('no_such_method')",
            "list(client.list_chats_pages(keep_in='chats.pull'))",
        ],
        "session.app.client_secret, session.token.access_token, session.token.refresh_token",
    ),
    KEPT: (
        "client.fetch_token(",
        [
            "print(refresh, once)",
            "refresh",
            "inspected",
            "pd.DataFrame(inspected)['answer'].tolist()",
            "print(client.token, saved)",
            "dict(client=vars(client), saved=saved, verifier=verifier)",
            "%xmode Verbose",
            "client.get('http://127.0.0.1:9/?code=' + client.token['access_token'], timeout=3)",
            "def call(token):\n    raise RuntimeError(f'broken with {token}')\n"
            "call(client.token['refresh_token'])",
        ],
        "app.client_secret, token.access_token, token.refresh_token, second.refresh_token, "
        "client.token['access_token'], client.token['refresh_token'], saved[0]['access_token']",
    ),
}


def telling_notebook(name: str, path: Path, secrets_file: Path) -> None:
    """The notebook, made worse: it prints answers, and fails loudly with secrets in its hands.

    Its last cell tells the test which secrets to look for, in a file outside the learner's folder.
    """
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    after, worse, secrets = WORSE[name]
    place = next(number for number, cell in enumerate(notebook.cells) if after in cell.source)
    told = f"import json\njson.dump([{secrets}], open({str(secrets_file)!r}, 'w'))"
    for source in reversed([*worse, told]):
        notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, path)


def search(folders: list[Path], secrets: list[str]) -> list[str]:
    """Files in which a secret stands, in clear or percent-encoded."""
    needles = [form for secret in secrets for form in (secret, secret.replace(":", "%3A"))]
    # Half a secret is one too: long values get cut in the middle when they are shown.
    needles += [secret[-12:] for secret in secrets]
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                held = path.read_bytes()
                found += [f"{path.name}" for needle in needles if needle.encode() in held]
    return found


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    for text in ("x dal:not-a-real-code y", "?code=dal%3Anot-a-real-code&state="):
        (tmp_path / "file").write_text(text)
        assert search([tmp_path], ["dal:not-a-real-code"])


#: What a kernel shows is the same for both; what nbval makes of it, one notebook tells.
RUNS = [*(("nbconvert", name) for name in WORSE), ("nbval", EXPLAINED)]


@pytest.mark.parametrize(("runner", "name"), RUNS)
def test_no_secret_is_written(runner: str, name: str, tmp_path: Path) -> None:
    folder, outside, home = tmp_path / "folder", tmp_path / "outside", tmp_path / "home"
    for directory in (folder, outside, home):
        directory.mkdir()
    telling_notebook(name, folder / name, outside / "secrets.json")
    command = {
        "nbconvert": ["nbconvert", "--to", "notebook", "--execute", "--allow-errors", name],
        "nbval": ["pytest", "--nbval-lax", name, "-q"],
    }[runner]
    program = ["-m", "jupyter", *command] if runner == "nbconvert" else ["-m", *command]
    finished = subprocess.run(
        [sys.executable, *program],
        cwd=folder,
        env={
            **os.environ,
            "LC_TUTORIAL_AUTOPILOT": "1",
            "HOME": str(home),
            "IPYTHONDIR": str(home / "ipython"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    (folder / "log.txt").write_text(finished.stdout + finished.stderr)
    secrets = json.loads((outside / "secrets.json").read_text())
    assert len(secrets) == WORSE[name][2].count(",") + 1
    assert all(len(secret) > 20 for secret in secrets)
    assert search([folder, home], secrets) == []
    if runner == "nbconvert":
        executed = (folder / name.replace(".ipynb", ".nbconvert.ipynb")).read_text()
        # The outputs are there, and so is the state of the widgets; only masked.
        assert "broken with" in executed
        assert "application/vnd.jupyter.widget-state+json" in executed
        assert "••••••••" in executed or "\\u2022" in executed
    assert (home / "ipython").exists()
