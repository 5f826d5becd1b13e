"""Tables that are kept on disk: what a first pull costs, an update, and a question over all of it.

    python benchmarks/dataset.py                     # 100,000 and 1,000,000 chats
    python benchmarks/dataset.py 10000 100000        # other sizes

No platform is asked. The pages (100 chats of about 3 KB) come from a generator, through the
client's own ``list_chats_pages``: what the generator takes is left out of the CPU time. Each
measurement is a new process; its peak of memory is that of the whole process. ``lc.tables`` is
measured before and after the first pull, for the mean, as machines are faster and slower by turns.
The question, conversations by day and group, is put to DuckDB (``pip install duckdb``), and beside
it the tables are made of the pages again, which is what one does without a dataset.
"""

import argparse
import datetime as dt
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import requests
import tables as one_answer

PAGE = 100
#: A day's chats, the next 97 seconds after the one before: so they are in the order of their times.
TEMPLATES = 890
BEGIN = dt.date(2024, 1, 1)
#: So many chats at the end go on.
GOING_ON = 200

QUESTION = """
with conversations as (
    select date_trunc('day', last_thread_created_at at time zone 'UTC') as day,
        unnest(group_ids) as group_id
    from '{folder}/chats/**/*.parquet'
)
select day, group_id, count(*) from conversations group by all order by all
"""


class Account:
    """An account of so many chats, which answers List Chats.

    Args:
        chats: how many there are.
        came_back: chats that have a new thread, newer than all others: their numbers.

    Attributes:
        seconds: of CPU time, which it took to answer.
    """

    def __init__(self, chats: int, came_back: tuple[int, ...] = ()) -> None:
        self.seconds = 0.0
        self._chats = chats
        self._came_back = sorted(came_back, key=lambda number: number % TEMPLATES)
        gone = frozenset(came_back)
        # In the order of their last threads; in an array, so that what it takes doesn't count.
        order = (number for number in range(chats) if number not in gone)
        self._order = array("I", order) if gone else None
        chance = random.Random(20260615)
        self._templates = [
            json.dumps(one_answer.chat(chance, number), separators=(",", ":")).replace(
                '"active":true', '"active":false'
            )
            for number in range(TEMPLATES)
        ]

    def chat(self, place: int) -> str:
        """The chat at this place: one of the templates, with its own ids and days."""
        stayed = self._chats - len(self._came_back)
        if place >= stayed:
            number, thread = self._came_back[place - stayed], f"R{place:09X}"
            days = self._chats // TEMPLATES + 1
        else:
            number = place if self._order is None else self._order[place]
            thread, days = f"Q{number:09X}", number // TEMPLATES
        which = number % TEMPLATES
        day = BEGIN + dt.timedelta(days=days)
        text = (
            self._templates[which]
            .replace(f"P{which:09X}", f"P{number:09X}")
            .replace(f"Q{which:09X}", thread)
            .replace("2026-01-02", str(day + dt.timedelta(days=1)))
            .replace("2026-01-01", str(day))
        )
        is_going_on = place >= self._chats - GOING_ON
        return text.replace('"active":false', '"active":true') if is_going_on else text

    def answer(self, body: dict[str, Any]) -> requests.Response:
        """What List Chats would answer."""
        before = time.process_time()
        order, start = str(body.get("page_id") or f"{body['sort_order']}-0").split("-")
        begin = int(start)
        places: Any = range(begin, min(begin + PAGE, self._chats))
        if order == "desc":
            places = [self._chats - 1 - place for place in places]
        more = f',"next_page_id":"{order}-{begin + PAGE}"' if begin + PAGE < self._chats else ""
        chats = ",".join(map(self.chat, places))
        response = requests.Response()
        response.status_code = 200
        response.url = "http://127.0.0.1/"
        response._content = (
            f'{{"chats_summary":[{chats}],"found_chats":{self._chats}{more}}}'.encode()
        )
        self.seconds += time.process_time() - before
        return response

    def pages(self) -> Iterator[bytes]:
        """All pages, oldest first."""
        body: dict[str, Any] = {"sort_order": "asc"}
        while body:
            content = self.answer(body).content
            yield content
            tail = content[-60:].decode()
            place = tail.partition('"next_page_id":"')[2].partition('"')[0]
            body = {"page_id": place} if place else {}


def client_of(account: Account) -> Any:
    """A client whose calls this account answers."""
    from lc_tutorial.agent_chat import AgentChat
    from lc_tutorial.platforms import Platform
    from lc_tutorial.platforms.platform import SandboxLogin

    login = SandboxLogin("", "", 8377, "benchmark")
    local = "http://127.0.0.1"
    stand_in = Platform("sandbox", local, local, local, local, login=login)

    class Client(AgentChat):
        account_id = "benchmark"

        def call(self, action: str, body: Any) -> requests.Response:  # noqa: ARG002
            self.calls += 1
            return account.answer(body)

    return Client(stand_in, "dal:not-a-real-token-at-all-000000000000")


# --- What is measured ---------------------------------------------------------------------------


def make_tables(account: Account, _: Path) -> dict[str, Any]:
    import lc_tutorial as lc

    made = lc.tables(client_of(account).list_chats_pages(progress=False))
    return {"rows": sum(len(getattr(made, name)) for name in made.names)}


def keep(account: Account, folder: Path) -> dict[str, Any]:
    import lc_tutorial as lc

    kept = lc.keep_tables(client_of(account).list_chats_pages(progress=False), folder)
    return {"calls": kept.calls, "new": kept.new, "again": kept.again}


def ask(_: Account, folder: Path) -> dict[str, Any]:
    import duckdb

    found = duckdb.connect(config={"threads": 1}).sql(QUESTION.format(folder=folder)).fetchall()
    return {"rows": len(found), "counted": sum(number for *_, number in found)}


WAYS = {"tables": make_tables, "keep": keep, "ask": ask}


def child(given: argparse.Namespace) -> None:
    """Go one way, and print its seconds of CPU time, its seconds, and the peak of memory in MB."""
    # Imported before the time is taken.
    import lc_tutorial as lc

    lc.tables(Account(100).pages()).chats  # noqa: B018
    came_back = (
        tuple(range(0, given.chats, given.chats // given.came_back)) if given.came_back else ()
    )
    account = Account(given.chats, came_back)
    begin, before = time.perf_counter(), time.process_time()
    told = WAYS[given.way](account, given.folder)
    seconds = time.process_time() - before - account.seconds
    elapsed = time.perf_counter() - begin - account.seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak_mb = peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    print(json.dumps({"cpu": seconds, "elapsed": elapsed, "peak": peak_mb, **told}))


def measure(way: str, chats: int, folder: Path, came_back: int = 0) -> dict[str, Any]:
    """One measurement in a new process."""
    command = [sys.executable, __file__, "--way", way, "--folder", str(folder)]
    command += ["--came-back", str(came_back), str(chats)]
    # When numpy is imported, a thread of OpenBLAS spins for a moment, and its time would count.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def mean(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The mean of two measurements of the same."""
    print(f"lc.tables: {one['cpu']:.2f} s of CPU before the first pull, {other['cpu']:.2f} after")
    return {name: (value + other[name]) / 2 for name, value in one.items()}


def report(size: int) -> None:
    """Measure a dataset of this size, and print what comes out."""
    more = size // 100
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "kept"
        before = measure("tables", size, folder)
        first = measure("keep", size, folder)
        rows = {"lc.tables": mean(before, measure("tables", size, folder)), "first pull": first}
        rows["nothing new"] = measure("keep", size, folder)
        question = rows["the question, DuckDB"] = measure("ask", size, folder)
        rows["1 % new"] = measure("keep", size + more, folder)
        rows["1 % new, as many old ones came back"] = measure(
            "keep", size + 2 * more, folder, came_back=more
        )
        files = [path.stat().st_size for path in folder.rglob("*.parquet")]
    made = rows["lc.tables"]
    print(f"\n{size:,} chats; {len(files):,} files, {sum(files) / size:,.0f} bytes a chat\n")
    print("| what | CPU seconds | of lc.tables | of first pull | peak MB | calls |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, row in rows.items():
        calls = f"{row['calls']:,}" if "calls" in row else ""
        print(
            f"| {name} | {row['cpu']:.2f} | {row['cpu'] / made['cpu']:.3f} "
            f"| {row['cpu'] / first['cpu']:.3f} | {row['peak']:.0f} | {calls} |"
        )
    print(
        f"\nThe question: {made['elapsed'] / question['elapsed']:.0f} times as fast as lc.tables."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--came-back", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        given.chats = given.sizes[0]
        child(given)
        return
    print(f"{platform.python_implementation()} {platform.python_version()}", end=", ")
    print(", ".join(f"{name} {version(name)}" for name in ("pandas", "pyarrow", "duckdb")))
    for size in given.sizes:
        report(size)


if __name__ == "__main__":
    main()
