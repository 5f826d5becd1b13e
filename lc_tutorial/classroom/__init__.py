"""A learner's side of the class: joining the teacher's board, telling it how one stands, leaving.

Nothing is sent before ``lc.join``, or a hub's administrator who says so; and nothing but what
:mod:`lc_tutorial.board.events` has a place for. No cell waits for it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
