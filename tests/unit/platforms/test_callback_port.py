"""Which port a learner's notebook waits at, where a machine has one learner or many."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lc_tutorial import cli
from lc_tutorial.connect import connect
from lc_tutorial.errors import InputError, RedirectUriError
from lc_tutorial.forms import scripted
from lc_tutorial.oauth import check_redirect_uri
from lc_tutorial.platforms import callback_port
from lc_tutorial.platforms.callback_port import SETTING
from tests.unit.filling import free_port

SetTo = Callable[[str | None, str | None], None]


@pytest.fixture
def set_to(monkeypatch: pytest.MonkeyPatch) -> SetTo:
    """Sets what the setting says, and the name that the hub gives this learner."""

    def put(told: str | None, user: str | None = None) -> None:
        for name, value in ((SETTING, told), ("JUPYTERHUB_USER", user)):
            monkeypatch.delenv(name, raising=False)
            if value is not None:
                monkeypatch.setenv(name, value)

    return put


#: What the setting says, the hub's name of the learner; and the port.
CHOICES = [
    (None, None, 8377),
    ("", "", 8377),
    (" 20010 ", None, 20010),
    ("20010", "mia", 20010),
    (None, "mia", 25875),
    (None, "ben", 17294),
    (None, "Zoë", 28048),
]


@pytest.mark.parametrize(("told", "user", "port"), CHOICES)
def test_the_first_choice(set_to: SetTo, told: str | None, user: str | None, port: int) -> None:
    set_to(told, user)
    assert callback_port() == port


def test_thirty_learners_have_thirty(set_to: SetTo) -> None:
    ports = set()
    for number in range(1, 31):
        set_to(None, f"learner-{number:02}")
        ports.add(callback_port())
    assert len(ports) == 30
    # Below those that Linux hands out to whoever asks for a free one.
    assert min(ports) > 12_000
    assert max(ports) < 32_768


@pytest.mark.parametrize(
    "told", ["x", "-1", "0", "80", "1023", "65536", "123456", "8377.0", "٨٣٧٧"]
)
def test_what_is_no_port_is_said(set_to: SetTo, told: str) -> None:
    set_to(told)
    with pytest.raises(InputError, match=SETTING) as problem:
        connect("sandbox", fresh=True)
    assert "from 1024 to 65535" in str(problem.value)


def test_all_that_suggests_an_address_follows(set_to: SetTo) -> None:
    port = free_port()
    set_to(str(port))
    platform = connect("sandbox", fresh=True)
    assert platform.login is not None
    assert platform.login.callback_port == port
    uri = f"http://127.0.0.1:{port}/callback"
    assert scripted.configure_app(platform).redirect_uri == uri
    with pytest.raises(RedirectUriError, match="the whole address") as problem:
        check_redirect_uri("callback")
    assert uri in str(problem.value)


def test_a_sandbox_started_by_hand_follows(
    set_to: SetTo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(
        "lc_tutorial.sandbox.server.run",
        lambda **given: asked.append(given["callback_port"]) or 0,
    )
    set_to("20010")
    for more in ([], ["--callback-port", "20020"]):
        assert cli.main(["sandbox", "--record", str(tmp_path / "record.json"), *more]) == 0
    assert asked == [20010, 20020]
