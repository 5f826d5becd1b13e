"""What is there more than once is found in little memory, and by its ids, not by keys alone."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from comparing import assert_same
from kept_pages import PAGES, customer
from wholeness import assert_whole

import lc_tutorial as lc
from lc_tutorial.dataset import forget_customer, keep_tables, keeping, open_tables, parts, repeated
from lc_tutorial.dataset.folder import Folder
from lc_tutorial.dataset.keys import Keys, keys_of
from lc_tutorial.errors import TutorialError


@pytest.fixture(autouse=True)
def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "_PAGES_AT_ONCE", 2)
    monkeypatch.setattr(parts, "ENOUGH", 8)


@pytest.fixture
def keys_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are three keys for all ids."""

    def few(*ids: Any) -> Any:
        return keys_of(*ids) % np.uint64(3)

    for module in (parts, repeated):
        monkeypatch.setattr(module, "keys_of", few)


@pytest.mark.parametrize("of", [*PAGES])
def test_no_chat_is_lost_to_another_one_that_has_its_key(
    keys_collide: None, tmp_path: Path, of: str
) -> None:
    kept = tmp_path / "kept"
    pages = PAGES[of]()
    told = keep_tables(pages, kept)
    made = lc.tables(pages)
    unit = len(getattr(made, of))
    assert_same(open_tables(kept), made)
    assert_whole(kept)
    assert told.new == unit
    # And so once more, with all of them there.
    told = keep_tables(pages, kept)
    assert_same(open_tables(kept), made)
    assert (told.new, told.again >= unit) == (0, True)


@pytest.mark.parametrize("of", [*PAGES])
def test_nobody_else_is_forgotten_who_has_their_key(
    keys_collide: None, tmp_path: Path, of: str
) -> None:
    kept = tmp_path / "kept"
    keep_tables(PAGES[of](), kept)
    made = lc.tables(PAGES[of]())
    who = customer(1)["id"]
    theirs = set(made.users.query("user_id == @who")["chat_id"])
    forget_customer(kept, who)
    assert_whole(kept)
    left = open_tables(kept)
    for name in made.names:
        expected = sorted(set(getattr(made, name)["chat_id"]) - theirs)
        assert sorted(set(getattr(left, name)["chat_id"])) == expected


@pytest.mark.parametrize("at_once", [1, 3, 1_000])
@pytest.mark.parametrize("of", [*PAGES])
def test_keys_are_looked_through_in_shares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: str, at_once: int
) -> None:
    monkeypatch.setattr(repeated, "_AT_ONCE", at_once)
    kept = tmp_path / "kept"
    for _ in range(2):
        keep_tables(PAGES[of](), kept)
    assert_same(open_tables(kept), lc.tables(PAGES[of]()))
    assert_whole(kept)


def test_a_file_with_other_rows_than_it_had_is_found_out(tmp_path: Path) -> None:
    """Rows that are known by their places would be others."""
    kept = tmp_path / "kept"
    keep_tables(PAGES["chats"](), kept)
    with Folder.open(kept) as opened, opened.change() as change:
        part = min(opened.state.parts.values(), key=lambda part: part.number)
        keys = opened.state.keys(part)
        change.put(part, Keys(keys.chats[::-1], keys.times, keys.threads), ())
    with pytest.raises(TutorialError, match="damaged"):
        keep_tables(PAGES["chats"](), kept)
