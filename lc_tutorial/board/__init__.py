"""The teacher's board: the room as it is, learners and steps, for one hour and one teacher.

A program of its own, which learners' notebooks tell how they stand. What they may tell is in
:mod:`.events`, and nothing else is understood. It keeps all in memory, and forgets it at its end.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
