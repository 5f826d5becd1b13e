"""The mask over what a kernel writes to the log of its Jupyter server.

What other programs print (``subprocess.run``, ``os.system``, ``os.write``) comes to ipykernel
through a pipe. It shows it in the notebook, and writes the same bytes to the stream that the kernel
was started with, which is the server's log: often a file, or a terminal that others see. The
kernel's own log goes there, too, with the traceback of what failed in a widget's callback.
"""

import atexit
import logging
import os
import select
import threading
from collections.abc import Callable
from typing import Any

from lc_tutorial.masking.redacting import mask

#: Seconds in which the rest of a line has to come; then what is there is written.
_PATIENCE = 0.2

#: Bytes of one line that are waited for.
_LONGEST = 1 << 20


def mask_server_log(streams: list[Any], log: logging.Logger | None) -> Callable[[], None]:
    """Mask what ipykernel writes to the server's log.

    Args:
        streams: the kernel's standard streams. Those that don't watch a file descriptor, as on
            Windows, write to no log.
        log: the kernel's own.

    Returns:
        What takes the mask off again.
    """
    undo = [
        _mask_copy(stream)
        for stream in streams
        if isinstance(getattr(stream, "_original_stdstream_copy", None), int)
    ]
    for handler in log.handlers if log is not None else ():
        undo.append(_mask_handler(handler))

    def restore() -> None:
        while undo:
            undo.pop()()

    # Before ipykernel takes its streams down: what was written last comes into the log, too.
    atexit.register(restore)
    return restore


def _mask_copy(stream: Any) -> Callable[[], None]:
    """Put a pipe of ours before the descriptor that an ``OutStream`` echoes to.

    ``OutStream._watch_pipe_fd`` looks it up for each piece that it echoes, and ``fileno()`` hands
    it to programs that are to write there directly.
    """
    real = stream._original_stdstream_copy
    reading, writing = os.pipe()
    thread = threading.Thread(
        target=_pass_on, args=(reading, real), name="lc-masked-log", daemon=True
    )
    thread.start()
    stream._original_stdstream_copy = writing

    def restore() -> None:
        if stream._original_stdstream_copy == writing:
            stream._original_stdstream_copy = real
        os.close(writing)
        thread.join(timeout=5)

    return restore


def _pass_on(reading: int, real: int) -> None:
    """Write to the real descriptor what is read, masked, in whole lines where they come whole."""
    held = b""
    with open(reading, "rb", buffering=0):
        while True:
            if held and not select.select([reading], [], [], _PATIENCE)[0]:
                _write(real, held)
                held = b""
            piece = os.read(reading, 1 << 16)
            held += piece
            end = len(held) if not piece or len(held) > _LONGEST else held.rfind(b"\n") + 1
            _write(real, held[:end])
            held = held[end:]
            if not piece:
                return


def _write(real: int, data: bytes) -> None:
    shown = mask(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
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
