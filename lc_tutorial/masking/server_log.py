"""The mask over what a kernel writes to the log of its Jupyter server.

What other programs print (``subprocess.run``, ``os.system``, ``os.write``) comes to ipykernel
through a pipe. It shows it in the notebook, and writes the same bytes to the stream that the kernel
was started with, which is the server's log: often a file, or a terminal that others see. The
kernel's own log goes there, too, with the traceback of what failed in a widget's callback.
"""

import atexit
import contextlib
import logging
import os
import selectors
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from lc_tutorial.masking.redacting import mask
from lc_tutorial.masking.streams import Streams

#: Seconds in which the rest of a line has to come; then what is there is written.
_PATIENCE = 0.2

#: Bytes of one line that are waited for.
_LONGEST = 1 << 20

_UNMASKED = (
    "lc_tutorial: what other programs print is not masked in this log, since this kernel does not "
    "say where it writes it. In the notebook it is masked."
)


def mask_server_log(streams: list[Any], log: logging.Logger | None) -> Callable[[], None]:
    """Mask what ipykernel writes to the server's log.

    Args:
        streams: the kernel's standard streams. Those that don't watch a file descriptor, as on
            Windows, write to no log. Where one does and doesn't say to which descriptor it writes,
            the log says that it is not masked.
        log: the kernel's own.

    Returns:
        What takes the mask off again.
    """
    undo = []
    is_masked = True
    for stream in streams:
        try:
            undo.append(_mask_descriptor(stream.fileno()))
        except OSError:
            is_masked = is_masked and getattr(stream, "watch_fd_thread", None) is None
    if not is_masked and log is not None:
        log.warning(_UNMASKED)
    for handler in log.handlers if log is not None else ():
        undo.append(_mask_handler(handler))

    def restore() -> None:
        while undo:
            undo.pop()()

    # Before ipykernel takes its streams down: what was written last comes into the log, too.
    atexit.register(restore)
    return restore


def _mask_descriptor(descriptor: int) -> Callable[[], None]:
    """Lead what is written to a descriptor through a pipe of ours.

    It is the one that ipykernel echoes to and that ``OutStream.fileno()`` hands to programs that
    are to write there directly. The number stays what it is, and is open at every moment: only what
    it leads to changes, so that whoever writes at that moment finds the one or the other.
    """
    real = os.dup(descriptor)
    reading, writing = os.pipe()
    ours = os.fstat(writing)
    stop_reading, stop = os.pipe()
    os.dup2(writing, descriptor, inheritable=False)
    os.close(writing)
    thread = threading.Thread(
        target=_pass_on, args=(reading, real, stop_reading), name="lc-masked-log", daemon=True
    )
    thread.start()

    def restore() -> None:
        # Where the stream was closed, somebody else may have the number by now.
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), ours):
                os.dup2(real, descriptor, inheritable=False)
        # Another process may hold the other end of the pipe: its end is not waited for.
        os.close(stop)
        # Nor is the log, which may be full.
        thread.join(timeout=5)
        if not thread.is_alive():
            os.close(real)

    return restore


def _pass_on(reading: int, real: int, stop: int) -> None:
    """Write to the real descriptor what is read, masked, in whole lines where they come whole.

    Until the other end of `stop` is closed, and what is there by then is written.
    """
    held, streams = b"", Streams()
    os.set_blocking(reading, False)
    with (
        open(reading, "rb", buffering=0) as pipe,
        open(stop, "rb", buffering=0),
        selectors.DefaultSelector() as selector,
    ):
        selector.register(reading, selectors.EVENT_READ)
        selector.register(stop, selectors.EVENT_READ)
        while True:
            ready = {key.fd for key, _ in selector.select(_PATIENCE if held else None)}
            # Nothing is None here; no bytes are the end.
            piece = pipe.read(1 << 16) if ready else None
            held += piece or b""
            is_over = piece == b"" or (piece is None and stop in ready)
            is_late = not ready or is_over or len(held) > _LONGEST
            end = len(held) if is_late else held.rfind(b"\n") + 1
            if end:
                text = held[:end].decode("utf-8", "surrogateescape")
                streams.pass_on("log", text, partial(_write, real))
                held = held[end:]
            if is_late:
                # The rest may come all the same, and is looked at together with what it continues.
                streams.release()
            if is_over:
                return


def _write(real: int, text: str) -> None:
    shown = text.encode("utf-8", "surrogateescape")
    try:
        while shown:
            shown = shown[os.write(real, shown) :]
    except OSError:
        # There is no log any more. What is shown in the notebook has to go on all the same.
        return


def _mask_handler(handler: logging.Handler) -> Callable[[], None]:
    """Let a handler write masked lines, whatever formats them."""
    format_it = handler.format

    def format_masked(record: logging.LogRecord) -> str:
        return mask(format_it(record))

    def restore() -> None:
        if handler.format is format_masked:
            handler.format = format_it  # type: ignore[method-assign]

    handler.format = format_masked  # type: ignore[method-assign]
    return restore
