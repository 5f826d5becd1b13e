"""Tables that grow on disk: kept up to date, read a part at a time, and by other programs too."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
