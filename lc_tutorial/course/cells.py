"""The cell in which something failed: its own code, the names in it, and what was called."""

import linecache
from collections.abc import Iterator, Mapping
from types import FrameType, TracebackType
from typing import Any


def cell_of(trace: TracebackType) -> TracebackType:
    """The innermost step that is the cell's own; what it calls is not the learner's."""
    step = trace
    while step.tb_next is not None and not _is_the_cell(step):
        step = step.tb_next
    while step.tb_next is not None and _is_the_cell(step.tb_next):
        step = step.tb_next
    return step


def failed_itself(trace: TracebackType | None) -> bool:
    """Whether the cell's own code failed, and not something that it calls."""
    return trace is not None and cell_of(trace).tb_next is None


def raised_in_a_cell(trace: TracebackType | None, name: str) -> bool:
    """Whether code of a cell raised it, also code that a library called.

    Args:
        trace: of what was raised.
        name: that it did not find, and that is not one of a function around it.
    """
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None or name in trace.tb_frame.f_code.co_freevars:
        return False
    return _is_the_cell(trace)


def asked_for(trace: TracebackType | None) -> bool:
    """Whether the cell's own code failed, or what looks a name up behind a dot for it."""
    return trace is not None and all(f.f_code.co_name == "__getattr__" for f in frames_below(trace))


def line_of_cell(trace: TracebackType | None) -> int:
    """The line that failed, counted from 1; 0 where it is in a function, or not the cell's own."""
    step = cell_of(trace) if trace is not None else None
    if step is None or step.tb_next is not None or step.tb_frame.f_code.co_name != "<module>":
        return 0
    return step.tb_lineno


def names_in(trace: TracebackType | None) -> tuple[str, ...]:
    """The names that the failing code of the cell reads."""
    code = cell_of(trace).tb_frame.f_code if trace is not None else None
    return (*code.co_names, *code.co_varnames) if code is not None else ()


def namespace_of(trace: TracebackType | None) -> Mapping[str, Any]:
    """All names that the failing code of the cell knows, and what they stand for."""
    if trace is None:
        return {}
    frame = cell_of(trace).tb_frame
    return {**frame.f_globals, **frame.f_locals}


def named_in(trace: TracebackType | None) -> dict[str, Any]:
    """What the names stand for that the failing code of the cell reads."""
    known = namespace_of(trace)
    return {name: known[name] for name in names_in(trace) if name in known}


def failing_text(trace: TracebackType | None) -> str:
    """The piece of the cell's text that failed, such as ``platform.token_url()``.

    Empty where it goes over several lines, or where Python doesn't say.
    """
    if trace is None:
        return ""
    step = cell_of(trace)
    code = step.tb_frame.f_code
    positions = list(code.co_positions())
    line, end_line, begin, end = positions[step.tb_lasti // 2]
    if line is None or begin is None:
        return ""
    text = linecache.getline(code.co_filename, line)
    # Positions count bytes of UTF-8.
    last = end if line == end_line else None
    return text.encode()[begin:last].decode("utf-8", "replace").strip()


def frames_below(trace: TracebackType | None) -> Iterator[FrameType]:
    """The frames of what the cell called, from the outside in."""
    step = cell_of(trace).tb_next if trace is not None else None
    while step is not None:
        yield step.tb_frame
        step = step.tb_next


def _is_the_cell(step: TracebackType) -> bool:
    return step.tb_frame.f_globals.get("__name__") == "__main__"
