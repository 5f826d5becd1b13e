"""The sandbox's own controls, which no platform has.

Its clock, its faults, its journal and its world, by HTTP and on a page.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
