"""A sandbox that stands where the live platform is: at its host names, over TLS."""

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import trustme

from lc_tutorial.sandbox.learner.learner import Learner

from . import mapped_hosts

ACCOUNTS = "https://accounts.livechat.com"
CONSOLE = "https://platform.text.com"
API = "https://api.livechatinc.com"

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


@dataclass(frozen=True)
class Authority:
    """A throw-away certificate authority, and what it signed for the platform's hosts.

    Attributes:
        bundle: the file of its own certificate, to trust.
        certificate: the file of the platform's.
        key: the file of its private key.
    """

    bundle: Path
    certificate: Path
    key: Path

    @classmethod
    def make(cls, folder: Path, *names: str) -> "Authority":
        """Make one, for these hosts; for the platform's and 127.0.0.1, if none are given."""
        folder.mkdir(parents=True, exist_ok=True)
        authority = trustme.CA()
        issued = authority.issue_cert(*(names or (*mapped_hosts.HOSTS, "127.0.0.1")))
        made = cls(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
        authority.cert_pem.write_to_path(str(made.bundle))
        issued.private_key_pem.write_to_path(str(made.key))
        for number, each in enumerate(issued.cert_chain_pems):
            each.write_to_path(str(made.certificate), append=number > 0)
        return made

    @property
    def arguments(self) -> tuple[str, ...]:
        """What makes `lc-tutorial sandbox` use it."""
        return ("--tls-cert", str(self.certificate), "--tls-key", str(self.key))


@dataclass(frozen=True)
class LiveStandIn:
    """The running sandbox, as those who take it for the live platform see it.

    Attributes:
        port: where it listens on this machine.
        told: what its ready line says.
        authority: who signed its certificate.
        journal: what the mapped programs asked for and connected to, a line each.
    """

    port: int
    told: dict[str, Any]
    authority: Authority
    journal: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a program for which the live platform is here."""
        return {**os.environ, **self.variables}

    @property
    def variables(self) -> dict[str, str]:
        """What that environment has beside this process's own."""
        # Empty, no proxy is used, whatever is inherited.
        proxies = {name: "" for each in _PROXIES for name in (each, each.upper())}
        inherited = filter(None, [os.environ.get("PYTHONPATH")])
        return proxies | {
            "PYTHONPATH": os.pathsep.join([str(Path(mapped_hosts.__file__).parent), *inherited]),
            mapped_hosts.VARIABLE: json.dumps({"port": self.port, "journal": str(self.journal)}),
            "REQUESTS_CA_BUNDLE": str(self.authority.bundle),
        }

    def callback_address(self) -> str:
        """A redirect URI on a port of this machine that is free, whoever else runs tests here."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            return f"http://127.0.0.1:{free.getsockname()[1]}/callback"

    def person(self, origin: str) -> Learner:
        """The owner of the first organisation, at a browser; only where the hosts are mapped."""
        learner = Learner(origin, self.told["email"], self.told["password"])
        learner._browser._session.verify = str(self.authority.bundle)
        return learner

    def asked_for(self) -> set[str]:
        """The host names that the programs asked for."""
        return self._noted("name")

    def connected_to(self) -> set[str]:
        """The addresses that they connected to."""
        return self._noted("address")

    def _noted(self, kind: str) -> set[str]:
        lines = self.journal.read_text(encoding="utf-8").splitlines()
        assert "mapped" in lines, "The program did not start with its hosts mapped."
        return {line.partition(" ")[2] for line in lines if line.startswith(f"{kind} ")}


@contextlib.contextmanager
def live_stand_in(folder: Path) -> Iterator[LiveStandIn]:
    """Run a sandbox in the place of the live platform."""
    authority = Authority.make(folder / "authority")
    process = subprocess.Popen(
        [sys.executable, "-m", "lc_tutorial", "sandbox", "--json", *authority.arguments],
        env={**os.environ, "JUPYTER_RUNTIME_DIR": str(folder / "runtime")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        told = json.loads(line)
        port = int(told["url"].rpartition(":")[2])
        yield LiveStandIn(port, told, authority, folder / "journal.txt")
    finally:
        process.terminate()
        process.communicate(timeout=30)


def session(authority: Authority) -> requests.Session:
    """A client that trusts the authority and knows no proxy."""
    made = requests.Session()
    made.trust_env = False
    made.verify = str(authority.bundle)
    return made
