"""The port of this machine at which a learner's notebook waits for the code."""

import hashlib
import os

from lc_tutorial.errors import InputError

#: The setting, an environment variable of the kernel. Whoever runs several learners' kernels on one
#: machine gives each a port of their own: they are ten apart, since the next ones are tried too.
SETTING = "LC_TUTORIAL_CALLBACK_PORT"

#: Where one learner has a machine for themselves.
USUAL = 8377

#: Where a hub's learners get theirs: below what systems hand out to whoever asks for a free port
#: (Linux begins at 32768, net.ipv4.ip_local_port_range), and above the ports browsers refuse.
_OF_LEARNERS = range(12_000, 32_000)

_ALLOWED = range(1024, 65_536)


def callback_port() -> int:
    """The first choice of this learner: what the setting says, else what the hub's user name gives.

    On one machine with many learners 127.0.0.1 is everybody's. A sandbox suggests this port, or one
    of the nine after it where somebody listens there when it starts.

    Raises:
        InputError: the setting names no port.
    """
    told = os.environ.get(SETTING, "").strip()
    if told:
        return _of_setting(told)
    user = os.environ.get("JUPYTERHUB_USER", "")
    return _of_learner(user) if user else USUAL


def _of_setting(told: str) -> int:
    port = int(told) if told.isascii() and told.isdigit() and len(told) <= 5 else 0
    if port not in _ALLOWED:
        raise InputError(
            what=f"{SETTING} is set, and names no port for your callback.",
            why=f"A port that a notebook may use is a number from {_ALLOWED[0]} to {_ALLOWED[-1]}.",
            remedy="Tell whoever runs this hub; or take the setting out of the environment, and "
            "restart the kernel.",
        )
    return port


def _of_learner(user: str) -> int:
    """One of twenty thousand: of thirty learners two have the same in one class of forty-six."""
    digest = hashlib.sha256(user.encode()).digest()
    return _OF_LEARNERS[int.from_bytes(digest[:8], "big") % len(_OF_LEARNERS)]
