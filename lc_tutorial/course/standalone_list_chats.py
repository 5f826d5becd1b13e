"""List your chats: the authorization code flow in one file.

    pip install requests
    python list_chats.py --client-id YOUR_CLIENT_ID

It asks for the Client Secret without showing it (or reads LC_CLIENT_SECRET), opens the browser,
receives the code on the redirect URI, exchanges it for a token and lists chats. Whitelist the
redirect URI in the Developer Console first, and give the app the scope chats--all:ro.
"""

import argparse
import base64
import getpass
import hashlib
import os
import secrets
import sys
import webbrowser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

ACCOUNTS = "https://accounts.livechat.com"
API = "https://api.livechatinc.com"
REDIRECT_URI = "http://127.0.0.1:8377/callback"
VERSION = "3.6"


def main() -> None:
    """Go through steps 2 to 4."""
    options = read_options()
    client_secret = os.environ.get("LC_CLIENT_SECRET") or getpass.getpass("Client Secret: ")

    # Step 2: acquire the code. The state ties the answer to this run; the PKCE challenge ties the
    # code to whoever knows the verifier.
    state = secrets.token_urlsafe(32)
    code_verifier = secrets.token_urlsafe(64)
    digest = hashlib.sha256(code_verifier.encode()).digest()
    parameters = {
        "response_type": "code",
        "client_id": options.client_id,
        "redirect_uri": options.redirect_uri,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    url = f"{options.accounts}/?{urlencode(parameters)}"
    with Callback(options.redirect_uri) as callback:
        print(f"Allow access in your browser:\n{url}", flush=True)
        webbrowser.open(url)
        code = callback.wait_for_code(state)

    # Step 3: exchange the code for an access token.
    response = requests.post(
        f"{options.accounts}/v2/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "client_id": options.client_id,
            "client_secret": client_secret,
            "redirect_uri": options.redirect_uri,
            "code_verifier": code_verifier,
        },
        timeout=10,
    )
    access_token = answer_of(response)["access_token"]

    # Step 4: send a request.
    response = requests.post(
        f"{options.api}/v{VERSION}/agent/action/list_chats",
        headers={"Authorization": f"Bearer {access_token}"},
        json={"limit": 10},
        timeout=30,
    )
    answer = answer_of(response)
    print(f"About {answer['found_chats']} chats. The newest:")
    for chat in answer["chats_summary"]:
        people = ", ".join(user.get("name") or "(no name)" for user in chat["users"])
        thread = chat.get("last_thread_summary") or {}
        print(f"{chat['id']}  {thread.get('created_at', 'no thread yet'):27}  {people}")


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="List your chats.")
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--redirect-uri", default=REDIRECT_URI)
    parser.add_argument("--accounts", default=ACCOUNTS, help="another accounts service")
    parser.add_argument("--api", default=API, help="another API host")
    return parser.parse_args()


class Callback(ThreadingHTTPServer):
    """Serves the redirect URI on this machine until the browser brings the code.

    In threads, since browsers open connections in advance on which they say nothing.
    """

    daemon_threads = True
    timeout = 0.2

    def __init__(self, redirect_uri: str) -> None:
        address = urlsplit(redirect_uri)
        self.path = address.path
        self.received: dict[str, list[str]] = {}
        try:
            super().__init__(("127.0.0.1", address.port or 80), CallbackPage)
        except OSError as problem:
            sys.exit(
                f"Can't listen on {redirect_uri}: {problem.strerror}. If a notebook waits there, "
                "restart its kernel; or whitelist another port, and name it with --redirect-uri."
            )

    def wait_for_code(self, state: str) -> str:
        """Return the code, if it comes with the state that was sent."""
        while not self.received:
            self.handle_request()
        if "code" not in self.received:
            sys.exit(f"Access was not given: {self.received.get('error', ['no code came'])[0]}")
        if not secrets.compare_digest(self.received.get("state", [""])[0], state):
            sys.exit("The state is not the one sent: this answer belongs to another attempt.")
        return self.received["code"][0]


class CallbackPage(BaseHTTPRequestHandler):
    """What the browser sees in the end."""

    server: Callback

    def do_GET(self) -> None:  # the name that http.server looks for
        """Take what the browser brings; a browser also asks for an icon."""
        address = urlsplit(self.path)
        if address.path != self.server.path:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"Thank you. You can close this tab.")
        # Last of all: with it, the program goes on and may end before the page is sent.
        self.server.received.update(parse_qs(address.query))

    def log_message(self, *_: object) -> None:
        """Stay silent: the request line holds the code."""


def answer_of(response: requests.Response) -> Any:
    """The JSON of an answer, or the end of the program with the platform's own reason."""
    if response.ok:
        return response.json()
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    # The accounts service has a flat error, the API one with a type and a message.
    error = problem.get("error", problem.get("oauth_exception", "no reason given"))
    if isinstance(error, dict):
        error = f"{error.get('type')}: {error.get('message')}"
    sys.exit(f"{urlsplit(response.url).path} answered {response.status_code}: {error}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    except (requests.ConnectionError, requests.Timeout) as problem:
        host = urlsplit(str(problem.request.url)).netloc if problem.request else "the platform"
        sys.exit(f"No answer from {host}. Is it there? A sandbox ends with its Jupyter.")
