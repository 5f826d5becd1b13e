"""Files and folders that this package leaves on a learner's disk: whole, or not at all."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
