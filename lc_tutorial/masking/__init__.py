"""What is secret, and how it is hidden.

A string that hides itself, what to mask in a text, and the mask over all that this kernel displays.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
