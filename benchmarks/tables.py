"""From the bytes of List Chats answers to DataFrames: what it costs, beside other ways.

    python benchmarks/tables.py            # 1,000, 10,000 and 100,000 chats
    python benchmarks/tables.py 1000       # other sizes
    python benchmarks/tables.py --only     # what it saves to make some of the tables: 10,000 chats

Each way runs in new processes, over the same generated pages (100 chats of about 3 KB a page), and
is given one page at a time, as they come from the network. Its CPU time is that of the work without
the imports; its peak of memory is that of the whole process. orjson is no dependency of the
package: `pip install --target build/bench/orjson orjson` lays it where this looks for it.
"""

import argparse
import datetime as dt
import importlib.util
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

PAGE = 100

sys.path.append(str(Path(__file__).parent.parent / "build" / "bench" / "orjson"))

PLACES = [
    ("Poland", "PL", "Dolnoslaskie", "Wroclaw", "Europe/Warsaw", "51.1043015", "17.0335007"),
    ("Brazil", "BR", "Sao Paulo", "Campinas", "America/Sao_Paulo", "-22.9099384", "-47.0626332"),
    ("Japan", "JP", "Osaka", "Sakai", "Asia/Tokyo", "34.573262", "135.483078"),
    ("Canada", "CA", "Ontario", "Ottawa", "America/Toronto", "45.4215296", "-75.6971931"),
    ("Kenya", "KE", "Nairobi", "Nairobi", "Africa/Nairobi", "-1.2920659", "36.8219462"),
]
BROWSERS = [
    f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) "
    f"Chrome/{major}.0.0.0 Safari/537.36"
    for system in ("Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux")
    for major in (126, 127, 128)
]
TAGS = ["support", "sales", "refund", "positive feedback", "bug", "spam"]


def pages(chats: int) -> Iterator[bytes]:
    """Answers of List Chats 3.6, as bytes, the same ones every time."""
    chance = random.Random(20260615)
    for start in range(0, chats, PAGE):
        size = min(PAGE, chats - start)
        answer: dict[str, Any] = {
            "chats_summary": [chat(chance, start + row) for row in range(size)],
            "found_chats": chats,
        }
        if start + PAGE < chats:
            answer["next_page_id"] = f"page-{start // PAGE + 2}"
        yield json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode()


def chat(chance: random.Random, number: int) -> dict[str, Any]:
    """One chat summary of about 3 KB."""
    chat_id, thread_id = f"P{number:09X}", f"Q{number:09X}"
    customer_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    agent = chance.randrange(20)
    agent_id = f"agent{agent}@example.com"
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=number * 97)

    def at(seconds: float) -> str:
        when = begin + dt.timedelta(seconds=seconds, microseconds=chance.randrange(1_000_000))
        return when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    country, code, region, city, zone, latitude, longitude = chance.choice(PLACES)
    thread: dict[str, Any] = {
        "id": thread_id,
        "created_at": at(0),
        "user_ids": [customer_id, agent_id],
        "properties": {
            "routing": {"idle": False, "pinned": False, "was_pinned": True},
            "source": {"client_id": "0805e283233042b37f460ed8fbf22160"},
        },
        "active": chance.random() < 0.1,
        "access": {"group_ids": [chance.randrange(4)]},
    }
    if chance.random() < 0.3:
        thread["tags"] = chance.sample(TAGS, chance.randint(1, 2))
    if chance.random() < 0.05:
        thread["queue"] = {
            "position": chance.randint(1, 9),
            "wait_time": chance.randint(1, 900),
            "queued_at": at(1),
        }
    customer: dict[str, Any] = {
        "id": customer_id,
        "type": "customer",
        "present": True,
        "events_seen_up_to": at(600),
        "created_at": at(-1_000_000),
        "visit": {
            "started_at": at(-300),
            "ended_at": at(900),
            "referrer": "https://www.example.com/search?q=help+with+my+order",
            "ip": ".".join(str(chance.randrange(256)) for _ in range(4)),
            "user_agent": chance.choice(BROWSERS),
            "geolocation": {
                "country": country,
                "country_code": code,
                "region": region,
                "city": city,
                "timezone": zone,
                "latitude": latitude,
                "longitude": longitude,
            },
            "last_pages": [
                {
                    "opened_at": at(-300 + 60 * step),
                    "url": f"https://shop.example.com/articles/{chance.randrange(1000)}",
                    "title": "How to return what does not fit",
                }
                for step in range(2)
            ],
        },
        "statistics": {
            "chats_count": chance.randint(1, 9),
            "threads_count": chance.randint(1, 20),
            "visits_count": chance.randint(1, 50),
            "page_views_count": chance.randint(1, 300),
            "greetings_shown_count": chance.randrange(9),
            "greetings_accepted_count": chance.randrange(3),
            "tickets_count": chance.randrange(3),
        },
        "session_fields": [{"plan": chance.choice(["starter", "team", "business"])}],
        "agent_last_event_created_at": at(500),
        "customer_last_event_created_at": at(490),
    }
    if chance.random() < 0.8:
        customer["name"] = f"Customer Number {number}"
        customer["email"] = f"customer{number}@example.org"
    events = {
        "filled_form": {
            "author_id": customer_id,
            "form_id": "1473433500211",
            "form_type": "prechat",
            "fields": [
                {"type": "name", "id": "1", "label": "Your name", "answer": f"Customer {number}"},
                {
                    "type": "radio",
                    "id": "2",
                    "label": "Chat purpose",
                    "answer": {"id": "0", "label": "Support"},
                },
            ],
        },
        "message": {
            "author_id": chance.choice([customer_id, agent_id]),
            "text": "Thank you, the parcel arrived on Monday and all is well. "
            * chance.randint(1, 3),
            "properties": {"translation": {"language": "en"}},
        },
        "system_message": {
            "text": "The chat was closed because nobody wrote for a while",
            "system_message_type": "routing.archived_inactive",
            "text_vars": {"agent": f"Agent {agent}"},
        },
    }
    return {
        "id": chat_id,
        "last_thread_summary": thread,
        "users": [
            customer,
            {
                "id": agent_id,
                "name": f"Agent {agent}",
                "email": agent_id,
                "events_seen_up_to": at(610),
                "type": "agent",
                "present": True,
                "avatar": f"https://cdn.example.com/avatars/{agent}.png",
                "visibility": "all",
            },
        ],
        "last_event_per_type": {
            kind: {
                "thread_id": thread_id,
                "thread_created_at": thread["created_at"],
                "event": {
                    "id": f"{thread_id}_{place}",
                    "created_at": at(10 * place),
                    "visibility": "all",
                    "type": kind,
                    **event,
                },
            }
            for place, (kind, event) in enumerate(events.items(), 1)
        },
        "properties": {
            "routing": {"continuous": False},
            **({"crm": {"customer": number}} if chance.random() < 0.3 else {}),
        },
        "access": thread["access"],
        "is_followed": chance.random() < 0.05,
    }


# --- The ways -----------------------------------------------------------------------------------


def ours(answers: Iterator[bytes]) -> dict[str, Any]:
    from lc_tutorial.tables.frames import tables

    made = tables(answers)
    return {name: getattr(made, name) for name in ("chats", "users", "threads", "events", "tags")}


def untouched(answers: Iterator[bytes]) -> Any:
    """Read all, and make no DataFrame: each is made when it is first asked for."""
    from lc_tutorial.tables.frames import tables

    return tables(answers)


def part(*names: str) -> Callable[[Iterator[bytes]], Any]:
    """The way to make some of the tables only."""

    def way(answers: Iterator[bytes]) -> dict[str, Any]:
        from lc_tutorial.tables.frames import tables

        made = tables(answers, only=names)
        return {name: getattr(made, name) for name in names}

    return way


def json_normalize(answers: Iterator[bytes]) -> dict[str, Any]:
    """The same columns with what pandas brings. Times are converted, nothing else is."""
    import pandas as pd

    chats = [chat for answer in answers for chat in json.loads(answer)["chats_summary"]]
    events = pd.json_normalize(
        [
            {"chat_id": chat["id"], **last}
            for chat in chats
            for last in chat["last_event_per_type"].values()
        ]
    )
    users = pd.json_normalize(chats, "users", ["id"], meta_prefix="chat_")
    pages = users.pop("visit.last_pages").str[-1]
    users["visit_last_page_url"] = pages.str.get("url")
    users["visit_last_page_title"] = pages.str.get("title")
    users["session_fields.plan"] = users.pop("session_fields").str[0].str.get("plan")
    apart = ("users", "last_event_per_type")
    summaries = pd.json_normalize(
        [{name: value for name, value in chat.items() if name not in apart} for chat in chats]
    )
    customers = users[users["type"] == "customer"].drop_duplicates("chat_id").set_index("chat_id")
    summaries["customer_id"] = summaries["id"].map(customers["id"])
    summaries["customer_name"] = summaries["id"].map(customers["name"])
    threads = summaries[["id"]].set_axis(["chat_id"], axis=1)
    for name in summaries.columns:
        if name.startswith("last_thread_summary."):
            own = name.removeprefix("last_thread_summary.").replace("queue.", "queue_")
            threads[own.replace("access.", "")] = summaries[name]
    threads = threads.rename(columns={"id": "thread_id"})
    tags = summaries[["id", "last_thread_summary.id", "last_thread_summary.tags"]]
    tags = tags.dropna().explode("last_thread_summary.tags", ignore_index=True)
    frames = {
        "chats": renamed(
            summaries,
            ("last_thread_summary.", "last_thread_"),
            ("access.", ""),
            ("queue.", "queue_"),
        ),
        "users": renamed(
            users, ("visit.geolocation.", ""), ("visit.", "visit_"), ("statistics.", "")
        ),
        "threads": threads,
        "events": renamed(events, ("event.", "")),
        "tags": tags.set_axis(["chat_id", "thread_id", "tag"], axis=1),
    }
    for frame in frames.values():
        for name in frame.columns:
            if name.endswith(("_at", "_up_to")):
                frame[name] = pd.to_datetime(frame[name], format="ISO8601", utc=True)
    return frames


def renamed(frame: Any, *parts: tuple[str, str]) -> Any:
    names = {"id": "user_id" if "chat_id" in frame else "chat_id", "event.id": "event_id"}
    for name in frame.columns.difference([*names]):
        names[name] = name
        for old, new in parts:
            names[name] = names[name].replace(old, new)
    return frame.rename(columns=names)


def json_loads(answers: Iterator[bytes]) -> None:
    for answer in answers:
        json.loads(answer)


def orjson_loads(answers: Iterator[bytes]) -> None:
    import orjson

    for answer in answers:
        orjson.loads(answer)


# For each way what it needs: imported before the time is taken.
Ways = dict[str, tuple[Callable[[Iterator[bytes]], Any], str]]
WAYS: Ways = {
    "lc.tables": (ours, "lc_tutorial.tables.frames"),
    "pandas.json_normalize": (json_normalize, "pandas"),
    "json.loads alone": (json_loads, "json"),
    "orjson.loads alone": (orjson_loads, "orjson"),
}
ONLY: Ways = {
    "all five": (ours, "lc_tutorial.tables.frames"),
    "nothing touched": (untouched, "lc_tutorial.tables.frames"),
    'only=["chats", "events"]': (part("chats", "events"), "lc_tutorial.tables.frames"),
    'only=["tags"]': (part("tags"), "lc_tutorial.tables.frames"),
}


# --- Measuring ----------------------------------------------------------------------------------


def read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while length := stream.read(8):
            yield stream.read(int.from_bytes(length))


def write(file: Path, chats: int) -> int:
    size = 0
    with file.open("wb") as stream:
        for page in pages(chats):
            size += stream.write(len(page).to_bytes(8) + page) - 8
    return size


def child(way: str, file: Path) -> None:
    """Go one way, and print its seconds of CPU time and the peak of memory in MB."""
    go, needed = (WAYS | ONLY)[way]
    importlib.import_module(needed)
    before = time.process_time()
    go(read(file))
    seconds = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([seconds, peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)]))


def measure(file: Path, rounds: int, ways: Ways) -> dict[str, tuple[float, float]]:
    """The best of some rounds; the ways take turns, each time in a new process."""
    measured: dict[str, tuple[float, float]] = {}
    # When numpy is imported, a thread of OpenBLAS spins for a moment, and its time would count.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    for _ in range(rounds):
        for way, (_, needed) in ways.items():
            if importlib.util.find_spec(needed) is None:
                continue
            command = [sys.executable, __file__, "--way", way, "--file", str(file)]
            done = subprocess.run(
                command, check=True, stdout=subprocess.PIPE, text=True, env=environment
            )
            seconds, peak = json.loads(done.stdout)
            best = measured.get(way, (seconds, peak))
            measured[way] = min(best[0], seconds), min(best[1], peak)
    return measured


def check_same(chats: int = 1_000) -> None:
    """See to it that both ways come to the same values."""
    mine, theirs = ours(pages(chats)), json_normalize(pages(chats))
    for tables in (mine, theirs):
        tables["events"] = tables["events"].sort_values("event_id", ignore_index=True)
    for name, frame in mine.items():
        # A column in which nothing is can't be had from the data alone.
        for column in frame.columns.intersection(theirs[name].columns):
            left, right = map(plain, frame[column]), map(plain, theirs[name][column])
            assert [*left] == [*right], f"{name}.{column}"
        absent = frame.columns.difference([*theirs[name].columns, "other_fields"])
        assert not frame[absent].replace(False, None).notna().any(axis=None), absent


def plain(value: Any) -> Any:
    """A value without its type."""
    if isinstance(value, list | tuple):
        return [*value] or None
    if str(value) in ("<NA>", "NaT", "nan", "None"):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def report(
    measured: dict[str, tuple[float, float]], first: str, times: str, digits: int = 1
) -> None:
    """Print a table of the ways, beside the first of them."""
    print(f"| way | CPU seconds | {times} | peak MB | {times} |")
    print("| --- | ---: | ---: | ---: | ---: |")
    seconds, peak = measured[first]
    for way, (its_seconds, its_peak) in measured.items():
        print(
            f"| {way} | {its_seconds:.2f} | {its_seconds / seconds:.{digits}f} "
            f"| {its_peak:.0f} | {its_peak / peak:.{digits}f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--check", action="store_true", help="only see that the tables are equal")
    parser.add_argument("--only", action="store_true", help="what a part of the tables saves")
    parser.add_argument("--way", choices=WAYS | ONLY, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        child(given.way, given.file)
        return
    if given.check:
        check_same()
        return
    # In a process of its own: a new process starts with the peak of memory of its parent.
    subprocess.run([sys.executable, __file__, "--check"], check=True)
    print(f"{platform.python_implementation()} {platform.python_version()}", end=", ")
    print(", ".join(f"{name} {version(name)}" for name in ("pandas", "numpy", "msgspec")))
    for size in given.sizes or ([10_000] if given.only else [1_000, 10_000, 100_000]):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "pages"
            kilobytes = write(file, size) / size / 1000
            print(f"\n{size:,} chats, {kilobytes:.1f} KB each\n", flush=True)
            if given.only:
                report(measure(file, given.rounds, ONLY), "all five", "times all five", digits=2)
            else:
                report(measure(file, given.rounds, WAYS), "lc.tables", "times ours")


if __name__ == "__main__":
    main()
