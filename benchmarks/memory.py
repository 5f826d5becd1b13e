"""What a sandbox holds in memory after 1,000 requests of all kinds, and after 100,000.

    python benchmarks/memory.py [REQUESTS]

The requests come one after the other over one connection, and no two of a kind are the same: each
could leave something behind. What the sandbox keeps is bounded, so the second figure has to stay
within 1.5 times the first.
"""

import http.client
import itertools
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import psutil
from sandbox import sandbox

FIRST, ALL = 1_000, 100_000
MOST = 1.5

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class Client:
    """One connection to a sandbox, and what an app has there."""

    def __init__(self, known: dict[str, Any]) -> None:
        self.known = known
        self.statuses: dict[int, int] = {}
        self._connection = http.client.HTTPConnection("127.0.0.1", known["port"], timeout=60)

    def send(
        self, method: str, path: str, body: Any = None, kind: str = JSON, **headers: str
    ) -> Any:
        """Send a request; return what its answer says, where that is JSON."""
        sent = {"Content-Type": kind} if body is not None else {}
        if body is not None and not isinstance(body, bytes):
            body = urlencode(body) if kind == FORM else json.dumps(body)
        self._connection.request(method, path, body, sent | headers)
        answer = self._connection.getresponse()
        content = answer.read()
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        is_json = JSON in (answer.getheader("Content-Type") or "")
        return json.loads(content) if is_json else None

    def call(self, action: str, body: Any, service: str = "agent") -> Any:
        """Call a method of an API."""
        path = f"/v3.6/{service}/action/{action}"
        return self.send("POST", path, body, Authorization=f"Bearer {self.known['access_token']}")

    def write(self, action: str, body: Any, service: str = "agent", kind: str = JSON) -> Any:
        """Call a method that writes."""
        path = f"/v3.6/{service}/action/{action}"
        token = f"Bearer {self.known['writing_token']}"
        return self.send("POST", path, body, kind, Authorization=token)

    def refresh(self) -> Any:
        """Buy an access token, which is used from then on."""
        names = ("client_id", "client_secret", "refresh_token")
        fields = {"grant_type": "refresh_token", **{name: self.known[name] for name in names}}
        told = self.send("POST", "/v2/token", fields, FORM)
        self.known["access_token"] = told["access_token"]


def kinds(client: Client) -> list[Callable[[str], Any]]:
    """Make requests of all kinds; each takes a text that no request had before."""
    known = client.known
    link = {"response_type": "code", "client_id": known["client_id"]}
    link["redirect_uri"] = known["redirect_uri"]
    chats = [chat["id"] for chat in known["chats"]]
    places = itertools.cycle(chats)

    def exchange(new: str) -> Any:
        names = ("client_id", "client_secret", "redirect_uri")
        fields = {name: known[name] for name in names}
        return client.send("POST", "/v2/token", fields | {"code": new}, FORM)

    def pages(_: str) -> Any:
        page = client.call("list_chats", {"limit": 20})
        return client.call("list_chats", {"page_id": page["next_page_id"]})

    def customer(_: str) -> Any:
        fields = {name: known[name] for name in ("client_id", "redirect_uri")}
        fields |= {"organization_id": known["token"]["organization_id"], "grant_type": "cookie"}
        return client.send("POST", "/v2/customer/token", fields)

    def renewed(new: str) -> Any:
        fields = {"grant_type": "identity_token", "client_id": known["client_id"], "code": new}
        return client.send("POST", "/v2/customer/token", fields)

    return [
        *writing(client),
        lambda _: client.refresh(),
        exchange,
        pages,
        customer,
        renewed,
        lambda new: client.send("GET", f"/?{urlencode({**link, 'state': new})}"),
        lambda new: client.send("GET", f"/login?{urlencode({**link, 'state': new})}"),
        lambda new: client.send("GET", f"/?client_id={new}"),
        lambda new: client.send("GET", "/console/", Cookie=f"session={new}"),
        lambda new: client.send("GET", f"/v2/info?code={new}"),
        lambda new: client.send("DELETE", f"/v2/token?code={new}"),
        lambda new: client.send("GET", f"/v2/customer/info?code={new}"),
        lambda _: client.send("OPTIONS", "/v2/token", Origin="http://127.0.0.1:3000"),
        lambda new: client.call("list_archives", {"filters": {"query": new}}),
        lambda new: client.call("list_chats", {"filters": {"properties": {new: {}}}}),
        lambda new: client.call("list_chats", {"limit": new}),
        lambda new: client.call("get_chat", {"chat_id": new}),
        lambda _: client.call("get_chat", {"chat_id": next(places)}),
        lambda _: client.call("list_threads", {"chat_id": next(places)}),
        lambda _: client.call("list_agents", {}, "configuration"),
        lambda new: client.call(new, {}),
        lambda new: client.send("GET", f"/{new}"),
    ]


def writing(client: Client) -> list[Callable[[str], Any]]:
    """Make requests of the kinds that write."""
    known = client.known
    threads = itertools.cycle(
        {"chat_id": chat["id"], "thread_id": chat["last_thread_summary"]["id"]}
        for chat in known["chats"]
        if "last_thread_summary" in chat
    )
    customers = itertools.cycle(
        user["id"]
        for chat in known["chats"]
        for user in chat["users"]
        if user["type"] == "customer"
    )

    def send_event(new: str) -> Any:
        event = {"type": "message", "text": new * 20, "properties": {new: {"name": new}}}
        return client.write("send_event", {"chat_id": known["own_chat"], "event": event})

    def upload_file(new: str) -> Any:
        head = (
            f'--{new}\r\nContent-Disposition: form-data; name="file"; filename="{new}.txt"\r\n\r\n'
        )
        body = head.encode() + new.encode() * 200 + f"\r\n--{new}--\r\n".encode()
        return client.write("upload_file", body, kind=f"multipart/form-data; boundary={new}")

    def tag_thread(_: str) -> Any:
        ids = next(threads) | {"tag": "coffee"}
        client.write("tag_thread", ids)
        return client.write("untag_thread", ids)

    def update_customer(new: str) -> Any:
        fields = [{f"{new}{number}": new} for number in range(10)]
        return client.write("update_customer", {"id": next(customers), "session_fields": fields})

    def webhook(new: str) -> Any:
        owner = {"owner_client_id": known["writing_app"]}
        wanted = {"action": "tag_created", "secret_key": new, "type": "license"}
        wanted |= {"url": f"http://127.0.0.1:9/{new}"}
        made = client.write("register_webhook", wanted | owner, "configuration")
        return client.write("unregister_webhook", {"id": made["id"]} | owner, "configuration")

    return [send_event, upload_file, tag_thread, update_customer, webhook]


def texts() -> Iterator[str]:
    while True:
        yield secrets.token_hex(8)


def megabytes(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss / 2**20)


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else ALL
    with tempfile.TemporaryDirectory() as directory, sandbox(directory) as known:
        client = Client(known)
        ways = itertools.cycle(kinds(client))
        new = texts()

        def until(number: int) -> float:
            while sum(client.statuses.values()) < number:
                next(ways)(next(new))
            return megabytes(known["pid"])

        began = time.monotonic()
        first = until(FIRST)
        last = until(most)
        seconds = time.monotonic() - began
    print(
        f"{most:,} requests in {seconds:.0f} s; by status: {dict(sorted(client.statuses.items()))}"
    )
    print(
        f"after {FIRST:,}: {first:.1f} MB; after {most:,}: {last:.1f} MB; {last / first:.2f} times"
    )
    if last > MOST * first:
        raise SystemExit(f"more than {MOST} times")


if __name__ == "__main__":
    main()
