"""``lc.connect``: the one place that puts the parts together.

Before it gives the notebook a platform it puts the mask over what the kernel displays, explains
slips in plain code, and keeps what is sent for the request lab. For the sandbox it finds or starts
the process, and asks the Jupyter around it how the browser gets there.
"""

import contextlib
import os
from typing import Any

from IPython.core.getipython import get_ipython

from lc_tutorial import classroom, forms, masking, memory
from lc_tutorial.course import tracebacks
from lc_tutorial.errors import InputError, ProxyMissing, TutorialError
from lc_tutorial.lab import hook
from lc_tutorial.platforms import (
    LIVE,
    STABLE,
    Platform,
    SandboxLogin,
    SandboxRecord,
    choice,
    issued_by,
    jupyter,
    launch,
    shared,
    show_pages_with,
    witness,
)


def connect(
    name: str | None = None,
    *,
    version: str = STABLE,
    fresh: bool = False,
    allow_binder: bool = False,
) -> Platform:
    """Connect this notebook to a platform.

    From here on secrets are masked in all that the notebook displays, and what it sends is kept for
    the request lab, in memory and without secrets.

    Args:
        name: ``"sandbox"`` or ``"live"``; the choice made in notebook 00, if not given.
        version: of the Agent Chat API.
        fresh: a private sandbox that ends with this kernel, for notebooks that break things. Where
            a class shares one process (``LC_TUTORIAL_SANDBOX``), a new world in that, beside your
            own; of a few the oldest goes, and each after a day without a request.
        allow_binder: use the live platform on Binder all the same. Binder's machines belong to
            somebody else, who could read a real secret.

    Raises:
        InputError: for an unknown name or version, or the live platform on Binder.
        SandboxGone: the sandbox could not be started, or the one that a class shares not joined.
    """
    masking.install()
    tracebacks.install()
    hook.install()
    classroom.rejoin()
    show_pages_with(_in_notebook)
    name = name or choice.remembered()
    if name == "live":
        if jupyter.on_binder() and not allow_binder:
            raise InputError(
                what="The live platform is switched off on Binder.",
                why="This machine belongs to somebody else, and a real secret would pass it.",
                remedy=(
                    'Use lc.connect("sandbox") here, or run the course on your own computer. '
                    'If you must: lc.connect("live", allow_binder=True).'
                ),
            )
        return LIVE.with_version(version)
    if name == "sandbox":
        platform = _sandbox(fresh=fresh).with_version(version)
        masking.ask(platform.accounts_url, issued_by(platform))
        return platform
    raise InputError(
        what=f"There is no platform named {name!r}.",
        why="The course knows two.",
        remedy='Use lc.connect("sandbox") or lc.connect("live").',
    )


def _sandbox(*, fresh: bool) -> Platform:
    joined = shared.join(fresh=fresh) if shared.is_set() else None
    if joined is not None:
        record = joined.record
    else:
        record = launch.join_or_start(fresh=fresh, meanwhile=_load_what_comes_next)
    memory.note_witness(record.url, witness(record.url, record.nonce))
    _keep_loopback_out_of_proxies()
    proxied, warning = _through_jupyter(record)
    if joined is not None:
        proxied, warning = _through_hub(joined, proxied, warning)
    origin = f"{record.url}/"
    return Platform(
        name="sandbox",
        authorization_url=proxied or origin,
        console_url=f"{proxied or origin}console/",
        accounts_url=record.url,
        api_url=record.url,
        direct_url=origin if proxied and not jupyter.browser_is_elsewhere() else None,
        login=SandboxLogin(
            record.email, record.password, record.callback_port, masking.Secret(record.nonce)
        ),
        warning=warning,
    )


def _load_what_comes_next() -> None:
    """Import what a notebook's next cell shows, in time that it has to wait anyway.

    Outside a notebook nobody shows forms. Where they can't be imported, whoever asks for one hears
    why.
    """
    if get_ipython() is not None:
        with contextlib.suppress(ImportError):
            from lc_tutorial.forms import catch_up, redirect_of_somebody_else  # noqa: F401
            from lc_tutorial.lab import history  # noqa: F401
            from lc_tutorial.memory import arrived_code, served  # noqa: F401


def _through_jupyter(record: SandboxRecord) -> tuple[str | None, TutorialError | None]:
    """The way to the sandbox through the Jupyter server, as a browser takes it, and what ails it.

    It is a whole address where that is known, else a path; None where there is no way that leads
    there and on, or where the sandbox's own address is the better one.
    """
    path = jupyter.proxied_path(record.port, record.health_path, record.proof)
    if path is None:
        return None, ProxyMissing.on_hub() if jupyter.on_hub() else None
    below = record.below
    if not jupyter.keeps_redirects(
        record.port, f"{below}_sandbox/redirect", f"{below}_sandbox/health"
    ):
        # On this machine the browser does without the proxy; on a hub a frame of the notebook does.
        return None, ProxyMissing.leads_astray() if jupyter.on_hub() else None
    return f"{jupyter.public_origin() or ''}{path}{below}", None


def _through_hub(
    joined: shared.Joined, proxied: str | None, warning: TutorialError | None
) -> tuple[str | None, TutorialError | None]:
    """The same for a sandbox that a class shares, to which the hub itself may lead as well.

    Through the learner's own Jupyter server it asks for the hub's login first, and so is better.
    """
    if proxied is None and joined.browser_path:
        proxied, warning = f"{jupyter.public_origin() or ''}{joined.browser_path}", None
    return proxied, shared.another_world() if joined.is_another else warning


def _in_notebook(platform: Platform, address: str | None) -> Any:
    """The frame for a platform's pages; the widget is imported with the first of them."""
    return forms.PageFrame(platform, address)


def _keep_loopback_out_of_proxies() -> None:
    """Let the learner's plain ``requests`` calls reach the sandbox where a proxy is configured."""
    for name in ("no_proxy", "NO_PROXY"):
        hosts = [host for host in os.environ.get(name, "").split(",") if host]
        if "127.0.0.1" not in hosts:
            os.environ[name] = ",".join([*hosts, "127.0.0.1"])
