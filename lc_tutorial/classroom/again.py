"""Coming in again: in another notebook, after a kernel's restart, or because a hub says so.

Asked each time that a kernel connects, and so without what it needs only where there is a room.
"""

import os

from lc_tutorial.classroom import hub, place


def rejoin() -> None:
    """Go on telling the board that this learner joined before, or that their hub names.

    Where a hub names it and this is the first that the learner hears of it, a note says so.
    """
    named = hub.board()
    if named is None and not os.path.exists(place.path()):
        return
    from lc_tutorial.classroom import kept

    if named is None and kept.kept() is None:
        return
    from lc_tutorial.classroom import joining

    told = joining.go_on()
    if told is not None:
        from lc_tutorial.display import display_thing

        display_thing(told)
