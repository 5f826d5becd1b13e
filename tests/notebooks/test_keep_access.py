"""What notebook 03 does where a package is missing, or there: its cells, without a kernel."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import nbformat
import pytest

PATH = Path(__file__).parents[2] / "notebooks" / "03_keep_access.ipynb"


def source_of(text: str) -> str:
    """The cell that contains this."""
    cells = nbformat.read(PATH, as_version=4).cells
    (source,) = [c.source for c in cells if c.cell_type == "code" and text in c.source]
    return str(source)


def run(source: str, **names: Any) -> dict[str, Any]:
    exec(compile(source, "cell", "exec"), names)
    return names


def test_without_authlib_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "authlib.integrations.requests_client", None)
    names = run(source_of("import OAuth2Session"))
    assert "%pip install authlib" in capsys.readouterr().out
    run(source_of("client.fetch_token"), **names)
    assert capsys.readouterr().out == ""


def test_without_keyring_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    run(source_of("import keyring"))
    assert "%pip install keyring" in capsys.readouterr().out


class Keyring(ModuleType):
    """A keyring in memory, with the calls of the package's that the notebook makes."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.kept: dict[tuple[str, str], str] = {}
        self.done: list[str] = []

    def get_keyring(self) -> SimpleNamespace:
        return SimpleNamespace(name="In memory")

    def set_password(self, service: str, name: str, value: str) -> None:
        self.done.append("set")
        self.kept[service, name] = value

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def delete_password(self, service: str, name: str) -> None:
        self.done.append("delete")
        del self.kept[service, name]


@pytest.mark.parametrize("write", [False, True])
def test_a_keyring_is_written_only_when_told_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], write: bool
) -> None:
    keyring = Keyring()
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    source = source_of("import keyring")
    assert "write = False" in source
    token = SimpleNamespace(account_id="an-account", refresh_token="not-a-real-token")
    run(source.replace("write = False", f"write = {write}"), token=token)
    said = capsys.readouterr().out
    assert "Secrets would go to: In memory" in said
    assert ("Read again, and right: True" in said) is write
    assert keyring.done == (["set", "delete"] if write else [])
    assert keyring.kept == {}
