"""What lists select, kept up to date: it is always what would be selected anew."""

import random
from collections.abc import Callable

import pytest

from lc_tutorial.sandbox.seed import generate
from lc_tutorial.sandbox.store import selections
from lc_tutorial.sandbox.store.selections import Selections
from lc_tutorial.sandbox.world import people
from lc_tutorial.sandbox.world.chats import Chat

NUMBER = 40

FILTERS: dict[str, Callable[[Chat], bool]] = {
    "all": lambda chat: True,
    "active": lambda chat: chat.active,
    "orders": lambda chat: people.ORDERS in chat.group_ids,
    "none": lambda chat: False,
}


def chats() -> list[Chat]:
    return list(generate(people.FERN_AND_FILTER, NUMBER, seed=1))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("logged", [3, 500], ids=["a short log", "a long log"])
def test_a_selection_is_always_as_if_made_anew(monkeypatch, seed: int, logged: int) -> None:
    monkeypatch.setattr(selections, "LOGGED", logged)
    chance, outside = random.Random(seed), chats()
    inside = [outside.pop() for _ in range(NUMBER // 2)]
    kept = Selections(inside)

    def something_happens() -> None:
        match chance.randrange(4):
            case 0 if outside:
                inside.append(outside.pop())
                kept.note(inside[-1])
            case 1 if inside:
                gone = inside.pop(chance.randrange(len(inside)))
                kept.note(gone, gone=True)
                outside.append(gone)
            case 2:
                changed = chance.choice(inside)
                changed.group_ids = [chance.choice([0, people.ORDERS])]
                kept.note(changed)
            case _:
                moved = next(chat for chat in inside if chat.threads)
                moved.threads[-1].created_at += chance.randrange(10**12)
                moved.threads[-1].active = not moved.threads[-1].active
                kept.note(moved)

    for _ in range(60):
        for _ in range(chance.randrange(4)):
            something_happens()
        name = chance.choice(list(FILTERS))
        selection = kept.select(name, FILTERS[name])
        anew = sorted(filter(FILTERS[name], inside), key=lambda chat: chat.position)
        assert selection.chats == anew
        assert selection.positions == [chat.position for chat in anew]
        assert kept.everything() == sorted(inside, key=lambda chat: chat.position)


def test_only_what_changed_is_asked_again() -> None:
    asked: list[str] = []

    def passes(chat: Chat) -> bool:
        asked.append(chat.id)
        return True

    some = chats()
    kept = Selections(some)
    kept.select("key", passes)
    assert len(asked) == NUMBER
    del asked[:]
    kept.select("key", passes)
    assert asked == []
    kept.note(some[3])
    kept.select("key", passes)
    assert asked == [some[3].id]


def test_selections_are_bounded(monkeypatch) -> None:
    monkeypatch.setattr(selections, "REMEMBERED", 5)
    asked: list[int] = []

    def wanted(key: int) -> None:
        kept.select(key, lambda _: bool(asked.append(key)) or True)

    kept = Selections(chats()[:1])
    for key in range(6):
        wanted(key)
    wanted(0)
    assert asked == [0, 1, 2, 3, 4, 5, 0]
