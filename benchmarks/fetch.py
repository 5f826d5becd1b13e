"""Pulling 100 pages of 100 chats and making tables of them, beside fetching the pages alone.

    python benchmarks/fetch.py               # answers after 0, 10 and 100 ms, five rounds
    python benchmarks/fetch.py --rounds 3

A server in a process of its own answers with the generated pages of tables.py (chats of about
3 KB). Fetching alone is a loop with one bare requests.Session that knows the page ids in advance,
reads each answer whole, and looks into none. The ways take turns; what is compared is compared
within a round.
"""

import argparse
import asyncio
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import requests
from tables import PAGE, pages

from lc_tutorial.agent_chat.client import AgentChat
from lc_tutorial.platforms.platform import Platform, SandboxLogin
from lc_tutorial.tables.frames import tables

PAGES = 100
DELAYS = (0, 10, 100)
TOKEN = "dal:not-a-real-access-token-0000"


# --- The server ---------------------------------------------------------------------------------


async def serve() -> None:
    """Answer ``POST /{milliseconds}/...`` after so long with the page that is asked for."""
    answers = {f"page-{number}": page for number, page in enumerate(pages(PAGES * PAGE), 1)}

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                fields = head.decode("latin-1").lower()
                length = int(fields.partition("content-length:")[2].partition("\r\n")[0])
                asked = json.loads(await reader.readexactly(length))
                await asyncio.sleep(int(head.split(b"/", 2)[1]) / 1000)
                page = answers[asked.get("page_id", "page-1")]
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n" % len(page) + page
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


# --- The ways -----------------------------------------------------------------------------------


def fetch_alone(platform: Platform, _folder: Path) -> None:
    with requests.Session() as session:
        session.trust_env = False
        body: dict[str, object] = {"limit": PAGE, "sort_order": "asc"}
        for number in range(2, PAGES + 2):
            response = session.post(
                platform.list_chats_url,
                json=body,
                headers={"Authorization": f"Bearer {TOKEN}"},
                timeout=20,
            )
            assert response.status_code == 200
            assert response.content
            body = {"page_id": f"page-{number}"}


def pull_alone(platform: Platform, _folder: Path) -> None:
    with AgentChat(platform, TOKEN) as client:
        for _ in client.list_chats_pages(progress=False):
            pass
        assert client.calls == PAGES


def pull_and_tables(platform: Platform, _folder: Path) -> None:
    with AgentChat(platform, TOKEN) as client:
        made = tables(client.list_chats_pages(progress=False))
        assert len(made.chats) == PAGES * PAGE
        assert client.calls == PAGES


def kept_in_a_file(platform: Platform, folder: Path) -> None:
    file = folder / "chats.pull"
    with AgentChat(platform, TOKEN) as client:
        # The server knows no accounts to ask for.
        client._account_id = "an-account"
        made = tables(client.list_chats_pages(progress=False, keep_in=file))
        assert len(made.chats) == PAGES * PAGE
    file.unlink()


WAYS: dict[str, Callable[[Platform, Path], None]] = {
    "fetching alone": fetch_alone,
    "the pull alone": pull_alone,
    "the pull and the tables": pull_and_tables,
    "the same, kept in a file": kept_in_a_file,
}


# --- Measuring ----------------------------------------------------------------------------------


def measure(origin: str, rounds: int, folder: Path) -> dict[str, list[tuple[float, float]]]:
    """For each way its seconds on the clock, and of CPU time, in each round."""
    there = Platform(
        name="sandbox",
        authorization_url="",
        console_url="",
        accounts_url=origin,
        api_url=origin,
        login=SandboxLogin("mia@example.com", "not-a-real-password", 8377),
    )
    measured: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, go in WAYS.items():
            began, began_cpu = time.perf_counter(), time.process_time()
            go(there, folder)
            measured[way].append((time.perf_counter() - began, time.process_time() - began_cpu))
    return measured


def report(measured: dict[str, list[tuple[float, float]]]) -> None:
    print("| way | seconds | from | to | CPU seconds | beside fetching alone | from | to |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    alone = [seconds for seconds, _ in measured["fetching alone"]]
    for way, taken in measured.items():
        seconds = [each for each, _ in taken]
        cpu = statistics.median(each for _, each in taken)
        more = [100 * (one / other - 1) for one, other in zip(seconds, alone, strict=True)]
        ratio = (
            f"{statistics.median(more):+.1f} % | {min(more):+.1f} % | {max(more):+.1f} %"
            if way != "fetching alone"
            else " | | "
        )
        print(
            f"| {way} | {statistics.median(seconds):.2f} | {min(seconds):.2f} | {max(seconds):.2f} "
            f"| {cpu:.2f} | {ratio} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("delays", nargs="*", type=int, default=DELAYS, help="in milliseconds")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve())
        return
    print(f"{platform.python_implementation()} {platform.python_version()}", end=", ")
    print(", ".join(f"{name} {version(name)}" for name in ("requests", "urllib3", "pandas")))
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        with tempfile.TemporaryDirectory() as folder:
            # Imports, and what the first use makes, are no part of it.
            measure(f"http://127.0.0.1:{port}/0", 1, Path(folder))
            for delay in given.delays:
                print(f"\nAnswers after {delay} ms, {given.rounds} rounds\n", flush=True)
                origin = f"http://127.0.0.1:{port}/{delay}"
                report(measure(origin, given.rounds, Path(folder)))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
