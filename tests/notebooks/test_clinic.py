"""Notebook 04: its cases are rows of the table of errors, and each is mended as a learner would."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from lc_tutorial.course.clinic_cases import CASES, STATUSES
from lc_tutorial.errors import RedirectError
from lc_tutorial.errors.explaining import connection
from lc_tutorial.oauth import parse_redirect
from tests.unit.errors.table import TABLE
from tests.unit.errors.test_the_authorization_page import PEOPLE, ROWS

ROOT = Path(__file__).parents[2]
NAME = "04_when_it_fails.ipynb"


class Told(NamedTuple):
    """What the table of errors says of a case."""

    error: str
    cause: str
    remedy: str


def in_table(part: str, case: str) -> Told:
    (row,) = (row for row in TABLE[part] if row.case == case)
    return Told(row.error, row.cause.text, row.remedy)


def on_the_page(case: str) -> Told:
    (row,) = (row for row in ROWS if row.case == case)
    return Told(row.name, row.cause, row.remedy)


def cancelled() -> Told:
    (asked,) = (asked for asked in PEOPLE if asked.case == "Cancel on the consent page")
    return Told(asked.name, asked.cause, asked.remedy)


def of_somebody_else() -> Told:
    with pytest.raises(RedirectError) as caught:
        parse_redirect("http://127.0.0.1:8377/callback?code=dal:not_a_code&state=s", state="mine")
    return Told("", caught.value.why, caught.value.remedy)


def dropped() -> Told:
    what, cause, remedy = connection._dropped("127.0.0.1")
    return Told("", f"{what} {cause}", remedy)


#: Where the facts of each case are.
FACTS = {
    "client-type": lambda: on_the_page("a JavaScript app without PKCE"),
    "cancel": cancelled,
    "state": of_somebody_else,
    "field": lambda: in_table("exchange", "redirect_url in the place of redirect_uri"),
    "expired": lambda: in_table("authentication", "an expired token"),
    "revoked": lambda: in_table("authentication", "a token that was revoked"),
    "secret": lambda: in_table("refresh", "a secret that was replaced"),
    "scheme": lambda: in_table("authentication", "a personal access token with Bearer"),
    "scope": lambda: in_table("authorization", "list_agents without its scope"),
    "region": lambda: in_table("address", "another region"),
    "json": lambda: in_table("validation", "what Python prints of a dict"),
    "page": lambda: in_table("validation", "page_id with filters"),
    "not-found": lambda: in_table("validation", "get_chat of a chat that there is not"),
    "too-many": lambda: in_table("bad day", "429 at an API, with Retry-After"),
    "dropped": dropped,
}

#: What stands for a remedy of the table that names a step: notebook 01 alone has these.
WITHOUT_STEPS = {
    "Get a new code in step 2": "Get a new token: run the cell with lc.catch_up again",
    "form of step 1": "Correct it in the cell",
}


def notebook() -> NotebookNode:
    return nbformat.read(ROOT / "notebooks" / NAME, as_version=4)


def case_of(cell: NotebookNode) -> str:
    """The name of the case that a cell is about; empty for others."""
    tags: list[str] = cell.metadata.get("tags", [])
    return next((tag.removeprefix("case-") for tag in tags if tag.startswith("case-")), "")


def shown(cell: NotebookNode) -> str:
    return "\n".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "")
        for output in cell.outputs
    )


SHOWN = {case_of(cell): shown(cell) for cell in notebook().cells if case_of(cell)}


def test_every_case_has_its_facts() -> None:
    assert set(SHOWN) == set(FACTS)
    # Nobody mends that somebody pressed Cancel, or sent an address.
    assert set(CASES) == set(FACTS) - {"cancel", "state"}


@pytest.mark.parametrize("name", FACTS)
def test_what_the_notebook_shows_is_what_the_table_says(name: str) -> None:
    told = FACTS[name]()
    first, dot, _ = told.cause.partition(". ")
    # What a token holds is another thing there.
    assert (first + dot).rstrip() in SHOWN[name]
    assert WITHOUT_STEPS.get(told.remedy, told.remedy) in SHOWN[name]
    assert not re.search(r"\bsteps? \d", SHOWN[name])
    for word in re.split(r"[, ]+", told.error):
        assert word in SHOWN[name]
    if name in CASES:
        assert CASES[name].error == told.error
        assert f"Mended: {CASES[name].title}" in SHOWN[name]


def test_the_table_of_answers() -> None:
    text = "\n".join(cell.source for cell in notebook().cells if cell.cell_type == "markdown")
    rows = re.findall(r"^\| \*\*([^*]+)\*\* \| (.+) \| (.+) \| (.+) \|$", text, re.MULTILINE)
    assert [row[0].replace("no answer", "none") for row in rows] == list(STATUSES)
    for row, status in zip(rows, STATUSES.values(), strict=True):
        assert row[1:3] == (status.means, status.again)
        assert re.findall(r"code|person|time", row[3]) == list(status.who)


#: Source: livechat-public-docs, authorization/troubleshooting.
NAMES = (
    *("invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type"),
    *("invalid_scope", "server_error", "temporarily_unavailable", "unsupported_grant_type"),
    *("invalid_grant", "invalid_client", "missing_grant", "client_id_not_found"),
    *("redirect_uri_not_set", "invalid_redirect_uri", "too_many_redirects", "unauthorized"),
    *("identity_lost", "credentials_login_disabled", "entity_id", "HelpDesk"),
    *("Customer Chat API", "easiest way", "Invalid access token", "Invalid message"),
    *("The client is not authorized", "The request is missing a required parameter"),
    *("personal access token does not work", "response_type", "%3A"),
)


@pytest.mark.parametrize("name", NAMES)
def test_the_platforms_own_troubles_are_all_there(name: str) -> None:
    (listed,) = (c.source for c in notebook().cells if "own list of troubles" in c.source)
    assert name in listed


# --- By hand ------------------------------------------------------------------------------------

REFRESH = """refreshed = requests.post(
    platform.token_url,
    timeout=10,
    data={
        "grant_type": "refresh_token",
        "refresh_token": token.refresh_token,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
    },
)
access_token = refreshed.json()["access_token"]"""
AGAIN = 'requests.post(platform.list_chats_url, timeout=10, headers=headers, json={"limit": 1})'

#: What a learner changes in each cell; what is said of it where it is no mend.
MENDS = [
    (
        "client-type",
        '    "state": state,\n',
        '    "state": state,\n    "code_challenge": pkce.challenge,\n'
        '    "code_challenge_method": pkce.method,\n',
        "",
    ),
    ("client-type", '"response_type": "code"', '"response_type": "token"', ""),
    ("field", "redirect_url", "redirect_uri", ""),
    ("expired", "access_token = token.access_token", REFRESH, ""),
    ("revoked", "access_token = token.access_token", REFRESH, "StepIncomplete"),
    (
        "revoked",
        "access_token = token.access_token",
        "access_token = clinic.new_token().access_token",
        "",
    ),
    ("secret", "app.client_secret", "new_secret", ""),
    (
        "scheme",
        'headers={"Authorization": f"Bearer {personal.personal_access_token}"}',
        "auth=(personal.account_id, personal.personal_access_token)",
        "",
    ),
    ("scheme", "personal.personal_access_token", "token.access_token", "The personal access token"),
    (
        "scope",
        "token = clinic.new_token()",
        'token = clinic.new_token()\nclinic.add_scope("agents--all:ro")',
        "this answer is 403",
    ),
    (
        "scope",
        "token = clinic.new_token()",
        'clinic.add_scope("agents--all:ro")\ntoken = clinic.new_token()',
        "",
    ),
    ("region", ', "X-Region": "fra"', "", ""),
    ("region", '"fra"', '"dal"', ""),
    ("json", 'data=str({"limit": 1})', 'json={"limit": 1}', ""),
    ("page", ', "limit": 5, "filters": {"group_ids": [1]}', "", ""),
    ("page", '"page_id": page_id, ', "", "The next page"),
    ("not-found", '"NOTACHAT00"', 'first.json()["chats_summary"][0]["id"]', ""),
    (
        "too-many",
        'print("Retry-After:"',
        f'time.sleep(int(response.headers["Retry-After"]))\nresponse = {AGAIN}\nprint("R:"',
        "",
    ),
    ("too-many", 'print("Retry-After:"', f'response = {AGAIN}\nprint("R:"', "A pause"),
    ("dropped", "    lc.show(problem)", f"    response = {AGAIN}", ""),
]


@contextmanager
def running(folder: Path) -> Iterator[NotebookClient]:
    client = NotebookClient(
        notebook(), resources={"metadata": {"path": str(folder)}}, timeout=60, allow_errors=True
    )
    private = {"IPYTHONDIR": str(folder / "ipython"), "JUPYTER_RUNTIME_DIR": str(folder / "run")}
    with client.setup_kernel(env={**os.environ, **private}):
        yield client


def test_each_case_is_mended_by_hand(tmp_path: Path) -> None:
    """In one kernel, as a learner does: the cell as it is, then with each change."""
    with running(tmp_path) as client:
        for index, cell in enumerate(client.nb.cells):
            if cell.cell_type != "code":
                continue
            source = cell.source
            client.execute_cell(cell, index)
            for name, old, new, told in MENDS:
                if name != case_of(cell):
                    continue
                assert source.count(old) == 1, f"{name}: {old}"
                cell.source = source.replace(old, new)
                client.execute_cell(cell, index)
                said = said_in(cell)
                assert ("✓ right" in said) is (told == ""), f"{cell.source}\n{said}"
                assert told in said
            cell.source = source
        told = nbformat.v4.new_code_cell(
            "import json\n"
            "secrets = [app.client_secret, new_secret, token.access_token, token.refresh_token]\n"
            "secrets.append(personal.personal_access_token)\n"
            f"json.dump(secrets, open({str(tmp_path / 'secrets.json')!r}, 'w'))"
        )
        client.nb.cells.append(told)
        client.execute_cell(told, len(client.nb.cells) - 1)
    written = nbformat.writes(client.nb)
    for secret in json.loads((tmp_path / "secrets.json").read_text()):
        assert len(secret) > 15
        assert secret[-12:] not in written


def said_in(cell: NotebookNode) -> str:
    failures = [output.get("ename", "") for output in cell.outputs]
    return "\n".join([shown(cell), *failures])
