"""Where Arrow takes its memory from while tables are kept, and afterwards."""

from contextlib import ExitStack

import pyarrow as pa

from lc_tutorial.dataset import memory


def taken_from() -> str:
    return str(pa.default_memory_pool().backend_name)


def test_it_is_as_before_when_the_last_one_leaves() -> None:
    before = taken_from()
    assert before != "system"
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(memory.given_back())
        second.enter_context(memory.given_back())
        # In the order in which two threads may leave.
        first.close()
        assert taken_from() == "system"
        second.close()
        assert taken_from() == before
