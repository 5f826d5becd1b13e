"""What a pull remembers of the chats that it has met is what a dict would."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lc_tutorial.agent_chat import seen
from lc_tutorial.agent_chat.seen import Seen

numbers = st.integers(-(2**63), 2**63 - 1)
few = st.sampled_from([-(2**63), -1, 0, 1, 2, 3, 2**63 - 1]) | numbers


@settings(deadline=None)
@given(st.lists(st.dictionaries(few, numbers, max_size=6), max_size=25), st.integers(1, 7))
def test_it_is_what_a_dict_would_be(pages: list[dict[int, int]], lately: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seen, "_LATELY", lately)
        states, known = Seen(), dict[int, int]()
        for page in pages:
            assert states.states([*page]) == [known.get(key) for key in page]
            states.meet(page)
            known |= page
        assert states.states([*known]) == [*known.values()]


def test_the_arrays_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "_LATELY", 4)
    states = Seen()
    for number in range(4_000):
        states.meet({number: -number})
    assert len(states._before) <= 11
    assert states.states([0, 1_234, 3_999, 4_000]) == [0, -1_234, -3_999, None]
