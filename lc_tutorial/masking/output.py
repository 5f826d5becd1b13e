"""The mask over everything that this kernel displays.

A notebook keeps what it displays, and notebooks get shared. So, as CI services do with their logs,
the kernel's messages are masked on their way out: values known to be secret, whatever has the
shape of a platform token, and the values of fields whose name says that they are secret.

The mask sits where all of a kernel's messages pass, ``Session.send`` of Jupyter's protocol. That
covers printed text, displayed objects, tracebacks and help, from any thread, and whole messages
rather than single writes. Outside Jupyter everything goes through the two standard streams, and
these are wrapped instead.

Not masked: what a widget holds (a field that shows dots would hand the dots back as its value),
what a program writes to a file, and the source of cells, which Jupyter saves in the notebook and
IPython in its history. A cell whose source holds a secret gets a warning.
"""

import sys
from collections.abc import Callable, Iterable
from typing import Any, TextIO

from lc_tutorial.masking.redacting import holds_secret, mask, mask_data

#: The kernel's messages that show something. Not among them: the state of widgets, and code that
#: the kernel hands to the editor, both of which come back to the kernel and must not change.
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
    """Mask everything that this kernel displays from now on. Does nothing the second time.

    Args:
        ipython: the shell; the running one, if not given. Outside IPython only the standard
            streams are masked.
    """
    if _undo:
        return
    shell = ipython if ipython is not None else _running_shell()
    session = getattr(getattr(shell, "kernel", None), "session", None)
    if session is not None:
        _mask_session(session)
    else:
        _mask_streams()
    if shell is not None:
        shell.events.register("pre_run_cell", _warn_of_secrets)
        _undo.append(lambda: shell.events.unregister("pre_run_cell", _warn_of_secrets))


def uninstall() -> None:
    """Take the mask off again. For tests."""
    while _undo:
        _undo.pop()()


def _running_shell() -> Any:
    if "IPython" not in sys.modules:
        return None
    from IPython.core.getipython import get_ipython

    return get_ipython()


def _mask_session(session: Any) -> None:
    send = session.send

    def send_masked(
        stream: Any, msg_or_type: Any, content: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        if isinstance(msg_or_type, str):
            if msg_or_type in _SHOWING:
                content = _mask_content(content)
        elif msg_or_type.get("msg_type") in _SHOWING:
            msg_or_type = {**msg_or_type, "content": _mask_content(msg_or_type["content"])}
        return send(stream, msg_or_type, content, *args, **kwargs)

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
