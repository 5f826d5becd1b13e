"""The mask over everything that this kernel displays.

A notebook keeps what it displays, and notebooks get shared. So, as CI services do with their logs,
the kernel's messages are masked on their way out: values known to be secret in all their forms,
whatever has the shape of a platform token, and the values of fields whose name says that they are
secret.

The mask sits where all of a kernel's messages pass, ``Session.send`` of Jupyter's protocol. That
covers printed text, displayed objects, tracebacks and help, from any thread, and whole messages
rather than single writes; and what widgets only show. Outside Jupyter everything goes through the
two standard streams, and these are wrapped instead. What ipykernel writes to the log of its server
is masked by :mod:`lc_tutorial.masking.server_log`.

Not masked: what a person can change in a widget (a field that shows dots would hand the dots back
as its value); what a program writes to a file, or draws; and the source of cells, which Jupyter
saves in the notebook and IPython in its history. A cell whose source holds a secret gets a warning.
"""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TextIO

from lc_tutorial.masking.issued import forget_questions
from lc_tutorial.masking.known import remember
from lc_tutorial.masking.redacting import holds_secret, mask, mask_data
from lc_tutorial.masking.server_log import mask_server_log
from lc_tutorial.masking.streams import Streams
from lc_tutorial.masking.widget_state import WidgetMask

#: The kernel's messages that show something. Not among them: code that the kernel hands to the
#: editor, which comes back to the kernel and must not change.
_SHOWING = frozenset(
    {
        "stream",
        "display_data",
        "update_display_data",
        "execute_result",
        "error",
        "execute_reply",
        "inspect_reply",
        "debug_reply",
        "debug_event",
    }
)

#: The messages of widgets.
_WIDGETS = frozenset({"comm_open", "comm_msg", "comm_close"})

#: How the names of environment variables begin and end that hold a secret.
_VARIABLE, _SECRET_VARIABLES = "LC_", ("_SECRET", "_TOKEN", "_CODE", "_VERIFIER")

_WARNING = (
    "This cell holds a secret in plain text, and Jupyter saves the text of cells in the notebook. "
    "Delete it from the cell, and use the name that holds the value instead: app.client_secret, "
    "authorization.code or token.access_token."
)

_undo: list[Callable[[], None]] = []


class MaskedStream:
    """A text stream that masks what is written to it, and is the wrapped stream in all else.

    Each write is masked by itself: a secret that arrives in pieces is out of its reach.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write the text, masked; returns the length of the text as it came."""
        masked = mask(text)
        try:
            self._stream.write(masked)
        except UnicodeEncodeError:
            # A terminal without the dot; what else it can't write is not ours to change.
            self._stream.write(masked.replace("•", "*"))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each of the lines, masked."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __iter__(self) -> Any:
        return iter(self._stream)


def install(ipython: Any = None) -> None:
    """Mask everything that this kernel displays from now on.

    The secrets in environment variables are known from here on, the second time those of then.

    Args:
        ipython: the shell; the running one, if not given. Outside IPython only the standard
            streams are masked.
    """
    _remember_environment()
    if _undo:
        return
    shell = ipython if ipython is not None else _running_shell()
    session = getattr(getattr(shell, "kernel", None), "session", None)
    if session is not None:
        _mask_session(session)
        _undo.append(mask_server_log(_kernel_streams(), getattr(shell.kernel, "log", None)))
    else:
        _mask_streams()
    if shell is not None:
        shell.events.register("pre_run_cell", _warn_of_secrets)
        _undo.append(lambda: shell.events.unregister("pre_run_cell", _warn_of_secrets))


def uninstall() -> None:
    """Take the mask off again. For tests."""
    while _undo:
        _undo.pop()()
    forget_questions()


def _running_shell() -> Any:
    if "IPython" not in sys.modules:
        return None
    from IPython.core.getipython import get_ipython

    return get_ipython()


def _kernel_streams() -> list[Any]:
    """The standard streams, but for those that somebody put in their place: a file, perhaps."""
    from ipykernel.iostream import OutStream

    return [stream for stream in (sys.stdout, sys.stderr) if isinstance(stream, OutStream)]


def _remember_environment() -> None:
    for name, value in os.environ.items():
        if name.startswith(_VARIABLE) and name.endswith(_SECRET_VARIABLES):
            remember(value.strip(" \t\r\n'\""))


def _mask_session(session: Any) -> None:
    send = session.send
    widgets = WidgetMask()
    streams = Streams()

    def mask_content(kind: str, content: Any) -> Any:
        if kind in _SHOWING:
            return _mask_content(content)
        if kind in _WIDGETS and isinstance(content, Mapping):
            return widgets.content(kind, content)
        return content

    def send_masked(
        stream: Any, msg_or_type: Any, content: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        message = msg_or_type if isinstance(msg_or_type, Mapping) else None
        kind = str(message.get("msg_type") if message is not None else msg_or_type)
        if message is not None:
            content = message.get("content")

        def send_with(new: Any) -> Any:
            if message is None:
                return send(stream, msg_or_type, new, *args, **kwargs)
            return send(stream, {**message, "content": new}, None, *args, **kwargs)

        if kind == "stream" and isinstance(content, Mapping):
            name, text = str(content.get("name")), str(content.get("text"))
            return streams.pass_on(name, text, lambda new: send_with({**content, "text": new}))
        if kind == "status" and content.get("execution_state") == "idle":
            streams.release()
        return send_with(mask_content(kind, content))

    session.send = send_masked
    _undo.append(lambda: delattr(session, "send"))


def _mask_content(content: Any) -> Any:
    masked = mask_data(content)
    # Code on its way into a cell (%load, %recall) is to be run, not to be read only.
    if isinstance(content, dict) and content.get("payload"):
        masked["payload"] = [
            item if item.get("source") == "set_next_input" else mask_data(item)
            for item in content["payload"]
        ]
    return masked


def _mask_streams() -> None:
    out, err = sys.stdout, sys.stderr
    masked_out, masked_err = MaskedStream(out), MaskedStream(err)

    def restore() -> None:
        # Somebody may have put a stream of their own there since.
        if sys.stdout is masked_out:
            sys.stdout = out
        if sys.stderr is masked_err:
            sys.stderr = err

    sys.stdout, sys.stderr = masked_out, masked_err
    _undo.append(restore)


def _warn_of_secrets(info: Any) -> None:
    if holds_secret(info.raw_cell or ""):
        print(_WARNING, file=sys.stderr)
