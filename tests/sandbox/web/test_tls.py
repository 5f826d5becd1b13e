"""The sandbox over TLS, as a process: `lc-tutorial sandbox --tls-cert FILE --tls-key FILE`."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from tests.mapped.live import Authority, session

COMMAND = [sys.executable, "-m", "lc_tutorial"]
LONG = 30


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.make(tmp_path / "authority")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}


@contextlib.contextmanager
def running(*arguments: str, environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [*COMMAND, "sandbox", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ready(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    told: dict[str, Any] = json.loads(line)
    return told


def refused(*arguments: object, environment: dict[str, str]) -> str:
    """Start a sandbox that can't; return what it says."""
    told = subprocess.run(
        [*COMMAND, "sandbox", "--json", *map(str, arguments)],
        env=environment,
        # A question at the terminal would find nobody who answers.
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONG,
    )
    assert told.returncode == 1
    assert told.stdout == ""
    assert "Traceback" not in told.stderr
    return told.stderr


def test_it_answers_https_and_says_so(authority: Authority, environment: dict[str, str]) -> None:
    with (
        running("--json", *authority.arguments, environment=environment) as process,
        session(authority) as http,
    ):
        url = ready(process)["url"]
        record = next(Path(environment["JUPYTER_RUNTIME_DIR"]).glob("*.json"))
        assert url.startswith("https://127.0.0.1:")
        assert json.loads(record.read_text())["url"] == url
        page = http.get(f"{url}/console/", timeout=LONG)
        assert page.status_code == 200
        assert {cookie.secure for cookie in page.cookies} == {True}
        # Plain http finds nobody who talks it.
        with pytest.raises(requests.ConnectionError):
            http.get(url.replace("https", "http", 1), timeout=LONG)


def test_a_person_is_told_the_https_address(
    authority: Authority, environment: dict[str, str]
) -> None:
    with running(*authority.arguments, environment=environment) as process:
        assert process.stdout is not None
        assert "The sandbox is ready at https://127.0.0.1:" in process.stdout.readline()


def test_over_http_the_cookie_is_not_for_https_only(environment: dict[str, str]) -> None:
    with running("--json", environment=environment) as process, requests.Session() as http:
        http.trust_env = False
        page = http.get(f"{ready(process)['url']}/console/", timeout=LONG)
        assert {cookie.secure for cookie in page.cookies} == {False}


def test_stop_ends_it_whoever_signed_its_certificate(
    authority: Authority, environment: dict[str, str]
) -> None:
    with running("--json", *authority.arguments, environment=environment) as process:
        ready(process)
        stopped = subprocess.run(
            [*COMMAND, "stop"], env=environment, capture_output=True, text=True, check=True
        )
        assert (stopped.stdout, stopped.stderr) == ("The sandbox has ended.\n", "")
        assert process.wait(LONG) == 0


def test_stop_tells_its_secret_to_nobody_with_another_certificate(
    authority: Authority, environment: dict[str, str]
) -> None:
    with running("--json", *authority.arguments, environment=environment) as process:
        ready(process)
        record = next(Path(environment["JUPYTER_RUNTIME_DIR"]).glob("*.json"))
        record.write_text(
            json.dumps(json.loads(record.read_text()) | {"tls_fingerprint": "0" * 64})
        )
        stopped = subprocess.run(
            [*COMMAND, "stop"], env=environment, capture_output=True, text=True, check=True
        )
        assert stopped.stdout == "No sandbox is running.\n"
        assert process.poll() is None


@pytest.mark.parametrize(
    ("given", "missing"), [("--tls-cert", "--tls-key"), ("--tls-key", "--tls-cert")]
)
def test_one_file_alone(
    given: str, missing: str, authority: Authority, environment: dict[str, str]
) -> None:
    told = refused(given, authority.certificate, environment=environment)
    assert f"{missing} is missing" in told


@pytest.mark.parametrize("what", ["certificate", "key"])
def test_a_file_that_is_not_there(
    what: str, authority: Authority, environment: dict[str, str]
) -> None:
    getattr(authority, what).unlink()
    told = refused(*authority.arguments, environment=environment)
    assert f"{getattr(authority, what)} cannot be read: No such file" in told


@pytest.mark.parametrize(
    "content", [b"", b"\x30\x82\x01\x0a\xff\x00", b"-----BEGIN CERTIFICATE-----\nAA"]
)
def test_a_certificate_that_is_none(
    content: bytes, authority: Authority, environment: dict[str, str]
) -> None:
    authority.certificate.write_bytes(content)
    told = refused(*authority.arguments, environment=environment)
    assert f"There is no certificate in {authority.certificate}." in told


def test_the_two_files_swapped(authority: Authority, environment: dict[str, str]) -> None:
    told = refused(
        *("--tls-cert", authority.key, "--tls-key", authority.certificate),
        environment=environment,
    )
    assert f"There is no certificate in {authority.key}." in told


def test_a_key_that_is_none(authority: Authority, environment: dict[str, str]) -> None:
    authority.key.write_text("not a key\n")
    told = refused(*authority.arguments, environment=environment)
    assert "cannot be used: one of them is not a PEM file of its kind" in told


def test_the_key_of_another_certificate(
    authority: Authority, environment: dict[str, str], tmp_path: Path
) -> None:
    other = Authority.make(tmp_path / "other")
    told = refused(
        *("--tls-cert", authority.certificate, "--tls-key", other.key), environment=environment
    )
    assert f"The private key {other.key} does not belong to the certificate" in told


def test_an_encrypted_key_is_refused_and_no_password_asked_for(
    authority: Authority, environment: dict[str, str]
) -> None:
    key = load_pem_private_key(authority.key.read_bytes(), None)
    encryption = BestAvailableEncryption(b"not-a-real-password")
    authority.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    told = refused(*authority.arguments, environment=environment)
    assert f"The private key {authority.key} is encrypted" in told


def test_the_help_names_the_options(environment: dict[str, str]) -> None:
    told = subprocess.run(
        [*COMMAND, "sandbox", "--help"], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert "--tls-cert FILE" in told
    assert "--tls-key FILE" in told
