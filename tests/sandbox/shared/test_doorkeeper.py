"""Who joins is for the hub to say: asked as each of its services asks it."""

import asyncio
import subprocess
import sys

import pytest

from lc_tutorial.sandbox.shared import HubDoorkeeper
from lc_tutorial.sandbox.shared.doorkeeper import HubIsSilent

from .conftest import Hub


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("mias", "mia"),
        ("another-of-mias", "mia"),
        ("the-boards", None),
        ("nameless", None),
        ("a-list", None),
        ("nobodys", None),
        ("", None),
        ("not-ascii-é", None),
        ("too-long" * 100, None),
    ],
)
def test_whose_token_it_is(hub: Hub, token: str, name: str | None) -> None:
    assert asyncio.run(HubDoorkeeper().name_of(token)) == name


def test_the_hub_is_asked_once_in_a_while_and_of_strangers_nothing_is_kept(hub: Hub) -> None:
    async def ask() -> None:
        doorkeeper = HubDoorkeeper()
        for token in ("mias", "mias", "nobodys", "nobodys"):
            await doorkeeper.name_of(token)

    asyncio.run(ask())
    assert hub.asked == ["mias", "nobodys", "nobodys"]


def test_a_hub_that_fails_says_nothing_of_the_learner(hub: Hub) -> None:
    hub.ails = True
    with pytest.raises(HubIsSilent):
        asyncio.run(HubDoorkeeper().name_of("mias"))


def test_while_the_hub_takes_its_time_others_are_answered(hub: Hub) -> None:
    """It is asked without holding up the event loop."""

    async def ask() -> list[str]:
        done: list[str] = []

        async def joins() -> None:
            await HubDoorkeeper().name_of("mias")
            done.append("joined")

        joining = asyncio.create_task(joins())
        while not hub.asked:
            await asyncio.sleep(0)
        done.append("answered")
        await joining
        return done

    assert asyncio.run(ask()) == ["answered", "joined"]


def test_without_a_hub_there_is_no_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUPYTERHUB_API_URL", raising=False)
    command = [sys.executable, "-m", "lc_tutorial", "sandbox", "--class"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 1
    assert "let the hub start it, as a service" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_it_takes_no_more_memory_than_it_must(hub: Hub) -> None:
    """JupyterHub's own client of this API brings its database along."""
    code = (
        "import sys\n"
        "from lc_tutorial.sandbox.shared import HubDoorkeeper\n"
        "HubDoorkeeper()\n"
        "print(*({'jupyterhub', 'sqlalchemy', 'tornado'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/hub/api", "http://[::1]:9/hub/api"])
def test_a_hub_that_is_not_there(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("JUPYTERHUB_API_URL", address)
    with pytest.raises(HubIsSilent):
        asyncio.run(HubDoorkeeper().name_of("mias"))
