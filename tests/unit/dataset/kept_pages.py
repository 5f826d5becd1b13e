"""Pages for tests of kept tables: chats of several months, with all that a dataset must follow."""

from typing import Any

from answers import AGENT, CUSTOMER, archived, archives, body, chat

CUSTOMERS, MONTHS = 5, 2


def customer(number: int) -> dict[str, str]:
    """Who a chat is of: the same for every fifth."""
    who = number % CUSTOMERS
    return {
        "id": f"{who:08x}-f8df-4364-8059-649c35c9ed0c",
        "name": f"Person Number-{who}",
        "email": f"person-{who}@mail.example",
    }


def summary(number: int, *, text: str = "first") -> dict[str, Any]:
    """A chat of List Chats; of those of one customer some have no thread, so no month."""
    made = chat(f"C{number:04}")
    if number % 7 == 6:
        del made["last_thread_summary"], made["last_event_per_type"]
    else:
        _date(made["last_thread_summary"], number % MONTHS + 1)
        made["last_event_per_type"]["message"]["event"]["text"] = f"{text} of {number}"
    return _changed(made, number)


def of_archives(number: int, thread: int = 0, *, text: str = "first") -> dict[str, Any]:
    """A chat of List Archives with one of its threads, each in another month."""
    made = archived(f"C{number:04}", f"T{number:04}{thread}")
    _date(made["thread"], (number + thread) % MONTHS + 1)
    made["thread"]["events"][0]["text"] = f"{text} of {number}"
    made["thread"]["events"][3]["author_id"] = customer(number)["id"]
    made["thread"]["events"][2]["author_id"] = customer(number)["id"]
    return _changed(made, number)


def _date(thread: dict[str, Any], month: int) -> None:
    thread["created_at"] = f"2026-{month:02}-12T11:42:47.383000Z"


def _changed(made: dict[str, Any], number: int) -> dict[str, Any]:
    made["users"][0] |= customer(number)
    made["users"][0]["visit"]["ip"] = f"203.0.113.{number % CUSTOMERS}"
    thread = made.get("last_thread_summary") or made.get("thread")
    if thread:
        thread["user_ids"] = [AGENT, customer(number)["id"]]
        thread["properties"]["rating"]["score"] = number % 5
    # What an account puts in its own fields changes as it goes.
    made["properties"]["crm"] = {
        "size": number if number < 6 else f"{number} people",
        "tier": "gold" if number < 6 else ["gold", "old"],
        **({"since": number + 0.5} if number >= 3 else {}),
    }
    assert CUSTOMER not in str(thread and thread["user_ids"])
    return made


def chat_pages(*, chats: int = 15, limit: int = 4) -> list[bytes]:
    """Pages of List Chats. Some of the chats come again, changed."""
    every = [summary(number) for number in range(chats)]
    every += [summary(number, text="second") for number in range(1, chats, 4)]
    return [body(*every[first : first + limit]) for first in range(0, len(every), limit)]


def archive_pages(*, chats: int = 8, limit: int = 4) -> list[bytes]:
    """Pages of List Archives, with two threads of each chat. Some come again, changed."""
    every = [of_archives(number, thread) for thread in (0, 1) for number in range(chats)]
    every += [of_archives(number, 1, text="second") for number in range(1, chats, 4)]
    return [archives(*every[first : first + limit]) for first in range(0, len(every), limit)]


PAGES = {"chats": chat_pages, "threads": archive_pages}
