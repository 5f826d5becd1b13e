"""A server at which nobody does anything ends; that of somebody at work does not."""

import time
from pathlib import Path

from .hub import class_hub
from .learner import PATIENCE, Learner

#: Seconds. What holds the hub up for longer looks like idleness: it is not the shortest possible.
IDLE = 16


def test_an_idle_server_ends_and_that_of_somebody_at_work_does_not(tmp_path: Path) -> None:
    settings = {"CLASSROOM_IDLE": str(IDLE), "CLASSROOM_BOARD": "no"}
    with class_hub(tmp_path, "--Spawner.args=--allow-root", settings=settings) as hub:
        ida, ben = (Learner(hub.url, name, hub.password) for name in ("ida", "ben"))
        for each in (ida, ben):
            each.log_in()
            each.start_server()
        began = time.monotonic()
        while ida.has_server or time.monotonic() < began + 2 * IDLE:
            ben.look_around()
            assert time.monotonic() < began + PATIENCE, hub.log.read_text()
        assert ben.has_server
        log = hub.log.read_text()
        assert "Culling server ida" in log
        assert "Culling server ben" not in log
        ben.stop_server()
