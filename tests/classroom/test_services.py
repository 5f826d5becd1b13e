"""The hub's services: where it is root's, they are not."""

import os
import pwd
import subprocess
import sys
import sysconfig
from pathlib import Path

import psutil
import pytest
import requests

from tests.browser.conftest import wait_until_it_answers
from tests.needed import missing

from .hub import ROOT, TEACHER, class_hub
from .learner import PATIENCE, Learner, logged_in

#: Whom the configuration takes, if nobody says otherwise.
USER = "nobody"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with a `jupyterhub` whose Python that user may run: this one, else the system's."""
    if os.geteuid() != 0:
        missing("Only root's hub can run its services as somebody else.")
    packages = os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")])
    pythons = (sys.executable, "/usr/bin/python{}.{}".format(*sys.version_info))
    python = next((each for each in pythons if works(each, packages)), None)
    if python is None:
        # As the configuration finds out by itself: tests/packaging/test_classroom.py.
        pytest.skip(f"{USER} may not run this Python: it is in root's home.")
    program = tmp_path / "programs" / "jupyterhub"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{packages}" exec {python} -m jupyterhub "$@"\n')
    program.chmod(0o755)
    return program.parent


def works(python: str, packages: str) -> bool:
    """Whether that user may run a Python that has what a hub needs."""
    asked = ["env", f"PYTHONPATH={packages}", python, "-c", "import jupyterhub, lc_tutorial"]
    return subprocess.run(asked, user=USER, extra_groups=[], cwd="/", check=False).returncode == 0


def test_where_the_hub_is_roots_they_run_as_nobody(programs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hub"
    folder.mkdir()
    with class_hub(folder, programs=[programs]) as hub:
        for there in (f"{hub.url}/services/board/static/board.css", f"{hub.sandbox}/health"):
            wait_until_it_answers(there, hub.log, hub.running, PATIENCE)
        mia = Learner(hub.url, "mia", hub.password)
        mia.log_in()
        # Both ask the hub who people are.
        with logged_in(hub.url, TEACHER, hub.teachers_password) as browser:
            board = browser.get(f"{hub.url}/services/board/", timeout=PATIENCE)
        assert board.status_code == 200, hub.log.read_text()
        joined = requests.post(
            f"{hub.sandbox}/join",
            json={"callback_port": 20_010, "server_prefix": "/user/mia/", "fresh": False},
            headers={"Authorization": f"Bearer {mia.token}"},
            timeout=PATIENCE,
        )
        assert joined.status_code == 200, hub.log.read_text()
        theirs = {}
        for each in psutil.Process(hub.running.pid).children(recursive=True):
            words = each.cmdline()
            for service in ("board", "sandbox", "jupyterhub_idle_culler"):
                if service in words:
                    theirs[service] = each
        nobody = pwd.getpwnam(USER)
        for service in theirs.values():
            assert set(service.uids()) == {nobody.pw_uid}, service
            assert set(service.gids()) == {nobody.pw_gid}, service
        assert set(theirs) == {"board", "sandbox", "jupyterhub_idle_culler"}
