"""The lesson, not the platform.

Checks and exercises, a learner's slips explained, the notebooks laid into their folder, and the
flow as a file to take along.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
