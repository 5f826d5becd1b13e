"""The board as a program: what it prints, and learners who join it."""

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
import requests
import trustme

from lc_tutorial.board import events
from lc_tutorial.classroom import asking
from lc_tutorial.classroom.addresses import read_address
from lc_tutorial.classroom.sending import Sender, Target
from lc_tutorial.classroom.syllabus import course
from tests.unit.classroom.test_sending_reports import until


class Running(NamedTuple):
    process: subprocess.Popen[str]
    teacher: str
    learners: str
    url: str
    log: Path


@contextlib.contextmanager
def board(log: Path, *options: str) -> Iterator[Running]:
    command = [sys.executable, "-m", "lc_tutorial", "board", "--json", *options]
    with log.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, log.read_text()
        yield Running(process, log=log, **json.loads(line))
    finally:
        process.terminate()
        assert process.wait(30) in (0, -signal.SIGKILL)
        process.stdout.close()


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def test_a_learner_joins_reports_and_is_seen_live(
    tmp_path: Path, browser: requests.Session
) -> None:
    with board(tmp_path / "log") as running, asking.session_for() as session:
        room = read_address(running.learners)
        token = asking.join(
            session, room.url, events.Join(room.code, "Mia", course().edition), ""
        ).token
        assert browser.get(running.teacher, timeout=30).url == f"{running.url}/"
        with browser.get(f"{running.url}/events?notebook=1", stream=True, timeout=30) as live:
            lines = (line.decode() for line in live.iter_lines(1))
            assert any("Mia" in line for line in lines)
            told = [events.AtStep(1, 0, events.State.STUCK, events.ErrorName.NOT_WHITELISTED)]
            reports = events.Reports(course().edition, told)
            asking.ask(session, f"{room.url}report", reports, token, events.Heard)
            assert any("redirect URI not on the whitelist" in line for line in lines)
            # A page that is open does not keep the board from ending.
            running.process.terminate()
            assert running.process.wait(30) == 0
        assert (tmp_path / "log").read_text() == ""


def test_on_the_rooms_network_it_says_what_that_means(tmp_path: Path) -> None:
    with board(tmp_path / "log", "--room") as running:
        said = (tmp_path / "log").read_text()
        assert "Names and progress travel unencrypted" in said
        assert "Whoever has the learners' address can join" in said
        assert running.teacher.partition("key=")[2] not in said
        assert requests.get(f"{running.url}/", timeout=30).status_code == 403
        stranger = {"Host": "evil.example"}
        assert requests.get(f"{running.url}/", headers=stranger, timeout=30).status_code == 421
        logged = (tmp_path / "log").read_text()
        assert "Refused: a request for the host evil.example, by which no board goes." in logged


def test_with_a_certificate_learners_know_the_board_by_it(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    made = trustme.CA().issue_cert("127.0.0.1")
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    certificate.write_bytes(b"".join(part.bytes() for part in made.cert_chain_pems))
    key.write_bytes(made.private_key_pem.bytes())
    options = ("--tls-cert", str(certificate), "--tls-key", str(key))
    with board(tmp_path / "log", "--room", "127.0.0.1", *options) as running:
        room = read_address(running.learners)
        assert room.url.startswith("https://")
        wish = events.Join(room.code, "Mia", course().edition)
        with asking.session_for(room.fingerprint) as session:
            assert asking.join(session, room.url, wish, "").token
        for fingerprint in ("0" * 64, ""):
            with (
                asking.session_for(fingerprint) as session,
                pytest.raises(requests.exceptions.SSLError),
            ):
                asking.join(session, room.url, wish, "")
    assert not recwarn.list


def test_thirty_learners_at_once(tmp_path: Path, browser: requests.Session) -> None:
    def learn(number: int) -> int:
        with asking.session_for() as session:
            wish = events.Join(room.code, f"Learner {number}", course().edition)
            token = asking.join(session, room.url, wish, "").token
            for step in range(6):
                told = events.Reports(course().edition, [events.AtStep(1, step, events.State.DONE)])
                asking.ask(session, f"{room.url}report", told, token, events.Heard)
        return number

    with board(tmp_path / "log") as running, ThreadPoolExecutor(30) as pool:
        room = read_address(running.learners)
        browser.get(running.teacher, timeout=30)
        with browser.get(f"{running.url}/events?notebook=1", stream=True, timeout=60) as live:
            assert sorted(pool.map(learn, range(30))) == list(range(30))
            assert any(b"<b>30</b> people here" in line for line in live.iter_lines(1))
        page = browser.get(f"{running.url}/?notebook=1", timeout=30).text
        assert page.count("<td>30</td>") == 2 * 6  # above each of two tables
    assert (tmp_path / "log").read_text() == ""


def test_a_board_that_is_killed_disturbs_nobody(tmp_path: Path) -> None:
    with board(tmp_path / "log") as running, asking.session_for() as session:
        room = read_address(running.learners)
        wish = events.Join(room.code, "Mia", course().edition)
        token = asking.join(session, room.url, wish, "").token
        target = Target(room.url, token, course().edition)
        sender = Sender(target, lambda: True, pauses=(0.01,))
        sender.start()
        done = events.AtStep(1, 0, events.State.DONE)
        sender.put(done)
        assert sender.wait_until_sent(60)
        assert sender.trouble == ""
        running.process.kill()
        running.process.wait(30)
        for _ in range(1000):
            sender.put(done)
        until(lambda: sender.trouble)
        assert "does not answer" in sender.trouble
        sender.stop()


def test_what_it_can_not_be_started_with(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lc_tutorial", "board"]
    for options, words in (
        (["--tls-cert", "missing.pem"], "For https the board needs"),
        (["--port", "99999"], "a port is a number"),
        (["--learners", "0"], "a number from 1 to 1000"),
        (["--room", "192.0.2.7"], "cannot listen on 192.0.2.7"),
    ):
        ended = subprocess.run(
            [*command, *options], capture_output=True, text=True, timeout=60, check=False
        )
        assert ended.returncode in (1, 2), options
        assert words in ended.stderr
        assert "Traceback" not in ended.stderr
