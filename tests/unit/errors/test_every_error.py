"""Every error of the table is made to happen, and explained with its cause and its remedy."""

import re
from collections.abc import Iterator

import pytest
import requests

from lc_tutorial import masking
from lc_tutorial.display.transcript import explanation
from lc_tutorial.errors import ApiError, Place, PlatformRefusal, TokenError
from lc_tutorial.errors.explaining.explanation import Likely
from lc_tutorial.platforms import Platform
from tests.unit.errors import page
from tests.unit.errors.scene import Scene
from tests.unit.errors.table import TABLE
from tests.unit.errors.table.row import Row


@pytest.fixture(scope="module")
def shared(sandbox: Platform) -> Scene:
    return Scene(sandbox)


@pytest.fixture(autouse=True)
def clean(sandbox: Platform) -> Iterator[None]:
    masking.forget_all()
    yield
    control = Scene(sandbox).control
    control.real_time()
    control.clear_faults()
    control.limit_rate()


ROWS = [pytest.param(row, id=f"{part}: {row.case}") for part, rows in TABLE.items() for row in rows]


@pytest.mark.parametrize("row", ROWS)
def test_every_error_has_its_cause_and_its_remedy(
    sandbox: Platform, shared: Scene, row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = row.send(Scene(sandbox) if row.alone else shared)

    assert not response.ok
    problem = explanation(response)
    assert problem is not None
    assert f"{response.status_code} {name_of(problem)}" == row.error
    assert type(problem.cause) is type(row.cause)
    assert row.cause.text in problem.cause.text
    assert row.remedy in problem.remedy
    assert problem.remedy
    assert "ikely" not in f"{problem.cause.text} {problem.what}"
    told = page.SCRIPT.of_refusal(row.case, response.status_code, problem)
    assert page.has(told), "docs/errors.md is of another day: run python docs/errors.py"
    for secret in secrets_in(response):
        assert secret not in f"{problem} {problem.html()}"
    told = {place: explanation(response, place) for place in (Place.FORM, Place.SCRIPT)}
    monkeypatch.setenv("JPY_SESSION_NAME", "course/03_keep_access.ipynb")
    told |= {place: explanation(response, place) for place in (Place.CELL, Place.LAB)}
    assert [str(each) for each in told.values() if re.search(r"\bsteps? \d", str(each))] == []


def name_of(problem: PlatformRefusal) -> str:
    assert isinstance(problem, TokenError | ApiError)
    return problem.name if isinstance(problem, TokenError) else problem.type


def secrets_in(response: requests.Response) -> list[str]:
    """The values in a request that no explanation may repeat."""
    header = str(response.request.headers.get("Authorization", "")).partition(" ")[2]
    body = response.request.body or b""
    text = body if isinstance(body, str) else bytes(body).decode("utf-8", "replace")
    fields = dict(pair.split("=", 1) for pair in text.split("&") if "=" in pair)
    found = [header, *(fields.get(n, "") for n in ("code", "client_secret", "refresh_token"))]
    return [value for value in found if len(value) > 12 and "<" not in value]


def test_the_sandbox_makes_nothing_likely() -> None:
    """Where a sandbox is connected, no row of the table is a guess."""
    assert not [row.case for rows in TABLE.values() for row in rows if type(row.cause) is Likely]
