"""``lc.connect``: which platform it leads to."""

import os

import pytest

from lc_tutorial.connect import connect
from lc_tutorial.errors import InputError
from lc_tutorial.platforms import LIVE, choice


def test_an_unknown_platform_is_refused() -> None:
    with pytest.raises(InputError, match="moon"):
        connect("moon")


def test_the_choice_of_notebook_00_holds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    choice.remember("live")
    assert connect() == LIVE


@pytest.mark.parametrize("sign", ["BINDER_LAUNCH_HOST", "BINDER_REPO_URL"])
def test_live_is_refused_on_binder_unless_asked_twice(
    monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    monkeypatch.setenv(sign, "https://binder.example")
    with pytest.raises(InputError, match="switched off on Binder"):
        connect("live")
    assert connect("live", allow_binder=True) == LIVE
