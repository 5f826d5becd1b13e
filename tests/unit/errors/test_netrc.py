"""A ``.netrc`` file: requests sends what it has for a host in the place of a header."""

from pathlib import Path

import pytest
import requests

from lc_tutorial.errors import ApiError
from lc_tutorial.errors.explaining.explanation import Known
from lc_tutorial.oauth.tokens import inspect_at
from lc_tutorial.platforms import Platform
from tests.unit.errors.scene import Scene


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / ".netrc"
    kept.write_text("machine 127.0.0.1 login somebody password not-a-real-password\n")
    kept.chmod(0o600)
    monkeypatch.setenv("NETRC", str(kept))


@pytest.mark.usefixtures("netrc")
def test_it_is_named(sandbox: Platform) -> None:
    scene = Scene(sandbox)
    problem = ApiError.from_response(
        requests.post(
            sandbox.list_chats_url,
            json={},
            headers={"Authorization": f"Bearer {scene.token.access_token}"},
            timeout=9,
        )
    )
    assert isinstance(problem.cause, Known)
    assert problem.why.startswith("What was sent comes from a .netrc file")
    assert "trust_env = False" in problem.remedy
    assert "not-a-real-password" not in str(problem)


@pytest.mark.usefixtures("netrc")
def test_what_the_package_sends_is_not_touched(sandbox: Platform) -> None:
    scene = Scene(sandbox)
    token = scene.token
    assert inspect_at(sandbox.accounts_url, token.access_token).client_id == token.client_id
